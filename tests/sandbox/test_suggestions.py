"""Select menus of the app's own data: what is asked, where, and what may be answered."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.model import Message, View
from tests.support.slack import LocalSlack, ManualClock, clinic, running_slack
from tests.support.tiny_app import actions, bolt_app, connected, field, modal

GENERAL = "C0GENERAL"
MENU = {"type": "external_select", "action_id": "patient", "min_query_length": 0}
PATIENTS = ("P-7F3K", "P-7G2M", "P-9A4T")


def option(words: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": words}, "value": words.lower()}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack() as slack:
        yield slack


def answering(slack: LocalSlack, answer: Any, asked: list[dict[str, Any]] | None = None) -> Any:
    """An app that answers what is typed, with what a function makes of the words, or always the same."""
    app = bolt_app(slack)

    async def options(ack: Any, body: dict[str, Any]) -> None:
        if asked is not None:
            asked.append(body)
        await ack(**(answer(body["value"]) if callable(answer) else answer))

    app.options("patient")(options)
    return app


def found(typed: str) -> dict[str, Any]:
    return {"options": [option(name) for name in PATIENTS if typed in name]}


async def posted(slack: LocalSlack) -> Message:
    await slack.client().chat_postMessage(channel=GENERAL, text="x", blocks=[actions("row", MENU)])
    return slack.person("U0ANA").messages(GENERAL)[-1]


def opened(slack: LocalSlack) -> View:
    note = field("note", "Note", {"type": "plain_text_input"})
    body = modal(field("who", "Patient", MENU) | {"element": MENU}, note)
    return slack.sandbox.views.open("U0ANA", body)


@pytest.mark.parametrize("way", ["process", "socket", "http"])
async def test_what_is_typed_reaches_the_app_which_answers_with_options(slack: LocalSlack, way: str) -> None:
    """In a message and in a modal, over every connection; the payload is Slack's."""
    asked: list[dict[str, Any]] = []
    ana = slack.person("U0ANA")
    async with connected(slack, answering(slack, found, asked), way):
        message, view = await posted(slack), opened(slack)
        suggested = await ana.look_up(message, "patient", "P-7")
        assert [each["value"] for each in suggested.options] == ["p-7f3k", "p-7g2m"]
        assert (await ana.look_up(message, "patient", "zzz")).options == []
        typed = {"note": {"note": {"type": "plain_text_input", "value": "half a word"}}}
        await slack.sandbox.people.type_in_view(view, "who", "patient", "", typed)
    in_message, _, in_view = asked
    assert {key: in_message[key] for key in ("type", "action_id", "block_id", "value")} == {
        "type": "block_suggestion",
        "action_id": "patient",
        "block_id": "row",
        "value": "P-7",
    }
    assert in_message["container"]["message_ts"] == message.ts
    assert in_message["channel"]["id"] == GENERAL
    assert in_message["message"]["ts"] == message.ts
    assert in_view["container"] == {"type": "view", "view_id": view.id}
    assert in_view["view"]["state"]["values"]["note"]["note"]["value"] == "half a word"
    for body in asked:
        assert not body.keys() & {"trigger_id", "response_url", "actions"}


async def test_options_may_come_in_groups(slack: LocalSlack) -> None:
    """Each group has its heading."""
    groups = [
        {"label": {"type": "plain_text", "text": "Recent"}, "options": [option("P-7F3K")]},
        {"label": {"type": "plain_text", "text": "All"}, "options": [option(name) for name in PATIENTS]},
    ]
    async with connected(slack, answering(slack, {"option_groups": groups}), "process"):
        suggested = await slack.person("U0ANA").look_up(await posted(slack), "patient")
    assert [group["label"]["text"] for group in suggested.groups] == ["Recent", "All"]
    assert len(suggested.options) == 4


@pytest.mark.parametrize(
    "answer",
    [
        {"options": [option("x" * 76)]},
        {"options": [option(str(n)) for n in range(101)]},
        {"options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]},
        {"option_groups": [{"label": {"type": "plain_text", "text": "x"}, "options": []}] * 101},
    ],
)
async def test_an_answer_that_slack_does_not_take_is_recorded(slack: LocalSlack, answer: Any) -> None:
    """Nothing may be picked then, and the sandbox says why without the words."""
    async with connected(slack, answering(slack, answer), "process"):
        suggested = await slack.person("U0ANA").look_up(await posted(slack), "patient")
    assert suggested.failure == "invalid_response"
    [violation] = slack.world.violations
    assert violation.surface == "block_suggestion acknowledgment"


async def test_nobody_to_ask_is_told_as_that(slack: LocalSlack) -> None:
    """Without a connection there are no options."""
    suggested = await slack.person("U0ANA").look_up(await posted(slack), "patient")
    assert suggested.failure == "dispatch_failed"


async def test_an_app_has_three_seconds() -> None:
    """What comes later is not waited for."""
    clock, arrived, released = ManualClock(), asyncio.Event(), asyncio.Event()
    async with running_slack(clock=clock) as slack:
        app = bolt_app(slack)

        async def slowly(ack: Any) -> None:
            arrived.set()
            await released.wait()
            await ack(options=[])

        app.options("patient")(slowly)
        async with connected(slack, app, "process"):
            message = await posted(slack)
            typing = asyncio.create_task(slack.person("U0ANA").look_up(message, "patient"))
            await arrived.wait()
            clock.advance(3)
            assert (await typing).failure == "operation_timeout"
            released.set()


async def test_the_manifests_options_address_is_asked() -> None:
    """Over HTTP the Options Load URL of the manifest has the questions, and the request URL all else."""
    async with running_slack() as slack:
        app = answering(slack, found)
        async with connected(slack, app, "http"):
            url = slack.world.request_url
            assert url is not None
            manifest = {
                **slack.world.app.manifest,
                "settings": {"interactivity": {"message_menu_options_url": url}},
            }
            slack.world.app = replace(slack.world.app, manifest=manifest)
            slack.world.request_url = f"{url}/elsewhere"
            suggested = await slack.person("U0ANA").look_up(await posted(slack), "patient", "P-9")
    assert [each["value"] for each in suggested.options] == ["p-9a4t"]


async def test_picking_by_words_types_them_first(slack: LocalSlack) -> None:
    """A person finds a patient by typing; the app hears of the choice."""
    app = answering(slack, found)
    heard: list[Any] = []

    async def picked(ack: Any, action: dict[str, Any], respond: Any) -> None:
        await ack()
        heard.append(action["selected_option"])
        await respond(text="ok")

    app.action("patient")(picked)
    async with connected(slack, app, "process"):
        await slack.person("U0ANA").select(await posted(slack), "patient", "P-9A4T")
    assert heard == [option("P-9A4T")]


def test_the_clinic_has_no_options_address() -> None:
    """Without one in the manifest, the request URL is asked."""
    assert clinic().app.options_url is None
