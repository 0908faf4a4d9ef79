"""What earlier releases wrote is read by today's program, and two versions may meet on one database."""

import asyncio
import csv
import io
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import psycopg
import pytest

from services.clock import SystemClock
from storage import NO_TENANT, Database, UnitOfWork
from storage.older_programs import GUARDED
from tests.support.bot import clinic_with_bot
from tests.support.commands import Run
from tests.support.made_by_releases import (
    LIVED_BY_0_1_0,
    NotInHistoryError,
    its_environment,
    release,
)
from tests.support.postgres import PostgresServer
from tests.support.serving import Served, command_body, environment, post_signed, serving
from tests.support.slack import WAIT_SECONDS, LocalSlack, running_slack

SECRET = clinic_with_bot().app.signing_secret
#: What 0.1.0 itself reported of October, when it was closed the second time, and of November.
MINUTES = {
    "2026-10": {"1001": "96.5", "1002": "78", "00123": "80", "1004": "25"},
    "2026-11": {"1001": "15", "1002": "61", "00123": "9"},
}


#: What the migration of a later version says, which changes what this one would store.
RAISED = "CREATE OR REPLACE FUNCTION least_program_revision() RETURNS text LANGUAGE sql STABLE AS $$SELECT '9999'$$"


@pytest.fixture
def of_0_1_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that 0.1.0 left, which the settings name."""
    file = tmp_path / "lived.db"
    connection = sqlite3.connect(file)
    connection.executescript(LIVED_BY_0_1_0.read_text(encoding="utf-8"))
    connection.close()
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{file}")
    return file


def report(cocm: Run, month: str) -> str:
    """The month as CSV."""
    return cocm("report", month, "--format", "csv").stdout.decode("utf-8-sig")


def minutes(cocm: Run, month: str) -> dict[str, float]:
    rows = csv.DictReader(io.StringIO(report(cocm, month)))
    return {row["MRN"]: float(row["Minutes"]) for row in rows}


def check_all_is_there(cocm: Run) -> None:
    """Every minute, name and note, and nothing that looks like a change made behind the program's back."""
    assert b"Everything stands as it was written" in cocm("audit", "verify").stdout
    for month, expected in MINUTES.items():
        assert minutes(cocm, month) == {mrn: float(each) for mrn, each in expected.items()}
    october = report(cocm, "2026-10")
    assert "Núñez" in october
    assert '"O\'Brien, Jr."' in october
    assert b"Dr. Grace Cho" in cocm("members").stdout
    assert b"Oak Plan" in cocm("payers", "Oak Plan").stdout


def test_a_database_of_0_1_0_is_read_as_it_was_left(cocm: Run, of_0_1_0: Path) -> None:
    """Migrated, verified, reported; the closed month stands, and life goes on: an entry, a close."""
    cocm("migrate")
    check_all_is_there(cocm)
    rows = "entry_key,mrn,service_date,minutes,performed_by,role,note\nn9,1001,2026-11-20,7,U0ANA,care_manager,x\n"
    more = of_0_1_0.with_name("more.csv")
    more.write_text(rows, encoding="utf-8")
    cocm("import", "entries", str(more))
    assert minutes(cocm, "2026-11")["1001"] == 22
    assert b"Everything stands as it was written" in cocm("audit", "verify").stdout


@pytest.mark.postgres
def test_it_moves_to_postgresql(
    cocm: Run, of_0_1_0: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the byte of what SQLite reports after its upgrade; the file of 0.1.0 is left as it was."""
    before = of_0_1_0.read_bytes()
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)
    cocm("migrate", "--from", f"sqlite:///{of_0_1_0}")
    check_all_is_there(cocm)
    assert of_0_1_0.read_bytes() == before
    moved = {month: report(cocm, month) for month in MINUTES}
    of_0_1_0.with_name("lived.db.moved").unlink()
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{of_0_1_0}")
    cocm("migrate")
    assert {month: report(cocm, month) for month in MINUTES} == moved


@asynccontextmanager
async def older_bot(tree: Path, env: dict[str, str]) -> AsyncIterator[Served]:
    """A bot of an earlier release, over HTTP."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cocm", "serve", "--http", "--port", "0"),
        cwd=tree, env=env, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    served = Served(process=process, url="")
    reading: asyncio.Task[None] | None = None

    async def read() -> None:
        assert process.stderr is not None
        served.log.extend([line.decode() async for line in process.stderr])

    try:
        while not served.url:
            line = (await asyncio.wait_for(process.stderr.readline(), WAIT_SECONDS)).decode()
            assert line, "".join(served.log)
            served.log.append(line)
            if line.startswith("{") and "port" in (said := json.loads(line)):
                served.url = f"http://127.0.0.1:{said['port']}"
        reading = asyncio.create_task(read())
        yield served
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WAIT_SECONDS)
        if reading is not None:
            await reading


