"""Faults as the real client meets them, and what they leave behind."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import async_default_handlers
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox.config import RateLimit
from sandbox.faults import ConnectionDropped, Fault
from sandbox.sandbox import Sandbox
from tests.support.slack import (
    HastyClient,
    InProcessClient,
    LocalSlack,
    ManualClock,
    clinic,
    running_slack,
)


@pytest.fixture(params=["socket", "process"])
def over(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack() as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack, over: str) -> AsyncWebClient:
    """The same real client, over a socket or in process."""
    return slack.client() if over == "socket" else InProcessClient(slack.sandbox)


def texts(slack: LocalSlack) -> list[str]:
    return [message.text for message in slack.world.channels["C0GENERAL"].messages.values()]


@pytest.mark.parametrize(("kind", "posted"), [("drop_before", []), ("drop_after", ["hi"])])
async def test_a_dropped_call_leaves_what_it_did(
    slack: LocalSlack, client: AsyncWebClient, kind: str, posted: list[str]
) -> None:
    """The client cannot tell the two apart; only the channel shows whether the message was taken."""
    slack.fail_next("chat.postMessage", kind)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await client.chat_postMessage(channel="C0GENERAL", text="hi")
    assert texts(slack) == posted
    await client.chat_postMessage(channel="C0GENERAL", text="again")
    assert texts(slack) == [*posted, "again"]


@pytest.mark.parametrize(("kind", "status"), [("http_500", 500), ("http_503", 503)])
async def test_server_errors_do_nothing(
    slack: LocalSlack, client: AsyncWebClient, kind: str, status: int
) -> None:
    """A 5xx is answered before the call had any effect."""
    slack.fail_next("*", kind, times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as raised:
            await client.chat_postMessage(channel="C0GENERAL", text="hi")
        assert raised.value.response.status_code == status
    assert texts(slack) == []
    assert (await client.auth_test())["ok"]


async def test_a_server_error_may_come_after_the_fact(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The answer is the same as if nothing had been done, and the message stands."""
    slack.fail_next("chat.postMessage", "http_503_after")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C0GENERAL", text="hi")
    assert raised.value.response.status_code == 503
    assert texts(slack) == ["hi"]


async def test_a_rate_limit_says_how_long(slack: LocalSlack, client: AsyncWebClient) -> None:
    """429 carries Retry-After and posts nothing; other methods are not touched."""
    slack.fail_next("chat.postMessage", "rate_limit", seconds=7)
    assert (await client.auth_test())["ok"]
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C0GENERAL", text="hi")
    assert (raised.value.response.status_code, raised.value.response["error"]) == (429, "ratelimited")
    assert raised.value.response.headers["Retry-After"] == "7"
    assert texts(slack) == []


async def test_a_hanging_call_outlasts_the_clients_patience() -> None:
    """A call that hangs is a time-out to the client; with drop_after the message stands all the same."""
    clock = ManualClock()
    async with running_slack(clock=clock) as slack:
        slack.fail_next("chat.postMessage", "drop_after", seconds=30)
        with pytest.raises(TimeoutError):
            await HastyClient(slack).chat_postMessage(channel="C0GENERAL", text="hi")
        assert texts(slack) == ["hi"]
        clock.advance(30)


async def test_a_slow_call_is_done_in_the_end() -> None:
    """Latency delays a call on the sandbox's own clock, and then does it."""
    clock = ManualClock()
    sandbox = Sandbox(clinic(), clock)
    sandbox.api.faults.add(Fault(kind="latency", method="chat.postMessage", seconds=5))
    arguments = {"channel": "C0GENERAL", "text": "hi"}
    call = asyncio.create_task(sandbox.api.request("chat.postMessage", "xoxb-sandbox", arguments))
    await asyncio.sleep(0)
    assert sandbox.world.channels["C0GENERAL"].messages == {}
    clock.advance(5)
    assert (await call).body["ok"]


async def test_one_message_a_second_in_a_channel_when_paced() -> None:
    """With pacing on, a second message within the second is refused; another channel is free."""
    clock = ManualClock()
    sandbox = Sandbox(clinic(pace=True), clock)
    client = InProcessClient(sandbox)
    await client.chat_postMessage(channel="C0GENERAL", text="1")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C0GENERAL", text="2")
    assert raised.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel="C0BILLING", text="1")
    clock.advance(1)
    await client.chat_postMessage(channel="C0GENERAL", text="2")


async def test_a_method_is_granted_so_many_calls_in_a_stretch_of_time() -> None:
    """Beyond its limit a method is refused until the oldest call has passed out of it; others are free."""
    clock = ManualClock()
    config = clinic(limits={"conversations.open": RateLimit(calls=2, seconds=60)})
    client = InProcessClient(Sandbox(config, clock))
    await client.conversations_open(users="U0ANA")
    clock.advance(20)
    await client.conversations_open(users="U0BEN")
    for _ in range(2):
        with pytest.raises(SlackApiError) as raised:
            await client.conversations_open(users="U0DRLEE")
        assert raised.value.response.headers["Retry-After"] == "40"
    await client.auth_test()
    clock.advance(40)
    await client.conversations_open(users="U0DRLEE")
    with pytest.raises(SlackApiError):
        await client.conversations_open(users="U0ANA")


async def test_uploads_and_response_urls_meet_faults_too(slack: LocalSlack) -> None:
    """The bytes of a file and an answer at a response URL can be lost on the way like anything else."""
    client = slack.client()
    asked = await client.files_getUploadURLExternal(filename="a.csv", length=1)
    slack.fail_next("upload", "drop_before")
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            async with session.post(asked["upload_url"], data=b"1") as response:
                await response.read()
    assert slack.world.files[asked["file_id"]].content is None
    url = slack.world.new_response_url(slack.url, "U0ANA", slack.world.channels["C0GENERAL"])
    slack.fail_next("response_url", "http_503")
    answer = await AsyncWebhookClient(url, retry_handlers=[]).send(text="x")
    assert answer.status_code == 503
    assert slack.person("U0ANA").messages("C0GENERAL") == []


async def test_faults_are_met_in_order_and_can_be_cleared() -> None:
    """First set, first met; what is left can be forgotten."""
    sandbox = Sandbox(clinic(), ManualClock())
    faults = sandbox.api.faults
    faults.add(Fault(kind="http_500", method="auth.test"))
    faults.add(Fault(kind="drop_before", times=3))
    assert (await sandbox.api.request("auth.test", "xoxb-sandbox")).status == 500
    with pytest.raises(ConnectionDropped):
        await sandbox.api.request("auth.test", "xoxb-sandbox")
    faults.clear()
    assert (await sandbox.api.request("auth.test", "xoxb-sandbox")).body["ok"]
    assert [call.error for call in sandbox.world.calls] == ["http_500", "drop_before", None]


@pytest.mark.parametrize(
    "body", [{"kind": "flood"}, {"kind": "latency", "times": 0}, {"kind": "latency", "seconds": "long"}, []]
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_sentence(body: Any) -> None:
    """A fault says what is wrong with it."""
    with pytest.raises(ValueError, match=r"kind|times|seconds"):
        Fault.read(body)


async def test_the_clients_own_retry_posts_twice(slack: LocalSlack) -> None:
    """Why an app must look before it posts again: the client's default retry doubles a message lost on the way."""
    slack.fail_next("chat.postMessage", "drop_after")
    client = slack.client(retry_handlers=async_default_handlers())
    await client.chat_postMessage(channel="C0GENERAL", text="hi")
    assert texts(slack) == ["hi", "hi"]
