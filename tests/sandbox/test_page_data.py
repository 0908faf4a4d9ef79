"""The chat page: data tables, charts, alerts, and menus that ask the app while one types."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.support.browser import PHONE, ChatPage, open_chat
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack
from tests.support.tiny_app import actions, bolt_app, button, connected, field, modal, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"
MENU = {"type": "external_select", "action_id": "patient", "min_query_length": 0}


def text(words: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": words}


def option(words: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": words}, "value": words.lower()}


def press(place: int) -> dict[str, Any]:
    return {"type": "action_cell", "element": button("Log", f"log.{place}", f"P-{place}")}


PATIENTS = {
    "type": "data_table",
    "block_id": "patients",
    "caption": "Patients, nearest first",
    "rows": [
        [text("Patient"), text("Minutes"), text("Act")],
        *(
            [text(f"P-{n}"), {"type": "raw_number", "value": n * n, "text": f"{n * n} of 60"}, press(n)]
            for n in (9, 10, 2, 3, 5, 7, 4)
        ),
    ],
}
WEEKS = ["Nov 2", "Nov 9", "Nov 16"]


def chart(kind: str) -> dict[str, Any]:
    series = [
        {"name": name, "data": [{"label": week, "value": n + 2} for n, week in enumerate(WEEKS)]}
        for name in ("Ana", "Ben")
    ]
    drawn: dict[str, Any] = {"type": kind, "series": series, "axis_config": {"categories": WEEKS}}
    if kind == "pie":
        drawn = {"type": "pie", "segments": [{"label": "99493", "value": 3}, {"label": "99494", "value": 1}]}
    return {"type": "data_visualization", "title": "Hours by week", "chart": drawn}


async def post(slack: LocalSlack, *blocks: dict[str, Any]) -> None:
    await slack.client().chat_postMessage(channel=GENERAL, text="blocks", blocks=list(blocks))


async def first_column(table: Locator) -> list[str]:
    return await table.locator("tbody th").all_inner_texts()


async def test_a_data_table_is_sorted_filtered_and_turned(browser: Browser) -> None:
    """Numbers sort as numbers, words as words; what is looked for is found on any page; five rows a page."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await post(slack, PATIENTS)
        table = chat.log.get_by_role("table", name="Patients, nearest first")
        foot = chat.log.locator(".table-foot")
        await expect(foot).to_contain_text("1–5 of 7")
        assert await first_column(table) == ["P-9", "P-10", "P-2", "P-3", "P-5"]
        await table.get_by_role("button", name="Minutes").click()
        await expect(table.get_by_role("columnheader", name="Minutes")).to_have_attribute(
            "aria-sort", "ascending"
        )
        assert await first_column(table) == ["P-2", "P-3", "P-4", "P-5", "P-7"]
        await table.get_by_role("button", name="Patient").click()
        assert (await first_column(table))[0] == "P-10"
        await foot.get_by_role("button", name="Next page").press("Enter")
        await expect(foot).to_contain_text("6–7 of 7")
        await expect(foot.get_by_role("button", name="Previous page")).to_be_focused()
        await chat.log.get_by_role("searchbox").fill("p-1")
        await expect(foot).to_contain_text("1–1 of 1")
        assert await first_column(table) == ["P-10"]
        await chat.log.get_by_role("searchbox").fill("zzz")
        await expect(table).to_contain_text("No row has that.")


