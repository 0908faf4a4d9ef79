"""What operators do to a database while it is open: fill its disk, make it read-only, move it, put another there."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import (
    Database,
    DatabaseReplaced,
    DiskFull,
    NewerSchema,
    OlderSchema,
    ReadOnly,
    UnitOfWork,
    failures,
)
from tests.support.disks import failing_disk, small_disk
from tests.support.postgres import PostgresServer
from tests.support.storing import NOW, SmallPractice, small_practice
from tests.support.transactions import day_total, log, say


def log_much(practice: SmallPractice) -> Callable[[UnitOfWork], None]:
    """A use case that logs a quarter of an hour with more words than anybody types."""
    # At random, so that no database makes it small.
    big = practice.entry(note=secrets.token_hex(60_000))

    def logs(uow: UnitOfWork) -> None:
        uow.ledger.append([big], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()

    return logs


def integrity_of(database: Database) -> str:
    with database.engine.connect() as connection:
        return str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())


def opened_on(folder: Path, template: Path) -> tuple[Database, Path]:
    """A migrated database on a disk."""
    path = Path(shutil.copyfile(template, folder / "cocm.db"))
    with path.open("rb+") as file:
        # On the disk, as a database that the program wrote is.
        os.fsync(file.fileno())
    return Database.open(f"sqlite:///{path}"), path


def test_a_full_disk_is_named(migrated_sqlite: Path, tmp_path: Path) -> None:
    """Whoever saves hears that the disk is full and that nothing was stored; reading goes on, and with room saving."""
    with small_disk(tmp_path / "disk") as disk:
        database, path = opened_on(disk.folder, migrated_sqlite)
        practice = small_practice(database)
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        with disk.full(path):
            for _ in range(3):
                with pytest.raises(DiskFull, match="disk is full"):
                    # What is small fits into the log's last page now and then.
                    database.write(log_much(practice), tenant_id=practice.tenant_id).result(60)
            assert day_total(database, practice) == 60
        database.write(log_much(practice), tenant_id=practice.tenant_id).result(60)
        assert day_total(database, practice) == 960
        assert integrity_of(database) == "ok"
        database.close()


def test_a_disk_that_turns_read_only_is_named(migrated_sqlite: Path, tmp_path: Path) -> None:
    """As the kernel does after an error: whoever saves hears why, and after a repair all that was saved is there."""
    with failing_disk(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("no disk can be made to fail here; the next test stands for it")
        database, path = opened_on(disk.folder, migrated_sqlite)
        practice = small_practice(database)
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        disk.fail()
        for _ in range(2):
            with pytest.raises(ReadOnly, match="can be read but not written"):
                database.write(log(practice), tenant_id=practice.tenant_id).result(60)
        assert day_total(database, practice) == 60
        database.close()
        disk.unmount()
        disk.mount()
        again = Database.open(f"sqlite:///{path}")
        again.write(log(practice), tenant_id=practice.tenant_id).result(60)
        assert day_total(again, practice) == 960
        assert integrity_of(again) == "ok"
        again.close()


def test_a_database_that_may_only_be_read_is_named(sqlite: Database) -> None:
    """Reading goes on, and whoever saves hears why it does not work; the same connection saves when it may again."""
    practice = small_practice(sqlite)
    sqlite.write(lambda uow: say(uow, "PRAGMA query_only = ON"), tenant_id=practice.tenant_id).result()
    for _ in range(2):
        with pytest.raises(ReadOnly, match="can be read but not written"):
            sqlite.write(log(practice), tenant_id=practice.tenant_id).result(60)
    assert day_total(sqlite, practice) == 0
    # The writer waits; a use case would have to begin by writing.
    sqlite._runner._writing._driver.execute("PRAGMA query_only = OFF")  # type: ignore[union-attr]
    sqlite.write(log(practice), tenant_id=practice.tenant_id).result(60)
    assert day_total(sqlite, practice) == 900


@pytest.mark.parametrize("what", ["is gone", "is another file now"])
def test_a_file_that_was_moved_or_replaced_takes_nothing(
    sqlite: Database, sqlite_url: str, what: str
) -> None:
    """A log into a file without a name would be gone with the program: it is refused, until the file is back."""
    practice = small_practice(sqlite)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    away = path.with_name("away.db")
    path.rename(away)
    if what == "is another file now":
        shutil.copyfile(away, path)
    with pytest.raises(DatabaseReplaced, match=what):
        sqlite.write(log(practice), tenant_id=practice.tenant_id).result(60)
    with pytest.raises(DatabaseReplaced, match="Nothing was stored"):
        sqlite.ping()
    away.replace(path)
    sqlite.write(log(practice), tenant_id=practice.tenant_id).result(60)
    assert day_total(sqlite, practice) == 900


def test_a_new_database_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever others may do with new files here: the database, its log and its index are the owner's."""
    others = os.umask(0)
    try:
        database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
        database.migrate()
        found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        database.close()
    finally:
        os.umask(others)
    assert found == {"cocm.db": 0o600, "cocm.db-wal": 0o600, "cocm.db-shm": 0o600}