def notes(database_url: str) -> Counter[str]:
    """How often each note is in the ledger's projection, which must equal the ledger itself."""
    database = Database.open(database_url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default().tenant_id, tenant_id=NO_TENANT).result()

        def look(uow: UnitOfWork) -> Counter[str]:
            assert uow.ledger.projection_differences() == ()
            entries = list(uow.ledger.month(date(2020, 1, 1), date(2099, 1, 1)))
            return Counter(uow.ledger.notes([entry.entry_id for entry in entries]).values())

        return database.read(look, tenant_id=tenant).result()
    finally:
        database.close()


async def say(served: Served, text: str) -> httpx.Response:
    """`/cocm text`, as Slack sends it."""
    async with httpx.AsyncClient(timeout=WAIT_SECONDS) as client:
        body = command_body(text, trigger_id=f"T{text}")
        return await post_signed(client, served.url, body, secret=SECRET, at=SystemClock().now().timestamp())


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with running_slack(clinic_with_bot()) as running:
        yield running


@pytest.fixture
def empty_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a database without a table."""
    name = postgres_server.create_database()
    yield postgres_server.url_of(name)
    postgres_server.drop_database(name)


@pytest.mark.postgres
async def test_a_bot_of_0_2_0_stores_nothing_in_the_tables_of_today(
    slack: LocalSlack, empty_postgres: str
) -> None:
    """It logs until the upgrade. Then it says that nothing was saved, the new bot logs, and it ends calmly."""
    env = environment(slack, empty_postgres)
    try:
        with release("0.2.0") as tree:
            old_env = {**env, **its_environment(tree, empty_postgres), **{
                name: value for name, value in env.items() if name.startswith(("COCM_", "SLACK_"))
            }}  # fmt: skip
            async with older_bot(tree, old_env) as old:
                assert "Logged" in (await say(old, "15m MRN123 before the upgrade")).text
                async with serving(env, "--http") as new:
                    refused = await say(old, "16m MRN123 by the older bot")
                    assert refused.status_code == 200
                    assert "Logged" not in refused.text
                    assert "Logged" in (await say(new, "17m MRN123 by the newer bot")).text
                    again = await say(old, "18m MRN123 by the older bot again")
                    assert "Logged" not in again.text
                    assert "Logged" in (await say(new, "19m MRN123 with both running")).text
                old.process.terminate()
                assert await asyncio.wait_for(old.process.wait(), WAIT_SECONDS) in {0, -15}
    except NotInHistoryError as error:
        pytest.skip(str(error.__doc__))
    assert notes(empty_postgres) == {
        "before the upgrade": 1,
        "by the newer bot": 1,
        "with both running": 1,
    }


@pytest.mark.postgres
async def test_a_program_that_knows_less_than_the_tables_want_says_that_nothing_was_saved(
    slack: LocalSlack, postgres_url: str
) -> None:
    """As today's will, beside the next: the database refuses it, the person reads why, and nothing is stored."""
    env = environment(slack, postgres_url)
    async with serving(env, "--http") as served:
        assert "Logged" in (await say(served, "15m MRN123 before the upgrade")).text
        with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(RAISED)
            assert connection.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%by_this_program'"
            ).fetchone() == (len(GUARDED),)
        refused = await say(served, "16m MRN123 after it")
        assert "The bot is being updated just now. Nothing of yours was saved." in refused.text
    assert notes(postgres_url) == {"before the upgrade": 1}


@pytest.mark.postgres
def test_tables_that_merely_grew_are_still_a_running_bots(postgres_url: str) -> None:
    """Until a later version says that it changed what they mean."""
    database = Database.open(postgres_url)
    assert database.outgrown_by() is None
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert database.outgrown_by() is None
        connection.execute(RAISED)
    assert database.outgrown_by() == "9999"
    database.close()


async def test_a_bot_whose_tables_were_upgraded_past_it_ends_by_itself(
    slack: LocalSlack, sqlite_url: str
) -> None:
    """Calmly, as if it had been told to; what it was is in the log, and the next start says what to do."""
    async with serving(environment(slack, sqlite_url), "--http") as served:
        assert "Logged" in (await say(served, "15m MRN123 before the upgrade")).text
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=WAIT_SECONDS) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        assert await asyncio.wait_for(served.process.wait(), WAIT_SECONDS) == 0
    assert "a newer version of the program made the tables" in "".join(served.log)
