"""Whoever cannot wait for their turn to write is told so in time, and nothing of theirs is stored afterwards."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any

import pytest

from storage import Busy, Database, UnitOfWork, unhurried, within
from storage.jobs import Job
from storage.patience import Turns
from tests.support.storing import small_practice
from tests.support.transactions import day_total, log

#: As good as for ever: no test waits for its end.
LONG = 60.0
#: Over before anything can begin.
SOON_OVER = 0.01


@contextmanager
def kept_by_another_program(url: str) -> Iterator[None]:
    """Have the file written by somebody who takes long, as an import does."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_write_that_another_program_keeps_waiting_is_given_up_and_never_stored(
    sqlite: Database, sqlite_url: str
) -> None:
    """A person is told while they can still be told; afterwards everything works as before."""
    practice = small_practice(sqlite)

    async def ask() -> None:
        with within(SOON_OVER):
            await sqlite.writing(log(practice), tenant_id=practice.tenant_id)

    with kept_by_another_program(sqlite_url), pytest.raises(Busy, match="Nothing of yours was saved"):
        asyncio.run(ask())
    sqlite.write(log(practice, 60), tenant_id=practice.tenant_id).result(LONG)
    assert day_total(sqlite, practice) == 60


def test_whoever_can_wait_is_served_when_the_other_program_is_done(sqlite: Database, sqlite_url: str) -> None:
    """Nothing is refused only because the file was in use."""
    practice = small_practice(sqlite)
    with kept_by_another_program(sqlite_url):
        with within(LONG):
            hurried = sqlite.write(log(practice, 60), tenant_id=practice.tenant_id)
            with unhurried():
                patient = sqlite.write(log(practice, 7), tenant_id=practice.tenant_id)
        assert not hurried.done()
        assert not patient.done()
    hurried.result(LONG)
    patient.result(LONG)
    assert day_total(sqlite, practice) == 67


def test_a_person_is_told_while_the_program_itself_is_writing_something_large(
    database: Database, database_url: str
) -> None:
    """As while a month of thousands is closed: what waits for all writers of the program is given up in time."""
    practice = small_practice(database)
    entered, leave = threading.Semaphore(0), threading.Event()

    def hold(_uow: UnitOfWork) -> None:
        entered.release()
        leave.wait(LONG)

    at_once = 1 if database_url.startswith("sqlite") else 8
    holding = [database.write(hold, tenant_id=practice.tenant_id) for _ in range(at_once)]
    for _ in holding:
        entered.acquire(timeout=LONG)

    async def ask() -> None:
        with within(SOON_OVER):
            await database.writing(log(practice), tenant_id=practice.tenant_id)

    try:
        with pytest.raises(Busy):
            asyncio.run(ask())
    finally:
        leave.set()
        for future in holding:
            future.result(LONG)
    database.write(log(practice, 60), tenant_id=practice.tenant_id).result(LONG)
    assert day_total(database, practice) == 60


def test_a_person_does_not_share_a_commit_with_what_may_take_long(sqlite: Database) -> None:
    """They go first, and are answered while the large one is still writing."""
    practice = small_practice(sqlite)
    entered, leave, last = threading.Event(), threading.Event(), threading.Event()

    def first(_uow: UnitOfWork) -> None:
        entered.set()
        leave.wait(LONG)

    def large(_uow: UnitOfWork) -> None:
        last.wait(LONG)

    futures: list[Future[Any]] = [sqlite.write(first, tenant_id=practice.tenant_id)]
    entered.wait(LONG)
    futures.append(sqlite.write(large, tenant_id=practice.tenant_id))
    with within(LONG):
        person = sqlite.write(log(practice), tenant_id=practice.tenant_id)
    leave.set()
    person.result(LONG)
    assert not futures[-1].done()
    assert day_total(sqlite, practice) == 900
    last.set()
    for future in futures:
        future.result(LONG)


def test_of_those_that_wait_the_late_are_turned_away_and_the_large_have_every_second_turn() -> None:
    """People go first, in the order in which they came; whoever gave up is left out."""
    turns = Turns()
    jobs = {name: a_job(hurried=name.startswith("person")) for name in ("person 1", "large 1", "person 2")}
    late = a_job(hurried=False, until=monotonic() - 1)
    for job in (late, *jobs.values()):
        turns.add(job)
    given_up = a_job(hurried=True)
    given_up.future.cancel()
    turns.add(given_up)

    assert turns.wait()
    assert isinstance(late.future.exception(LONG), Busy)
    assert turns.group(1) == [jobs["person 1"]]
    assert turns.group(5) == [jobs["large 1"]]
    assert turns.group(1) == [jobs["person 2"]]
    turns.look()
    assert not turns.any
    turns.end()
    assert not turns.wait()


def a_job(*, hurried: bool, until: float | None = None) -> Job:
    return Job(work=lambda _uow: None, tenant_id=1, hurried=hurried, until=until or monotonic() + LONG)
