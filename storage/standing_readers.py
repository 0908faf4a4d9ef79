"""The connections that read a SQLite file: one for each reader's thread, kept for good and spoken to past SQLAlchemy.

What a log looks up by key takes SQLite a few microseconds, and the pool with SQLAlchemy's account of a transaction ten
times as long. What was read is not kept: each use case reads in a transaction of its own.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from storage.errors import DatabaseUnavailable
from storage.statements import Wire


class _Own(threading.local):
    """A thread's connection."""

    connection: Connection | None = None


class StandingReaders:
    """The readers' connections; each is used by the thread that asked for it first."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, whose connections begin no transaction by themselves and write nothing."""
        self.engine = engine
        self._own = _Own()
        #: Those of all threads, to be closed at the end.
        self._all: set[Connection] = set()

    @contextmanager
    def reading(self) -> Iterator[Wire]:
        """One moment of the database, until the end of the block.

        Raises:
            DBAPIError: when no connection can be made.
            sqlite3.Error: when the file cannot be read.
        """
        connection = self._own.connection or self._made()
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("BEGIN")
            yield Wire(connection, failure=DatabaseUnavailable)
            driver.execute("COMMIT")
        except BaseException:
            # Whatever it met, the next use case has a connection that met nothing.
            self._let_go(connection)
            raise

    def close(self) -> None:
        """Close every connection; no thread reads any more."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self.engine.dispose()

    def _made(self) -> Connection:
        connection = self.engine.connect()
        # To SQLAlchemy it is in one transaction for its whole life.
        connection.begin()
        self._all.add(connection)
        self._own.connection = connection
        return connection

    def _let_go(self, connection: Connection) -> None:
        self._own.connection = None
        self._all.discard(connection)
        connection.invalidate()
        connection.close()
