"""Commands, clicks, modals, shortcuts and events reach a real Bolt app, in every way an app can be connected."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from tests.support.slack import LocalSlack, clinic, running_slack, words
from tests.support.tiny_app import actions, bolt_app, button, connected, field, modal, section

SHORTCUTS = [
    {"type": "global", "name": "Log time", "callback_id": "log_time", "description": "Log minutes"},
    {"type": "message", "name": "Log this", "callback_id": "log_this", "description": "Log this message"},
]


def with_shortcuts() -> dict[str, Any]:
    manifest = json.loads(json.dumps(dict(clinic().app.manifest)))
    manifest["features"]["shortcuts"] = SHORTCUTS
    return manifest


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic(manifest=with_shortcuts())) as slack:
        yield slack
        assert slack.world.violations == []


@pytest.fixture(params=["process", "socket", "http"])
async def app(request: pytest.FixtureRequest, slack: LocalSlack) -> AsyncIterator[AsyncApp]:
    """A real Bolt app, connected in each way in turn."""
    app = bolt_app(slack)
    async with connected(slack, app, request.param):
        yield app


@pytest.fixture
async def near(slack: LocalSlack) -> AsyncIterator[AsyncApp]:
    """A real Bolt app, connected in process."""
    app = bolt_app(slack)
    async with connected(slack, app, "process"):
        yield app


async def test_a_command_is_answered_in_its_acknowledgment(slack: LocalSlack, app: AsyncApp) -> None:
    """The person alone sees the acknowledgment's text and blocks; the text arrived escaped, with mentions."""
    seen = []

    @app.command("/cocm")
    async def log(ack: Any, command: dict[str, Any]) -> None:
        seen.append(command)
        await ack(
            text="Logged",
            blocks=[section("*15 min* MRN123"), {"type": "actions", "elements": [button("Undo", "undo")]}],
        )

    ana = slack.person("U0ANA")
    [receipt] = await ana.command("/cocm log 15m MRN123 a<b for @ben", channel="C0GENERAL")
    assert (receipt.text, receipt.ephemeral_to) == ("Logged", "U0ANA")
    assert "15 min" in words(receipt)
    assert slack.person("U0BEN").messages("C0GENERAL") == []
    [command] = seen
    assert command["text"] == "log 15m MRN123 a&lt;b for <@U0BEN|ben>"
    assert (command["user_id"], command["channel_name"], command["team_domain"]) == (
        "U0ANA",
        "general",
        "clinic",
    )
    [in_dm] = await ana.command("/cocm log")
    assert (in_dm.channel, seen[-1]["channel_name"]) == (ana.dm, "directmessage")


async def test_plain_text_and_in_channel_acknowledgments(slack: LocalSlack, app: AsyncApp) -> None:
    """Text alone is shown as it is; `in_channel` posts for everybody; an empty one shows nothing."""
    answers = iter(["just words", {"response_type": "in_channel", "text": "for all"}, ""])

    @app.command("/cocm")
    async def log(ack: Any) -> None:
        await ack(next(answers))

    ana, ben = slack.person("U0ANA"), slack.person("U0BEN")
    assert [message.text for message in await ana.command("/cocm a", "C0GENERAL")] == ["just words"]
    assert [message.text for message in await ana.command("/cocm b", "C0GENERAL")] == ["for all"]
    assert await ana.command("/cocm c", "C0GENERAL") == []
    assert [message.text for message in ben.messages("C0GENERAL")] == ["for all"]


