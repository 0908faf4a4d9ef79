"""The page's endpoints, as a browser uses them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox import streams
from sandbox.model import Message
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack
from tests.support.tiny_app import actions, bolt_app, button, connected, field, modal, section


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack() as slack:
        yield slack


@pytest.fixture
async def page(slack: LocalSlack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{slack.url}page", timeout=WAIT_SECONDS) as page:
        yield page


async def told(page: httpx.AsyncClient, name: str, **fields: Any) -> dict[str, Any]:
    answer = await page.post(f"/{name}", json={"as": "U0ANA", **fields})
    return dict(answer.json())


async def messages(page: httpx.AsyncClient, channel: str, **query: str) -> list[dict[str, Any]]:
    answer = await page.get("/messages", params={"as": "U0ANA", "channel": channel, **query})
    return list(answer.json()["messages"])


async def listening(
    page: httpx.AsyncClient, user_id: str, into: list[dict[str, Any]], ready: asyncio.Event
) -> None:
    """Read a person's stream until it ends."""
    async with page.stream("GET", "/stream", params={"as": user_id}) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                into.append(json.loads(line.removeprefix("data: ")))
            else:
                ready.set()


async def test_the_state_has_everything_for_a_frame(page: httpx.AsyncClient) -> None:
    """Team, people, the conversations one sees, the app's commands, and whether it is connected."""
    state = (await page.get("/state", params={"as": "U0ANA"})).json()
    assert state["me"]["real_name"] == "Ana Ruiz"
    assert {user["id"] for user in state["users"]} >= {"U0ANA", "U0BEN", "U0COCMBOT"}
    channels = {channel["id"]: channel for channel in state["channels"]}
    assert "C0BILLING" not in channels
    assert channels["D0ANA"]["user"] == "U0COCMBOT"
    assert channels["C0GENERAL"]["kind"] == "public"
    assert state["app"]["commands"][0]["command"] == "/cocm"
    assert state["connected"] is False


async def test_messages_are_written_and_read(page: httpx.AsyncClient) -> None:
    """What one person writes the other reads, escaped as in Slack, and counts as unread until seen."""
    sent = await told(page, "message", channel="C0GENERAL", text="a & b")
    [message] = await messages(page, "C0GENERAL")
    assert (message["ts"], message["text"], message["ephemeral"]) == (sent["ts"], "a &amp; b", False)
    reply = await told(page, "message", channel="C0GENERAL", text="more", thread_ts=sent["ts"])
    thread = await messages(page, "C0GENERAL", thread_ts=sent["ts"])
    assert [each["ts"] for each in thread] == [sent["ts"], reply["ts"]]
    assert len(await messages(page, "C0GENERAL")) == 1

    async def unread() -> int:
        state = (await page.get("/state", params={"as": "U0BEN"})).json()
        return next(channel["unread"] for channel in state["channels"] if channel["id"] == "C0GENERAL")

    assert await unread() == 1
    await page.post("/seen", json={"as": "U0BEN", "channel": "C0GENERAL"})
    assert await unread() == 0


async def test_a_whole_conversation_with_an_app(slack: LocalSlack, page: httpx.AsyncClient) -> None:
    """Command, click, modal and Home tab over the page's endpoints, with a real app behind."""
    app = bolt_app(slack)

    @app.command("/cocm")
    async def log(ack: Any) -> None:
        await ack(text="Logged", blocks=[section("*15 min*"), actions("b", button("Amend", "amend_it"))])

    @app.action("amend_it")
    async def amend_it(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"],
            view=modal(field("minutes", "Minutes", {"type": "plain_text_input"})),
        )

    @app.view("amend")
    async def amend(ack: Any) -> None:
        await ack(response_action="errors", errors={"minutes": "Write it as 15m."})

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Month")]})

    seen: list[dict[str, Any]] = []
    ready = asyncio.Event()
    async with connected(slack, app, "process"):
        reading = asyncio.create_task(listening(page, "U0ANA", seen, ready))
        await ready.wait()
        assert await told(page, "command", channel="U0COCMBOT", text="/cocm log 15m") == {"ok": True}
        [receipt] = await messages(page, "D0ANA")
        assert receipt["ephemeral"] is True
        pressed = {"container": {"type": "message", "channel": "D0ANA", "ts": receipt["ts"]}, "element": {}}
        assert await told(page, "action", block_id="b", action_id="amend_it", **pressed) == {"ok": True}
        view = await slack.until(lambda: slack.person("U0ANA").modal)
        filled = {"values": {"minutes": {"minutes": {"type": "plain_text_input", "value": "x"}}}}
        answer = await told(page, "view_submit", view_id=view.id, state=filled)
        assert answer == {"action": "errors", "errors": {"minutes": "Write it as 15m."}}
        assert await told(page, "view_close", view_id=view.id, clear=False) == {"ok": True}
        assert await told(page, "home", tab="home") == {"view": None}
        await slack.until(lambda: slack.sandbox.views.home("U0ANA"))
        assert (await told(page, "home", tab="home"))["view"]["blocks"][0]["text"]["text"] == "Month"
        await slack.until(lambda: len(slack.world.calls) == 3, "a second Home tab")
        slack.sandbox.end_streams()
        await reading
    assert [change["type"] for change in seen[:4]] == ["message", "view_opened", "view_closed", "home"]
    assert seen[1]["view"]["state"]["values"]["minutes"]["minutes"]["value"] is None
    calls = (await page.get("/calls")).json()["calls"]
    assert [call["method"] for call in calls][:2] == ["views.open", "views.publish"]


