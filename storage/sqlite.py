"""SQLite: one writer thread that saves whatever waits under one COMMIT, and readers on their own connections.

A commit to disk costs far more than the statements before it, so use cases that wait are run one after
another, each in a savepoint of its own, and become durable together. Their futures resolve after the COMMIT.
"""

import shutil
import sqlite3
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import sqlite_files
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.data_keys import NO_DATA_KEYS, DataKeys
from storage.errors import (
    Busy,
    DatabaseUnavailable,
    DiskFull,
    NotSaved,
    ReadOnly,
    StorageError,
    is_busy,
    of_the_disk,
)
from storage.jobs import Following, Job, Outcome, Work
from storage.manifests import Contents, contents_of
from storage.patience import PATIENT_SECONDS, Turns, end_of_patience, is_over
from storage.standing_readers import StandingReaders
from storage.standing_writer import StandingWriter
from storage.statements import DATA_KEYS, Wire
from storage.unit_of_work import UnitOfWork

_READERS = 4
_PLANNERS = 2
_LARGE_CACHE_KIB = 8_192
#: In a connection's notes: the words that begin its next transaction, where they are others than its engine's.
_BEGIN = "begin"
#: So many use cases at most share a COMMIT, so that the first of them does not wait long.
_LARGEST_GROUP = 256
#: How long the writer waits for another process before it looks who of those that wait is out of time.
_LOOK_SECONDS = 0.1


def open_engine(url: URL, *, begin: str, pragmas: tuple[str, ...], patience: float) -> Engine:
    """An engine whose transactions begin as told; the driver itself never begins or commits one.

    Args:
        url: The file.
        begin: The words that begin a transaction; none when whoever uses the connection says them.
        pragmas: What else each connection is told, beside what all are.
        patience: Seconds to wait for another process that is writing.
    """
    engine = create_engine(
        url,
        pool_size=_READERS,
        max_overflow=0,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": patience},
    )

    def prepare(connection: Any, _record: Any) -> None:
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON", *pragmas):
                connection.execute(f"PRAGMA {pragma}")
        except UnicodeDecodeError as error:
            # What SQLite says of a damaged schema repeats its bytes.
            raise sqlite3.DatabaseError("the schema is damaged") from error

    def start(connection: Connection) -> None:
        # Past SQLAlchemy, which takes ten times as long for it; the error is the one that it would raise.
        driver: Any = connection.connection.driver_connection
        words = connection.info.get(_BEGIN, begin)
        if not words:
            return
        try:
            driver.execute(words)
        except sqlite3.Error as error:
            raise DBAPIError.instance(words, None, error, sqlite3.Error) from error

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine


