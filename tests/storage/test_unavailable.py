"""Databases that cannot be used are told in one plain error, and lost connections are replaced."""

from pathlib import Path
from typing import Any

import pytest

from storage import Database, DatabaseUnavailable, UnitOfWork
from tests.support.storing import small_practice
from tests.support.transactions import day_total, log, say


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


@pytest.mark.postgres
def test_a_connection_that_comes_back_after_the_end_is_closed(postgres_url: str) -> None:
    """A look that another thread has under way when the program lets go leaves no open connection behind."""
    database = Database.open(postgres_url)
    looking = database.engine.connect()
    driver: Any = looking.connection.driver_connection
    database.close()
    assert not driver.closed
    looking.close()
    assert driver.closed
