"""Puts a backup in the place of a SQLite database: whole, at once, and only while nobody has it open.

The database's own file stays, and SQLite writes the backup's pages into it in one transaction: whoever waits for the
file meanwhile finds the old database or the new one, and never one with the log of the other.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import backups, sqlite_files
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.data_keys import NO_DATA_KEYS, DataKeys
from storage.database import Database
from storage.errors import DatabaseUnavailable, NewerSchema, UnfitFile
from storage.manifests import ChainHead, Contents, check_manifest, contents_of
from storage.moving_source import look_over
from storage.sqlite_files import beside, log_beside
from storage.tables import AuditEventRow, CurrentEntryRow, table_of

_EVENT, _CURRENT = table_of(AuditEventRow), table_of(CurrentEntryRow)
#: Called with how many pages of the database are still to be written, and how many there are.
Pages = Callable[[int, int, int], None]
#: How many pages are written at a time.
_STEP = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a database goes."""

    #: Entries that stand.
    entries: int
    #: When the last thing was done in it; aware.
    last_at: datetime | None
    head: ChainHead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacing:
    """What a restore would do."""

    backup: Extent
    #: The database that would be replaced; None where there is none, or none that can be read.
    current: Extent | None
    #: Things done in the current database since the backup; None where the backup is no earlier moment of it.
    since: int | None
    #: A manifest stood beside the backup, and fits.
    is_described: bool


class Restore:
    """A backup beside the database that it is to replace."""

    def __init__(
        self,
        target: Path,
        copy: Path,
        head: ChainHead | None,
        keys: tuple[AuditKeys, DataKeys],
        *,
        is_described: bool,
    ) -> None:
        self._keys = keys
        self._target = target
        self._copy = copy
        self._head = head
        self._is_described = is_described

    @classmethod
    @contextmanager
    def begin(
        cls, file: Path, target: Path, keys: AuditKeys = NO_KEYS, data_keys: DataKeys = NO_DATA_KEYS
    ) -> Iterator["Restore"]:
        """Copy a backup into the database's folder and look it over; it is brought up to date there.

        Raises:
            UnfitFile: when it is no whole backup of this program's.
            NewerSchema: when a newer version of the program wrote it.
            DatabaseInUse: when somebody has the database open.
            DatabaseUnavailable: when a file cannot be read or written.
        """
        _refuse_unfit(file, target)
        if target.exists():
            with sqlite_files.alone(target):
                pass
        is_described = check_manifest(file)
        with _folder_beside(target) as folder:
            copy = folder / "backup.db"
            try:
                shutil.copyfile(file, copy)
            except OSError as error:
                raise DatabaseUnavailable(
                    f"{file.name} cannot be copied into the database's folder ({error.strerror}). Check the space left."
                ) from error
            look_over(copy, file.name)
            with _reading(copy) as connection:
                head = contents_of(connection).audit_head
            with closing(Database.open(f"sqlite:///{copy}")) as opened:
                opened.migrate()
            yield cls(target, copy, head, (keys, data_keys), is_described=is_described)

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """The backup as it will be, to be looked over by use cases."""
        with closing(Database.open(f"sqlite:///{self._copy}", *self._keys)) as opened:
            yield opened

    def replacing(self) -> Replacing:
        """What would be replaced by what."""
        with _reading(self._copy) as connection:
            backup = _extent(connection)
        current, since = None, None
        if self._is_readable():
            with sqlite_files.alone(self._target) as held, _folder_beside(self._target) as folder:
                old = sqlite_files.snapshot(self._target, held, folder)
                try:
                    look_over(old, self._target.name)
                    with _reading(old) as connection:
                        current, since = _extent(connection), _since(connection, self._head)
                except (UnfitFile, NewerSchema, DatabaseUnavailable):
                    # Damaged is what many a database is that has to be restored.
                    current, since = None, None
        return Replacing(backup=backup, current=current, since=since, is_described=self._is_described)

    def run(
        self,
        aside: Path,
        *,
        made_at: datetime,
        program: str,
        progress: Pages = lambda _status, _left, _all: None,
    ) -> bool:
        """Replace the database; the one that was there is kept under another name.

        Args:
            aside: where it is kept; nothing stands there.
            made_at: aware.
            program: version of this program.
            progress: is called between pages.

        Returns:
            Whether there was a database to keep.

        Raises:
            DatabaseInUse: when somebody opened it meanwhile.
            DatabaseUnavailable: when it cannot be written; the database is as it was then.
        """
        if self._is_readable():
            with _exclusive(self._target) as connection:
                if connection is not None and _is_kept(connection, aside, made_at=made_at, program=program):
                    self._overwrite(connection, progress)
                    return True
        was_there = _move_away(self._target, aside)
        try:
            self._target.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise DatabaseUnavailable(f"{self._target} cannot be written ({error.strerror}).") from error
        with _exclusive(self._target) as connection:
            if connection is None:
                raise DatabaseUnavailable(f"{self._target} cannot be written.")
            self._overwrite(connection, progress)
        return was_there

    def _is_readable(self) -> bool:
        """False where there is nothing that SQLite should open: no database, or one that a log would overrun."""
        target = self._target
        return target.exists() and target.stat().st_size > 0 and not sqlite_files.is_overrun(target)

    def _overwrite(self, connection: sqlite3.Connection, progress: Pages) -> None:
        """Write every page of the backup over the database, in one transaction."""
        try:
            with closing(sqlite3.connect(self._copy)) as source:
                source.backup(connection, pages=_STEP, progress=progress)
            self._target.chmod(0o600)
            # Left by a killed program: nobody has it open, and it is made again.
            beside(self._target, "-shm").unlink(missing_ok=True)
        except (sqlite3.Error, OSError) as error:
            raise DatabaseUnavailable(
                f"The backup could not be written into {self._target.name}, which is as it was. Check the space left "
                "in its folder."
            ) from error


