"""The door of a running `cocm serve` under attack: whoever has the secret is answered while it lasts."""

import asyncio
import json
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing

import httpx
import pytest

from services.clock import SystemClock
from tests.support.attacks import ATTACKS, HOST
from tests.support.bot import ANA, clinic_with_bot
from tests.support.serving import Served, command_body, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack, sign, words

SECRET = clinic_with_bot().app.signing_secret
#: So few that an attack reaches the limit; a server has some thousands.
FILES = 320


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running


def port_of(served: Served) -> int:
    return int(served.url.rpartition(":")[2])


async def log(served: Served, number: int) -> str:
    """Send a signed command on a connection of its own, as Slack does."""
    body = command_body(f"1m MRN{1000 + 37 * number} call number {number}", trigger_id=f"T{number}")
    async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
        at = SystemClock().now().timestamp()
        answer = await post_signed(client, served.url, body, secret=SECRET, at=at)
    assert answer.status_code == 200, answer.text
    return answer.text


def said(served: Served) -> list[dict[str, object]]:
    """The lines of the log."""
    return [json.loads(line) for line in served.log if line.startswith("{")]


@pytest.mark.timeout(1800)
async def test_a_signed_command_is_answered_while_each_attack_lasts(
    slack: LocalSlack, sqlite_url: str
) -> None:
    """And the log says so in a few lines, none of them what was sent."""
    async with serving(environment(slack, sqlite_url), "--http", files=FILES) as served:
        await log(served, 0)
        for number, (name, attacking) in enumerate(ATTACKS.items(), 1):
            async with attacking(port_of(served)) as attack:
                await attack.under_way()
                assert "Logged 1 min" in await log(served, number), name
                await attack.under_way(more=1)
                assert "Logged 1 min" in await log(served, 100 + number), name
        assert "Logged 1 min" in await log(served, 99)
    whole = "".join(served.log)
    assert "Traceback" not in whole
    assert "forged" not in whole
    # Each kind is said when it first comes, and from then on once a minute.
    assert len(served.log) < 60, whole


async def test_a_program_that_is_told_to_end_ends_whatever_hangs(slack: LocalSlack, sqlite_url: str) -> None:
    """The database is kept by another, Slack does not answer, connections are held, and still are when it is over."""
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(serving(environment(slack, sqlite_url), "--http"))
        await log(served, 0)
        attack = await stack.enter_async_context(ATTACKS["half-sent requests held"](port_of(served)))
        other = stack.enter_context(closing(sqlite3.connect(sqlite_url[10:], isolation_level=None)))
        other.execute("BEGIN IMMEDIATE")
        for method in ("chat.postMessage", "conversations.open", "views.publish", "users.info"):
            slack.fail_next(method, "latency", times=100, seconds=WAIT_SECONDS)
        hanging = asyncio.ensure_future(log(served, 1))
        stack.callback(hanging.cancel)
        await attack.under_way(more=1)
        served.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(served.process.wait(), WAIT_SECONDS)
        assert not hanging.done() or hanging.exception() is not None
        other.execute("ROLLBACK")


async def test_what_is_no_request_of_slacks_is_a_calm_4xx(slack: LocalSlack, sqlite_url: str) -> None:
    """With a good signature, and without."""
    async with (
        serving(environment(slack, sqlite_url), "--http") as served,
        httpx.AsyncClient(timeout=WAIT_SECONDS) as client,
    ):
        for body, content_type in SIGNED:
            headers = {
                **sign(body, SECRET, SystemClock().now().timestamp()),
                "content-type": content_type,
            }
            answer = await client.post(f"{served.url}/slack/events", content=body, headers=headers)
            assert 400 <= answer.status_code < 500, (body[:80], answer.status_code, answer.text)
        for body in (b"ssl_check=1&token=x", b"ssl_check=1"):
            signed = sign(body, SECRET, SystemClock().now().timestamp())
            form = {"content-type": "application/x-www-form-urlencoded"}
            for headers in (form, {**form, **signed}, {**form, **signed}):
                answer = await client.post(f"{served.url}/slack/events", content=body, headers=headers)
                # The same bytes twice: nothing is kept of them.
                assert (answer.status_code, answer.text) == (200, "")
        challenge = json.dumps({"type": "url_verification", "challenge": "c"}).encode()
        headers = {**sign(challenge, SECRET, SystemClock().now().timestamp())}
        answer = await client.post(
            f"{served.url}/slack/events",
            content=challenge,
            headers={**headers, "content-type": "application/json"},
        )
        assert "c" in answer.text
    assert "Traceback" not in "".join(served.log)


FORM, JSON = "application/x-www-form-urlencoded", "application/json"
#: Signed, and no request of Slack's.
SIGNED = [
    (b"\xff\xfe", FORM),
    (b"", FORM),
    (b"{", JSON),
    (b"null", JSON),
    (b'{"type":"event_callback","event":null}', JSON),
    (b'{"type":"event_callback"}', JSON),
    (b'{"type":"event_callback","event":{"type":"message"}}', JSON),
    (b'{"type":"event_callback","event":' + b"[" * 400_000, JSON),
    (b'{"type":"event_callback","event":{"type":"x","a":' + b"[" * 900 + b"]" * 900 + b"}}", JSON),
    (b"payload=%7Bnot+json", FORM),
    (b"payload=%5B%5D", FORM),
    (b"payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3Anull%7D", FORM),
    (b"type=x&%zz=%ff", FORM),
    (b"command=%2Fcocm&text=help", FORM),
    (command_body("help", trigger_id="T1").encode(), "text/plain"),
    (command_body("help", trigger_id="T1").encode(), "multipart/form-data"),
]


@pytest.mark.parametrize("secret", ["", "   "])
async def test_an_empty_secret_refuses_to_start(slack: LocalSlack, sqlite_url: str, secret: str) -> None:
    """With a sentence that says where the real one is."""
    env = environment(slack, sqlite_url, SLACK_SIGNING_SECRET=secret)
    with pytest.raises(AssertionError, match="SLACK_SIGNING_SECRET is not set"):
        async with serving(env, "--http"):
            pass


async def test_answers_go_to_slack_alone(slack: LocalSlack, sqlite_url: str) -> None:
    """An address that is not Slack's is never asked for; the answer comes as a direct message."""
    asked: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.read(1))
        writer.close()

    elsewhere = await asyncio.start_server(take, HOST, 0)
    async with elsewhere, serving(environment(slack, sqlite_url), "--http") as served:
        port = elsewhere.sockets[0].getsockname()[1]
        payload = {
            "type": "block_actions",
            "user": {"id": ANA, "name": "ana", "team_id": "T0CLINIC"},
            "team": {"id": "T0CLINIC"},
            "trigger_id": "T5",
            "response_url": f"http://{HOST}:{port}/response",
            "actions": [{"type": "button", "action_id": "undo_receipt", "block_id": "b", "value": "e-zzz"}],
        }
        async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
            body = str(httpx.QueryParams({"payload": json.dumps(payload)}))
            answer = await post_signed(
                client, served.url, body, secret=SECRET, at=SystemClock().now().timestamp()
            )
        assert answer.status_code == 200
        ana = slack.person(ANA)
        await slack.until(lambda: [one for one in ana.messages() if words(one)], "an answer")
    assert asked == []
    assert any("response_url refused" in str(line.get("event")) for line in said(served))