async def test_every_page_gets_every_change_and_no_secret(slack: LocalSlack, page: httpx.AsyncClient) -> None:
    """Two pages of one person both get all of 200 messages; another person's whispers are not among them."""
    seen: list[list[dict[str, Any]]] = [[], [], []]
    tasks = []
    for user_id, into in zip(("U0ANA", "U0ANA", "U0BEN"), seen, strict=True):
        ready = asyncio.Event()
        tasks.append(asyncio.create_task(listening(page, user_id, into, ready)))
        await ready.wait()
    client = slack.client()
    for n in range(200):
        await client.chat_postMessage(channel="C0GENERAL", text=str(n))
    await client.chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="for ana")
    slack.sandbox.end_streams()
    await asyncio.gather(*tasks)
    texts = [[change["message"]["text"] for change in each if change["type"] == "message"] for each in seen]
    everyone = [str(n) for n in range(200)]
    assert texts == [[*everyone, "for ana"], [*everyone, "for ana"], everyone]


async def test_changes_and_connections_are_streamed(slack: LocalSlack, page: httpx.AsyncClient) -> None:
    """A message changed, a message gone, and the app coming and going are told."""
    seen: list[dict[str, Any]] = []
    ready = asyncio.Event()
    reading = asyncio.create_task(listening(page, "U0ANA", seen, ready))
    await ready.wait()
    client = slack.client()
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="a"))["ts"]
    await client.chat_update(channel="C0GENERAL", ts=ts, text="b")
    await client.chat_delete(channel="C0GENERAL", ts=ts)
    async with connected(slack, bolt_app(slack), "process"):
        assert (await page.get("/state", params={"as": "U0ANA"})).json()["connected"] is True
    slack.sandbox.end_streams()
    await reading
    assert [change["type"] for change in seen] == [
        "message",
        "message_changed",
        "message_deleted",
        "connected",
        "connected",
    ]
    assert seen[1]["message"]["text"] == "b"
    assert seen[2] == {"type": "message_deleted", "channel": "C0GENERAL", "ts": ts}
    assert [change["connected"] for change in seen[3:]] == [True, False]


async def test_faults_are_set_and_cleared(page: httpx.AsyncClient) -> None:
    """The operator sets a fault, sees it wait, and takes it back; nonsense gets a sentence."""
    fault = {"method": "auth.test", "kind": "http_500", "times": 2, "seconds": 0}
    assert (await page.post("/faults", json=fault)).json() == {"faults": [fault]}
    assert (await page.get("/faults")).json() == {"faults": [fault]}
    assert (await page.delete("/faults")).json() == {"faults": []}
    refused = await page.post("/faults", json={"kind": "flood"})
    assert (refused.status_code, "kind must be one of" in refused.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("message", {"channel": "C0GENERAL"}, "text is missing"),
        ("message", {"channel": "C0BILLING", "text": "x"}, "There is no such conversation."),
        ("message", {"channel": "C0GENERAL", "text": "x", "as": "U0X"}, "There is no such person."),
        ("command", {"channel": "C0X", "text": "/cocm"}, "There is no such conversation."),
        ("view_submit", {"view_id": "V1"}, "That view is closed."),
        ("shortcut", {"callback_id": "none"}, "There is no such shortcut."),
        (
            "action",
            {
                "container": {"type": "message", "channel": "C0GENERAL", "ts": "1"},
                "block_id": "b",
                "action_id": "a",
            },
            "That message is gone.",
        ),
    ],
)
async def test_what_cannot_be_done_is_said(
    page: httpx.AsyncClient, name: str, fields: dict[str, Any], sentence: str
) -> None:
    """A deed that is impossible gets a plain sentence and changes nothing."""
    answer = await page.post(f"/{name}", json={"as": "U0ANA", **fields})
    assert (answer.status_code, answer.json()) == (404, {"error": sentence})


async def test_a_button_that_is_gone_cannot_be_pressed(slack: LocalSlack, page: httpx.AsyncClient) -> None:
    """An element, or an option, that the message does not have is refused."""
    select = {
        "type": "static_select",
        "action_id": "day",
        "options": [{"text": {"type": "plain_text", "text": "Today"}, "value": "today"}],
    }
    blocks = [actions("b", select)]
    posted = await slack.client().chat_postMessage(channel="C0GENERAL", text="x", blocks=blocks)
    container = {"type": "message", "channel": "C0GENERAL", "ts": posted["ts"]}
    gone = await told(page, "action", container=container, block_id="b", action_id="undo", element={})
    assert gone == {"error": "There is nothing like that to press any more."}
    stranger = {"selected_option": {"text": {"type": "plain_text", "text": "Never"}, "value": "never"}}
    wrong = await told(page, "action", container=container, block_id="b", action_id="day", element=stranger)
    assert wrong == {"error": "That is not one of the options."}


async def test_the_page_is_served(slack: LocalSlack) -> None:
    """The chat page stands at the root."""
    async with httpx.AsyncClient(base_url=slack.url, timeout=WAIT_SECONDS) as browser:
        answer = await browser.get("/")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")


def test_messages_hide_their_words_in_logs() -> None:
    """The repr of a message shows none of what was said."""
    message = Message(channel="C1", ts="1.0", user="U1", text="MRN123", blocks=[section("MRN123")])
    assert "MRN123" not in repr(message)


async def test_an_idle_stream_is_kept_alive(
    slack: LocalSlack, page: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While nothing happens a comment comes now and then, so that nobody closes the connection."""
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.01)
    async with page.stream("GET", "/stream", params={"as": "U0ANA"}) as stream:
        lines = stream.aiter_lines()
        assert [await anext(lines) for _ in range(4)] == [": open", "", ": alive", ""]
        slack.sandbox.end_streams()
    nobody = await page.get("/stream", params={"as": "U0X"})
    assert nobody.status_code == 404
