"""The one connection that writes to a SQLite file, kept for good and spoken to past SQLAlchemy.

Taking a connection from the pool, and SQLAlchemy's own account of a transaction, cost more than most statements
between them; group after group, the writer says BEGIN and COMMIT itself.
"""

from typing import Any

from sqlalchemy import Connection, Engine

from storage.errors import NotSaved
from storage.statements import Wire


class StandingWriter:
    """The writer's connection; used by one thread."""

    def __init__(self, engine: Engine) -> None:
        """Take the engine, whose connections begin no transaction by themselves."""
        self.engine = engine
        self._connection: Connection | None = None
        self._driver: Any = None

    def begin(self) -> None:
        """Take the file for writing.

        Raises:
            DBAPIError: when no connection can be made.
            sqlite3.Error: when another process has the file, or it cannot be written.
        """
        if self._connection is None:
            self._connection = self.engine.connect()
            # To SQLAlchemy it is in one transaction for its whole life.
            self._connection.begin()
            self._driver = self._connection.connection.driver_connection
        self._driver.execute("BEGIN IMMEDIATE")

    def wire(self) -> Wire:
        """The connection, for the statements of what is under way."""
        assert self._connection is not None, "begun before"
        return Wire(self._connection, failure=NotSaved)

    def commit(self) -> None:
        """Make it durable, and let go of the file.

        Raises:
            sqlite3.Error: when it could not be; nothing was saved.
        """
        self._driver.execute("COMMIT")

    def roll_back(self) -> None:
        """Take it all back, and let go of the file; the disk or the file may have ended it by itself before."""
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def let_go(self) -> None:
        """Give the connection back, which rolls back whatever is left on it."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
