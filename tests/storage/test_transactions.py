"""Units of work: kept whole or not at all, told only when certain, and one's failure is not another's."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from billing.episodes import Episode
from storage import AlreadyExists, Database, DatabaseUnavailable, NotSaved, StorageError, UnitOfWork
from storage.statements import Statement
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice, small_practice


def log(practice: SmallPractice, seconds: int = 900) -> Callable[[UnitOfWork], int]:
    """A use case that appends one entry and keeps it."""

    def work(uow: UnitOfWork) -> int:
        receipt = uow.ledger.append(
            [practice.entry(seconds=seconds)], by=practice.ana.member_id, at=NOW, source="chat"
        )
        uow.commit()
        return receipt.receipt_id

    return work


def day_total(database: Database, practice: SmallPractice) -> int:
    """Seconds that Ana has today, as a reader sees them."""
    return database.read(
        lambda uow: uow.ledger.member_seconds_on(practice.ana.member_id, TODAY), tenant_id=practice.tenant_id
    ).result()


def say(uow: UnitOfWork, sql: str) -> None:
    """Run bare SQL in a unit of work, for what its repositories would never do."""
    uow.ledger._wire.run(Statement(text(sql)))


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


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """SQLite alone, for what only its writer does."""
    database = Database.open(sqlite_url)
    yield database
    database.close()


def test_what_is_not_committed_is_gone(database: Database, practice: SmallPractice) -> None:
    """A use case that ends without `commit` leaves nothing, and still gives its answer."""

    def forget(uow: UnitOfWork) -> str:
        uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        uow.audit.record(at=NOW, actor=None, action="test", subject="nothing")
        return "looked"

    assert database.write(forget, tenant_id=practice.tenant_id).result() == "looked"
    assert day_total(database, practice) == 0


def test_what_fails_after_commit_is_gone(database: Database, practice: SmallPractice) -> None:
    """`commit` asks to keep; a use case that fails afterwards keeps nothing, and its own error comes out."""

    def fail(uow: UnitOfWork) -> None:
        log(practice)(uow)
        raise LookupError("after all")

    with pytest.raises(LookupError, match="after all"):
        database.write(fail, tenant_id=practice.tenant_id).result()
    assert day_total(database, practice) == 0


def test_what_is_acknowledged_can_be_read(database: Database, practice: SmallPractice) -> None:
    """Once the future resolves, every reader sees what was written."""
    for count in range(1, 6):
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        assert day_total(database, practice) == 60 * count


async def test_use_cases_can_be_awaited(database: Database, practice: SmallPractice) -> None:
    """`writing` and `reading` are the same for a program that awaits; many at once all come through."""
    await asyncio.gather(
        *(database.writing(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(40))
    )

    total = await database.reading(
        lambda uow: uow.ledger.member_seconds_on(practice.ana.member_id, TODAY), tenant_id=practice.tenant_id
    )
    assert total == 40 * 60


def test_a_reader_cannot_write(database: Database, practice: SmallPractice) -> None:
    """A use case given to `read` stores nothing, even if it asks to."""
    with pytest.raises(StorageError):
        database.read(log(practice), tenant_id=practice.tenant_id).result()
    assert day_total(database, practice) == 0


def test_a_reader_sees_one_moment(database: Database, practice: SmallPractice) -> None:
    """Two sums of one report agree, whatever is written between them."""
    first_read, written = threading.Event(), threading.Event()

    def read_twice(uow: UnitOfWork) -> tuple[int, int]:
        first = uow.ledger.member_seconds_on(practice.ana.member_id, TODAY)
        first_read.set()
        written.wait(60)
        return first, uow.ledger.member_seconds_on(practice.ana.member_id, TODAY)

    reading = database.read(read_twice, tenant_id=practice.tenant_id)
    first_read.wait(60)
    database.write(log(practice), tenant_id=practice.tenant_id).result()
    written.set()

    assert reading.result() == (0, 0)
    assert day_total(database, practice) == 900


def test_closing_finishes_what_was_asked_for(database_url: str) -> None:
    """Everything asked for before `close` is saved; what comes later is refused, and says that nothing changed."""
    database = Database.open(database_url)
    practice = small_practice(database)
    futures = [database.write(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(50)]

    database.close()

    assert len({future.result(0) for future in futures}) == 50
    with pytest.raises(DatabaseUnavailable, match="closed"):
        database.write(log(practice), tenant_id=practice.tenant_id)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        database.read(lambda _uow: None, tenant_id=practice.tenant_id)
    database.close()


def test_two_who_add_the_same_patient_at_once_meet(database: Database, practice: SmallPractice) -> None:
    """Who loses the race to add a patient begins again, finds the patient, and all end up with one."""

    def find_or_add(uow: UnitOfWork) -> int:
        patient = uow.patients.by_identity("race") or uow.patients.add(
            mrn="race", identity="race", on_roster=False
        )
        uow.commit()
        return patient.patient_id

    futures = [database.write(find_or_add, tenant_id=practice.tenant_id) for _ in range(16)]

    assert len({future.result() for future in futures}) == 1


@pytest.mark.postgres
def test_two_who_change_an_episode_at_once_both_stand(postgres_url: str) -> None:
    """Each changes another fact of what it read; who comes second reads what the first one wrote.

    On SQLite there is one writer anyway.
    """
    database = Database.open(postgres_url)
    practice = small_practice(database)
    patient_id = practice.patient.patient_id
    kept(
        database,
        lambda uow: uow.episodes.add(Episode(episode_id=0, patient_id=patient_id)),
        practice.tenant_id,
    )
    read_by, may_go = [threading.Event(), threading.Event()], threading.Event()

    def change(uow: UnitOfWork, place: int, **facts: Any) -> None:
        uow.episodes.hold()
        (episode,) = uow.episodes.of_patient(patient_id)
        read_by[place].set()
        assert may_go.wait(60)
        uow.episodes.update(replace(episode, **facts))
        uow.commit()

    first = database.write(lambda uow: change(uow, 0, payer="Acme Health"), tenant_id=practice.tenant_id)
    assert read_by[0].wait(60)
    second = database.write(
        lambda uow: change(uow, 1, initial_assessment_on=TODAY), tenant_id=practice.tenant_id
    )
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not (read_by[1].is_set() or connection.execute(waiting).fetchall() != [(0,)]):
            pass
    may_go.set()
    first.result(60)
    second.result(60)
    (episode,) = read(database, lambda uow: uow.episodes.of_patient(patient_id), practice.tenant_id)
    database.close()
    assert (episode.payer, episode.initial_assessment_on) == ("Acme Health", TODAY)


def test_what_exists_already_is_refused(database: Database, practice: SmallPractice) -> None:
    """A second patient of the same identity, or member of the same Slack user, is refused by name."""
    again = [
        lambda uow: uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True),
        lambda uow: uow.members.add(display_name="Ana", slack_user_id="U0ANA", roles=frozenset()),
    ]
    for work in again:
        with pytest.raises(AlreadyExists):
            database.write(work, tenant_id=practice.tenant_id).result()


def test_an_error_names_no_value(database: Database, practice: SmallPractice) -> None:
    """What a refused row held is in no storage error's text: it may be logged."""
    with pytest.raises(StorageError) as refused:
        database.write(
            lambda uow: uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True),
            tenant_id=practice.tenant_id,
        ).result()

    assert "0042" not in str(refused.value)


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


