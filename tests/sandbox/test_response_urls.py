"""Response URLs: five uses, thirty minutes, and what each answer does."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.model import Message
from tests.support.slack import LocalSlack, ManualClock, running_slack
from tests.support.tiny_app import section


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[LocalSlack]:
    async with running_slack(clock=clock) as slack:
        yield slack


def answering(slack: LocalSlack, message: Message | None = None) -> AsyncWebhookClient:
    """The app's client for an interaction of Ana's in the general channel."""
    channel = slack.world.channels["C0GENERAL"]
    return AsyncWebhookClient(
        slack.world.new_response_url(slack.url, "U0ANA", channel, message), retry_handlers=[]
    )


async def test_it_works_five_times(slack: LocalSlack) -> None:
    """The sixth answer is refused."""
    url = answering(slack)
    for n in range(5):
        answer = await url.send(text=str(n), response_type="ephemeral", replace_original=False)
        assert (answer.status_code, answer.body) == (200, "ok")
    answer = await url.send(text="6")
    assert (answer.status_code, "used_url" in answer.body) == (404, True)
    assert [message.text for message in slack.person("U0ANA").messages("C0GENERAL")] == list("01234")


async def test_it_works_for_thirty_minutes(slack: LocalSlack, clock: ManualClock) -> None:
    """At thirty minutes it still works, a moment later it has expired."""
    url = answering(slack)
    clock.advance(30 * 60)
    assert (await url.send(text="in time")).status_code == 200
    clock.advance(0.001)
    answer = await url.send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)
    unknown = AsyncWebhookClient(f"{slack.url}response/nothing", retry_handlers=[])
    assert (await unknown.send(text="x")).status_code == 404


async def test_only_in_channel_is_for_everybody(slack: LocalSlack) -> None:
    """Ephemeral unless said otherwise."""
    url = answering(slack)
    await url.send(text="for ana")
    await url.send(text="for all", response_type="in_channel")
    assert [message.text for message in slack.person("U0BEN").messages("C0GENERAL")] == ["for all"]


@pytest.mark.parametrize("ephemeral", ["yes", "no"])
async def test_the_original_can_be_replaced_and_deleted(slack: LocalSlack, ephemeral: str) -> None:
    """What was clicked keeps its place with other words, and then goes, be it for one person or for all."""
    channel = slack.world.channels["C0GENERAL"]
    client = slack.client()
    if ephemeral == "yes":
        posted = await client.chat_postEphemeral(
            channel="C0GENERAL", user="U0ANA", text="a", blocks=[section("a")]
        )
        ts = posted["message_ts"]
    else:
        ts = (await client.chat_postMessage(channel="C0GENERAL", text="a", blocks=[section("a")]))["ts"]
    message = slack.world.message(channel, ts, "U0ANA")
    url = answering(slack, message)
    await url.send(text="b", replace_original=True)
    [shown] = slack.person("U0ANA").messages("C0GENERAL")
    assert (shown.ts, shown.text, shown.blocks) == (ts, "b", None)
    await url.send(delete_original=True)
    assert slack.person("U0ANA").messages("C0GENERAL") == []
    await url.send(text="c", replace_original=True)
    assert [message.text for message in slack.person("U0ANA").messages("C0GENERAL")] == ["c"]


async def test_an_answer_to_a_reply_stays_in_its_thread(slack: LocalSlack) -> None:
    """A click inside a thread is answered there."""
    client = slack.client()
    parent = await client.chat_postMessage(channel="C0GENERAL", text="October")
    reply = await client.chat_postMessage(channel="C0GENERAL", text="r", thread_ts=parent["ts"])
    message = slack.world.channels["C0GENERAL"].messages[reply["ts"]]
    await answering(slack, message).send(text="noted", response_type="ephemeral", replace_original=False)
    assert slack.person("U0ANA").messages("C0GENERAL")[-1].thread_ts == parent["ts"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": "nothing"}, "invalid_blocks"),
        ({"response_type": "ephemeral"}, "no_text"),
        ({"text": 5}, "invalid_payload"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ([], "invalid_payload"),
    ],
)
async def test_what_slack_would_not_show_is_refused_and_on_record(
    slack: LocalSlack, body: Any, code: str
) -> None:
    """A bad answer is refused with its code, costs no use, and is kept as a violation."""
    url = answering(slack).url
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        assert (response.status, (await response.json())["error"]) == (400, code)
    assert slack.world.violations[0].surface == "response_url"
    assert slack.person("U0ANA").messages("C0GENERAL") == []


async def test_what_is_no_json_is_refused(slack: LocalSlack) -> None:
    """A body that cannot be read is refused too."""
    async with aiohttp.ClientSession() as session, session.post(answering(slack).url, data=b"{") as response:
        assert response.status == 400
