"""Keeps rows that cannot be read from stopping those that can, and names them.

Somebody may have changed a row past the program, or a disk may have lost a bit. What such a row says cannot be known:
it is left out, and named by table and key, so that whoever runs the bot looks at it. Nothing of its values is kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

#: What comes of a value that is none of its column's.
UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError)
#: So many are named; where there are more, the whole file is damaged.
_MOST = 100
_LOCK = Lock()


@dataclass(frozen=True, slots=True, order=True)
class DamagedRow:
    """A row that cannot be read."""

    table: str
    #: What tells it from the table's others: an opaque number.
    key: str


_FOUND: dict[DamagedRow, None] = {}


def note(table: str, key: object) -> None:
    """Keep that a row cannot be read."""
    with _LOCK:
        if len(_FOUND) < _MOST:
            _FOUND[DamagedRow(table, str(key))] = None


def found() -> tuple[DamagedRow, ...]:
    """What could not be read since the program began, in order."""
    with _LOCK:
        return tuple(sorted(_FOUND))


def legible(text: str) -> str:
    """A text that can be written anywhere, of one that was read from bytes that are no text."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


def forget() -> None:
    """Begin anew: what is still damaged is found again when it is read."""
    with _LOCK:
        _FOUND.clear()


def each(make: Callable[[Any], T], rows: Iterable[Any], table: str) -> list[T]:
    """What is made of each row; those of which nothing can be made are left out and named by their first value."""
    given: Sequence[Any] = rows if isinstance(rows, list | tuple) else list(rows)
    try:
        return list(map(make, given))
    except UNREADABLE:
        made = []
        for row in given:
            try:
                made.append(make(row))
            except UNREADABLE:
                note(table, row[0])
        return made
