"""What turns readiness red, each made true, and that it turns green again."""

import asyncio
import re
import resource
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest

from cocm import measures
from cocm import readiness as readiness_module
from cocm.readiness import Readiness
from cocm.wiring import Application
from sandbox.faults import Fault
from scheduler.alarm import Alarm
from services.context import Context
from services.messages.deliveries import BILLING, DueDelivery, deliveries_for, random_id
from services.messages.store import put_in
from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work
from tests.support.slack import words

OPERATORS = (Path(__file__).parents[2] / "docs" / "operators.md").read_text(encoding="utf-8")


@pytest.fixture
async def clinic(database: Database) -> AsyncIterator[Clinic]:
    async with clinic_at_work(database) as running:
        yield running


async def faults(program: Application, alarm: Alarm | None = None) -> dict[str, str]:
    """What a program that begins to look at itself now would say."""
    return await Readiness(program, alarm).faults()


def path_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


@contextmanager
def no_larger_files(database: Database) -> Iterator[None]:
    """No file of this process grows any more, as on a disk without room: the system refuses each write past the end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = path_of(database).with_name(path_of(database).name + "-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


async def test_nothing_wrong_is_ready_and_written_down(clinic: Clinic) -> None:
    """The program's name is in the database, with no faults; an end as it should be takes it out again."""
    looking = Readiness(clinic.program, None)
    assert await looking.faults() == {}
    (pulse,) = await clinic.program.practice.read(lambda context: context.uow.pulses.all())
    assert (pulse.node, dict(pulse.faults)) == (looking.node, {})
    await looking.stop()
    assert await clinic.program.practice.read(lambda context: context.uow.pulses.all()) == ()


async def test_a_disk_without_room_is_red_while_reading_goes_on(clinic: Clinic) -> None:
    """The reason is on, people are told the same, and with room again all is well."""
    ana = clinic.slack.person(ANA)
    await ana.command("/cocm 15m MRN123 phone check-in")
    with no_larger_files(clinic.program.database):
        assert "disk is full" in (await faults(clinic.program))["disk"]
        (refused,) = await ana.command("/cocm 20m MRN123 chart review")
        assert "disk is full" in words(refused)
        (shown,) = await ana.command("/cocm status MRN123")
        assert "15 of 70 min" in words(shown)
    assert await faults(clinic.program) == {}
    (receipt,) = await ana.command("/cocm 20m MRN123 chart review")
    assert "35 of 70 min" in words(receipt)


