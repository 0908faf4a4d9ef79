"""Files of a SQLite database: who has them open, what stands beside them, and copies of them.

Other programs look at the same files by SQLite's own rules, which this module keeps: POSIX locks on bytes past the
first gigabyte of the database's file, and a write-ahead log under its name with `-wal` behind it.
"""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from storage.errors import DatabaseInUse, DatabaseReplaced, DatabaseSetAside, DatabaseUnavailable

#: What every SQLite file begins with.
MAGIC = b"SQLite format 3\0"
#: Where the header says how changes are written, and what stands there when not through a write-ahead log.
_MODE = slice(18, 20)
_WITHOUT_LOG = b"\1\1"
#: A log that is no longer than its own header holds nothing.
_EMPTY_LOG = 32
#: The bytes that SQLite locks: pending, reserved, and the range that whoever has a database open holds a part of.
_LOCKED_FROM, _LOCKED = 0x4000_0000, 512
#: Closing any descriptor of a file ends all locks that the process has on it, those of SQLite too, so the few through
#: which a header was read beside SQLite stay open.
_KEPT_OPEN: dict[tuple[int, int], int] = {}


def beside(path: Path, ending: str) -> Path:
    """What SQLite keeps beside a database: `-wal`, `-shm`, `-journal`."""
    return path.with_name(path.name + ending)


def log_beside(path: Path) -> Path | None:
    """The write-ahead log with changes in it that stands beside a file; None where there is none."""
    log = beside(path, "-wal")
    return log if log.exists() and log.stat().st_size > _EMPTY_LOG else None


def make(path: Path) -> None:
    """Make the file of a new database, which only its owner may read; SQLite gives its log the same rights.

    Where it cannot be made, opening it says why.
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def takes_nothing(path: Path) -> bool:
    """Whether the disk that holds a file takes no byte at all, for another reason than want of room."""
    try:
        with tempfile.TemporaryFile(dir=path.absolute().parent, buffering=0) as probe:
            probe.write(b"?")
    except OSError as error:
        return error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    return False


def identity_of(path: Path) -> tuple[int, int] | None:
    """What tells the file that stands under a name now from any that stands there later; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def refuse_replaced(path: Path, first: tuple[int, int] | None) -> None:
    """Refuse to go on with a file that no longer stands under its name: what is written to it nobody finds again.

    Raises:
        DatabaseReplaced: saying what stands there.
    """
    if first is None:
        return
    found = identity_of(path)
    if found == first:
        return
    what = "is gone" if found is None else "is another file now"
    raise DatabaseReplaced(
        f"{path.name} {what}: it was moved or replaced while the bot ran. Nothing was stored. Whoever runs the bot "
        "puts the file back, or stops the bot and starts it again."
    )


def refuse_unfit(path: Path) -> None:
    """Refuse to open a database that was moved away, or that a log of another one would overrun.

    Raises:
        DatabaseSetAside: with what to do.
    """
    refuse_moved(path)
    if is_overrun(path):
        raise DatabaseSetAside(
            f"{path.name} is a backup that was copied over another database, and {path.name}-wal beside it still holds "
            "that one's last changes, which would be mixed into the backup. Nothing was opened. Run `cocm restore` "
            "with the backup's own file: it replaces the database as a whole and keeps what stands there now."
        )


def refuse_moved(path: Path) -> None:
    """Refuse a database whose practice lives elsewhere by now.

    Raises:
        DatabaseSetAside: saying where.
    """
    mark = moved_mark(path)
    if mark.exists():
        raise DatabaseSetAside(
            f"{path.name} {mark.read_text(encoding='utf-8').strip()} Point COCM_DATABASE_URL there. To use the file "
            f"{path.name} all the same, delete {mark.name}."
        )


def is_overrun(path: Path) -> bool:
    """True for a backup of ours that stands beside the write-ahead log of another database.

    The program changes a database through such a log only, and says so in its header before the first log is made; a
    backup is without. SQLite itself takes any log that stands there for the file's own.
    """
    return log_beside(path) is not None and path.exists() and _header(path)[_MODE] == _WITHOUT_LOG


def _header(path: Path) -> bytes:
    found = path.stat()
    key = (found.st_dev, found.st_ino)
    if key not in _KEPT_OPEN:
        _KEPT_OPEN[key] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return os.pread(_KEPT_OPEN[key], 100, 0)


def moved_mark(path: Path) -> Path:
    """The note beside a database whose practice was moved; no program opens it while that stands there."""
    return beside(path, ".moved")


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Hold a database's file so that nobody else opens it, whatever is in it; yields a descriptor of it.

    Nothing else may open and close the file in this process meanwhile: that would end the lock.

    Raises:
        DatabaseInUse: when somebody has it open.
        DatabaseUnavailable: when it may not be written.
    """
    import fcntl  # noqa: PLC0415 - not every system that can run the bot has it

    try:
        held = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise DatabaseUnavailable(f"{path.name} cannot be opened for writing ({error.strerror}).") from error
    try:
        try:
            fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCKED, _LOCKED_FROM)
        except OSError as error:
            raise in_use(path) from error
        yield held
    finally:
        os.close(held)


def in_use(path: Path) -> DatabaseInUse:
    """What to say when somebody has a database open."""
    numbers = _holders(path)
    who = f" (process {', '.join(map(str, numbers))})" if numbers else ""
    return DatabaseInUse(
        f"{path.name} is in use{who}. Stop the bot (Ctrl-C, or `systemctl stop` where it is a service) and whatever "
        "else has it open, and run this again. Nothing was changed."
    )


def _holders(path: Path) -> list[int]:
    """Numbers of the processes that hold a lock on a file, where the system lists them."""
    listed = Path("/proc/locks")
    if not listed.exists():
        return []
    inode = str(path.stat().st_ino)
    rows = (line.split() for line in listed.read_text(encoding="ascii").splitlines())
    found = {int(row[4]) for row in rows if "->" not in row and row[5].rpartition(":")[2] == inode}
    return sorted(found - {os.getpid(), 0, -1})


def snapshot(path: Path, held: int, folder: Path) -> Path:
    """Copy a database that is held, with its log, into a folder; the files themselves stay as they are.

    Raises:
        DatabaseUnavailable: when the copy cannot be written.
    """
    copy = folder / "snapshot.db"
    try:
        with copy.open("xb") as file:
            os.lseek(held, 0, os.SEEK_SET)
            while part := os.read(held, 1 << 20):
                file.write(part)
        for ending in ("-wal", "-journal"):
            if beside(path, ending).exists():
                shutil.copyfile(beside(path, ending), beside(copy, ending))
    except OSError as error:
        raise DatabaseUnavailable(
            f"{path.name} cannot be copied to be looked at ({error.strerror}). Check the space left in its folder."
        ) from error
    return copy


def copy_pages(source: sqlite3.Connection, path: Path) -> None:
    """Copy a database as it is at one moment into a file that exists and is empty; it has no log of its own.

    One step, so that writers need not wait and cannot make it begin again.
    """
    with closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")


def faults_of(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with a database: damaged pages, and rows that refer to none."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
        if found != ["ok"]:
            return found
        broken = connection.execute("PRAGMA foreign_key_check").fetchmany(5)
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [f"a row of {table} refers to a row of {parent} that is missing" for table, _, parent, _ in broken]
