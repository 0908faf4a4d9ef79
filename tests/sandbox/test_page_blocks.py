"""The chat page: Block Kit as it is shown and used, in messages and on the Home tab."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp

from tests.support.browser import open_chat
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack
from tests.support.tiny_app import actions, bolt_app, button, connected, field, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"
Heard = asyncio.Queue[dict[str, Any]]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def listening(slack: LocalSlack, heard: Heard) -> AsyncApp:
    """An app that remembers every action it is told of."""
    app = bolt_app(slack)

    async def any_action(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.put_nowait(
            {**body["actions"][0], "state": (body.get("state") or body["view"]["state"])["values"]}
        )

    app.action(re.compile(".*"))(any_action)
    return app


async def post(slack: LocalSlack, *blocks: dict[str, Any]) -> None:
    await slack.client().chat_postMessage(channel=GENERAL, text="blocks", blocks=list(blocks))


async def next_heard(heard: Heard, action_id: str) -> dict[str, Any]:
    """The next action the app hears of, which is of that id."""
    action = await asyncio.wait_for(heard.get(), WAIT_SECONDS)
    assert action["action_id"] == action_id
    return action


async def test_a_button_is_told_to_the_app_which_replaces_the_message(browser: Browser) -> None:
    """Pressing Undo reaches the app with its value; its answer takes the receipt's place and keeps the focus near."""
    async with running_slack() as slack:
        app = bolt_app(slack)

        async def command(ack: Any) -> None:
            await ack(
                text="", blocks=[section("Logged *15 min*"), actions("row", button("Undo", "undo", "e1"))]
            )

        async def undo(ack: Any, action: dict[str, Any], respond: Any) -> None:
            await ack()
            await respond(text=f"Undone {action['value']}", replace_original=True)

        app.command("/cocm")(command)
        app.action("undo")(undo)
        async with connected(slack, app, "http"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await chat.send("/cocm log 15m MRN123 call")
            receipt = chat.message("Logged 15 min")
            ts = await receipt.get_attribute("data-ts")
            await receipt.get_by_role("button", name="Undo").click()
            undone = chat.message("Undone e1")
            await expect(undone).to_have_attribute("data-ts", ts or "")
            await expect(undone).to_contain_text("Only visible to you")
            await expect(chat.log.get_by_role("button", name="Undo")).to_have_count(0)
            await expect(undone).to_be_focused()


async def test_a_confirmation_is_asked_before_anything_is_told(browser: Browser) -> None:
    """No and Escape tell the app nothing; yes does, once."""
    heard: Heard = asyncio.Queue()
    ask = {
        "title": plain("Void it?"),
        "text": plain("It will not count."),
        "confirm": plain("Void"),
        "deny": plain("Keep"),
    }
    async with (
        running_slack() as slack,
        connected(slack, listening(slack, heard), "process"),
        open_chat(browser, slack, "U0ANA", GENERAL) as chat,
    ):
        await post(slack, actions("row", {**button("Void entry", "void"), "style": "danger", "confirm": ask}))
        void = chat.log.get_by_role("button", name="Void entry")
        await void.click()
        await expect(chat.dialog).to_contain_text("It will not count.")
        await chat.dialog.get_by_role("button", name="Keep").click()
        await void.click()
        await chat.page.keyboard.press("Escape")
        await expect(chat.dialog).to_have_count(0)
        await expect(void).to_be_focused()
        await void.click()
        await chat.dialog.get_by_role("button", name="Void", exact=True).click()
        await next_heard(heard, "void")
        assert heard.empty()


async def test_every_kind_of_choice_tells_the_app_what_was_chosen(browser: Browser) -> None:
    """Selects (filtered, grouped, several), overflow, boxes, radios, dates, times, people and conversations."""
    heard: Heard = asyncio.Queue()
    phone, visit, chart = option("Phone", "p"), option("Visit", "v"), option("Chart review", "c")
    groups = [
        {"label": plain("With"), "options": [phone, visit]},
        {"label": plain("Without"), "options": [chart]},
    ]
    async with (
        running_slack() as slack,
        connected(slack, listening(slack, heard), "process"),
        open_chat(browser, slack, "U0ANA", GENERAL) as chat,
    ):
        await post(
            slack,
            section("One")
            | {
                "accessory": {
                    "type": "static_select",
                    "action_id": "one",
                    "placeholder": plain("Activity"),
                    "option_groups": groups,
                }
            },
            section("Some")
            | {
                "accessory": {
                    "type": "multi_static_select",
                    "action_id": "some",
                    "placeholder": plain("Several"),
                    "options": [phone, visit, chart],
                }
            },
            section("More")
            | {"accessory": {"type": "overflow", "action_id": "more", "options": [phone, visit]}},
            actions(
                "row",
                {
                    "type": "checkboxes",
                    "action_id": "boxes",
                    "options": [phone, visit],
                    "initial_options": [phone],
                },
                {"type": "radio_buttons", "action_id": "radios", "options": [chart, option("None", "n")]},
                {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-18"},
                {"type": "timepicker", "action_id": "hour"},
                {"type": "datetimepicker", "action_id": "instant", "initial_date_time": 1_795_000_000},
                {"type": "users_select", "action_id": "person"},
                {"type": "conversations_select", "action_id": "talk", "filter": {"include": ["public"]}},
            ),
        )
        page = chat.page
        activity = page.get_by_role("combobox", name="Activity")
        await activity.click()
        await expect(page.get_by_role("listbox").locator(".menu-heading")).to_have_text(["With", "Without"])
        await activity.press_sequentially("rev")
        await expect(page.get_by_role("option")).to_have_text(["Chart review"])
        await activity.press("Enter")
        assert (await next_heard(heard, "one"))["selected_option"] == chart
        await expect(activity).to_have_value("Chart review")

        await chat.choose(page.get_by_role("combobox", name="Several"), "Phone", "Chart review")
        await page.keyboard.press("Escape")
        assert (await next_heard(heard, "some"))["selected_options"] == [phone]
        assert (await next_heard(heard, "some"))["selected_options"] == [phone, chart]
        await page.get_by_role("button", name="Remove Phone").click()
        assert (await next_heard(heard, "some"))["selected_options"] == [chart]

        await chat.log.get_by_role("button", name="More options").click()
        await page.get_by_role("menuitem", name="Visit").click()
        assert (await next_heard(heard, "more"))["selected_option"] == visit

        await page.get_by_role("checkbox", name="Visit").check()
        assert (await next_heard(heard, "boxes"))["selected_options"] == [phone, visit]
        await page.get_by_role("radio", name="Chart review").check()
        assert (await next_heard(heard, "radios"))["selected_option"] == chart

        await page.get_by_label("Select a date", exact=True).fill("2026-11-03")
        assert (await next_heard(heard, "day"))["selected_date"] == "2026-11-03"
        await page.get_by_label("Select a time").fill("14:05")
        assert (await next_heard(heard, "hour"))["selected_time"] == "14:05"
        # The wall time is Ana's, in New York: five hours behind UTC in November.
        await expect(page.get_by_label("Select a date and time")).to_have_value("2026-11-18T06:06")
        await page.get_by_label("Select a date and time").fill("2026-11-18T07:06")
        assert (await next_heard(heard, "instant"))["selected_date_time"] == 1_795_003_560

        await chat.choose(page.get_by_role("combobox", name="Select a user"), "Ben Okafor")
        assert (await next_heard(heard, "person"))["selected_user"] == "U0BEN"
        await page.get_by_role("combobox", name="Select a conversation").click()
        await expect(page.get_by_role("option")).to_have_text(["general"])
        await page.get_by_role("option", name="general").click()
        last = await next_heard(heard, "talk")
        assert last["selected_conversation"] == GENERAL
        assert last["state"]["row"]["day"]["selected_date"] == "2026-11-03"


async def test_a_press_that_fails_is_told_beside_it(browser: Browser) -> None:
    """When the app cannot be reached, the button says so where it was pressed."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        await post(slack, actions("row", button("Undo", "undo")))
        await chat.log.get_by_role("button", name="Undo").click()
        await expect(chat.log.get_by_role("alert")).to_contain_text("CoCM Minutes could not be asked.")


async def test_every_block_is_shown(browser: Browser) -> None:
    """Headers, fields, context, images, rich text, Markdown and tables; nothing is fetched from elsewhere."""
    asked: list[str] = []
    leaf = {"type": "text", "text": "strong words", "style": {"bold": True}}
    part = {"type": "rich_text_section", "elements": [leaf, {"type": "user", "user_id": "U0BEN"}]}
    inner = {"type": "rich_text_section", "elements": [{"type": "text", "text": "inner point"}]}
    rich = [
        part,
        {"type": "rich_text_list", "style": "bullet", "elements": [part]},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [inner]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "a quotation"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "as  typed"}]},
    ]
    rows = [
        [{"type": "raw_text", "text": cell} for cell in row]
        for row in (("Payer", "Units"), ("Medicare", "31"))
    ]
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        chat.page.on("request", lambda request: asked.append(request.url))
        await post(
            slack,
            {"type": "header", "text": plain("November")},
            {"type": "section", "fields": [plain("Patients 60"), plain("Minutes 2,410")]},
            {"type": "divider"},
            {"type": "image", "image_url": "https://elsewhere.example/a.png", "alt_text": "Minutes by week"},
            {"type": "context", "elements": [plain("provisional")]},
            {"type": "rich_text", "elements": rich},
            {
                "type": "markdown",
                "text": "## Heading\n**bold** `code`\n\n- one\n  - two\n\n|A|B|\n|-|-:|\n|1|2|\n\n- [x] done",
            },
            {"type": "table", "rows": rows, "column_settings": [{}, {"align": "right"}]},
        )
        shown = chat.message("November")
        await expect(shown.get_by_role("heading", name="November")).to_be_visible()
        await expect(shown.locator(".section-field")).to_have_text(["Patients 60", "Minutes 2,410"])
        await expect(shown.get_by_role("img", name="Minutes by week")).to_be_visible()
        await expect(shown.locator(".rich-text > ul > li > ol > li")).to_have_text("inner point")
        await expect(shown.locator(".rich-text strong").first).to_have_text("strong words")
        await expect(shown.locator(".rich-text blockquote")).to_have_text("a quotation")
        await expect(shown.locator(".rich-text pre")).to_have_text("as  typed")
        await expect(shown.locator(".markdown li li")).to_have_text("two")
        await expect(shown.get_by_role("columnheader")).to_have_text(["A", "B", "Payer", "Units"])
        await expect(shown.get_by_role("cell", name="31")).to_have_class("align-right")
        await expect(shown.locator(".markdown")).to_contain_text("☑ done")
        assert [url for url in asked if not url.startswith(slack.url)] == []


async def test_the_home_tab_is_the_apps_own_page(browser: Browser) -> None:
    """Opening the app tells it so and shows what it publishes; its controls work and its tabs lead on."""
    async with running_slack() as slack:
        app = bolt_app(slack)
        opened: asyncio.Queue[str] = asyncio.Queue()

        def home(found: str) -> dict[str, Any]:
            search = field("find", "Find a patient", {"type": "plain_text_input"}, dispatch_action=True)
            return {
                "type": "home",
                "blocks": [section(found), search, actions("row", button("Refresh", "again"))],
            }

        async def home_opened(event: dict[str, Any], client: Any) -> None:
            opened.put_nowait(event["tab"])
            if event["tab"] == "home":
                await client.views_publish(user_id=event["user"], view=home("Good morning"))

        async def find(ack: Any, action: dict[str, Any], body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_publish(
                user_id=body["user"]["id"], view=home(f"Nobody called {action['value']}")
            )

        app.event("app_home_opened")(home_opened)
        app.action("find")(find)
        async with connected(slack, app, "socket"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await chat.page.get_by_role("link", name="CoCM Minutes").click()
            panel = chat.page.get_by_role("tabpanel", name="Home")
            await expect(panel).to_contain_text("Good morning")
            search = panel.get_by_role("textbox", name="Find a patient")
            await search.fill("Nobody")
            await search.press("Enter")
            await expect(panel).to_contain_text("Nobody called Nobody")
            await expect(search).to_have_value("Nobody")
            await expect(search).to_be_focused()

            await chat.page.get_by_role("tab", name="About").click()
            about = chat.page.get_by_role("tabpanel", name="About")
            await expect(about).to_contain_text("/cocm log 15m MRN123 phone check-in")
            await chat.page.get_by_role("tab", name="About").press("ArrowLeft")
            await expect(chat.page.get_by_role("tab", name="Messages")).to_have_attribute(
                "aria-selected", "true"
            )
            await expect(chat.page.get_by_role("textbox", name="Message to CoCM Minutes")).to_be_visible()
            assert [await asyncio.wait_for(opened.get(), WAIT_SECONDS) for _ in range(2)] == [
                "home",
                "messages",
            ]

            await chat.go("U0ANA", GENERAL)
            await expect(chat.box).to_have_attribute("aria-label", "Message to #general")
            await slack.client().chat_postMessage(channel=slack.person("U0ANA").dm, text="Your digest")
            entry = chat.page.get_by_role("link", name="CoCM Minutes, 1 unread")
            await entry.click()
            await expect(chat.message("Your digest")).to_be_visible()
            await expect(entry).to_have_count(0)