@contextmanager
def _exclusive(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection that nobody else has one beside, with all of the log in the file; None if it is no database.

    Raises:
        DatabaseInUse: when somebody else has it open.
        DatabaseUnavailable: when it cannot be written.
    """
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA synchronous=EXTRA")
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise sqlite_files.in_use(path) from error
            raise DatabaseUnavailable(f"{path.name} cannot be written ({error}).") from error
        except sqlite3.DatabaseError:
            yield None
            return
        yield connection


def _is_kept(connection: sqlite3.Connection, aside: Path, *, made_at: datetime, program: str) -> bool:
    """Back a database up before it is replaced; False when it is so damaged that it has to be moved as it is."""

    def fill(path: Path) -> Contents:
        sqlite_files.copy_pages(connection, path)
        with _reading(path) as reading:
            return contents_of(reading)

    try:
        backups.write(fill, aside, "sqlite", made_at=made_at, program=program)
    except (sqlite3.DatabaseError, DatabaseUnavailable) as error:
        if isinstance(error.__cause__, OSError) or isinstance(error, sqlite3.OperationalError):
            raise DatabaseUnavailable(
                "The database that is to be replaced could not be kept. Check the space left in its folder. Nothing "
                "was changed."
            ) from error
        return False
    return True


def _move_away(target: Path, aside: Path) -> bool:
    """Move a database that SQLite should not open, with what stands beside it; says whether anything was there."""
    # The log first: if this ends between the two, a backup that it would have overrun stands alone.
    moved = False
    try:
        with sqlite_files.alone(target) if target.exists() else nullcontext():
            for ending in ("-wal", "-journal", ""):
                if beside(target, ending).exists():
                    beside(target, ending).rename(beside(aside, ending))
                    moved = True
            beside(target, "-shm").unlink(missing_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"{target.name} could not be moved to {aside.name} ({error.strerror})."
        ) from error
    if aside.exists():
        aside.chmod(0o600)
    return moved


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise DatabaseUnavailable from error


def _extent(connection: Connection) -> Extent:
    last = select(_EVENT.c.at).order_by(_EVENT.c.tenant_id, _EVENT.c.seq.desc()).limit(1)
    return Extent(
        entries=connection.execute(select(func.count()).select_from(_CURRENT)).scalar_one(),
        last_at=connection.execute(last).scalar(),
        head=contents_of(connection).audit_head,
    )


def _since(connection: Connection, head: ChainHead | None) -> int | None:
    """How many events a database has after one; None when it does not have that one."""
    if head is None:
        return None
    if head.seq == 0:
        # Of a practice in which nothing had happened yet, every other is a later moment.
        return int(connection.execute(select(func.max(_EVENT.c.seq))).scalar_one() or 0)
    there = select(func.count()).where(_EVENT.c.seq == head.seq, _EVENT.c.hash == head.hash)
    if not connection.execute(there).scalar_one():
        return None
    return int(connection.execute(select(func.max(_EVENT.c.seq))).scalar_one()) - head.seq


def _refuse_unfit(file: Path, target: Path) -> None:
    if not file.is_file():
        raise UnfitFile(f"There is no file {file}.")
    if target.exists() and file.samefile(target):
        raise UnfitFile(f"{file} is the database itself, not a backup of it.")
    if log_beside(file) is not None:
        raise UnfitFile(
            f"{file.name}-wal stands beside {file.name} and holds changes that are not in it: it is a database, or was "
            f"copied by hand from one. Make a backup of it first: COCM_DATABASE_URL=sqlite:///{file} cocm backup NEW.db"
        )
    sqlite_files.refuse_moved(target)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """A folder for a copy in the database's own folder, which only its owner may read."""
    try:
        folder = tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.restoring-")
    except OSError as error:
        raise DatabaseUnavailable(
            f"No file can be written in the folder of {target.name} ({error.strerror})."
        ) from error
    with folder as name:
        yield Path(name)
