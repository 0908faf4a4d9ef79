"""SQLite's readers keep their connections: what one use case meets is nothing to the next, and no read is kept."""

from collections.abc import Iterator

import pytest
from sqlalchemy import QueuePool

from storage import Database, DatabaseUnavailable, StorageError, UnitOfWork
from storage.sqlite import SQLite
from tests.support.storing import TODAY, small_practice
from tests.support.transactions import day_total, log, say


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """A database on a file of its own."""
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


def test_each_read_sees_what_was_stored_before_it(database: Database) -> None:
    """A connection that stays sees no old moment: neither after a read that ended, nor after one that failed midway."""
    practice = small_practice(database)

    def leave_in_the_midst(uow: UnitOfWork) -> None:
        next(iter(uow.ledger.month(TODAY, TODAY)))
        raise LookupError

    for minutes in range(1, 20):
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        assert day_total(database, practice) == 60 * minutes
        with pytest.raises(LookupError):
            database.read(leave_in_the_midst, tenant_id=practice.tenant_id).result()


def test_a_statement_that_fails_is_told_and_the_next_read_goes_on(database: Database) -> None:
    """One plain error for whoever asked, and a connection that met nothing for the next, on every reader's thread."""
    practice = small_practice(database)
    database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
    for _ in range(12):
        with pytest.raises(DatabaseUnavailable):
            database.read(
                lambda uow: say(uow, "SELECT * FROM nowhere"), tenant_id=practice.tenant_id
            ).result()
        assert day_total(database, practice) == 60


def test_a_reader_cannot_write(database: Database) -> None:
    """What reads is kept from writing by SQLite itself, and nothing of it stays."""
    practice = small_practice(database)
    with pytest.raises(StorageError):
        database.read(log(practice, 60), tenant_id=practice.tenant_id).result()
    assert day_total(database, practice) == 0


def test_no_connection_outlives_the_database(sqlite_url: str) -> None:
    """Closing the database closes every reader's connection, those that failed too."""
    database = Database.open(sqlite_url)
    practice = small_practice(database)
    reads = [
        database.read(lambda uow: uow.members.by_slack_id("U0ANA"), tenant_id=practice.tenant_id)
        for _ in range(40)
    ]
    assert all(read.result() is not None for read in reads)
    with pytest.raises(DatabaseUnavailable):
        database.read(lambda uow: say(uow, "nonsense"), tenant_id=practice.tenant_id).result()
    runner = database._runner
    assert isinstance(runner, SQLite)
    database.close()
    pool = runner._standing.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    with pytest.raises(DatabaseUnavailable):
        database.read(lambda uow: uow.members.by_slack_id("U0ANA"), tenant_id=practice.tenant_id)
