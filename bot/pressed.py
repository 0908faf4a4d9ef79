"""Reads what a button or a menu holds, where another version of the program may have made it.

A message keeps its buttons for as long as it stands, and while a program is updated two versions of it answer. So what
a button holds may be missing, or of a form that this version does not know. Each reader takes what was pressed, or a
part of what that holds, and raises `OldButton` where it cannot read it; nothing may be written before all is read.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final, TypeVar

from billing.months import BillingMonth
from billing.references import entry_id_of
from services.errors import Refusal

#: What Slack says was pressed, or a text out of it.
Held = Mapping[str, Any] | str
_E = TypeVar("_E", bound=Enum)

#: The largest number of anything that is stored: PostgreSQL's integers.
_LARGEST: Final = 2**31 - 1
_NUMBER = re.compile(r"[0-9]{1,10}")
#: Months around which there is a month before and after.
_FIRST, _LAST = BillingMonth(1900, 1), BillingMonth(2999, 12)
#: Not in the text of any button, and no database or answer takes them.
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class OldButton(Refusal):
    """This button is from another version of the program. Nothing was changed. Open Home, or type `/cocm help`."""

    code = "old_button"


def text(held: Held) -> str:
    """The value of a button, or of the option that was picked from a menu.

    Raises:
        OldButton: when there is none.
    """
    found = held if isinstance(held, str) else (held.get("selected_option") or held).get("value")
    if not isinstance(found, str) or not found or _UNFIT.search(found):
        raise OldButton
    return found


def parts(held: Held, count: int, *, least: int | None = None, sep: str = ":") -> list[str]:
    """The parts of a value: `count` of them, and empty texts for those that may be missing, from `least` on.

    Raises:
        OldButton: when there are fewer, or one of the first `least` is empty.
    """
    found = text(held).split(sep, count - 1)
    least = count if least is None else least
    if len(found) < least or not all(found[:least]):
        raise OldButton
    return [*found, *[""] * (count - len(found))]


def last_number(held: Held) -> tuple[str, int]:
    """What stands before the last colon, and the number behind it: `month:2026-10:2`.

    Raises:
        OldButton: when it is of another form.
    """
    before, _, behind = text(held).rpartition(":")
    if not before:
        raise OldButton
    return before, number(behind)


def number(held: Held) -> int:
    """A number from 0.

    Raises:
        OldButton: when it is none, or larger than any that is stored.
    """
    found = text(held)
    if _NUMBER.fullmatch(found) is None or int(found) > _LARGEST:
        raise OldButton
    return int(found)


def entry_id(held: Held) -> int:
    """The number of the entry that a reference names: `e-k7f`.

    Raises:
        OldButton: when it can name none.
    """
    found = entry_id_of(text(held))
    if found is None or found > _LARGEST:
        raise OldButton
    return found


def choice(kind: type[_E], held: Held) -> _E:
    """A member of an enumeration, by its value.

    Raises:
        OldButton: when this version has no such member.
    """
    found = text(held)
    for one in kind:
        if one.value == found:
            return one
    raise OldButton


def name(known: Collection[str], held: Held) -> str:
    """One of the names that are known.

    Raises:
        OldButton: when it is none of them.
    """
    found = text(held)
    if found not in known:
        raise OldButton
    return found


def month(held: Held) -> BillingMonth:
    """A month: `2026-11`.

    Raises:
        OldButton: when it is none, or of another millennium.
    """
    try:
        found = BillingMonth.parse(text(held))
    except ValueError:
        raise OldButton from None
    if not _FIRST <= found <= _LAST:
        raise OldButton
    return found


def day(held: Held) -> date:
    """A date: `2026-11-03`.

    Raises:
        OldButton: when it is none, or of another millennium.
    """
    try:
        found = date.fromisoformat(text(held))
    except ValueError:
        raise OldButton from None
    if not _FIRST.first_day <= found <= _LAST.first_day:
        raise OldButton
    return found


def instant(held: Held) -> datetime:
    """An aware instant: ISO 8601 with its offset, or whole seconds since 1970.

    Raises:
        OldButton: when it is none, or of another millennium.
    """
    found = text(held)
    try:
        read = (
            datetime.fromtimestamp(number(found), UTC) if found.isdigit() else datetime.fromisoformat(found)
        )
    except ValueError:
        raise OldButton from None
    if read.tzinfo is None or not _FIRST.year <= read.year < _LAST.year:
        raise OldButton
    return read
