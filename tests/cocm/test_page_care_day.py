"""A care manager's whole day through the page: the morning's rows, the form, a message, a timer, and each way back."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.cocm.test_page_demo import demo
from tests.support.browser import PHONE, ChatPage, open_chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: A Wednesday afternoon in New York; the next morning is a Thursday's, with working days left in the month.
AT = ("--at", "2026-11-18T20:10:00+00:00")
ANA, GENERAL = "U0DEMOANA", "C0DEMOGEN"


async def next_morning(chat: ChatPage) -> Locator:
    """Have the morning come; its message."""
    bar = chat.page.get_by_role("region", name="Clock and controls")
    await bar.get_by_role("button", name="Next morning").click()
    await expect(bar.get_by_role("status")).to_contain_text("Ana Flores")
    await bar.get_by_role("button", name="Hide this").click()
    morning = chat.message("Thursday, November 19")
    await expect(morning).to_contain_text("Today first")
    return morning


def patient_of(chat: ChatPage) -> Locator:
    """The form's field for the patient."""
    return chat.dialog.get_by_role("combobox", name="Patient")


async def fill(chat: ChatPage, length: str, note: str) -> None:
    """Fill the form's words, and send it."""
    await chat.dialog.get_by_label("Duration").fill(length)
    await chat.dialog.get_by_label("What you did").fill(note)
    await press_log(chat)


async def press_log(chat: ChatPage) -> None:
    """Send the form."""
    await chat.dialog.get_by_role("button", name="Log", exact=True).click()


async def log_a_row(chat: ChatPage, morning: Locator) -> None:
    """A row's form with somebody else searched, a slip said at its field; the receipt, the row replaced, the undo."""
    await expect(morning).to_contain_text("123 of 150 min")
    await morning.get_by_role("button", name="Log time").first.click()
    await expect(patient_of(chat)).to_have_value("MRN48304")
    await patient_of(chat).click()
    await patient_of(chat).press_sequentially("4259")
    await expect(chat.page.get_by_role("option", name="MRN4259: not on file yet")).to_be_visible()
    await chat.page.get_by_role("option", name="MRN42595").click()
    await fill(chat, "soon", "phone check-in, sleeps better")
    await expect(chat.dialog).to_contain_text("No time: say how long it took")
    await expect(chat.dialog.get_by_label("What you did")).to_have_value("phone check-in, sleeps better")
    await expect(patient_of(chat)).to_have_value("MRN42595 · last seen Mon Nov 16")
    await fill(chat, "15m", "phone check-in, sleeps better")
    await expect(chat.dialog).to_have_count(0)
    receipt = chat.message("Logged 15 min for MRN42595 · phone · today")
    await expect(receipt).to_contain_text("102 of 120 min")
    await expect(receipt).not_to_contain_text("Took")
    await expect(morning).to_contain_text("Logged 15 min for MRN42595 · phone · today")


async def the_same_again(chat: ChatPage, morning: Locator) -> None:
    """A twin is asked about in the dialog, and answered there."""
    await chat.log.locator("[data-ts]").last.scroll_into_view_if_needed()
    await morning.get_by_role("button", name="Log time, ").nth(1).click()
    await expect(patient_of(chat)).to_have_value("MRN42595")
    await fill(chat, "15m", "phone check-in, sleeps better")
    await expect(chat.dialog).to_contain_text("The same 15 min for MRN42595 was logged")
    await press_log(chat)
    await expect(chat.dialog.get_by_role("alert")).to_contain_text(["required"])
    await chat.dialog.get_by_label("Don't log it").check()
    await press_log(chat)
    await expect(chat.message("Nothing was logged")).to_be_visible()


async def test_a_care_managers_day(browser: Browser, tmp_path: Path) -> None:
    """From the morning message to the last undo, each where she is."""
    async with (
        demo(tmp_path, *AT) as url,
        open_chat(browser, SimpleNamespace(url=url), ANA, GENERAL) as chat,
    ):
        morning = await next_morning(chat)
        await log_a_row(chat, morning)
        await the_same_again(chat, morning)
        await chat.message("Logged 15 min for MRN42595").get_by_role("button", name="Undo").last.click()
        await expect(chat.message("Undone: 15 min for MRN42595")).to_contain_text("87 of 90 min")
        await expect(morning).to_contain_text("Undone, and none of it counts.")
        await chat.page.screenshot(path=tmp_path / "morning.png")

        await chat.visit(ANA, GENERAL)
        await chat.send("Talked to MRN123 for 20 minutes about sleep, phone")
        said = chat.message("Talked to MRN123")
        await said.hover()
        await said.get_by_role("button", name="More actions").click()
        await chat.page.get_by_role("menuitem", name="Log time from message").click()
        await expect(chat.dialog).to_contain_text("Check it before you press Log")
        await expect(patient_of(chat)).to_have_value("MRN123")
        await expect(chat.dialog.get_by_label("Duration")).to_have_value("20m")
        await press_log(chat)
        await expect(chat.message("Logged 20 min for MRN123 · phone · today")).to_contain_text(
            "57 of 60 min · 3 to 99493"
        )
        await timer_by_words_and_from_home(chat)


