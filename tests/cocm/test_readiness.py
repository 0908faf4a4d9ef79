"""What turns readiness red, each made true, and that it turns green again."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest

from cocm import measures
from cocm import readiness as readiness_module
from cocm.figures import Figures
from cocm.readiness import Readiness
from cocm.serving import socket_mode
from cocm.wiring import Application, open_program
from sandbox.faults import Fault
from scheduler.alarm import Alarm
from services.context import Context
from services.messages.deliveries import BILLING, DueDelivery, deliveries_for, random_id
from services.messages.store import put_in
from storage import Database
from tests.support.bot import ANA, Clinic, clinic_at_work, clinic_with_bot, settings_for
from tests.support.disks import Disk, failing_disk, no_larger_files, small_disk
from tests.support.figures_checked import faults_of
from tests.support.postgres import PostgresServer
from tests.support.slack import WAIT_SECONDS, running_slack, words

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
def copy_on(folder: Path, template: Path) -> Iterator[Database]:
    """A migrated database on a disk."""
    path = shutil.copyfile(template, folder / "cocm.db")
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    opened = Database.open(f"sqlite:///{path}")
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def small_postgres(server: PostgresServer, template: str) -> Iterator[tuple[Database, Disk]]:
    """A database of a server on a small disk of its own."""
    with server.small(template) as (url, disk):
        if not url:
            pytest.skip("no disk can be mounted for the server here")
        opened = Database.open(url)
        try:
            yield opened, disk
        finally:
            opened.close()


async def test_nothing_wrong_is_ready_and_written_down(clinic: Clinic) -> None:
    """The program's name is in the database, with no faults; an end as it should be takes it out again."""
    looking = Readiness(clinic.program, None)
    assert await looking.faults() == {}
    (pulse,) = await clinic.program.practice.read(lambda context: context.uow.pulses.all())
    assert (pulse.node, dict(pulse.faults)) == (looking.node, {})
    await looking.stop()
    assert await clinic.program.practice.read(lambda context: context.uow.pulses.all()) == ()