async def test_a_click_replaces_the_message_through_the_response_url(
    slack: LocalSlack, app: AsyncApp
) -> None:
    """A click carries value and ids; the answer at the response URL replaces what was clicked."""
    seen = []

    @app.command("/cocm")
    async def log(ack: Any) -> None:
        await ack(
            text="Logged",
            blocks=[actions("b", button("Undo", "undo", "e-k7f"))],
        )

    @app.action("undo")
    async def undo(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="Undone.", response_type="ephemeral", replace_original=True, delete_original=False)

    ana = slack.person("U0ANA")
    [receipt] = await ana.command("/cocm log", channel="C0GENERAL")
    [change] = await ana.click(receipt, "Undo")
    assert change.message is receipt
    assert (receipt.text, receipt.blocks) == ("Undone.", None)
    [body] = seen
    assert body["actions"][0]["value"] == "e-k7f"
    assert body["container"] == {
        "type": "message",
        "message_ts": receipt.ts,
        "channel_id": "C0GENERAL",
        "is_ephemeral": True,
    }
    assert "message" not in body


async def test_a_modal_goes_through_errors_update_and_push(slack: LocalSlack, app: AsyncApp) -> None:
    """A trigger opens a modal; its submission is answered with errors, another view, one on top, or closes it."""
    answers = iter(
        [
            {"response_action": "errors", "errors": {"minutes": "Write it as 15m."}},
            {"response_action": "update", "view": modal(section("Sure?"), title="Sure?")},
            {"response_action": "push", "view": modal(section("Really?"), title="Really?")},
            None,
            {"response_action": "clear"},
        ]
    )
    submitted = []

    @app.command("/cocm")
    async def log(ack: Any, command: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(
            trigger_id=command["trigger_id"],
            view=modal(
                field("minutes", "Minutes", {"type": "plain_text_input"}),
                field("note", "Note", {"type": "plain_text_input"}, optional=True),
            ),
        )

    @app.view("amend")
    async def amend(ack: Any, view: dict[str, Any]) -> None:
        submitted.append(view["state"]["values"])
        answer = next(answers)
        await (ack() if answer is None else ack(**answer))

    ana = slack.person("U0ANA")
    await ana.command("/cocm edit")
    view = await slack.until(lambda: ana.modal, "a modal")
    blank = await ana.submit(view, {})
    assert (blank.action, list(blank.errors)) == ("errors", ["minutes"])
    assert submitted == []
    refused = await ana.submit(view, {"Minutes": "fifteen"})
    assert (refused.action, refused.errors) == ("errors", {"minutes": "Write it as 15m."})
    assert submitted[0]["minutes"]["minutes"] == {"type": "plain_text_input", "value": "fifteen"}
    assert submitted[0]["note"]["note"]["value"] is None
    assert (await ana.submit(view, {"minutes": "15m"})).action == "update"
    assert "Sure?" in words(view)
    pushed = await ana.submit(view, {})
    assert pushed.action == "push"
    assert ana.modal is pushed.view
    assert pushed.view.root_view_id == view.id
    assert (await ana.submit(pushed.view, {})).action == "closed"
    assert ana.modal is view
    assert (await ana.submit(view, {})).action == "closed"
    assert ana.modal is None


async def test_shortcuts_reach_the_app(slack: LocalSlack, app: AsyncApp) -> None:
    """A global shortcut brings a trigger, a message shortcut the message too."""
    seen = []

    @app.shortcut("log_time")
    async def log_time(ack: Any, shortcut: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=modal(section("Log")))

    @app.shortcut("log_this")
    async def log_this(ack: Any, shortcut: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(shortcut["message"]["text"])
        await respond(text="noted", response_type="ephemeral", replace_original=False, delete_original=False)

    ana = slack.person("U0ANA")
    await ana.shortcut("log_time")
    assert ana.modal is not None
    said = await ana.say("called the pharmacy", "C0GENERAL")
    [change] = await ana.shortcut("log_this", said)
    assert (seen, change.message.text) == (["called the pharmacy"], "noted")


async def test_messages_reach_the_app_as_events(slack: LocalSlack, app: AsyncApp) -> None:
    """Direct messages and mentions arrive as events, escaped and linked; the app's own do not loop."""
    events = []

    @app.event("message")
    async def message(event: dict[str, Any], say: Any) -> None:
        events.append(event)
        await say("heard")

    @app.event("app_mention")
    async def mention(event: dict[str, Any]) -> None:
        events.append(event)

    ana = slack.person("U0ANA")
    await ana.say("15m MRN123 & see https://clinic.example/a")
    await ana.sees("heard")
    assert events[0]["text"] == "15m MRN123 &amp; see <https://clinic.example/a>"
    assert (events[0]["channel_type"], events[0]["channel"]) == ("im", ana.dm)
    await ana.say("@cocm status", "C0GENERAL")
    await slack.until(lambda: {event["type"] for event in events} == {"message", "app_mention"})
    assert events[-1]["text"] == "<@U0COCMBOT> status"
    assert len([message for message in ana.messages() if message.text == "heard"]) == 1


async def test_the_home_tab_is_published_when_opened(slack: LocalSlack, app: AsyncApp) -> None:
    """Opening the Home tab sends the event; what the app publishes is what the person then sees."""

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("Your month")]}
        )

    assert "Your month" in words(await slack.person("U0ANA").home())


