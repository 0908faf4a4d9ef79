"""A practice moves from SQLite to PostgreSQL: all of it or nothing, byte for byte, and goes on living there."""

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Column, Float, Integer, String, Table, select, text

from services.acts import undo
from services.checks import verify
from services.entries import log
from services.entries.receipts import Receipt
from storage import AuditKeys, Database, DatabaseSetAside, DatabaseUnavailable
from storage.moved_values import converter
from storage.moving import NUMBERED
from storage.tables import TableRow
from tests.support.commands import Run
from tests.support.move_until_killed import move
from tests.support.postgres import PostgresServer
from tests.support.practice import TryPractice, asked, draft
from tests.support.tampering import load_closed_by_0_1_0
from tests.support.whole_practice import WholePractice, whole_practice

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
MONTHS = ("2026-10", "2026-11")


KEY = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def lived(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WholePractice]:
    """A practice with something in every table, to be copied."""
    file = tmp_path_factory.mktemp("lived") / "cocm.db"
    shutil.copyfile(migrated_sqlite, file)
    database = Database.open(f"sqlite:///{file}", AuditKeys([KEY]))
    made = whole_practice(database)
    database.close()
    return file, made


@pytest.fixture(autouse=True)
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that the practice's audit chain has."""
    monkeypatch.setenv("COCM_AUDIT_KEY", KEY)


@pytest.fixture
def source(lived: tuple[Path, WholePractice], tmp_path: Path) -> Path:
    """Its SQLite file, which nobody has open."""
    return Path(shutil.copyfile(lived[0], tmp_path / "cocm.db"))


@pytest.fixture
def target(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty database, which the settings name."""
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)
    return postgres_url


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, through the columns' own types."""
    database = Database.open(url)
    with database.engine.connect() as connection, connection.begin():
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in TableRow.metadata.sorted_tables
        }
    database.close()
    return found


#: When a report was made, and the end of the chain then: a report that was read is an event of its own.
_OF_NOW = re.compile(rb'"made_at": *"[^"]*"|"audit_head": *(?:"[^"]*"|{[^}]*}|null)')


def reports(cocm: Run) -> dict[str, bytes]:
    """Each month as CSV and as JSON."""
    found = {}
    for month in MONTHS:
        for form in ("csv", "json"):
            said = cocm("report", month, "--format", form).stdout
            found[f"{month} {form}"] = _OF_NOW.sub(b"", said)
    return found


def triggers_of(url: str) -> set[tuple[str, str]]:
    """Triggers by name, and whether they are on."""
    database = Database.open(url)
    query = "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
    with database.engine.connect() as connection, connection.begin():
        found = {(name, on) for name, on in connection.execute(text(query))}
    database.close()
    return found


