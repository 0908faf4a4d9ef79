"""SQLite: one writer thread that saves whatever waits under one COMMIT, and readers on their own connections.

A commit to disk costs far more than the statements before it, so use cases that wait are run one after
another, each in a savepoint of its own, and become durable together. Their futures resolve after the COMMIT.
"""

import queue
import sqlite3
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import sqlite_files
from storage.errors import DatabaseUnavailable, NotSaved, StorageError
from storage.jobs import Job, Outcome, Work
from storage.manifests import Contents, contents_of
from storage.statements import Wire
from storage.unit_of_work import UnitOfWork

_READERS = 4
#: So many use cases at most share a COMMIT, so that the first of them does not wait long.
_LARGEST_GROUP = 256
#: How long a write waits for another process that is writing.
_BUSY_SECONDS = 10


def open_engine(url: URL, *, begin: str, pragmas: tuple[str, ...]) -> Engine:
    """An engine whose transactions begin as told; the driver itself never begins or commits one."""
    engine = create_engine(
        url,
        pool_size=_READERS,
        max_overflow=0,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": _BUSY_SECONDS},
    )

    def prepare(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    def start(connection: Connection) -> None:
        # Past SQLAlchemy, which takes ten times as long for it; the error is the one that it would raise.
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute(begin)
        except sqlite3.Error as error:
            raise DBAPIError.instance(begin, None, error, sqlite3.Error) from error

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


class SQLite:
    """Runs use cases on one SQLite file."""

    #: What its backups are.
    kind = "sqlite"

    def __init__(self, url: URL) -> None:
        sqlite_files.refuse_unfit(Path(str(url.database)))
        self._writing = open_engine(url, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=ON",))
        self._reading = open_engine(url, begin="BEGIN", pragmas=("foreign_keys=ON", "query_only=ON"))
        #: Schema changes rebuild tables, which foreign keys must not see half done.
        self.migrating = open_engine(url, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=OFF",))
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._at_writer: Connection | None = None
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    def write(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Queue a use case for the writer."""
        job = Job(work=work, tenant_id=tenant_id)
        with self._closing:
            if self._closed:
                raise DatabaseUnavailable("The database is closed. Nothing changed.")
            self._waiting.put(job)
        return job.future

    def read(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Run a use case on a reader's connection."""
        if self._closed:
            raise DatabaseUnavailable("The database is closed.")
        return self._readers.submit(self._read, work, tenant_id)

    def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers."""
        try:
            with self._reading.connect() as connection:
                connection.exec_driver_sql("SELECT 1 FROM sqlite_master")
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def survey(self) -> None:
        """Nothing: its plans go by the indexes that there are, not by how much there is."""

    def backup(self, path: Path) -> Contents:
        """Copy the database into a file that exists and is empty; returns what is in it."""
        try:
            with self._reading.connect() as connection:
                source: Any = connection.connection.driver_connection
                sqlite_files.copy_pages(source, path)
            copy = create_engine(f"sqlite:///{path}", poolclass=NullPool)
            with copy.connect() as connection:
                return contents_of(connection)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise DatabaseUnavailable(
                "The backup could not be written. Check the folder, its permissions and the space left."
            ) from error

    def close(self) -> None:
        """Save what waits, let readers end, and let go of the file."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._waiting.put(None)
        self._writer.join()
        self._readers.shutdown()
        for engine in (self._writing, self._reading, self.migrating):
            engine.dispose()

    def _read(self, work: Work, tenant_id: int) -> Any:
        try:
            with self._reading.connect() as connection, connection.begin():
                return work(UnitOfWork(Wire(connection, failure=DatabaseUnavailable), tenant_id))
        except DBAPIError as error:
            raise DatabaseUnavailable from error

    def _write_all(self) -> None:
        """The writer thread: group after group, until told to end."""
        ending = False
        while not ending:
            group = [self._waiting.get()]
            while len(group) < _LARGEST_GROUP and not self._waiting.empty():
                group.append(self._waiting.get())
            ending = group[-1] is None
            jobs = [job for job in group if job is not None and job.future.set_running_or_notify_cancel()]
            if jobs:
                self._save(jobs)
        self._let_go()

    def _save(self, jobs: list[Job]) -> None:
        """Run a group of use cases under one COMMIT, then tell each how it ended."""
        try:
            outcomes = _save_on(self._at_hand(), jobs)
        except _GroupLostError as lost:
            self._let_go()
            outcomes = [_failed(NotSaved(), lost.cause) for _ in jobs]
        except DBAPIError as error:
            outcomes = [_failed(DatabaseUnavailable(), error) for _ in jobs]
        for job, outcome in zip(jobs, outcomes, strict=True):
            outcome.tell(job.future)

    def _at_hand(self) -> Connection:
        """The writer's connection: taken once, since taking it from the pool each time costs what a query costs."""
        if self._at_writer is None:
            self._at_writer = self._writing.connect()
        return self._at_writer

    def _let_go(self) -> None:
        """Give the writer's connection back, which rolls back whatever is left on it."""
        if self._at_writer is not None:
            self._at_writer.close()
            self._at_writer = None


class _GroupLostError(Exception):
    """A group of use cases could not be saved."""

    def __init__(self, cause: Exception) -> None:
        super().__init__()
        self.cause = cause


def _save_on(connection: Connection, jobs: list[Job]) -> list[Outcome]:
    try:
        with connection.begin():
            wire = Wire(connection, failure=NotSaved)
            return [_attempt(wire, job) for job in jobs]
    except Exception as error:  # whatever it was, none was saved, and the writer goes on
        raise _GroupLostError(error) from error


def _failed(error: StorageError, cause: Exception) -> Outcome:
    """One error a use case: each is raised, and gathers its traceback, in another place."""
    error.__cause__ = cause
    return Outcome(error=error)


def _attempt(wire: Wire, job: Job) -> Outcome:
    """Run one use case in a savepoint, which goes unless it was to be kept."""
    unit = UnitOfWork(wire, job.tenant_id)
    wire.savepoint()
    try:
        value = job.work(unit)
        if unit.kept:
            unit.finish()
    except BaseException as error:  # noqa: BLE001 - whatever a use case raises is its caller's, not the writer's
        wire.roll_back()
        return Outcome(error=error)
    if unit.kept:
        wire.release()
    else:
        wire.roll_back()
    return Outcome(value=value)
