"""`cocm serve` as a process: signed HTTP, Socket Mode, refusals, and what its log does not say."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from services.clock import SystemClock
from storage import NO_TENANT, Database, UnitOfWork
from tests.support.bot import ANA, clinic_with_bot
from tests.support.serving import command_body, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack, sign, words

SECRET = clinic_with_bot().app.signing_secret
LINE = "/cocm log 15m MRN123 phone check-in"


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running


def now() -> float:
    return SystemClock().now().timestamp()


def asking() -> httpx.AsyncClient:
    """A client that waits for a slow machine."""
    return httpx.AsyncClient(timeout=WAIT_SECONDS)


def stored(database_url: str) -> Counter[str]:
    """How often each note is in the ledger's projection, which must equal the ledger itself."""
    database = Database.open(database_url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default().tenant_id, tenant_id=NO_TENANT).result()

        def notes(uow: UnitOfWork) -> Counter[str]:
            assert uow.ledger.projection_differences() == ()
            entries = list(uow.ledger.month(date(2020, 1, 1), date(2099, 1, 1)))
            return Counter(uow.ledger.notes([entry.entry_id for entry in entries]).values())

        return database.read(notes, tenant_id=tenant).result()
    finally:
        database.close()


async def test_a_command_over_signed_http_is_stored_and_answered(slack: LocalSlack, sqlite_url: str) -> None:
    """The sandbox posts to /slack/events as Slack does, and shows the acknowledgment's body."""
    async with serving(environment(slack, sqlite_url), "--http") as served:
        slack.sandbox.set_request_url(f"{served.url}/slack/events")
        ana = slack.person(ANA)
        (receipt,) = await ana.command(LINE)
        assert "15 of 70 min" in words(receipt)
        await ana.click(receipt, "Undo")
        assert "0 of 70 min" in words(await ana.sees("Undone"))
        # Bolt has its own ideas about a form with this word in it.
        (receipt,) = await ana.command("/cocm log 5m MRN123 went through the payload= of worries with him")
        assert "5 of 70 min" in words(receipt)
    assert slack.world.violations == []
    assert stored(sqlite_url) == {"went through the payload= of worries with him": 1}


async def test_where_httptools_and_uvloop_are_not_to_be_had_it_serves_all_the_same(
    slack: LocalSlack, sqlite_url: str, tmp_path: Path
) -> None:
    """By h11, on Python's own event loop."""
    for name in ("httptools", "uvloop"):
        (tmp_path / f"{name}.py").write_text(f"raise ImportError({name!r})\n")
    env = environment(slack, sqlite_url, PYTHONPATH=str(tmp_path))
    async with serving(env, "--http") as served, asking() as client:
        body = command_body("log 15m MRN123 phone check-in", trigger_id="T1")
        answer = await post_signed(client, served.url, body, secret=SECRET, at=now())
        assert "15 of 70 min" in answer.text


async def test_a_command_over_socket_mode_is_stored_and_answered(slack: LocalSlack, sqlite_url: str) -> None:
    """The same through a real Socket Mode connection."""
    async with serving(environment(slack, sqlite_url), "--socket"):
        ana = slack.person(ANA)
        (receipt,) = await ana.command(LINE)
        assert "15 of 70 min" in words(receipt)
        await ana.say("20m MRN123 chart review")
        assert "35 of 70 min" in words(await ana.sees("Logged 20 min"))
    assert slack.world.violations == []