def test_a_full_disk_saves_nothing_and_says_so(sqlite: Database) -> None:
    """A disk that fills up fails every use case of the group; once there is room, the next one is saved."""
    practice = small_practice(sqlite)
    sqlite.write(lambda uow: say(uow, "PRAGMA max_page_count = 1"), tenant_id=practice.tenant_id).result()
    big = practice.entry(note="word " * 20_000)

    def log_much(uow: UnitOfWork) -> None:
        uow.ledger.append([big], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()

    with held_writer(sqlite, practice):
        futures = [sqlite.write(log_much, tenant_id=practice.tenant_id) for _ in range(3)]

    for future in futures:
        with pytest.raises(NotSaved):
            future.result(60)
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


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "not a url", "postgres+nothing://x", ""]
)
def test_a_url_that_is_none_of_ours_is_refused(url: str) -> None:
    """A database that the program cannot use is refused with the form of one that it can."""
    with pytest.raises(DatabaseUnavailable, match=r"sqlite:///cocm\.db"):
        Database.open(url)


def test_a_file_in_no_folder_is_unavailable(tmp_path: Path) -> None:
    """A path that cannot be opened is one plain error, for writing, reading, migrating and asking."""
    database = Database.open(f"sqlite:///{tmp_path}/missing/cocm.db")
    try:
        for ask in (database.ping, database.migrate, database.migrations_current):
            with pytest.raises(DatabaseUnavailable):
                ask()
        for run in (database.read, database.write):
            with pytest.raises(DatabaseUnavailable):
                run(lambda uow: uow.tenants.default(), tenant_id=1).result()
    finally:
        database.close()


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """No server, no answer: one plain error, for writing, reading, migrating and asking."""
    database = Database.open(f"postgresql+psycopg://postgres@/name?host={tmp_path}")
    try:
        for ask in (database.ping, database.migrate, database.migrations_current):
            with pytest.raises(DatabaseUnavailable):
                ask()
        for run in (database.read, database.write):
            with pytest.raises(DatabaseUnavailable):
                run(lambda uow: uow.tenants.default(), tenant_id=1).result()
    finally:
        database.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    """Something else under the database's name is told, and left as it is."""
    path = tmp_path / "cocm.db"
    path.write_bytes(b"a letter to the editor, " * 100)
    database = Database.open(f"sqlite:///{path}")
    try:
        with pytest.raises(DatabaseUnavailable):
            database.ping()
        with pytest.raises(DatabaseUnavailable):
            database.migrate()
    finally:
        database.close()
    assert path.read_bytes() == b"a letter to the editor, " * 100


@pytest.mark.postgres
def test_a_connection_that_died_in_the_pool_is_replaced(postgres_url: str) -> None:
    """After the server dropped every idle connection, reading and writing go on as if nothing had been."""
    database = Database.open(postgres_url)
    try:
        practice = small_practice(database)

        def drop_the_others(uow: UnitOfWork) -> None:
            say(
                uow,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )

        warm = [database.write(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(30)]
        for future in warm:
            future.result()
        database.write(drop_the_others, tenant_id=practice.tenant_id).result()

        futures = [database.write(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(30)]
        assert len({future.result() for future in futures}) == 30
        assert day_total(database, practice) == 3600
        database.ping()
    finally:
        database.close()


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
