"""Runs units of work on PostgreSQL: a pool of connections on a few threads."""

import selectors
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from storage import dumping, migrate, older_programs
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.data_keys import NO_DATA_KEYS, DataKeys
from storage.errors import (
    AlreadyExists,
    Contention,
    DatabaseReplaced,
    DatabaseUnavailable,
    NotSaved,
    SaveUncertain,
    StorageError,
)
from storage.jobs import Following, Work
from storage.manifests import Contents
from storage.parking import Parking
from storage.statements import DATA_KEYS, Wire, translated
from storage.unit_of_work import UnitOfWork

_WRITERS = 8
_READERS = 4
#: A use case that lost to another is run again so often; having been rolled back, it left no trace.
_ATTEMPTS = 4
_CONNECT_SECONDS = 5
_WITHIN = "SELECT oid::text FROM pg_database WHERE datname = current_database()"
_CLUSTER = f"SELECT system_identifier::text || '/' || ({_WITHIN}) FROM pg_control_system()"  # noqa: S608 - our own words


class _ConnectionLostError(StorageError):
    """The connection to the database was lost. Nothing changed."""


class PostgreSQL:
    """Runs use cases on one PostgreSQL database."""

    #: What its backups are.
    kind = "postgresql"

    def __init__(self, url: URL, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> None:
        self._keys = keys
        self._writing = create_engine(
            url,
            pool_size=_WRITERS + _READERS,
            max_overflow=0,
            connect_args={
                "options": f"-c timezone=UTC -c {older_programs.SETTING}={migrate.newest()}",
                "connect_timeout": _CONNECT_SECONDS,
                # A server that fell silent is given up on, rather than waited for as long as the kernel would.
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "tcp_user_timeout": 30_000,
            },
        )
        self._writing.update_execution_options(**{DATA_KEYS: data_keys})
        event.listen(self._writing, "checkout", _refuse_dead)
        event.listen(self._writing, "checkin", self._end_late)
        #: Which database it was at first, whatever stands at its address later.
        self._identity: str | None = None
        event.listen(self._writing, "connect", self._refuse_another)
        # A report reads many times, and must see one moment. Both engines share the pool.
        self._reading = self._writing.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self.migrating = self._writing
        self._writers = ThreadPoolExecutor(_WRITERS, thread_name_prefix="postgresql-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="postgresql-reader")
        self._waiting = Parking(self._writers)
        self._closed = False

    @property
    def looking(self) -> Engine:
        """Reads, and never waits for a writer."""
        return self._reading

    def write(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Run a use case in a transaction of its own; not before a month that it writes to is frozen."""
        self._refuse_if_closed()
        return self._waiting.submit(lambda: _again_if_beaten(lambda: self._write(work, tenant_id)))

    def write_ahead(self, plan: Work, store: Following, tenant_id: int) -> "Future[Any]":
        """Run a use case that reads, and one that stores what came of it."""
        self._refuse_if_closed()

        def both() -> Any:
            planned = self._read(plan, tenant_id)
            return None if planned is None else self._write(lambda uow: store(uow, planned), tenant_id)

        return self._waiting.submit(lambda: _again_if_beaten(both))

    def read(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Run a use case on one moment of the database, without writing."""
        self._refuse_if_closed()
        return self._readers.submit(_again_if_beaten, lambda: self._read(work, tenant_id))

    def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""

        def ask() -> None:
            with _connection(self._reading) as connection, _lost_is_said(connection):
                connection.exec_driver_sql("SELECT 1")

        _again_if_beaten(ask)

    def room(self) -> None:
        """Not known: the disk is the server's."""

    def survey(self) -> None:
        """Have the server count what its tables hold; it plans without sense after a large import otherwise."""
        with _connection(self._writing) as connection, _lost_is_said(connection), connection.begin():
            connection.exec_driver_sql("ANALYZE")

    def overwrite_free_space(self) -> None:
        """Not done: that of a server's tables takes locks that shut everybody out."""

    def backup(self, path: Path) -> Contents:
        """Have pg_dump write the database into a file that exists; returns what is in it."""
        try:
            return dumping.dump(self._writing, path)
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def close(self) -> None:
        """Let what runs end, and close the pool."""
        self._closed = True
        self._waiting.close()
        self._writers.shutdown()
        self._readers.shutdown()
        self._writing.dispose()

    def _end_late(self, _connection: Any, record: Any) -> None:
        """End a connection that comes back from another thread after the pool was closed: nobody else would."""
        if self._closed and record.dbapi_connection is not None:
            record.invalidate()

    def _refuse_another(self, connection: Any, _record: Any) -> None:
        """See that a new connection leads where the first did: once for each, and never while somebody waits for more.

        Raises:
            DatabaseReplaced: when another database stands there now.
        """
        found = _identity_of(connection)
        if self._identity is None:
            self._identity = found
        elif found != self._identity:
            raise DatabaseReplaced(
                "Another database than before stands at COCM_DATABASE_URL: it was moved or replaced while the bot ran. "
                "Nothing was stored. Whoever runs the bot corrects the address, or stops the bot and starts it again."
            )

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise DatabaseUnavailable("The database is closed. Nothing changed.")

    def _read(self, work: Work, tenant_id: int) -> Any:
        with _connection(self._reading) as connection, _lost_is_said(connection), connection.begin():
            return work(UnitOfWork(Wire(connection, failure=DatabaseUnavailable), tenant_id, self._keys))

    def _write(self, work: Work, tenant_id: int) -> Any:
        with _connection(self._writing) as connection:
            with _lost_is_said(connection):
                connection.begin()
                wire = Wire(connection, failure=NotSaved)
                unit = UnitOfWork(wire, tenant_id, self._keys)
                value = work(unit)
                if unit.kept:
                    unit.audit.look_again()
            if unit.kept:
                _finish(connection, wire, unit)
            # Without commit, leaving the connection rolls back.
            return value


def _identity_of(connection: Any) -> str:
    """What tells a database from every other: that of its cluster, which a standby shares, and its own within it."""
    import psycopg  # noqa: PLC0415 - commands on SQLite start without

    try:
        (found,) = connection.execute(_CLUSTER).fetchone()
    except psycopg.Error:
        # Not everybody may ask a cluster for its own.
        connection.rollback()
        (found,) = connection.execute(_WITHIN).fetchone()
    connection.rollback()
    return str(found)


def _again_if_beaten(attempt: Callable[[], Any]) -> Any:
    """Run a use case again when another was faster, or a pooled connection had died in the meantime."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return attempt()
        except (AlreadyExists, Contention, _ConnectionLostError):
            continue
        except NotSaved as error:
            # Of statements sent together, a later one may tell of the failure of the first without its reason. What
            # was rolled back left no trace, and the next attempt tells which it was.
            if type(error) is not NotSaved:
                raise
    try:
        return attempt()
    except _ConnectionLostError as error:
        raise DatabaseUnavailable from error


@contextmanager
def _connection(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise DatabaseUnavailable from error
    with connection:
        yield connection


@contextmanager
def _lost_is_said(connection: Connection) -> Iterator[None]:
    """Tell a lost connection, which is not to be used again, from a statement that failed."""
    try:
        yield
    except (StorageError, DBAPIError) as error:
        if _is_lost(connection):
            connection.invalidate()
            raise _ConnectionLostError from error
        if isinstance(error, DBAPIError):
            raise translated(error, DatabaseUnavailable) from error
        raise


def _finish(connection: Connection, wire: Wire, unit: UnitOfWork) -> None:
    """Send the last statements and the COMMIT in one round trip: others wait for the end of the audit chain."""
    # Psycopg waits for an answer as soon as the last of a pipeline is handed over, and for good if the server still
    # waits for the rest of it; so what may not go out at once is sent by itself.
    is_brief = unit.audit.is_brief and unit.requests.is_brief
    at_once = wire.together() if is_brief else nullcontext()
    try:
        with at_once:
            unit.finish()
            connection.commit()
    except (StorageError, DBAPIError) as error:
        if _is_lost(connection):
            connection.invalidate()
            raise SaveUncertain from error
        # A connection whose last statements failed together may still owe answers: nobody is to take it over.
        connection.invalidate()
        if isinstance(error, DBAPIError):
            raise translated(error, NotSaved) from error
        raise


def _is_lost(connection: Connection) -> bool:
    if connection.invalidated:
        return True
    driver = connection.connection.driver_connection
    return driver is None or bool(driver.closed)


def _refuse_dead(connection: Any, _record: Any, _proxy: Any) -> None:
    """Have a pooled connection replaced when the server has ended it, and with it all that idled as long.

    A server says nothing on an idle connection but that it ends it, so words waiting to be read tell, without
    a question that would cost a round trip.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        if selector.select(0):
            raise InvalidatePoolError
