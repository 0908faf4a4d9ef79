"""Errors between the program and its database, and who can fix them.

A storage error's text names no patient, note or value: it may be logged as it stands.
"""

# ruff: noqa: N818 - the names say what happened, as the sentences do

from enum import StrEnum


class Owner(StrEnum):
    """Who can fix it."""

    #: The person who asked: by asking again, or differently.
    PERSON = "person"
    #: Whoever runs the program: disk, permissions, server, settings.
    ADMINISTRATOR = "administrator"


class StorageError(Exception):
    """The database refused."""

    owner = Owner.ADMINISTRATOR

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or (type(self).__doc__ or "").strip())

    @property
    def sentence(self) -> str:
        """What to show the person."""
        return str(self)


class DatabaseUnavailable(StorageError):
    """The database cannot be reached. Nothing changed."""


class DatabaseSetAside(DatabaseUnavailable):
    """The database must not be opened as it stands. Nothing changed."""


class DatabaseInUse(DatabaseUnavailable):
    """Somebody has the database open. Nothing changed."""


class NewerSchema(DatabaseUnavailable):
    """A newer version of the program wrote it. Nothing changed."""


class DatabaseReplaced(DatabaseUnavailable):
    """The database was moved or replaced while the program ran. Nothing was stored."""


class OlderSchema(DatabaseUnavailable):
    """The tables are of an earlier version of this program. Back the database up, then run `cocm migrate`."""


class NotOwner(DatabaseUnavailable):
    """Its tables are of another version, and this role may not change them. Run cocm migrate with COCM_MIGRATE_URL."""


class UnfitFile(StorageError):
    """The file cannot be used. Nothing changed."""

    owner = Owner.PERSON


class DamagedLine(StorageError, ValueError):
    """A line of a closed month cannot be read. Nothing changed."""


class NotMoved(StorageError):
    """The practice was not moved. Nothing changed."""

    owner = Owner.PERSON


class NotSaved(StorageError):
    """Not saved, nothing changed. Try again."""

    owner = Owner.PERSON


class Busy(NotSaved):
    """Busy: something large is being saved just now. Nothing of yours was saved. Send it again in a minute."""


class DiskFull(NotSaved):
    """Nothing was stored: the database's disk is full. Send it again once whoever runs me has made room."""

    owner = Owner.ADMINISTRATOR


class ReadOnly(NotSaved):
    """Nothing was stored: the database can be read but not written. Whoever runs me has to look at its disk."""

    owner = Owner.ADMINISTRATOR


class NotOpened(NotSaved):
    """Nothing was stored: part of it is encrypted under a key that is not at hand. Whoever runs me has to look."""

    owner = Owner.ADMINISTRATOR


class OlderProgram(NotSaved):
    """The bot is being updated just now. Nothing of yours was saved. Send it again in a minute."""


class SaveUncertain(StorageError):
    """The connection was lost while saving, so it may or may not have been saved. Look before you try again."""

    owner = Owner.PERSON


class NotFound(StorageError):
    """There is no such record."""

    owner = Owner.PERSON


class StaleVersion(StorageError):
    """Somebody changed it in the meantime. Look at it as it stands now, then try again."""

    owner = Owner.PERSON


class AlreadyExists(StorageError):
    """A record with that name exists already."""

    owner = Owner.PERSON


class DuplicateRequest(AlreadyExists):
    """That request was carried out already. Nothing was done twice."""


class PlanOutdated(NotSaved):
    """Not saved, nothing changed: what it was checked against has changed in the meantime. Try again."""


class Contention(NotSaved):
    """Not saved, nothing changed: others were writing the same records. Try again."""


class MonthFreezing(NotSaved):
    """Not saved, nothing changed: that month is being closed just now. Send it again in a minute."""

    def __init__(self, key: int = 0) -> None:
        super().__init__()
        #: Of the lock that the close holds.
        self.key = key


#: What each database says of a disk without room, and of one that may only be read.
_FULL = frozenset({"SQLITE_FULL", "53100"})
_READ_ONLY = ("SQLITE_READONLY", "25006")
#: SQLite's words for a write that the system cut short: over a quota, or over the largest file allowed.
_CUT_SHORT = frozenset({"SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE"})


def of_the_disk(error: BaseException) -> type[NotSaved] | None:
    """What stands in the way of a write where that is the disk; None for any other error.

    A transaction that the disk ended fails once more where it is given up, so what an error came of is looked at, too.
    """
    before: BaseException | None = error
    while before is not None:
        found = _said_of_the_disk(before)
        if found is not None:
            return found
        before = before.__cause__ or before.__context__
    return None


def _said_of_the_disk(error: BaseException) -> type[NotSaved] | None:
    if isinstance(error, DiskFull | ReadOnly):
        return type(error)
    origin = getattr(error, "orig", None) or error
    said = str(getattr(origin, "sqlite_errorname", None) or getattr(origin, "sqlstate", None) or "")
    if said in _FULL or said in _CUT_SHORT:
        return DiskFull
    return ReadOnly if said.startswith(_READ_ONLY) else None


def is_busy(error: Exception) -> bool:
    """Whether SQLite refused because another process is writing."""
    origin = getattr(error, "orig", None) or error
    return str(getattr(origin, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