async def test_forged_old_strange_and_replayed_requests_are_refused(
    slack: LocalSlack, sqlite_url: str
) -> None:
    """Nothing of them is stored, and nothing of what they said is in the log."""
    async with serving(environment(slack, sqlite_url), "--http") as served, asking() as client:

        async def post(text: str, *, secret: str = SECRET, at: float | None = None, **body: str) -> int:
            form = command_body(text, trigger_id=f"T{text}", **body)
            return (await post_signed(client, served.url, form, secret=secret, at=at or now())).status_code

        assert await post("15m MRN111 forged words", secret="not the secret") == 401
        assert await post("15m MRN222 stale words", at=now() - 301) == 401
        # Far enough ahead that a slow machine does not catch up with it on the way.
        assert await post("15m MRN333 early words", at=now() + 900) == 401
        assert await post("15m MRN444 strange words", team_id="T0OTHER") == 403
        unsigned = await client.post(f"{served.url}/slack/events", content=b"text=15m+MRN555+unsigned+words")
        assert unsigned.status_code == 401
        at, body = now(), command_body("15m MRN666 honest words", trigger_id="T1")
        first = await post_signed(client, served.url, body, secret=SECRET, at=at)
        replayed = await post_signed(client, served.url, body, secret=SECRET, at=at)
        resigned = await post_signed(client, served.url, body, secret=SECRET, at=at + 1)
        assert [each.status_code for each in (first, replayed, resigned)] == [200] * 3
        assert first.text == replayed.text == resigned.text
        # What stores nothing is answered once: whoever caught its bytes learns nothing by them.
        at, body = now(), command_body("status MRN666", trigger_id="T2")
        asked = await post_signed(client, served.url, body, secret=SECRET, at=at)
        replayed = await post_signed(client, served.url, body, secret=SECRET, at=at)
        assert (asked.status_code, replayed.status_code) == (200, 401)
    assert stored(sqlite_url) == {"honest words": 1}
    log = "".join(served.log)
    assert "words" not in log
    assert "MRN" not in log


@pytest.mark.parametrize(
    "body", [b"\xff\xfe", b"payload=%7Bnot+json", b"{", b"", b"payload=%5B%5D", b"type=x"]
)
async def test_nonsense_with_a_good_signature_is_answered_calmly(
    slack: LocalSlack, sqlite_url: str, body: bytes
) -> None:
    """A body that is no request of Slack's is a 4xx, never a crash."""
    async with serving(environment(slack, sqlite_url), "--http") as served, asking() as client:
        signed = sign(body, SECRET, now())
        answer = await client.post(f"{served.url}/slack/events", content=body, headers=signed)
        assert 400 <= answer.status_code < 500
        alive = await client.get(f"{served.url}/healthz")
        assert alive.status_code == 200


async def test_operators_see_health_readiness_and_metrics(slack: LocalSlack, sqlite_url: str) -> None:
    """Alive, ready with the scheduler having ticked, and Prometheus' figures: the last two on a port of their own."""
    async with serving(environment(slack, sqlite_url), "--http") as served, asking() as client:
        for url in (served.url, served.ops_url):
            assert (await client.get(f"{url}/healthz")).json() == {"alive": True}
        for page in ("readyz", "metrics"):
            assert (await client.get(f"{served.url}/{page}")).status_code == 404
        ready = await client.get(f"{served.ops_url}/readyz")
        while ready.status_code == 503 and set(ready.json()["wrong"]) == {"scheduler"}:
            ready = await client.get(f"{served.ops_url}/readyz")
        assert ready.json() == {"ready": True, "wrong": {}}
        watched = (await client.get(f"{served.ops_url}/metrics")).text
        assert "python_info" in watched
        assert 'cocm_deliveries_waiting{state="new"}' in watched


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_what_was_acknowledged_survives_kill_9(
    slack: LocalSlack, kind: str, request: pytest.FixtureRequest
) -> None:
    """During 1,000 concurrent logs the process is killed: every receipt given is in the ledger, once."""
    url = request.getfixturevalue(f"{kind}_url")
    acknowledged: list[str] = []
    async with serving(environment(slack, url), "--http") as served:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=64), timeout=None) as client:

            async def log(number: int) -> None:
                note = f"call number {number}"
                body = command_body(f"1m MRN{1000 + 37 * (number % 50)} {note}", trigger_id=f"T{number}")
                try:
                    answer = await post_signed(client, served.url, body, secret=SECRET, at=now())
                except httpx.TransportError:
                    return
                if answer.status_code == 200 and "Logged 1 min" in answer.text:
                    acknowledged.append(note)
                if len(acknowledged) == 300:
                    served.process.send_signal(signal.SIGKILL)

            await asyncio.gather(*(log(number) for number in range(1000)))
        # With fewer it was never killed, and would be waited for in vain.
        assert len(acknowledged) >= 300
        await served.process.wait()
    found = stored(url)
    assert set(acknowledged) <= set(found)
    assert set(found.values()) == {1}