async def test_a_disk_without_room_is_red_while_reading_goes_on(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    """The reason is on, people are told the same, and with room again all is well."""
    with small_disk(tmp_path / "disk") as disk, copy_on(disk.folder, migrated_sqlite) as database:
        async with clinic_at_work(database) as clinic:
            clinic.program.database.room = lambda: 1 << 30  # type: ignore[method-assign]
            ana = clinic.slack.person(ANA)
            await ana.command("/cocm 15m MRN123 phone check-in")
            with disk.full(path_of(database)):
                assert "disk is full" in (await faults(clinic.program))["disk"]
                (refused,) = await ana.command("/cocm 20m MRN123 chart review")
                assert "disk is full" in words(refused)
                (shown,) = await ana.command("/cocm status MRN123")
                assert "15 of 70 min" in words(shown)
            assert await faults(clinic.program) == {}
            (receipt,) = await ana.command("/cocm 20m MRN123 chart review")
            assert "35 of 70 min" in words(receipt)


async def test_a_disk_that_turned_read_only_is_red_while_reading_goes_on(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    """As the kernel does after an error. People hear that it cannot be written, and not that it is full."""
    with failing_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip(
                "no disk can be made to fail here; tests/storage/test_disks.py tries a connection that is"
            )
        with copy_on(disk.folder, migrated_sqlite) as database:
            async with clinic_at_work(database) as clinic:
                clinic.program.database.room = lambda: 1 << 30  # type: ignore[method-assign]
                ana = clinic.slack.person(ANA)
                await ana.command("/cocm 15m MRN123 phone check-in")
                assert await faults(clinic.program) == {}
                disk.fail()
                assert "can be read but not written" in (await faults(clinic.program))["disk"]
                (refused,) = await ana.command("/cocm 20m MRN123 chart review")
                assert "can be read but not written" in words(refused)
                (shown,) = await ana.command("/cocm status MRN123")
                assert "15 of 70 min" in words(shown)


@pytest.mark.postgres
async def test_a_server_without_room_is_red_while_reading_goes_on(
    postgres_server: PostgresServer, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the server's disk, so what the writes of a minute met is what is known of it."""
    with small_postgres(postgres_server, migrated_postgres) as (database, disk):
        async with clinic_at_work(database) as clinic:
            ana = clinic.slack.person(ANA)
            await ana.command("/cocm 15m MRN123 phone check-in")
            with disk.full():
                # What is small finds a place on pages that are there already.
                for number in range(200):
                    (answer,) = await ana.command(
                        f"/cocm 1m MRN{number} call {number} {'about the plan ' * 15}"
                    )
                    if "disk is full" in words(answer):
                        break
                assert "disk is full" in words(answer)
                assert "disk is full" in (await faults(clinic.program))["disk"]
                (shown,) = await ana.command("/cocm status MRN123")
                assert "15 of 70 min" in words(shown)
            monkeypatch.setattr(readiness_module, "_FULL_LATELY", 0.0)
            assert await faults(clinic.program) == {}
            (receipt,) = await ana.command("/cocm 20m MRN123 chart review")
            assert "35 of 70 min" in words(receipt)


async def test_little_room_is_red_before_the_disk_is_full(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says how much is left."""
    monkeypatch.setattr(clinic.program.database, "room", lambda: 12 * 1024 * 1024)
    assert "has 12 MB left" in (await faults(clinic.program))["disk"]


@pytest.mark.parametrize("what", ["is gone", "is another file now"])
async def test_a_database_that_was_moved_or_replaced_is_red(clinic: Clinic, what: str) -> None:
    """So that nobody logs into a file that nobody finds again."""
    path = path_of(clinic.program.database)
    away = path.rename(path.with_name("away.db"))
    if what == "is another file now":
        shutil.copyfile(away, path)
    said = await faults(clinic.program)
    assert f"cocm.db {what}" in said["database"]
    (refused,) = await clinic.slack.person(ANA).command("/cocm 15m MRN123 phone check-in")
    assert "moved or replaced" in words(refused)
    away.replace(path)
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


async def test_no_socket_for_a_minute_and_an_app_token_that_is_revoked_are_red(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A socket that Slack cuts and does not give again, and with one it is green again."""
    async with running_slack(clinic_with_bot()) as slack:
        program = await open_program(settings_for(slack), database)
        async with socket_mode(program):
            looking = Readiness(program, None)
            assert await looking.faults() == {}
            refusing = slack.sandbox.api.faults
            refusing.add(Fault(kind="error", error="token_revoked", method="apps.connections.open", times=0))
            await slack.sandbox.sockets.cut()
            async with asyncio.timeout(WAIT_SECONDS):
                while (said := await looking.faults()).keys() != {"app token"}:
                    # Of the minute nothing has passed yet.
                    assert said == {}
                    await asyncio.sleep(0.1)
            assert "app token (token_revoked)" in said["app token"]
            monkeypatch.setattr(readiness_module, "SOCKET_WITHIN", 0.0)
            said = await looking.faults()
            assert "no Socket Mode connection" in said["socket"]
            refusing.clear()
            async with asyncio.timeout(WAIT_SECONDS):
                while await looking.faults() != {}:  # noqa: ASYNC110 - it is asked for, and tells nobody
                    await asyncio.sleep(0.1)
        await program.bot.background.close()


async def test_a_silent_scheduler_is_red(clinic: Clinic) -> None:
    """One that has not come through yet has not come through."""

    async def never() -> None:
        raise LookupError

    assert "scheduler" in await faults(clinic.program, Alarm(never))


async def test_a_scheduler_that_falls_silent_is_red(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has come through, and then hangs; or fails, which the log says."""
    came = asyncio.Event()

    async def once() -> None:
        if came.is_set():
            raise LookupError
        came.set()

    alarm = Alarm(once)
    alarm.start()
    try:
        await came.wait()
        looking = Readiness(clinic.program, alarm)
        assert await looking.faults() == {}
        monkeypatch.setattr(readiness_module, "TICK_WITHIN", timedelta(0))
        assert "has not run for two minutes" in (await looking.faults())["scheduler"]
    finally:
        alarm.stop()


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
    with no_larger_files(path_of(clinic.program.database)):
        await ana.command("/cocm 20m MRN123 chart review")
    watched = measures.watch(clinic.program.vitals)
    try:
        after = REGISTRY.get_sample_value("cocm_acknowledgments_total", {"kind": "log", "status": "200"})
        page = (generate_latest() + await Figures(clinic.program.practice).text()).decode()
    finally:
        measures.unwatch(watched)
    assert after == before + 2
    assert 'cocm_acknowledgment_seconds_count{kind="click"}' in page
    assert 'cocm_slack_refusals_total{code="fatal_error",method="auth.test"} 1.0' in page
    assert 'cocm_database_errors_total{error="DiskFull"}' in page
    assert "cocm_clock_offset_seconds" in page
    assert "MRN" not in page
    assert faults_of(page) == []
    for name in re.findall(r"^# TYPE (cocm_\S+) ", page, re.MULTILINE):
        assert f"# HELP {name} " in page
        assert f"`{name}" in OPERATORS or name.endswith("_created"), name
    for name, said in (
        ("cocm_waitMs", "is not in snake case"),
        ("cocm_lag_minutes", "has a unit that is no base unit"),
        ("cocm_told_total", "ends in _total and is no counter"),
    ):
        assert f"{name} {said}" in faults_of(f"# HELP {name} Told.\n# TYPE {name} gauge\n{name} 1.0\n")
