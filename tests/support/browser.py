"""Real Chromium in front of the sandbox's chat page.

    pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

    async def test_something(browser: Browser) -> None:
        async with running_slack() as slack, open_chat(browser, slack, "U0ANA", "C0GENERAL") as chat:
            await chat.send("/cocm log 15m MRN123 phone")
            await expect(chat.message("Logged")).to_be_visible()

The fixture `browser` is imported by a folder's conftest.py. All its tests share one browser, so they run in the
session's event loop; each page has a context of its own, with no cookies or storage left over.
"""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, async_playwright, expect

from tests.support.slack import LocalSlack

#: Milliseconds to wait for what must come on a page: two cores may be shared by many tests and much else.
WAIT_MS = 60_000
expect.set_options(timeout=WAIT_MS)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 800}


class NoChromiumError(Exception):
    """There is no Chromium to drive."""


def chromium() -> str:
    """Where Chromium is: what CHROMIUM names, else the usual Debian place.

    Raises:
        NoChromiumError: it is not there.
    """
    path = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
    if not Path(path).is_file():
        raise NoChromiumError(f"There is no Chromium at {path}. Install it, or name one with CHROMIUM.")
    return path


@asynccontextmanager
async def running_chromium() -> AsyncIterator[Browser]:
    """Start Chromium, and end it afterwards.

    Raises:
        NoChromiumError: it is not there.
    """
    path = chromium()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A running Chromium; each xdist worker starts its own. Where CI has none, tests fail, not skip."""
    try:
        async with running_chromium() as launched:
            yield launched
    except NoChromiumError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@dataclass(slots=True)
class ChatPage:
    """The chat page, as one person has it before her."""

    page: Page
    address: str  #: of the sandbox; ends in a slash
    #: what the browser complained of: uncaught errors, refused resources, console errors
    complaints: list[str] = field(default_factory=list)

    @property
    def box(self) -> Locator:
        """The message box of the conversation on the screen."""
        return self.page.locator("#composer")

    @property
    def log(self) -> Locator:
        """The messages of the conversation on the screen."""
        return self.page.get_by_role("main").get_by_role("log")

    @property
    def thread(self) -> Locator:
        """The open thread."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def dialog(self) -> Locator:
        """The dialog on the screen."""
        return self.page.get_by_role("dialog")

    def message(self, words: str) -> Locator:
        """The newest message with these words."""
        return self.log.locator("[data-ts]").filter(has_text=words).last

    async def go(self, person: str, *place: str) -> None:
        """Go somewhere by address: a channel id or `app`, then a tab."""
        await self.page.goto(f"{self.address}#/{'/'.join((person, *place))}")
        # Until the page knows who acts and where, there is nothing to type into.
        await expect(self.page.get_by_role("main")).to_be_visible()

    async def visit(self, person: str, *place: str) -> None:
        """Go somewhere with the page loaded anew: nothing of where it was before can be taken for it."""
        await self.page.goto("about:blank")
        await self.go(person, *place)

    async def send(self, text: str) -> None:
        """Type into the message box, whole, and press Enter."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def choose(self, control: Locator, *words: str) -> None:
        """Pick options of a select menu by their words."""
        await control.click()
        for each in words:
            await self.page.get_by_role("option", name=each).click()

    async def act_as(self, name: str) -> None:
        """Become another person by the menu at the side."""
        await self.page.get_by_role("button", name="Acting as").click()
        await self.page.get_by_role("menuitemradio", name=name).click()


@asynccontextmanager
async def open_chat(
    browser: Browser,
    slack: LocalSlack,
    person: str,
    *place: str,
    forgiven: Sequence[str] = (),
    **context: Any,
) -> AsyncIterator[ChatPage]:
    """Open the chat page at a place; at the end, nothing may have gone wrong in the browser meanwhile.

    Args:
        browser: the fixture
        slack: the sandbox that serves the page
        person: the id of who acts
        place: a channel id or `app`, then a tab
        forgiven: parts of complaints that the test brings about on purpose
        context: Playwright's options of a browser context, such as `color_scheme`
    """
    owned = await browser.new_context(viewport=context.pop("viewport", WIDE), **context)
    owned.set_default_timeout(WAIT_MS)
    chat = ChatPage(await owned.new_page(), slack.url)

    def note_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            chat.complaints.append(message.text)

    def note_error(error: Error) -> None:
        chat.complaints.append(str(error))

    chat.page.on("console", note_console)
    chat.page.on("pageerror", note_error)
    try:
        await chat.go(person, *place)
        yield chat
    finally:
        await owned.close()
    left = [said for said in chat.complaints if not any(part in said for part in forgiven)]
    assert not left, f"the browser complained: {left}"
