"""SQLite's one writer: use cases share a COMMIT and fail alone; the file is whole, on disk and anybody's to read."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest

from storage import AlreadyExists, Database, NotSaved, UnitOfWork
from tests.support.storing import NOW, SmallPractice, small_practice
from tests.support.transactions import day_total, log, say


@contextmanager
def held_writer(database: Database, practice: SmallPractice) -> Iterator[None]:
    """Keep SQLite's writer busy, so that what is written meanwhile waits and becomes one group."""
    entered, leave = threading.Event(), threading.Event()

    def wait(_uow: UnitOfWork) -> None:
        entered.set()
        leave.wait(60)

    holding = database.write(wait, tenant_id=practice.tenant_id)
    entered.wait(60)
    try:
        yield
    finally:
        leave.set()
        holding.result(60)


def test_one_failure_leaves_the_others_of_its_group(sqlite: Database) -> None:
    """Use cases that share a COMMIT fail alone: neither an error nor a missing commit touches the rest."""
    practice = small_practice(sqlite)

    def fail(uow: UnitOfWork) -> None:
        log(practice, 7)(uow)
        raise LookupError

    def break_a_rule(uow: UnitOfWork) -> None:
        log(practice, 11)(uow)
        uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True)

    with held_writer(sqlite, practice):
        works = [
            log(practice, 60),
            fail,
            log(practice, 60),
            break_a_rule,
            lambda _uow: None,
            log(practice, 60),
        ]
        futures: list[Future[Any]] = [sqlite.write(work, tenant_id=practice.tenant_id) for work in works]

    errors = [type(future.exception(60)) for future in futures]
    assert errors == [type(None), LookupError, type(None), AlreadyExists, type(None), type(None)]
    assert day_total(sqlite, practice) == 180


def test_a_failed_commit_fails_the_whole_group(sqlite: Database) -> None:
    """When the COMMIT itself fails, everyone in the group is told that nothing was saved, and nothing was."""
    practice = small_practice(sqlite)

    def spoil(uow: UnitOfWork) -> None:
        # SQLite looks at deferred foreign keys at COMMIT: the one way to make a healthy disk refuse it.
        say(uow, "PRAGMA defer_foreign_keys = ON")
        say(uow, "INSERT INTO audit_head (tenant_id, seq, hash) VALUES (999, 0, '')")
        uow.commit()

    def fail(_uow: UnitOfWork) -> None:
        raise LookupError

    with held_writer(sqlite, practice):
        futures = [
            sqlite.write(work, tenant_id=practice.tenant_id)
            for work in (log(practice), spoil, log(practice), fail)
        ]

    for future in futures:
        with pytest.raises(NotSaved, match=r"Not saved, nothing changed\. Try again\."):
            future.result(60)
    assert day_total(sqlite, practice) == 0
    sqlite.write(log(practice), tenant_id=practice.tenant_id).result()
    assert day_total(sqlite, practice) == 900


def test_a_full_disk_fails_the_whole_group_and_the_next_is_saved(sqlite: Database) -> None:
    """A disk that fills up fails every use case of the group; once there is room, the next one is saved."""
    practice = small_practice(sqlite)
    sqlite.write(lambda uow: say(uow, "PRAGMA max_page_count = 1"), tenant_id=practice.tenant_id).result()
    big = practice.entry(note="word " * 20_000)

    def log_much(uow: UnitOfWork) -> None:
        uow.ledger.append([big], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()

    with held_writer(sqlite, practice):
        futures = [sqlite.write(log_much, tenant_id=practice.tenant_id) for _ in range(3)]

    refused = [future.exception(60) for future in futures]
    assert all(isinstance(one, NotSaved) for one in refused), refused
    assert "Nothing was stored: the database's disk is full." in str(refused[0])
    assert day_total(sqlite, practice) == 0
    sqlite.write(
        lambda uow: say(uow, "PRAGMA max_page_count = 1000000"), tenant_id=practice.tenant_id
    ).result()
    sqlite.write(log_much, tenant_id=practice.tenant_id).result()
    assert day_total(sqlite, practice) == 900


def test_a_canceled_use_case_that_still_waits_is_not_run(sqlite: Database) -> None:
    """Who gives up before their turn leaves nothing behind, and holds up nobody."""
    practice = small_practice(sqlite)

    with held_writer(sqlite, practice):
        given_up = sqlite.write(log(practice, 7), tenant_id=practice.tenant_id)
        waiting = sqlite.write(log(practice, 60), tenant_id=practice.tenant_id)
        assert given_up.cancel()

    waiting.result(60)
    assert day_total(sqlite, practice) == 60


def test_another_process_may_write_the_same_file(sqlite: Database, sqlite_url: str) -> None:
    """Two openings of one file take turns; entries of both are kept, under numbers of their own."""
    practice = small_practice(sqlite)
    other = Database.open(sqlite_url)
    try:
        futures = [
            database.write(log(practice, 60), tenant_id=practice.tenant_id)
            for _ in range(50)
            for database in (sqlite, other)
        ]
        assert len({future.result(60) for future in futures}) == 100
    finally:
        other.close()
    assert day_total(sqlite, practice) == 6000


def test_sqlite_saves_to_disk_at_every_commit(sqlite: Database) -> None:
    """The writer's connection waits for the disk and holds every promise that SQLite makes only when asked."""
    practice = small_practice(sqlite)
    promises = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")

    def look(uow: UnitOfWork) -> list[Any]:
        return [uow.ledger._wire._driver.execute(f"PRAGMA {name}").fetchone()[0] for name in promises]

    assert sqlite.write(look, tenant_id=practice.tenant_id).result() == ["wal", 2, 1, 1]


def test_the_database_file_is_one_that_sqlite_itself_reads(sqlite: Database, sqlite_url: str) -> None:
    """Nothing but SQLite is needed to look into the file, and its own check finds it whole."""
    practice = small_practice(sqlite)
    sqlite.write(log(practice), tenant_id=practice.tenant_id).result()
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT seconds FROM current_entry").fetchall() == [(900,)]
    finally:
        connection.close()