class SQLite:
    """Runs use cases on one SQLite file."""

    #: What its backups are.
    kind = "sqlite"

    def __init__(self, url: URL, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS) -> None:
        self._keys = keys
        self._path = Path(str(url.database))
        sqlite_files.refuse_unfit(self._path)
        sqlite_files.make(self._path)
        #: Which file it was at first, whatever stands under its name later; None where none could be made.
        self._file = sqlite_files.identity_of(self._path)
        self._writing = StandingWriter(
            open_engine(url, begin="", pragmas=("foreign_keys=ON",), patience=_LOOK_SECONDS)
        )
        self._reading = open_engine(
            url, begin="BEGIN", pragmas=("foreign_keys=ON", "query_only=ON"), patience=PATIENT_SECONDS
        )
        self._standing = StandingReaders(
            open_engine(url, begin="", pragmas=("foreign_keys=ON", "query_only=ON"), patience=PATIENT_SECONDS)
        )
        #: Schema changes rebuild tables, which foreign keys must not see half done.
        self.migrating = open_engine(
            url, begin="BEGIN IMMEDIATE", pragmas=("foreign_keys=OFF",), patience=PATIENT_SECONDS
        )
        #: Large writes have a connection of their own, and room for the pages of all indexes that they touch.
        self._ahead = open_engine(
            url,
            begin="BEGIN",
            pragmas=("foreign_keys=ON", f"cache_size=-{_LARGE_CACHE_KIB}"),
            patience=PATIENT_SECONDS,
        )
        for engine in (
            self._writing.engine,
            self._reading,
            self._standing.engine,
            self.migrating,
            self._ahead,
        ):
            engine.update_execution_options(**{DATA_KEYS: data_keys})
        self._planners = ThreadPoolExecutor(_PLANNERS, thread_name_prefix="sqlite-planner")
        self._turns = Turns()
        self._closing = threading.Lock()
        self._closed = False
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    @property
    def looking(self) -> Engine:
        """Reads, and never waits for a writer."""
        return self._reading

    def write(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Queue a use case for the writer."""
        hurried, until = end_of_patience()
        job = Job(work=work, tenant_id=tenant_id, hurried=hurried, until=until)
        with self._closing:
            if self._closed:
                raise DatabaseUnavailable("The database is closed. Nothing changed.")
            self._turns.add(job)
        return job.future

    def write_ahead(self, plan: Work, store: Following, tenant_id: int) -> "Future[Any]":
        """Run a use case that reads, and may make ready what one that follows stores; the file is free meanwhile."""
        with self._closing:
            if self._closed:
                raise DatabaseUnavailable("The database is closed. Nothing changed.")
            return self._planners.submit(self._write_ahead, plan, store, tenant_id)

    def read(self, work: Work, tenant_id: int) -> "Future[Any]":
        """Run a use case on a reader's connection."""
        if self._closed:
            raise DatabaseUnavailable("The database is closed.")
        return self._readers.submit(self._read, work, tenant_id)

    def ping(self) -> None:
        """Raise DatabaseUnavailable unless the database answers, and is still the practice's."""
        self._refuse_replaced()
        try:
            with self._reading.connect() as connection:
                connection.exec_driver_sql("SELECT 1 FROM sqlite_master")
        except DBAPIError as error:
            raise DatabaseUnavailable from error
        # Whoever waited for a move to end must not go on where it came from.
        sqlite_files.refuse_moved(self._path)

    def room(self) -> int:
        """Bytes left on the disk that holds the file."""
        try:
            return shutil.disk_usage(self._path.absolute().parent).free
        except OSError as error:
            raise DatabaseUnavailable from error

    def survey(self) -> None:
        """Nothing: its plans go by the indexes that there are, not by how much there is."""

    def overwrite_free_space(self) -> bool:
        """Write the file anew without free space, in which what was there before would stand; False where others write.

        Raises:
            DatabaseUnavailable: when the file cannot be written.
        """
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None, timeout=PATIENT_SECONDS)) as own:
                own.execute("VACUUM")
                is_left = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                return not is_left
        except sqlite3.Error as error:
            if is_busy(error):
                return False
            raise DatabaseUnavailable from error

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
            self._turns.end()
        self._writer.join()
        self._planners.shutdown()
        self._readers.shutdown()
        self._standing.close()
        for engine in (self._writing.engine, self._reading, self._ahead, self.migrating):
            engine.dispose()

    def _read(self, work: Work, tenant_id: int) -> Any:
        self._refuse_replaced()
        try:
            with self._standing.reading() as wire:
                return work(UnitOfWork(wire, tenant_id, self._keys))
        except (DBAPIError, sqlite3.Error) as error:
            raise DatabaseUnavailable from error

    def _write_ahead(self, plan: Work, store: Following, tenant_id: int) -> Any:
        self._refuse_replaced()
        try:
            with self._ahead.connect() as connection:
                try:
                    return _planned_and_stored(connection, plan, store, tenant_id, self._keys)
                finally:
                    # What was made ready, and never came to be stored, goes with the connection.
                    connection.invalidate()
        except DBAPIError as error:
            failure = Busy if is_busy(error) else self._of_the_disk(error) or NotSaved
            raise failure from error
        except DiskFull as error:
            raise (self._of_the_disk(error) or DiskFull) from error

    def _refuse_replaced(self) -> None:
        """Before a connection is opened: a new one would make an empty file there, and drop the log beside it."""
        sqlite_files.refuse_replaced(self._path, self._file)

    def _of_the_disk(self, error: Exception) -> type[NotSaved] | None:
        """What stands in the way of a write where that is the disk; None for any other error."""
        found = of_the_disk(error)
        # SQLite has one word for a write that was cut short, whatever the system's reason was.
        return ReadOnly if found is DiskFull and sqlite_files.takes_nothing(self._path) else found

    def _write_all(self) -> None:
        """The writer thread: group after group, until told to end."""
        while self._turns.wait():
            try:
                self._refuse_replaced()
                begun = self._begun()
            except (DBAPIError, sqlite3.Error) as error:
                self._writing.let_go()
                self._turns.fail(self._of_the_disk(error) or DatabaseUnavailable, error)
                continue
            except StorageError as error:
                # What is written to a file without a name would be gone with the program.
                self._turns.fail(partial(type(error), error.sentence), error)
                continue
            # Nobody is taken on before the file is theirs: until then they can be turned away.
            if begun:
                self._save(self._turns.group(_LARGEST_GROUP))
        self._writing.let_go()

    def _begun(self) -> bool:
        """Whether the writer has the file; not when another process keeps it until nobody waits any more."""
        while self._turns.any:
            try:
                self._writing.begin()
            except (DBAPIError, sqlite3.Error) as error:
                if not is_busy(error):
                    raise
                self._turns.look()
            else:
                self._turns.look()
                return True
        return False

    def _save(self, jobs: list[Job]) -> None:
        """Run a group of use cases under one COMMIT, then tell each how it ended."""
        try:
            wire = self._writing.wire()
            if len(jobs) == 1:
                ended = self._alone(wire, jobs[0])
            else:
                ended = [
                    (job, outcome) for job in jobs if (outcome := _attempt(wire, job, self._keys)) is not None
                ]
                self._writing.commit()
        except Exception as error:  # noqa: BLE001 - whatever it was, none was saved, and the writer goes on
            self._writing.let_go()
            failure = self._of_the_disk(error)
            for job in jobs:
                if job.future.running() or job.future.set_running_or_notify_cancel():
                    _failed((failure or NotSaved)(), error).tell(job.future)
            return
        for job, outcome in ended:
            if isinstance(outcome.error, DiskFull):
                outcome = _failed((self._of_the_disk(outcome.error) or DiskFull)(), outcome.error)  # noqa: PLW2901
            outcome.tell(job.future)

    def _alone(self, wire: Wire, job: Job) -> list[tuple[Job, Outcome]]:
        """Run the only use case of a group, whose savepoint is the transaction itself."""
        outcome, is_kept = _carried_out(wire, job, self._keys)
        if is_kept:
            self._writing.commit()
        else:
            self._writing.roll_back()
        return [] if outcome is None else [(job, outcome)]


