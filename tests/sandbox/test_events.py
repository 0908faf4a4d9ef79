"""Events are sent again until the app acknowledges."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.slack import LocalSlack, ManualClock, clinic, running_slack


class Deaf:
    """A connection that keeps envelopes and acknowledges none by itself."""

    def __init__(self) -> None:
        self.envelopes: list[dict[str, Any]] = []
        self.arrived = asyncio.Condition()

    async def send(self, message: dict[str, Any]) -> None:
        if "envelope_id" in message:
            async with self.arrived:
                self.envelopes.append(message)
                self.arrived.notify_all()

    async def close(self) -> None:
        pass

    async def has(self, count: int) -> None:
        async with self.arrived:
            await self.arrived.wait_for(lambda: len(self.envelopes) >= count)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[LocalSlack]:
    async with running_slack(clock=clock) as slack:
        yield slack


async def request(times: int = 20) -> None:
    """Let everything that can run do so."""
    for _ in range(times):
        await asyncio.sleep(0)


async def test_an_event_is_retried_at_once_after_a_minute_and_after_five(
    slack: LocalSlack, clock: ManualClock
) -> None:
    """Unacknowledged, the same event comes four times in all, each saying which attempt it is and why."""
    deaf = Deaf()
    await slack.sandbox.sockets.join(deaf)
    await slack.person("U0ANA").say("hello")
    for attempt, wait in enumerate((0, 0, 60, 300)):
        await request()
        clock.advance(wait)
        await deaf.has(attempt + 1)
        await request()
        clock.advance(3)
    await request()
    clock.advance(3600)
    await request()
    assert [envelope["retry_attempt"] for envelope in deaf.envelopes] == [0, 1, 2, 3]
    assert [envelope["retry_reason"] for envelope in deaf.envelopes] == ["", *["http_timeout"] * 3]
    assert len({envelope["payload"]["event_id"] for envelope in deaf.envelopes}) == 1


async def test_an_acknowledged_event_comes_once(slack: LocalSlack, clock: ManualClock) -> None:
    """An acknowledgment ends it."""
    deaf = Deaf()
    await slack.sandbox.sockets.join(deaf)
    await slack.person("U0ANA").say("hello")
    await deaf.has(1)
    slack.sandbox.sockets.acknowledge({"envelope_id": deaf.envelopes[0]["envelope_id"]})
    await request()
    clock.advance(3600)
    await request()
    assert len(deaf.envelopes) == 1


async def test_an_event_outlives_the_socket_that_had_it(slack: LocalSlack) -> None:
    """When the socket goes before acknowledging, the event comes again on the next one."""
    first, second = Deaf(), Deaf()
    leave = await slack.sandbox.sockets.join(first)
    await slack.person("U0ANA").say("hello")
    await first.has(1)
    await slack.sandbox.sockets.join(second)
    leave()
    await second.has(1)
    assert second.envelopes[0]["retry_attempt"] == 1
    assert second.envelopes[0]["payload"] == first.envelopes[0]["payload"]


async def test_an_event_waits_for_an_app_that_is_away(slack: LocalSlack, clock: ManualClock) -> None:
    """What was said while nothing was connected still arrives within the retries."""
    await slack.person("U0ANA").say("hello")
    await request()
    deaf = Deaf()
    await slack.sandbox.sockets.join(deaf)
    clock.advance(60)
    await deaf.has(1)
    assert deaf.envelopes[0]["payload"]["event"]["text"] == "hello"


async def test_only_what_was_subscribed_to_is_told(clock: ManualClock) -> None:
    """Events that the manifest does not name, and channels the bot is not in, stay silent."""
    manifest = json.loads(json.dumps(dict(clinic().app.manifest)))
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["app_mention"]
    async with running_slack(clinic(manifest=manifest), clock=clock) as slack:
        deaf = Deaf()
        await slack.sandbox.sockets.join(deaf)
        ana = slack.person("U0ANA")
        await ana.say("in the direct message")
        await ana.say("in the channel", "C0GENERAL")
        await ana.say("to a colleague @cocm", "U0BEN")
        await ana.say("hey @cocm", "C0GENERAL")
        await deaf.has(1)
        await request()
        [envelope] = deaf.envelopes
        assert envelope["payload"]["event"]["type"] == "app_mention"
        assert envelope["payload"]["authorizations"][0]["user_id"] == "U0COCMBOT"


async def test_changes_and_deletions_are_told_too(slack: LocalSlack) -> None:
    """A message changed or deleted comes as a message event with its subtype."""
    deaf = Deaf()
    await slack.sandbox.sockets.join(deaf)
    client = slack.client()
    posted = await client.chat_postMessage(channel="U0ANA", text="a")
    await client.chat_update(channel=posted["channel"], ts=posted["ts"], text="b")
    await client.chat_delete(channel=posted["channel"], ts=posted["ts"])
    await deaf.has(3)
    events = [envelope["payload"]["event"] for envelope in deaf.envelopes]
    assert [event.get("subtype") for event in events] == [None, "message_changed", "message_deleted"]
    assert events[0]["bot_id"] == "B0COCM"
    assert (events[1]["message"]["text"], events[1]["previous_message"]["text"]) == ("b", "a")
    assert events[2]["deleted_ts"] == posted["ts"]


async def test_people_change_and_delete_their_own_messages_and_send_files(slack: LocalSlack) -> None:
    """In a direct message with the app, with whose they are, and the file as Slack shows it."""
    deaf = Deaf()
    await slack.sandbox.sockets.join(deaf)
    ana = slack.person("U0ANA")
    said = await ana.say("15m MRN123 call")
    ana.edit(said, "25m MRN123 call")
    ana.delete(said)
    ana.share_file("scan.pdf", "see here")
    await deaf.has(4)
    events = [envelope["payload"]["event"] for envelope in deaf.envelopes]
    assert [event.get("subtype") for event in events] == [
        None,
        "message_changed",
        "message_deleted",
        "file_share",
    ]
    assert {event["channel_type"] for event in events} == {"im"}
    assert (events[1]["message"]["text"], events[1]["previous_message"]["text"]) == (
        "25m MRN123 call",
        "15m MRN123 call",
    )
    assert events[1]["message"]["edited"]["user"] == events[1]["message"]["user"] == "U0ANA"
    assert "user" not in events[1]
    assert (events[2]["deleted_ts"], events[2]["previous_message"]["user"]) == (said.ts, "U0ANA")
    [file] = events[3]["files"]
    assert (file["name"], file["user"], file["filetype"]) == ("scan.pdf", "U0ANA", "pdf")
    assert (events[3]["user"], events[3]["text"], events[3]["upload"]) == ("U0ANA", "see here", False)
