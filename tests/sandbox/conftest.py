"""Fixtures of the sandbox's tests."""

from tests.support.browser import browser

__all__ = ["browser"]