def _planned_and_stored(
    connection: Connection, plan: Work, store: Following, tenant_id: int, keys: AuditKeys
) -> Any:
    """Plan in a transaction that keeps nobody out, and store in the next."""
    with connection.begin():
        # Whatever it wrote waits in tables of the connection's own.
        planned = plan(UnitOfWork(Wire(connection, failure=NotSaved), tenant_id, keys, is_ahead=True))
    if planned is None:
        return None
    connection.info[_BEGIN] = "BEGIN IMMEDIATE"
    with connection.begin() as transaction:
        unit = UnitOfWork(Wire(connection, failure=NotSaved), tenant_id, keys)
        value = store(unit, planned)
        if unit.kept:
            unit.finish()
        else:
            transaction.rollback()
    return value


def _failed(error: StorageError, cause: Exception) -> Outcome:
    """One error a use case: each is raised, and gathers its traceback, in another place."""
    error.__cause__ = cause
    return Outcome(error=error)


def _attempt(wire: Wire, job: Job, keys: AuditKeys) -> Outcome | None:
    """Run one use case of several in a savepoint, which goes unless it was to be kept; None when it came too late."""
    wire.savepoint()
    outcome, is_kept = _carried_out(wire, job, keys)
    if is_kept:
        wire.release()
        return outcome
    try:
        wire.roll_back()
    except StorageError as error:
        # A full disk ends the whole transaction, its savepoints too: what the use case met is the reason.
        raise error from (outcome.error if outcome else None)
    return outcome


def _carried_out(wire: Wire, job: Job, keys: AuditKeys) -> tuple[Outcome | None, bool]:
    """How a use case ended, None when it came too late, and whether what it wrote is to be kept."""
    if is_over(job, monotonic()) or not job.future.set_running_or_notify_cancel():
        return None, False
    unit = UnitOfWork(wire, job.tenant_id, keys)
    try:
        value = job.work(unit)
        if unit.kept:
            unit.finish()
    except BaseException as error:  # noqa: BLE001 - whatever a use case raises is its caller's, not the writer's
        return Outcome(error=error), False
    return Outcome(value=value), unit.kept