def test_a_practice_moves_whole_and_lives_on(
    cocm: Run,
    lived: tuple[Path, WholePractice],
    source: Path,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows, chain and reports are equal; numbers follow, undo works, and the old file opens for nobody."""
    whole, sqlite_url = lived[1], f"sqlite:///{source}"
    monkeypatch.setenv("COCM_DATABASE_URL", sqlite_url)
    reported = reports(cocm)
    before = rows_of(sqlite_url)
    assert [name for name, rows in before.items() if not rows] == []
    standing = triggers_of(postgres_url)
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_url)

    said = cocm("migrate", "--from", sqlite_url).stdout.decode()

    assert "Moved: " in said
    assert rows_of(postgres_url) == before
    assert reports(cocm) == reported
    assert b"\nEverything stands" in cocm("audit", "verify").stdout
    assert triggers_of(postgres_url) == standing
    assert {on for _, on in standing} == {"O"}

    # What was moved is moved once, and the old file is not used by mistake.
    stands = rows_of(postgres_url)
    assert b"was moved already" in cocm("migrate", "--from", sqlite_url).stdout
    assert rows_of(postgres_url) == stands
    monkeypatch.setenv("COCM_DATABASE_URL", sqlite_url)
    for words in (("report", "2026-11"), ("backup", "x.db"), ("tick", "--dry-run")):
        assert b"was moved to the PostgreSQL database" in cocm(*words, code=3).stderr

    # Who had waited for the file while the move went on does not go on with it either.
    mark = source.with_name("cocm.db.moved")
    words = mark.read_text()
    mark.unlink()
    waited = Database.open(sqlite_url)
    mark.write_text(words)
    with pytest.raises(DatabaseSetAside):
        waited.ping()
    waited.close()

    database = Database.open(postgres_url, AuditKeys([KEY]))
    practice = TryPractice(database)
    practice.clock.pass_(minutes=20)
    assert practice.see(verify).changed == ()
    # Deliveries are where they were: who was sending one when the program stopped is looked after as after a restart.
    assert len(practice.see(lambda context: context.uow.deliveries.open())) == 8
    # The last thing that Ana did before the move.
    practice.do(undo.undo_last, whole.ana)
    made = practice.do(log.log, whole.ana, draft(asked("123", 20)))
    assert isinstance(made, Receipt)
    assert made.receipt_id > max(row[0] for row in before["entry_version"])
    practice.patient("9001")
    practice.member("Newcomer", slack="U0NEW")
    assert practice.see(verify).changed == ()
    # A message delivered before the move and again after it is answered, and does nothing twice.
    again = practice.do(log.log, whole.ana, draft(asked("123", 25)), request_key="request-1")
    assert isinstance(again, Receipt)
    assert again.receipt_id < made.receipt_id
    database.close()


def test_every_table_column_and_number_of_the_schema_has_its_way() -> None:
    """Of a type that nobody has said how to move, or a sequence that belongs to no column, this fails."""
    for table in TableRow.metadata.sorted_tables:
        for column in table.columns:
            assert converter(column) is not None
    with pytest.raises(LookupError):
        converter(Column("weight", Float))
    assert set(NUMBERED) == set(TableRow.metadata._sequences)


@pytest.fixture
def later_table() -> Iterator[Table]:
    """A table that a later version of the program may have."""
    later = Table(
        "later",
        TableRow.metadata,
        Column("later_id", Integer, primary_key=True),
        Column("tenant_id", Integer, nullable=False),
        Column("said", String, nullable=False),
    )
    yield later
    TableRow.metadata.remove(later)


def test_a_table_that_comes_later_is_moved_and_a_strange_one_is_named(
    cocm: Run, source: Path, target: str, request: pytest.FixtureRequest
) -> None:
    """What the program's own tables list is copied without another word; no table is left behind in silence."""
    with sqlite3.connect(source) as connection:
        connection.execute(
            "CREATE TABLE later (later_id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, said TEXT NOT NULL)"
        )
        connection.execute("INSERT INTO later VALUES (41, 1, 'kept')")
    connection.close()
    said = cocm("migrate", "--from", f"sqlite:///{source}", code=1).stderr.decode()
    assert "has a table later, which this program does not know" in said

    request.getfixturevalue("later_table")
    database = Database.open(target)
    TableRow.metadata.tables["later"].create(database.engine)
    cocm("migrate", "--from", str(source))
    assert rows_of(target)["later"] == [(41, 1, "kept")]
    with database.engine.connect() as connection, connection.begin():
        added = connection.execute(
            text("INSERT INTO later (tenant_id, said) VALUES (1, 'new') RETURNING later_id")
        )
        assert added.scalar_one() == 42
    database.close()


def spoiled(file: Path, *statements: str) -> None:
    """Change a file by hand, past the program and its triggers."""
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


#: Values that SQLite keeps and PostgreSQL does not, or no program reads; and what is said of each.
UNFIT = {
    "patient_identity SET problems = 'a' || char(0)": "patient_identity, patient_id 1; patient_id 2; patient_id 3: "
    "problems holds a NUL",
    "member SET display_name = CAST(x'ff41' AS TEXT) WHERE member_id = 2": "member, member_id 2: display_name is dam",
    "delivery SET attempts = 3000000000 WHERE delivery_id LIKE '%new-text'": "attempts is 3000000000, which is out",
    "score SET value = 3.5": "score, score_id 1: value is a number with a fraction",
    "member SET active = 7 WHERE member_id = 1": "member, member_id 1: active is the number 7, not 0 or 1",
    "pending_question SET expires_at = 'soon'": "pending_question, row 1: expires_at is no instant",
    "fee_rate SET first_day = '2026-02-31'": "fee_rate, place 1: first_day is not a date on the calendar",
    f"imported_entry SET entry_key = '{'k' * 3000}'": "imported_entry, row 1: entry_key is longer than",
    "request SET at = '2026-11-18T15:00:00Z'": "request, row 1: at is not written as instants are",
    "current_entry SET service_date = '2026-13-40' WHERE entry_id = 1": "current_entry, entry e-",
    "entry_text SET reason = char(0)": "and 4 more: reason holds a NUL",
}
#: What is found out in other ways, each with its exit code.
UNSOUND = {
    "set_aside SET patient_id = 99": (
        1,
        "is damaged: a row of set_aside refers to a row of patient that is missing",
    ),
    "current_entry SET seconds = 60 WHERE entry_id = 1": (1, "Totals: entry e-"),
    "current_entry SET activity = 'juggling'": (1, "holds a word that the program does not know"),
    "alembic_version SET version_num = '7777'": (3, "written by a newer version of this program"),
    "score SET value = 9": (1, "Care: score 1 of patient"),
}


def test_what_postgresql_would_not_keep_is_named_before_anything_is_written(
    cocm: Run, source: Path, target: str, tmp_path: Path
) -> None:
    """By table and reference, never by what names somebody; like values are one line; the file is only read."""
    whole, empty = source.read_bytes(), rows_of(target)
    together = (tuple(UNFIT), (1, *UNFIT.values()))
    for statements, (code, *expected) in (together, *(((one,), said) for one, said in UNSOUND.items())):
        source.write_bytes(whole)
        spoiled(source, *(f"UPDATE {statement}" for statement in statements))
        before = source.read_bytes()
        said = cocm("migrate", "--from", f"sqlite:///{source}", code=code).stderr.decode()
        assert [words for words in expected if words not in said] == []
        assert "MRN" not in said
        assert source.read_bytes() == before
        assert rows_of(target) == empty
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    # What the program did not write goes along when that is asked for, and still shows.
    cocm("migrate", "--from", f"sqlite:///{source}", "--unverified")
    assert b"Care: score 1 of patient" in cocm("audit", "verify", code=1).stderr


def no_room(url: str) -> None:
    """Have the database say that its disk is full when it comes to one of the last tables."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(
            "CREATE FUNCTION full_disk() RETURNS boolean LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$"
        )
        connection.execute("ALTER TABLE undone_act ADD CONSTRAINT ck_room CHECK (full_disk())")


def test_a_move_that_does_not_end_leaves_an_empty_database_and_can_be_made_again(
    cocm: Run, source: Path, target: str, tmp_path: Path
) -> None:
    """Killed, cut off, without room, or into a database that is used: nothing arrives, and the next one works."""
    empty, whole = rows_of(target), source.read_bytes()

    def nothing_happened() -> None:
        assert rows_of(target) == empty
        assert source.read_bytes() == whole
        assert not (tmp_path / "cocm.db.moved").exists()

    # Killed: what it copied for itself is left, and taken away by the next.
    words = [sys.executable, "-m", "tests.support.move_until_killed", str(source), target, "entry_text"]
    assert subprocess.run(words, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert list(tmp_path.glob(".cocm.db.moving-*"))
    nothing_happened()

    def cut_off() -> None:
        with psycopg.connect(target.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )

    with pytest.raises(DatabaseUnavailable, match="connection to the new database was lost"):
        move(source, target, "frozen_line", cut_off)
    assert not list(tmp_path.glob(".cocm.db.moving-*"))
    nothing_happened()

    no_room(target)
    said = cocm("migrate", "--from", f"sqlite:///{source}", code=3).stderr.decode()
    assert "has no room left" in said
    assert "Nothing was stored in the new database" in said
    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        connection.execute("ALTER TABLE undone_act DROP CONSTRAINT ck_room")
    nothing_happened()

    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE invoices (number integer)")
    said = cocm("migrate", "--from", f"sqlite:///{source}", code=1).stderr.decode()
    assert "used for something else: it has a table invoices" in said
    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        connection.execute("DROP TABLE invoices")

    database = Database.open(target)
    practice = TryPractice(database)
    practice.member("Somebody")
    said = cocm("migrate", "--from", f"sqlite:///{source}", code=1).stderr.decode()
    assert "is not empty: it holds 1 member." in said
    database.close()
    with psycopg.connect(target.replace("+psycopg", "")) as connection:
        connection.execute("DELETE FROM member")
        # That there was somebody stands in the chain.
        connection.execute("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM audit_event")
        connection.execute("UPDATE audit_head SET seq = 0, hash = ''")
        connection.execute("ALTER TABLE audit_event ENABLE TRIGGER ALL")

    assert b"Moved: " in cocm("migrate", "--from", f"sqlite:///{source}").stdout
    assert source.read_bytes() == whole
    assert (tmp_path / "cocm.db.moved").exists()


def test_what_cannot_be_moved_from_or_to_is_said(
    cocm: Run,
    source: Path,
    target: str,
    tmp_path: Path,
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A source that is none, a target that is none: one sentence each, with what to do."""
    (tmp_path / "notes.txt").write_bytes(b"not a database, and long enough to look like one")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    for words, said in (
        ("sqlite:///missing.db", "There is no file missing.db"),
        (f"sqlite:///{tmp_path}/notes.txt", "notes.txt is not a SQLite database."),
        ("other.db", "not one of this program's"),
        (target, "A practice moves from a SQLite file"),
    ):
        assert said in cocm("migrate", "--from", words, code=1).stderr.decode()
    latin = postgres_server.create_database()
    with psycopg.connect(target.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{latin}"')
        connection.execute(f"CREATE DATABASE \"{latin}\" ENCODING 'LATIN1' TEMPLATE template0")
    monkeypatch.setenv("COCM_DATABASE_URL", postgres_server.url_of(latin))
    assert b"is kept in LATIN1" in cocm("migrate", "--from", f"sqlite:///{source}", code=1).stderr
    monkeypatch.setenv("COCM_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    said = cocm("migrate", "--from", f"sqlite:///{source}", code=1).stderr.decode()
    assert "a practice moves to PostgreSQL" in said
    assert not (tmp_path / "new.db").exists()
    monkeypatch.setenv("COCM_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    cocm("migrate", "--from", f"sqlite:///{source}", code=3)


def test_a_practice_of_an_earlier_version_moves_as_it_would_be_upgraded(
    cocm: Run, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy is brought up to date; the file stays as version 0.1.0 left it."""
    # It knew no key.
    monkeypatch.delenv("COCM_AUDIT_KEY")
    file = tmp_path / "old.db"
    database = Database.open(f"sqlite:///{file}")
    load_closed_by_0_1_0(database, tmp_path)
    database.close()
    before = file.read_bytes()
    cocm("migrate", "--from", f"sqlite:///{file}")
    assert file.read_bytes() == before
    assert b"\nEverything stands" in cocm("audit", "verify").stdout
    assert len(rows_of(target)["month_close"]) == 2
