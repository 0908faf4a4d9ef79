"""Opens the database that the settings name, without loading anything of Slack."""

from collections.abc import Iterator
from contextlib import contextmanager

from cocm.errors import CommandRefused, EnvironmentFault
from storage import Busy, Database, DatabaseInUse, DatabaseSetAside, NewerSchema, Owner, StorageError


def open_tables(url: str) -> Database:
    """Open the database as it is.

    Raises:
        EnvironmentFault: when it cannot be reached.
    """
    with _database_faults():
        database = Database.open(url)
        database.ping()
    return database


def open_database(url: str) -> Database:
    """Open the database and bring its tables up to date.

    Raises:
        EnvironmentFault: when it cannot be reached or changed.
    """
    database = open_tables(url)
    with _database_faults():
        database.migrate()
    return database


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
    except (Busy, DatabaseSetAside, DatabaseInUse, NewerSchema) as error:
        raise EnvironmentFault(error.sentence) from error
    except StorageError as error:
        raise EnvironmentFault(
            f"{error.sentence} Check COCM_DATABASE_URL, and that the server runs or the folder can be written."
        ) from error
