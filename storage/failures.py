"""Counts what the database failed at, for operators; by the error's name, never its words."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Lock
from time import monotonic
from typing import Any

from storage.errors import Busy, DatabaseUnavailable, DiskFull, NotSaved, SaveUncertain

#: Whatever else a use case ends with is an answer: there is no such record, or another one has that name.
_OF_THE_DATABASE = (DatabaseUnavailable, NotSaved, SaveUncertain, Busy)
_COUNTED: Counter[str] = Counter()
_COUNTING = Lock()
#: When a write last found no room, by the machine's own count of seconds; empty before the first.
_FULL_AT: list[float] = []


def count(done: "Future[Any]") -> None:
    """Count how a use case ended, if the database failed it."""
    if done.cancelled():
        return
    error = done.exception()
    if isinstance(error, _OF_THE_DATABASE):
        with _COUNTING:
            _COUNTED[type(error).__name__] += 1
            if isinstance(error, DiskFull):
                _FULL_AT[:] = [monotonic()]


def counted() -> Mapping[str, int]:
    """How often each error has come since the program began."""
    with _COUNTING:
        return dict(_COUNTED)


def seconds_since_full() -> float | None:
    """How long ago a write found no room on the disk; None when none has since the program began."""
    with _COUNTING:
        return monotonic() - _FULL_AT[0] if _FULL_AT else None