async def test_little_room_is_red_before_the_disk_is_full(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how much is left."""
    monkeypatch.setattr(clinic.program.database, "room", lambda: 12 * 1024 * 1024)
    assert "has 12 MB left" in (await faults(clinic.program))["disk"]


async def test_a_database_that_was_moved_is_red(clinic: Clinic) -> None:
    """So that nobody logs into a file that nobody finds again."""
    path = path_of(clinic.program.database)
    path.rename(path.with_name("away.db"))
    said = await faults(clinic.program)
    assert "cocm.db is gone" in said["database"]
    (refused,) = await clinic.slack.person(ANA).command("/cocm 15m MRN123 phone check-in")
    assert "moved or replaced" in words(refused)
    path.with_name("away.db").replace(path)
    assert await faults(clinic.program) == {}


@pytest.mark.parametrize(("revision", "said"), [("9999", "newer version"), ("0003", "cocm migrate")])
async def test_tables_of_another_version_are_red(clinic: Clinic, revision: str, said: str) -> None:
    """Newer ones, and those that were never brought up to date."""
    with clinic.program.database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    assert said in (await faults(clinic.program))["migrations"]


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_bot_token_that_slack_takes_no_more_is_red(clinic: Clinic, code: str) -> None:
    """Whatever call finds out; the next that Slack takes turns it green."""
    clinic.slack.sandbox.api.faults.add(Fault(kind="error", error=code, times=0))
    looking = Readiness(clinic.program, None)
    await looking._ask_slack()
    assert f"bot token ({code})" in (await looking.faults())["bot token"]
    clinic.slack.sandbox.api.faults.clear()
    await looking._ask_slack()
    assert await looking.faults() == {}


@pytest.mark.parametrize(("seconds", "said"), [(95, "behind"), (-95, "ahead of"), (50, "")])
async def test_a_clock_that_is_off_is_red(clinic: Clinic, seconds: float, said: str) -> None:
    """By the date of any answer of Slack's; half a minute is nothing."""
    clinic.slack.sandbox.api.faults.add(Fault(kind="clock", seconds=seconds, times=0))
    await clinic.program.bot.client.auth_test()
    found = await faults(clinic.program)
    assert (said in found["clock"]) if said else found == {}


async def test_no_socket_for_a_minute_is_red(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of sockets is none; and with a socket again it is green."""
    stands = False

    async def is_connected() -> bool:
        return stands

    clinic.program.vitals.is_connected = is_connected
    looking = Readiness(clinic.program, None)
    assert await looking.faults() == {}
    monkeypatch.setattr(readiness_module, "SOCKET_WITHIN", -1.0)
    looking._connected_at = asyncio.get_running_loop().time()
    assert "no Socket Mode connection" in (await looking.faults())["socket"]
    monkeypatch.undo()
    stands = True
    assert await looking.faults() == {}


async def test_a_silent_scheduler_is_red(clinic: Clinic) -> None:
    """One that has not come through yet has not come through."""

    async def never() -> None:
        raise LookupError

    assert "scheduler" in await faults(clinic.program, Alarm(never))


async def test_an_outbox_older_than_an_hour_is_red(clinic: Clinic) -> None:
    """It says how many wait and for how long; what somebody put off does not count."""
    now = clinic.program.practice.clock.now()
    for hours in (3, 0):
        due = DueDelivery(
            kind="month_end",
            period=f"month_end:2026-1{hours % 2}",
            recipient=BILLING,
            due_at=now - timedelta(hours=hours),
            useful_until=now + timedelta(days=45),
        )

        def keep(context: Context, due: DueDelivery = due) -> None:
            put_in(context, deliveries_for(due, now, random_id)[:1])
            context.uow.commit()

        await clinic.program.practice.write(keep)
    assert "1 message waits to be sent, the oldest for 3 hours." in (await faults(clinic.program))["outbox"]


async def test_figures_are_by_command_and_by_the_words_of_slack(clinic: Clinic) -> None:
    """Answers by kind, refusals by method and code, errors of the database by name; nothing of a patient."""
    ana = clinic.slack.person(ANA)
    before = REGISTRY.get_sample_value("cocm_acknowledgments_total", {"kind": "log", "status": "200"}) or 0.0
    (receipt,) = await ana.command("/cocm 15m MRN123 phone check-in")
    await ana.click(receipt, "Undo")
    clinic.slack.sandbox.api.faults.add(Fault(kind="error", error="fatal_error", method="auth.test"))
    await Readiness(clinic.program, None)._ask_slack()
    with no_larger_files(clinic.program.database):
        await ana.command("/cocm 20m MRN123 chart review")
    watched = measures.watch(clinic.program.vitals)
    try:
        after = REGISTRY.get_sample_value("cocm_acknowledgments_total", {"kind": "log", "status": "200"})
        page = generate_latest().decode()
    finally:
        measures.unwatch(watched)
    assert after == before + 2
    assert 'cocm_acknowledgment_seconds_count{kind="click"}' in page
    assert 'cocm_slack_refusals_total{code="fatal_error",method="auth.test"} 1.0' in page
    assert 'cocm_database_errors_total{error="DiskFull"}' in page
    assert "cocm_clock_offset_seconds" in page
    assert "MRN" not in page
    for name in re.findall(r"^# TYPE (cocm_\S+) ", page, re.MULTILINE):
        assert f"# HELP {name} " in page
        assert f"`{name}" in OPERATORS or name.endswith("_created"), name
