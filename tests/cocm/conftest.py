"""The browser, for the tests that look at the program as a visitor does."""

from tests.support.browser import browser

__all__ = ["browser"]
