"""One move of a practice: its SQLite file is held, looked over in a copy, and copied from there into PostgreSQL."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage import moving, sqlite_files
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.database import Database
from storage.errors import DatabaseUnavailable, UnfitFile
from storage.manifests import ChainHead, contents_of
from storage.moving import Moved
from storage.moving_source import MovingSource, Progress, UnfitRow, look_over
from storage.unit_of_work import UnitOfWork


class Move:
    """A practice between its old database and its new one. Nobody else opens the old one meanwhile."""

    def __init__(self, file: Path, target: Database, copy: Path, keys: AuditKeys, *, is_done: bool) -> None:
        self._keys = keys
        self._file = file
        self._target = target
        self._copy = copy
        #: True when the new database holds this practice already; there is nothing to copy then.
        self.is_done = is_done

    @classmethod
    @contextmanager
    def begin(cls, file: Path, target: Database, keys: AuditKeys = NO_KEYS) -> Iterator[Self]:
        """Hold a practice's file, and copy it to be looked over; the file itself is only read.

        Args:
            file: a SQLite database.
            target: an empty PostgreSQL database; its tables are made now, if it has none.
            keys: of the audit chain.

        Raises:
            DatabaseInUse: when somebody has the file open.
            UnfitFile: when it holds no practice, or is damaged.
            NewerSchema: when a newer version of the program wrote it.
            NotMoved: when the target holds something.
            DatabaseUnavailable: when either stands in the way.
        """
        if sqlite_files.is_overrun(file):
            raise UnfitFile(
                f"{file.name} is a backup, and {file.name}-wal beside it belongs to another database. Move the backup "
                "to a folder of its own, and name it there."
            )
        with sqlite_files.alone(file) as held, _folder_beside(file) as folder:
            copy = sqlite_files.snapshot(file, held, folder)
            look_over(copy, file.name)
            head = _head_of(copy)
            is_done = head is not None and moving.holds(target.engine, head)
            if not is_done:
                moving.refuse_unless_empty(target.engine)
                target.migrate()
                with closing(Database.open(f"sqlite:///{copy}")) as opened:
                    opened.migrate()
                with MovingSource(copy) as source:
                    source.check_tables()
            yield cls(file, target, copy, keys, is_done=is_done)

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """The practice as it is to be copied, to be looked over by use cases."""
        with closing(Database.open(f"sqlite:///{self._copy}", self._keys)) as opened:
            yield opened

    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        with MovingSource(self._copy) as source:
            return source.counts()

    def unfit(self, progress: Progress) -> list[UnfitRow]:
        """Every row that PostgreSQL would not take."""
        with MovingSource(self._copy) as source:
            return source.unfit(progress)

    def run(self, check: Callable[[UnitOfWork], None], progress: Progress) -> Moved:
        """Copy the practice, all of it or nothing.

        Raises:
            NotMoved: when the new database is not empty after all, or what arrived differs.
            DatabaseUnavailable: when the server stops the copy; nothing of it stays.
            SaveUncertain: when the connection is lost while committing.
        """
        with MovingSource(self._copy) as source:
            return moving.move(source, self._target.engine, self._keys, check=check, progress=progress)

    def mark_moved(self, day: str) -> None:
        """Leave a note beside the old database, so that no program opens it by mistake.

        Raises:
            DatabaseUnavailable: when it cannot be written.
        """
        mark = sqlite_files.moved_mark(self._file)
        try:
            mark.touch(mode=0o600)
            mark.write_text(f"was moved to {self._target.place} on {day}.\n", encoding="utf-8")
        except OSError as error:
            raise DatabaseUnavailable(
                f"The practice was moved, but {mark.name} cannot be written ({error.strerror}), which would keep "
                f"programs from using the old database. Move {self._file.name} away."
            ) from error


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    """A folder for a copy, which only its owner may read, and which goes with what a killed move left."""
    prefix = f".{file.name}.moving-"
    for left in file.parent.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder = tempfile.TemporaryDirectory(dir=file.parent, prefix=prefix)
    except OSError as error:
        raise DatabaseUnavailable(
            f"No file can be written beside {file.name} ({error.strerror}), and a move looks over a copy of it there."
        ) from error
    with folder as name:
        yield Path(name)


def _head_of(copy: Path) -> ChainHead | None:
    try:
        with create_engine(f"sqlite:///{copy}", poolclass=NullPool).connect() as connection:
            return contents_of(connection).audit_head
    except DBAPIError as error:
        raise DatabaseUnavailable from error
