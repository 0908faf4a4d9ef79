"""Turns each value that SQLite holds into one that PostgreSQL takes, or says why there is none.

SQLite keeps whatever it is given in a column of any type; PostgreSQL keeps what the column's type is of. What the
program itself stored passes; what came in by other ways, or from a damaged disk, is named.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, LargeBinary, String, Table, Time
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.types import instant_text

#: PostgreSQL refuses more in a column of an index: a third of a page, with room for what stands beside it.
_LONGEST_INDEXED = 2_600
_BITS = {BigInteger: 63}
_USUAL_BITS = 31


class UnfitValueError(Exception):
    """A value that its column cannot hold; the words say why, and name nobody."""


class NotText:
    """Bytes that SQLite has as text, and that are none."""


def text_of(data: bytes) -> "str | NotText":
    """What a driver is to make of text: damaged text is a value too, and to be named."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return NotText()


def converter(column: Column[Any]) -> Callable[[Any], Any]:
    """What turns a column's values, as SQLite has them, into PostgreSQL's; raises UnfitValueError.

    Raises:
        LookupError: for a column of a type that nobody has said how to move.
    """
    convert = _of_type(column)
    indexed = _is_indexed(column)

    def value(raw: Any) -> Any:
        if raw is None:
            if column.nullable:
                return None
            raise UnfitValueError("is empty")
        found = convert(raw)
        if indexed and isinstance(found, str) and len(found.encode()) > _LONGEST_INDEXED:
            raise UnfitValueError(
                f"is longer than the {_LONGEST_INDEXED:,} bytes that PostgreSQL can look up"
            )
        return found

    return value


def _of_type(column: Column[Any]) -> Callable[[Any], Any]:
    kind: TypeEngine[Any] = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if isinstance(kind, Integer):
        bits = next((bits for wider, bits in _BITS.items() if isinstance(kind, wider)), _USUAL_BITS)
        return lambda raw: _number(raw, bits)
    for known, convert in _CONVERTERS.items():
        if isinstance(kind, known):
            return convert
    raise LookupError(f"no way is known to move the column {column}, a {type(kind).__name__}")


def _is_indexed(column: Column[Any]) -> bool:
    table: Table = column.table
    constrained = [getattr(constraint, "columns", ()) for constraint in table.constraints]
    return any(column.name in {one.name for one in columns} for columns in constrained) or any(
        column.name in {one.name for one in index.columns} for index in table.indexes
    )


def _number(raw: Any, bits: int) -> int:
    if type(raw) is not int:
        raise UnfitValueError(f"is {_kind(raw)}, not a whole number")
    if not -(1 << bits) <= raw < 1 << bits:
        raise UnfitValueError(f"is {raw}, which is out of range")
    return raw


def _truth(raw: Any) -> bool:
    if raw not in {0, 1} or type(raw) is not int:
        raise UnfitValueError(f"is {_kind(raw)}, not 0 or 1")
    return bool(raw)


def _text(raw: Any) -> str:
    if type(raw) is not str:
        raise UnfitValueError(f"is {_kind(raw)}, not text")
    if "\0" in raw:
        raise UnfitValueError("holds a NUL character, which PostgreSQL does not keep")
    return raw


def _bytes(raw: Any) -> bytes:
    if type(raw) is not bytes:
        raise UnfitValueError(f"is {_kind(raw)}, not bytes")
    return raw


def _day(raw: Any) -> date:
    try:
        found = date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise UnfitValueError("is not a date on the calendar") from None
    if found.isoformat() != raw:
        raise UnfitValueError("is not written as dates are")
    return found


def _instant(raw: Any) -> datetime:
    try:
        found = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise UnfitValueError("is no instant") from None
    instant = found.replace(tzinfo=UTC)
    if found.tzinfo is not None or instant_text(instant) != raw:
        raise UnfitValueError("is not written as instants are")
    return instant


def _time(raw: Any) -> time:
    try:
        found = time.fromisoformat(raw)
    except (TypeError, ValueError):
        raise UnfitValueError("is not a time of day") from None
    if found.tzinfo is not None:
        raise UnfitValueError("is not written as times of day are")
    return found


def _kind(raw: Any) -> str:
    """What a value is, without saying it."""
    named = {str: "text", bytes: "bytes", float: "a number with a fraction", NotText: "damaged text"}
    return named.get(type(raw), f"the number {raw}" if type(raw) is int else "something else")


_CONVERTERS: dict[type[TypeEngine[Any]], Callable[[Any], Any]] = {
    Boolean: _truth,
    Date: _day,
    DateTime: _instant,
    LargeBinary: _bytes,
    String: _text,
    Time: _time,
}
