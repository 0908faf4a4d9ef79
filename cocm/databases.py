"""Opens the database that the settings name, without loading anything of Slack."""

from collections.abc import Iterator
from contextlib import contextmanager

from cocm.errors import CommandRefused, EnvironmentFault
from services.clock import SystemClock
from storage import (
    NO_DATA_KEYS,
    NO_KEYS,
    AuditKeys,
    Busy,
    Database,
    DatabaseInUse,
    DatabaseSetAside,
    DataKeys,
    NewerSchema,
    NotOwner,
    OlderSchema,
    Owner,
    StorageError,
)


def open_tables(url: str, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> Database:
    """Open the database as it is.

    Args:
        url: Names it.
        keys: Of the audit chain; left out by what neither writes nor checks.
        data_keys: Of notes and names; left out by what reads none.

    Raises:
        EnvironmentFault: when it cannot be reached.
    """
    with _database_faults():
        database = Database.open(url, keys, data_keys)
        try:
            database.ping()
            # Whatever a command does, it does nothing with tables that it does not know.
            database.refuse_newer()
        except BaseException:
            database.close()
            raise
    return database


def open_current(url: str, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> Database:
    """Open the database, and change nothing: for commands that only read.

    Raises:
        EnvironmentFault: when there is none, it cannot be reached, or its tables are of another version.
    """
    file = Database.file_of(url)
    if file is not None and not file.exists():
        raise EnvironmentFault(
            f"There is no database at {file}. Check COCM_DATABASE_URL; a new one is made by: cocm migrate"
        )
    database = open_tables(url, keys, data_keys)
    try:
        with _database_faults():
            database.refuse_other_schema()
    except BaseException:
        database.close()
        raise
    return database


def open_database(url: str, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> Database:
    """Open the database and bring its tables up to date.

    Raises:
        EnvironmentFault: when it cannot be reached or changed, or its audit chain is kept by a key that is not at hand.
    """
    database = open_tables(url, keys, data_keys)
    try:
        with _database_faults():
            database.migrate()
            _refuse_without_key(database)
            refuse_without_data_keys(database)
            database.use_data_key(SystemClock().now())
    except BaseException:
        database.close()
        raise
    return database


def _refuse_without_key(database: Database) -> None:
    """Let nothing be written that would break a keyed chain."""
    wanted = database.unknown_audit_key()
    if wanted is None:
        return
    raise EnvironmentFault(
        f"The audit chain of this database is kept by key {wanted}, which is not among those given. Name it in "
        "COCM_AUDIT_KEY or COCM_AUDIT_KEY_FILE (behind the new one, where you change keys). If it is lost: cocm audit "
        "seal --lost-key"
    )


def refuse_without_data_keys(database: Database) -> None:
    """Let nothing be read or written where what people wrote would stand there as words that nobody can read.

    Raises:
        EnvironmentFault: when a key that words are encrypted under is not at hand.
    """
    missing = database.unknown_data_keys()
    if not missing:
        return
    keys = f"key {missing[0]}" if len(missing) == 1 else f"keys {' and '.join(missing)}"
    raise EnvironmentFault(
        f"Notes and names in this database are encrypted under {keys}, which "
        f"{'is' if len(missing) == 1 else 'are'} not among those given. Name the missing in COCM_DATA_KEYS or "
        "COCM_DATA_KEYS_FILE (behind the new one, where you change keys). If a key is lost, all under it stays "
        f"unreadable, and `cocm keys lost {missing[0]}` lets the program go on without."
    )


@contextmanager
def said_plainly() -> Iterator[None]:
    """End a command with the sentence of whatever storage error ends it.

    Raises:
        Refused: when the person can fix it.
        EnvironmentFault: when whoever runs the program can.
    """
    try:
        yield
    except StorageError as error:
        fault = CommandRefused if error.owner is Owner.PERSON else EnvironmentFault
        raise fault(error.sentence) from error


@contextmanager
def _database_faults() -> Iterator[None]:
    try:
        yield
    except (Busy, DatabaseSetAside, DatabaseInUse, NewerSchema, OlderSchema, NotOwner) as error:
        raise EnvironmentFault(error.sentence) from error
    except StorageError as error:
        raise EnvironmentFault(
            f"{error.sentence} Check COCM_DATABASE_URL, and that the server runs or the folder can be written."
        ) from error