async def timer_by_words_and_from_home(chat: ChatPage) -> None:
    """Started by words, shown on Home, stopped there; canceled by words; nothing counts before it is stopped."""
    await chat.send("/cocm start MRN47785 phone at 7:50")
    await expect(chat.message("Timer started for MRN47785 · since 7:50 am")).to_be_visible()
    await chat.visit(ANA, "app", "home")
    home = chat.page.get_by_role("main")
    await expect(home).to_contain_text("Timer running for MRN47785")
    await expect(home).to_contain_text("MRN47785 · 58 of 60 min · 2 to 99493")
    await home.get_by_role("button", name="Stop and log").click()
    await expect(home).not_to_contain_text("Timer running")
    await expect(home).to_contain_text("in 2 entries")
    await chat.visit(ANA, "app", "messages")
    receipt = chat.message("Timed from 7:50 am to ")
    await expect(receipt).to_contain_text("for MRN47785 · phone · today")
    await receipt.get_by_role("button", name="Undo").click()
    await expect(chat.message("for MRN47785. It is not counted")).to_contain_text("58 of 60 min")
    await chat.visit(ANA, GENERAL)
    # The timer goes on as if it had not been stopped, and is dropped by words.
    await chat.send("/cocm start MRN123 phone")
    await expect(chat.message("none was started for MRN123")).to_contain_text("Timer running for MRN47785")
    await chat.send("/cocm cancel")
    await expect(chat.message("canceled")).to_be_visible()
    await chat.visit(ANA, "app", "home")
    await expect(home).to_contain_text("Today: 20 min in 1 entry")
    await expect(home).not_to_contain_text("Timer running")


async def test_the_form_by_keyboard_alone_on_a_phone_in_the_dark(browser: Browser, tmp_path: Path) -> None:
    """Tab, arrows and Enter: opened, patient found and taken, day and activity left, sent; focus comes back."""
    async with (
        demo(tmp_path, *AT) as url,
        open_chat(
            browser, SimpleNamespace(url=url), ANA, GENERAL, viewport=PHONE, color_scheme="dark"
        ) as chat,
    ):
        keys = chat.page.keyboard
        await chat.send("/cocm")
        await expect(patient_of(chat)).to_be_focused()
        await keys.type("12")
        await expect(chat.page.get_by_role("option", name="MRN123 · ")).to_be_visible()
        await keys.press("ArrowDown")
        await keys.press("ArrowUp")
        await keys.press("Enter")
        await expect(patient_of(chat)).to_have_value(re.compile("^MRN123 · last seen"))
        await tab_to(chat, chat.dialog.get_by_label("Duration"))
        await keys.type("15m")
        await tab_to(chat, chat.dialog.get_by_label("What you did"))
        await keys.type("phone check-in")
        await tab_to(chat, chat.dialog.get_by_role("combobox", name="Activity"))
        await keys.press("ArrowDown")
        await chat.page.screenshot(path=tmp_path / "phone-dark.png")
        await keys.press("Escape")
        await expect(chat.dialog).to_be_visible()
        await tab_to(chat, chat.dialog.get_by_role("button", name="Log", exact=True))
        await keys.press("Enter")
        await expect(chat.dialog).to_have_count(0)
        await expect(chat.message("Logged 15 min for MRN123")).to_contain_text("52 of 60 min · 8 to 99493")
        await expect(chat.box).to_be_focused()
        wide = await chat.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE["width"]


async def tab_to(chat: ChatPage, wanted: Locator) -> None:
    """Press Tab until it is there."""
    # A field for a time of day is several stops.
    for _ in range(30):
        await chat.page.keyboard.press("Tab")
        if await wanted.evaluate("node => node === document.activeElement"):
            return
    await expect(wanted).to_be_focused()