async def test_a_button_in_a_data_table_is_told_to_the_app(browser: Browser) -> None:
    """It acts with its own value, wherever sorting has put its row."""
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with running_slack() as slack:
        app = bolt_app(slack)

        async def pressed(ack: Any, action: dict[str, Any]) -> None:
            await ack()
            heard.put_nowait(action)

        app.action(re.compile("log"))(pressed)
        async with connected(slack, app, "http"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await post(slack, PATIENTS)
            table = chat.log.get_by_role("table", name="Patients")
            await table.get_by_role("button", name="Minutes").click()
            row = table.get_by_role("row").filter(has_text="P-4")
            await row.get_by_role("button", name="Log").click()
            action = await asyncio.wait_for(heard.get(), WAIT_SECONDS)
    assert (action["action_id"], action["block_id"], action["value"]) == ("log.4", "patients", "P-4")


@pytest.mark.parametrize("kind", ["bar", "line", "area", "pie"])
async def test_a_chart_is_drawn_and_its_figures_can_be_read(browser: Browser, kind: str) -> None:
    """A drawing for the eye, as wide as there is room, and a table for whoever does not see it."""
    async with (
        running_slack() as slack,
        open_chat(browser, slack, "U0ANA", GENERAL, viewport=PHONE) as chat,
    ):
        await post(slack, chart(kind))
        figure = chat.log.get_by_role("figure", name="Hours by week")
        await expect(figure.locator("svg")).to_be_visible()
        shape = {"bar": "rect", "line": "circle", "area": "polygon", "pie": "path"}[kind]
        await expect(figure.locator(f"svg {shape}")).to_have_count(
            {"bar": 6, "line": 6, "area": 2, "pie": 2}[kind]
        )
        row = figure.get_by_role("row").nth(1)
        await expect(row).to_have_text("994933" if kind == "pie" else "Nov 222")
        assert await figure.evaluate("(node) => node.scrollWidth <= node.clientWidth")


async def test_an_alert_says_how_grave_it_is_without_its_color(browser: Browser) -> None:
    """It stands in a dialog; a screen reader hears of an error at once."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await expect(chat.box).to_be_visible()
        words = {"type": "mrkdwn", "text": "There is no patient *P-1*."}
        slack.sandbox.views.open("U0ANA", modal({"type": "alert", "level": "error", "text": words}))
        await expect(chat.dialog.locator(".alert")).to_have_text("Error: There is no patient P-1.")
        await expect(chat.dialog.locator(".alert")).to_have_role("alert")


class Searching:
    """An app whose menu finds patients, and what it was asked."""

    def __init__(self, slack: LocalSlack) -> None:
        self.asked: list[str] = []
        self.answers: list[Any] = []
        self.app = bolt_app(slack)
        self.app.options("patient")(self._answer)

    async def _answer(self, ack: Any, body: dict[str, Any]) -> None:
        typed = body["value"]
        self.asked.append(typed)
        if self.answers:
            await ack(**self.answers.pop(0))
            return
        names = [f"P-{n}" for n in range(100, 130) if typed.upper() in f"P-{n}"]
        found = [{"label": {"type": "plain_text", "text": "Recent"}, "options": [option("P-007")]}]
        await ack(**({"options": [option(name) for name in names]} if typed else {"option_groups": found}))


async def menu_in_a_dialog(slack: LocalSlack, chat: ChatPage, **element: Any) -> Locator:
    """A modal with a note and a patient to be found."""
    await expect(chat.box).to_be_visible()
    who = {**field("who", "Patient", MENU), "element": {**MENU, **element}}
    slack.sandbox.views.open("U0ANA", modal(who, field("note", "Note", {"type": "plain_text_input"})))
    return chat.dialog.get_by_role("combobox", name="Patient")


async def test_a_patient_is_found_by_typing(browser: Browser) -> None:
    """Opening shows the recent ones, each pause in typing asks; keys move, Enter picks, the note stays."""
    async with running_slack() as slack:
        searching = Searching(slack)
        async with (
            connected(slack, searching.app, "http"),
            open_chat(browser, slack, "U0ANA", GENERAL) as chat,
        ):
            box = await menu_in_a_dialog(slack, chat)
            await chat.dialog.get_by_role("textbox", name="Note").fill("half a word")
            await box.press("ArrowDown")
            await expect(chat.dialog.get_by_role("option", name="P-007")).to_be_visible()
            await expect(chat.dialog.get_by_text("Recent")).to_be_visible()
            await box.press_sequentially("12")
            await expect(chat.dialog.get_by_role("option")).to_have_count(11)
            await box.press("ArrowDown")
            await box.press("Enter")
            await expect(box).to_have_value("P-120")
            await expect(chat.dialog.get_by_role("listbox")).to_have_count(0)
            await expect(chat.dialog.get_by_role("textbox", name="Note")).to_have_value("half a word")
            await chat.dialog.get_by_role("button", name="Save").click()
    assert searching.asked[0] == ""
    assert searching.asked[-1] == "12"


async def test_what_cannot_be_found_is_said(browser: Browser) -> None:
    """Nothing found; an answer that cannot be shown, asked again by Enter; too few letters."""
    async with running_slack() as slack:
        searching = Searching(slack)
        async with (
            connected(slack, searching.app, "http"),
            open_chat(browser, slack, "U0ANA", GENERAL) as chat,
        ):
            box = await menu_in_a_dialog(slack, chat)
            await box.click()
            await box.press_sequentially("zzz")
            await expect(chat.dialog.get_by_text("No results")).to_be_visible()
            searching.answers.append({"options": [option("x" * 76)]})
            await box.fill("10")
            await expect(chat.dialog.get_by_role("listbox")).to_contain_text("cannot be shown")
            await expect(box).to_have_value("10")
            await box.press("Enter")
            await expect(chat.dialog.get_by_role("option", name="P-110")).to_be_visible()
            await box.press("Escape")
            await expect(chat.dialog).to_be_visible()
            slack.world.violations.clear()


async def test_a_menu_may_wait_for_letters(browser: Browser) -> None:
    """Without another number it is three, as Slack has it, and the app is not asked before."""
    async with running_slack() as slack:
        searching = Searching(slack)
        async with (
            connected(slack, searching.app, "http"),
            open_chat(browser, slack, "U0ANA", GENERAL) as chat,
        ):
            row = actions("row", {"type": "external_select", "action_id": "patient"})
            await post(slack, section("Who?"), row)
            box = chat.log.get_by_role("combobox")
            await box.click()
            await box.press_sequentially("10")
            await expect(chat.page.get_by_text("Type 3 or more characters")).to_be_visible()
            await box.fill("p-10")
            await expect(chat.page.get_by_role("option")).to_have_count(10)
    assert searching.asked == ["p-10"]


async def test_the_present_choice_stands_and_can_be_changed(browser: Browser) -> None:
    """What the app chose is shown by its words; leaving the list leaves it."""
    async with running_slack() as slack:
        searching = Searching(slack)
        async with (
            connected(slack, searching.app, "http"),
            open_chat(browser, slack, "U0ANA", GENERAL) as chat,
        ):
            box = await menu_in_a_dialog(slack, chat, initial_option=option("P-7F3K"))
            await expect(box).to_have_value("P-7F3K")
            await box.click()
            await box.press_sequentially("11")
            await expect(chat.dialog.get_by_role("option").first).to_be_visible()
            await box.press("Escape")
            await expect(box).to_have_value("P-7F3K")
