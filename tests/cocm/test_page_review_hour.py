"""A consultant's whole review hour through the page: reviews in one step, a slip taken back, the rest at once."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.async_api import Browser, expect

from tests.cocm.test_page_demo import demo
from tests.support.browser import ChatPage, open_chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def record(chat: ChatPage, words: str, minutes: str, *, sent: bool = False) -> None:
    """Open the first card's dialog and record its review."""
    await chat.log.get_by_role("button", name="Record review").first.click()
    await chat.dialog.get_by_label("Recommendation", exact=True).fill(words)
    await chat.dialog.get_by_label("Minutes").fill(minutes)
    if sent:
        await chat.dialog.get_by_label("Sent to the treating provider today").check()
    await chat.dialog.get_by_role("button", name="Record review").click()


async def test_a_consultants_review_hour(browser: Browser, tmp_path: Path) -> None:
    """Case by case in dialogs, a mistake at the field and one taken back, then two patients in one message."""
    async with (
        demo(tmp_path) as url,
        open_chat(browser, SimpleNamespace(url=url), "U0DEMOPRI", "C0DEMOGEN") as chat,
    ):
        await chat.send("/cocm review")
        hour = chat.message("Review hour · Dr. Priya Raman")
        await expect(hour).to_be_visible()
        await expect(hour.get_by_role("button", name="Record review")).to_have_count(8)
        await expect(hour).to_contain_text("never reviewed since enrollment")
        first = await hour.locator("b, strong").first.inner_text()

        await record(chat, "start sertraline 25 mg, recheck in 2 weeks", "soon")
        await expect(chat.dialog).to_contain_text("say how long it took")
        await chat.dialog.get_by_label("Minutes").fill("10m")
        await chat.dialog.get_by_role("button", name="Record review").click()
        await expect(chat.dialog).to_have_count(0)
        hour = chat.message("Reviewed today: 1 patient")
        await expect(hour).to_contain_text(
            "reviewed, 10 min · “start sertraline 25 mg, recheck in 2 weeks” · not sent to the provider yet"
        )
        second = await hour.locator("b, strong").first.inner_text()
        assert second != first

        await record(chat, "continue, recheck PHQ-9 in 4 weeks", "15m", sent=True)
        await expect(chat.message("Reviewed today: 2 patients")).to_contain_text("sent to the provider")
        await chat.page.screenshot(path=tmp_path / "reviewed.png")

        await chat.message("Reviewed today").get_by_role("button", name="Undo").first.click()
        await expect(chat.message("Undone: the case review.")).to_contain_text("Reviewed today: 1 patient")
        await chat.log.get_by_role("button", name="Put it back").click()
        await expect(chat.message("Reviewed today: 2 patients")).to_be_visible()

        third, fourth = [
            await chat.message("Reviewed today").locator("b, strong").nth(place).inner_text()
            for place in (0, 1)
        ]
        await chat.send(f"/cocm review hour 30m with @ana sent today\n{third} continue\n{fourth} start CBT")
        several = chat.message("2 case reviews recorded, 30 min in all.")
        await expect(several).to_contain_text("30 min divided over 2 patients: 15 min each.")
        await expect(several).to_contain_text("by Dr. Priya Raman with Ana Flores, today")
        await chat.send("/cocm review")
        await expect(chat.message("Reviewed today: 4 patients")).to_be_visible()
        await chat.log.get_by_role("button", name="more").last.click()
        await expect(chat.message("Back to the first")).to_be_visible()