async def test_selects_carry_option_and_state(slack: LocalSlack, near: AsyncApp) -> None:
    """A pick carries the option chosen; the state holds it and the start of every other element."""
    seen = []
    options = [
        {"text": {"type": "plain_text", "text": day}, "value": day.lower()} for day in ("Today", "Yesterday")
    ]
    elements = [
        {"type": "static_select", "action_id": "day", "options": options},
        {"type": "datepicker", "action_id": "date", "initial_date": "2026-11-18"},
        {"type": "overflow", "action_id": "more", "options": options},
    ]

    @near.command("/cocm")
    async def ask(ack: Any) -> None:
        await ack(text="Which?", blocks=[actions("b", *elements)])

    @near.action({"block_id": "b"})
    async def picked(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="ok", response_type="ephemeral", replace_original=False, delete_original=False)

    ana = slack.person("U0ANA")
    [question] = await ana.command("/cocm ask")
    await ana.select(question, "day", "Yesterday")
    await ana.click(question, "Today")
    assert seen[0]["actions"][0]["selected_option"]["value"] == "yesterday"
    assert seen[0]["state"]["values"]["b"]["day"]["selected_option"]["value"] == "yesterday"
    assert seen[0]["state"]["values"]["b"]["date"]["selected_date"] == "2026-11-18"
    assert (seen[1]["actions"][0]["type"], seen[1]["actions"][0]["selected_option"]["value"]) == (
        "overflow",
        "today",
    )


async def test_closing_a_modal_is_told_where_asked(slack: LocalSlack, near: AsyncApp) -> None:
    """view_closed comes for modals with notify_on_close, and says whether all were cleared."""
    closed = []

    @near.command("/cocm")
    async def open_modal(ack: Any, command: dict[str, Any], client: Any) -> None:
        await ack()
        view = modal(section("x"), notify_on_close=True)
        await client.views_open(trigger_id=command["trigger_id"], view=view)

    @near.view_closed("amend")
    async def on_closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        closed.append(body["is_cleared"])

    ana = slack.person("U0ANA")
    await ana.command("/cocm edit")
    view = await slack.until(lambda: ana.modal)
    await ana.close(view)
    await ana.command("/cocm edit")
    view = await slack.until(lambda: ana.modal)
    await ana.close(view, clear=True)
    assert (closed, ana.modal) == ([False, True], None)


async def test_many_commands_at_once_are_each_answered(slack: LocalSlack, app: AsyncApp) -> None:
    """Five hundred commands under way together each get their own answer, in every way of connecting."""

    @app.command("/cocm")
    async def log(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"did {command['text']}")

    ana = slack.person("U0ANA")
    answers = await asyncio.gather(*(ana.command(f"/cocm {n}") for n in range(500)))
    assert [[message.text for message in answer] for answer in answers] == [[f"did {n}"] for n in range(500)]
