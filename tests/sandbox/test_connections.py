"""What happens between Slack and an app: late and wrong acknowledgments, sockets, tickets and signatures."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from tests.support.slack import ManualClock, running_slack, sign
from tests.support.tiny_app import bolt_app, connected, section


async def test_a_late_acknowledgment_is_a_timeout() -> None:
    """After three seconds of the sandbox's clock the person reads operation_timeout; nothing is retried."""
    clock = ManualClock()
    async with running_slack(clock=clock) as slack:
        app = bolt_app(slack)
        asked, release = asyncio.Event(), asyncio.Event()

        @app.command("/cocm")
        async def slow(ack: Any) -> None:
            asked.set()
            await release.wait()
            await ack("too late")

        async with connected(slack, app, "process"):
            ana = slack.person("U0ANA")
            typing = asyncio.create_task(ana.command("/cocm log"))
            await asked.wait()
            clock.advance(3)
            [failure] = await typing
            release.set()
        assert failure.text == '/cocm failed with the error "operation_timeout"'
        assert failure.user == "USLACKBOT"


async def test_nobody_there_is_a_failed_dispatch() -> None:
    """Without a connection, or with an app that answers 500, the person reads dispatch_failed."""
    async with running_slack() as slack:
        ana = slack.person("U0ANA")
        [failure] = await ana.command("/cocm log")
        assert "dispatch_failed" in failure.text
        slack.sandbox.set_request_url(f"{slack.url}page/nothing")
        [failure] = await ana.command("/cocm log")
        assert "dispatch_failed" in failure.text
        [failure] = await ana.command("/other log")
        assert failure.text == "/other is not a valid command."


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "x", "blocks": [{"type": "section"}]},
        {"text": "x", "blocks": [section("y")], "response_type": "loud"},
        {"text": ""},
        {"text": "x", "blocks": [section("y" * 3000)] * 5},
    ],
)
async def test_an_acknowledgment_slack_would_not_show_fails_and_is_on_record(answer: dict[str, Any]) -> None:
    """Bad blocks in an acknowledgment show the person Slack's failure, and are kept as a violation."""
    async with running_slack() as slack:
        app = bolt_app(slack)

        @app.command("/cocm")
        async def log(ack: Any) -> None:
            await ack(answer)

        async with connected(slack, app, "process"):
            [failure] = await slack.person("U0ANA").command("/cocm log")
        assert failure.text.startswith("/cocm failed with the error")
        [violation] = slack.world.violations
        assert violation.surface == "acknowledgment"


def counting(counts: list[int], number: int) -> Callable[..., Awaitable[None]]:
    async def log(ack: Any) -> None:
        counts[number] += 1
        await ack("ok")

    return log


async def test_every_socket_gets_its_share() -> None:
    """With two sockets open each envelope goes to one of them, in turn."""
    async with running_slack() as slack:
        counts = [0, 0]
        apps = [bolt_app(slack), bolt_app(slack)]
        for number, app in enumerate(apps):
            app.command("/cocm")(counting(counts, number))

        async with connected(slack, apps[0], "socket"), connected(slack, apps[1], "socket"):
            for _ in range(6):
                assert len(await slack.person("U0ANA").command("/cocm x")) == 1
    assert counts == [3, 3]


async def test_a_refreshed_socket_comes_back() -> None:
    """After a warning and a refresh the real client reconnects, and commands are answered again."""
    async with running_slack() as slack:
        app = bolt_app(slack)

        @app.command("/cocm")
        async def log(ack: Any) -> None:
            await ack("ok")

        async with connected(slack, app, "socket"):
            await slack.sandbox.sockets.disconnect("warning")
            await slack.sandbox.sockets.disconnect("refresh_requested")
            opened = "apps.connections.open"
            await slack.until(
                lambda: sum(call.method == opened for call in slack.world.calls) > 1, "a second ticket"
            )
            # Told to go and cut off, the client may reconnect twice; a command can fall between the two sockets.
            said = ""
            while said != "ok":
                await slack.until(lambda: slack.sandbox.is_connected, "a new socket")
                [answer] = await slack.person("U0ANA").command("/cocm x")
                said = answer.text


async def test_tickets_are_good_once() -> None:
    """A socket needs a ticket, and a ticket opens one socket."""
    async with running_slack() as slack, aiohttp.ClientSession() as session:
        url = (await slack.client().apps_connections_open(app_token="xapp-sandbox"))["url"]
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_more_than_ten_sockets_are_turned_away() -> None:
    """The eleventh connection is told to go."""
    async with running_slack() as slack, aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await slack.client().apps_connections_open(app_token="xapp-sandbox"))["url"]
            sockets.append(await session.ws_connect(url))
        kinds = [(await socket.receive_json())["type"] for socket in sockets]
        assert kinds == ["hello"] * 10 + ["disconnect"]


def test_signatures_are_those_the_real_verifier_accepts() -> None:
    """Our signature is what slack_sdk computes, and another secret's is not."""
    body, headers = b"payload=%7B%7D", sign(b"payload=%7B%7D", "secret", 1_795_000_000)
    verifier = SignatureVerifier("secret")
    expected = verifier.generate_signature(timestamp=headers["X-Slack-Request-Timestamp"], body=body)
    assert headers["X-Slack-Signature"] == expected
    assert sign(body, "other", 1_795_000_000)["X-Slack-Signature"] != expected