def test_tables_of_another_version_are_told_apart(sqlite: Database) -> None:
    """Those of a newer version are not touched; those of an earlier one are to be migrated, and are not by looking."""
    sqlite.refuse_other_schema()
    engine = sqlite.engine
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0003'")
    sqlite.refuse_newer()
    with pytest.raises(OlderSchema, match="cocm migrate"):
        sqlite.refuse_other_schema()
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerSchema):
        sqlite.refuse_newer()


@pytest.mark.postgres
def test_another_postgresql_database_at_the_address_takes_nothing(
    postgres_server: PostgresServer, migrated_postgres: str
) -> None:
    """A new one under the old name is another: each new connection looks."""
    name = postgres_server.create_database(template=migrated_postgres)
    url = postgres_server.url_of(name)
    database = Database.open(url)
    try:
        practice = small_practice(database)
        database.engine.dispose()
        postgres_server._say(f'DROP DATABASE "{name}" WITH (FORCE)')
        postgres_server._say(f'CREATE DATABASE "{name}" TEMPLATE "{migrated_postgres}"')
        with pytest.raises(DatabaseReplaced, match="Another database"):
            database.ping()
        with pytest.raises(DatabaseReplaced, match="Nothing was stored"):
            database.write(log(practice), tenant_id=practice.tenant_id).result(60)
    finally:
        database.close()
        postgres_server.drop_database(name)


@pytest.mark.postgres
def test_a_postgresql_database_that_may_only_be_read_is_named(
    postgres_url: str,
) -> None:
    """As after a change to a standby: what was read goes on, and who saves hears why not."""
    database = Database.open(postgres_url)
    try:
        practice = small_practice(database)
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            name = connection.exec_driver_sql("SELECT current_database()").scalar()
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        database.engine.dispose()
        with pytest.raises(ReadOnly, match="can be read but not written"):
            database.write(log(practice), tenant_id=practice.tenant_id).result(60)
        assert day_total(database, practice) == 0
    finally:
        database.close()


@pytest.mark.postgres
def test_a_postgresql_server_without_room_is_named(
    postgres_server: PostgresServer, migrated_postgres: str
) -> None:
    """On its disk there is no byte left: whoever saves hears that, reading goes on, and with room saving."""
    with postgres_server.small(migrated_postgres) as (url, disk):
        if not url:
            pytest.skip("no disk can be mounted for the server here")
        database = Database.open(url)
        practice = small_practice(database)
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        with disk.full():
            for _ in range(2):
                with pytest.raises(DiskFull, match="disk is full"):
                    database.write(log_much(practice), tenant_id=practice.tenant_id).result(60)
            assert failures.seconds_since_full() is not None
            assert day_total(database, practice) == 60
            database.ping()
        database.write(log_much(practice), tenant_id=practice.tenant_id).result(60)
        assert day_total(database, practice) == 960
        database.close()
