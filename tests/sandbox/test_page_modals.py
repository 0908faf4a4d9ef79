"""The chat page: modals, their errors, their stack, and the keyboard in them; shortcuts that open them."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp

from sandbox.config import SandboxConfig
from tests.support.browser import ChatPage, open_chat
from tests.support.slack import WAIT_SECONDS, LocalSlack, clinic, running_slack
from tests.support.tiny_app import actions, bolt_app, button, connected, field, modal, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

GENERAL = "C0GENERAL"
NOTE = field("note", "Note", {"type": "plain_text_input", "multiline": True, "max_length": 20}, optional=True)
PATIENT = field("patient", "Patient", {"type": "plain_text_input"})
MINUTES = field(
    "minutes",
    "Minutes",
    {"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "480"},
)


def opening(slack: LocalSlack, *blocks: dict[str, Any], **more: Any) -> AsyncApp:
    """An app whose command opens a modal."""
    app = bolt_app(slack)

    async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal(*blocks, **more))
        await ack()

    app.command("/cocm")(command)
    return app


async def opened(chat: ChatPage) -> None:
    """Open the app's modal."""
    await chat.send("/cocm")
    await expect(chat.dialog).to_be_visible()


async def test_a_form_is_checked_by_slack_then_by_the_app_then_taken(browser: Browser) -> None:
    """What is missing or no number is said at once; the app's errors stand at their blocks; then it closes."""
    taken: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with running_slack() as slack:
        app = opening(slack, PATIENT, MINUTES, NOTE)

        async def submitted(ack: Any, view: dict[str, Any]) -> None:
            values = view["state"]["values"]
            if values["patient"]["patient"]["value"] != "MRN123":
                await ack(response_action="errors", errors={"patient": "Nobody has that MRN."})
                return
            await ack()
            taken.put_nowait(values)

        app.view("amend")(submitted)
        async with connected(slack, app, "http"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await opened(chat)
            patient, minutes = chat.dialog.get_by_label("Patient"), chat.dialog.get_by_label("Minutes")
            await expect(patient).to_be_focused()
            await minutes.fill("a few")
            await chat.dialog.get_by_role("button", name="Save").click()
            await expect(chat.dialog.get_by_role("alert")).to_have_text(
                ["Please complete this required field.", "Please enter a number."]
            )
            await expect(patient).to_be_focused()
            await expect(patient).to_have_attribute("aria-invalid", "true")

            await patient.fill("MRN999")
            await minutes.fill("15")
            await chat.dialog.get_by_label("Note").fill("phone <b>check-in</b>")
            await expect(chat.dialog.locator(".counter")).to_have_text("-1")
            await minutes.press("Enter")
            await expect(chat.dialog.get_by_role("alert")).to_have_text(
                "Please shorten this to 20 characters."
            )
            await chat.dialog.get_by_label("Note").fill("phone")
            await minutes.press("Enter")
            await expect(chat.dialog.get_by_role("alert")).to_have_text("Nobody has that MRN.")
            await expect(minutes).to_have_value("15")

            await patient.fill("MRN123")
            await chat.dialog.get_by_role("button", name="Save").click()
            await expect(chat.dialog).to_have_count(0)
            values = await asyncio.wait_for(taken.get(), WAIT_SECONDS)
            assert values["minutes"]["minutes"] == {"type": "number_input", "value": "15"}
            assert values["note"]["note"] == {"type": "plain_text_input", "value": "phone"}
            await expect(chat.box).to_be_focused()


async def test_views_pile_up_and_what_was_typed_below_is_kept(browser: Browser) -> None:
    """A pushed view lies on top; Escape and Back return to the one below as it was; the cross closes all."""
    async with running_slack() as slack:
        app = opening(slack, PATIENT, actions("row", button("More", "more")))

        async def more(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            view = modal(
                actions("row", button("More", "more")),
                title=f"Depth {len(slack.sandbox.views.stack('U0ANA')) + 1}",
            )
            await client.views_push(trigger_id=body["trigger_id"], view=view)

        app.action("more")(more)
        async with connected(slack, app, "process"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await opened(chat)
            await chat.dialog.get_by_label("Patient").fill("MRN123")
            for depth in (2, 3):
                await chat.dialog.get_by_role("button", name="More").click()
                await expect(chat.dialog).to_have_accessible_name(f"Depth {depth}")
            await chat.page.keyboard.press("Escape")
            await expect(chat.dialog).to_have_accessible_name("Depth 2")
            await slack.until(lambda: len(slack.sandbox.views.stack("U0ANA")) == 2)
            await chat.dialog.get_by_role("button", name="Back").click()
            await expect(chat.dialog).to_have_accessible_name("Amend")
            await expect(chat.dialog.get_by_label("Patient")).to_have_value("MRN123")
            await chat.dialog.get_by_role("button", name="More").click()
            await expect(chat.dialog).to_have_accessible_name("Depth 2")
            await chat.dialog.get_by_role("button", name="Close dialog").click()
            await expect(chat.dialog).to_have_count(0)
            await slack.until(lambda: slack.person("U0ANA").modal is None)


async def test_an_update_keeps_what_was_typed(browser: Browser) -> None:
    """A select that makes the app update the view leaves the other inputs, and the focus, alone."""
    kinds = {"text": {"type": "plain_text", "text": "Assessment"}, "value": "a"}
    choice = field("kind", "Kind", {"type": "static_select", "options": [kinds]}, dispatch_action=True)
    async with running_slack() as slack:
        app = opening(slack, PATIENT, choice)

        async def chosen(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            typed = body["view"]["state"]["values"]["patient"]["patient"]["value"]
            score = field("score", "Score", {"type": "plain_text_input"})
            view = modal(PATIENT, choice, score, section(f"For {typed}"))
            await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)

        app.action("kind")(chosen)
        async with connected(slack, app, "socket"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await opened(chat)
            await chat.dialog.get_by_label("Patient").fill("MRN123")
            await chat.choose(chat.page.get_by_role("combobox", name="Kind"), "Assessment")
            await expect(chat.dialog).to_contain_text("For MRN123")
            await expect(chat.dialog.get_by_label("Patient")).to_have_value("MRN123")
            await expect(chat.dialog.get_by_label("Kind")).to_have_value("Assessment")
            await expect(chat.dialog.get_by_label("Kind")).to_be_focused()
            await expect(chat.dialog.get_by_label("Score")).to_be_visible()


async def test_an_answer_may_be_another_view(browser: Browser) -> None:
    """A submission can be answered with a new form of the view, or with a view on top of it."""
    async with running_slack() as slack:
        app = opening(slack, PATIENT)

        async def submitted(ack: Any, view: dict[str, Any]) -> None:
            if view["title"]["text"] == "Amend":
                await ack(response_action="update", view=modal(section("Sure?"), title="Check"))
            elif view["title"]["text"] == "Check":
                await ack(response_action="push", view=modal(section("Really?"), title="Again"))
            else:
                await ack(response_action="clear")

        app.view("amend")(submitted)
        async with connected(slack, app, "process"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await opened(chat)
            await chat.dialog.get_by_label("Patient").fill("MRN123")
            for title in ("Check", "Again"):
                await chat.dialog.get_by_role("button", name="Save").click()
                await expect(chat.dialog).to_have_accessible_name(title)
            await chat.dialog.get_by_role("button", name="Save").click()
            await expect(chat.dialog).to_have_count(0)


async def test_an_app_that_does_not_answer_leaves_the_form_as_it_was(browser: Browser) -> None:
    """When a submission fails, the modal says so and keeps what was typed."""
    async with running_slack() as slack, open_chat(browser, slack, "U0ANA", GENERAL) as chat:
        async with connected(slack, opening(slack, PATIENT), "process"):
            await opened(chat)
        await chat.dialog.get_by_label("Patient").fill("MRN123")
        await chat.dialog.get_by_role("button", name="Save").click()
        await expect(chat.dialog.get_by_role("alert")).to_contain_text(
            "We had some trouble connecting. Try again?"
        )
        await expect(chat.dialog.get_by_label("Patient")).to_have_value("MRN123")


async def test_the_keyboard_alone_is_enough(browser: Browser) -> None:
    """Tab stays inside a dialog; lists open, filter and close by key; Escape closes the list before the dialog."""
    options = [
        {"text": {"type": "plain_text", "text": words}, "value": words} for words in ("Phone", "Visit")
    ]
    choice = field("kind", "Kind", {"type": "static_select", "options": options})
    async with running_slack() as slack:
        app = opening(slack, choice, PATIENT)
        async with connected(slack, app, "process"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            keyboard = chat.page.keyboard
            await expect(chat.box).to_be_focused()
            await keyboard.type("/cocm")
            await keyboard.press("Enter")
            kind = chat.page.get_by_role("combobox", name="Kind")
            await expect(kind).to_be_focused()
            await keyboard.press("ArrowDown")
            await expect(chat.page.get_by_role("option")).to_have_count(2)
            await keyboard.press("Escape")
            await expect(chat.page.get_by_role("option")).to_have_count(0)
            await keyboard.type("vis")
            await keyboard.press("Enter")
            await expect(kind).to_have_value("Visit")
            for _ in range(12):
                await keyboard.press("Tab")
                await expect(chat.dialog.locator(":focus")).to_have_count(1)
            await keyboard.press("Escape")
            await expect(chat.dialog).to_have_count(0)
            await expect(chat.box).to_be_focused()

            await keyboard.press("Control+k")
            await keyboard.type("cocm")
            await keyboard.press("Enter")
            await expect(chat.page.get_by_role("heading", name="CoCM Minutes")).to_be_visible()


def with_shortcuts() -> SandboxConfig:
    """The small clinic, whose app also has a shortcut of each kind."""
    manifest = dict(clinic().app.manifest)
    manifest["features"] = {
        **manifest["features"],
        "shortcuts": [
            {"type": "global", "name": "Log minutes", "callback_id": "log", "description": "Open the form"},
            {
                "type": "message",
                "name": "Log from this",
                "callback_id": "log_from",
                "description": "Take the note",
            },
        ],
    }
    return clinic(manifest=manifest)


async def test_shortcuts_start_from_the_plus_and_from_a_message(browser: Browser) -> None:
    """The + of the message box offers the app's shortcuts anywhere; a message's menu those for messages."""
    async with running_slack(with_shortcuts()) as slack:
        app = bolt_app(slack)

        async def anywhere(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal(PATIENT, title="Log minutes"))

        async def on_message(ack: Any, body: dict[str, Any], client: Any) -> None:
            await ack()
            view = modal(section(f"Note: {body['message']['text']}"), title="From a message")
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        app.shortcut("log")(anywhere)
        app.shortcut("log_from")(on_message)
        async with connected(slack, app, "process"), open_chat(browser, slack, "U0ANA", GENERAL) as chat:
            await chat.page.get_by_role("main").get_by_role("button", name="Shortcuts").click()
            await chat.page.get_by_role("menuitem", name="Log minutes").click()
            await expect(chat.dialog).to_have_accessible_name("Log minutes")
            await chat.page.keyboard.press("Escape")

            await chat.send("Called the pharmacy")
            await chat.message("Called the pharmacy").hover()
            await chat.log.get_by_role("button", name="More actions").click()
            await chat.page.get_by_role("menuitem", name="Log from this").click()
            await expect(chat.dialog).to_contain_text("Note: Called the pharmacy")
