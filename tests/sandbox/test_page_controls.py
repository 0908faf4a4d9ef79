"""The chat page: the bar of whoever runs the sandbox."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from sandbox.controls import Control, Done
from tests.sandbox.test_page_looks import FAINT_TEXT, LEAST_CONTRAST
from tests.support.browser import PHONE, open_chat
from tests.support.slack import ManualClock, clinic, running_slack

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"
#: Saturday, Nov 28, 2026, 10:00 AM in New York.
START = 1_795_878_000.0


async def test_a_control_moves_the_clock_and_leads_on(browser: Browser) -> None:
    """It runs once at a time for who pressed it; everybody's page shows the new time and calls that day today."""
    clock, released, pressed = ManualClock(START), asyncio.Event(), []

    async def run(user_id: str) -> Done:
        pressed.append(user_id)
        await released.wait()
        clock.advance(2 * 86_400)
        return Done(words="Sent: one message to Ana.", place="app")

    config = clinic(controls=(Control(name="on", label="Two days on", run=run),), clock_note="here")
    async with running_slack(config, clock=clock) as slack:
        await slack.client().chat_postMessage(channel=GENERAL, text="before")
        async with (
            open_chat(browser, slack, "U0ANA", GENERAL) as chat,
            open_chat(browser, slack, "U0BEN", GENERAL) as other,
        ):
            bar = chat.page.get_by_role("region", name="Clock and controls")
            await expect(bar).to_contain_text("It is Sat, Nov 28, 10:00 AM here")
            await expect(other.page.get_by_role("region", name="Clock and controls")).to_contain_text(
                "9:00 AM"
            )
            button = bar.get_by_role("button", name="Two days on")
            await button.press("Enter")
            await button.press("Enter")
            await expect(button).to_have_attribute("aria-busy", "true")
            released.set()
            await expect(bar).to_contain_text("It is Mon, Nov 30, 10:00 AM here")
            await expect(bar.get_by_role("status")).to_have_text("Sent: one message to Ana.")
            await expect(chat.page.get_by_role("tab", name="Messages")).to_be_visible()
            await expect(button).to_be_focused()
            await expect(other.page.get_by_role("region", name="Clock and controls")).to_contain_text(
                "Mon, Nov 30"
            )
            await expect(other.page.get_by_text("Saturday, November 28th")).to_be_visible()
            await bar.get_by_role("button", name="Hide this").click()
            await expect(bar.get_by_role("status")).to_be_hidden()
    assert pressed == ["U0ANA"]


async def test_what_cannot_be_taken_back_is_asked_first(browser: Browser) -> None:
    """Escape leaves everything; only the dialog's own button does it."""
    done = []

    async def run(user_id: str) -> Done:
        done.append(user_id)
        return Done(words="Gone.")

    config = clinic(
        controls=(Control(name="over", label="Start over", run=run, ask="All of it is deleted."),)
    )
    async with running_slack(config) as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        button = chat.page.get_by_role("button", name="Start over")
        await button.press("Enter")
        await expect(chat.dialog).to_contain_text("All of it is deleted.")
        await chat.page.keyboard.press("Escape")
        await expect(button).to_be_focused()
        assert done == []
        await button.press("Enter")
        await chat.dialog.get_by_role("button", name="Start over").click()
        await expect(chat.page.get_by_text("Gone.")).to_be_visible()
    assert done == ["U0ANA"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_bar_fits_a_phone_and_can_be_read(browser: Browser, scheme: str) -> None:
    """On 390 pixels nothing sticks out, and all words stand out."""

    async def run(user_id: str) -> Done:
        return Done(words=f"Sent: the morning digest to {user_id} and several others who work there.")

    names = ("Next morning", "Month end", "Start over")
    config = clinic(controls=tuple(Control(name=name, label=name, run=run) for name in names))
    async with (
        running_slack(config) as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, viewport=PHONE, color_scheme=scheme) as chat,
    ):
        await chat.page.get_by_role("button", name="Month end").click()
        await expect(chat.page.get_by_text("several others")).to_be_visible()
        root = "(e => e.scrollWidth - e.clientWidth)(document.documentElement)"
        assert await chat.page.evaluate(root) == 0
        assert await chat.page.evaluate(FAINT_TEXT, LEAST_CONTRAST) == []


async def test_a_slack_without_controls_has_no_bar(browser: Browser) -> None:
    """The page is Slack's alone then."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await expect(chat.box).to_be_visible()
        await expect(chat.page.locator("#timebar")).to_be_hidden()
