"""Reads the words of a cell as a value; a reader that cannot says why and what it can read."""

import re
from collections.abc import Callable
from datetime import datetime, time
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

_Choice = TypeVar("_Choice", bound=StrEnum)

_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?m?\.?", re.IGNORECASE)
#: Dates before this are slips: nobody in care then is in a program of today.
_EARLIEST_YEAR = 1900
_NOON = 12
#: More digits than any duration has; without a bound a figure like 1e999999 would be worked out first.
_LONGEST_NUMBER = 20


def clock(text: str) -> time | datetime:
    """When something began: `14:00`, `2:00 PM`, or an ISO date and time."""
    if match := _CLOCK.fullmatch(text):
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        half = (match[4] or "").casefold()
        if not half or 1 <= hour <= _NOON:
            hour = hour % _NOON + (_NOON if half == "p" else 0) if half else hour
            try:
                return time(hour, minute, second)
            except ValueError:
                pass
    else:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError(f"{text!r} is not a time of day. Write 14:00 or 2:00 PM.")


def wall_time(text: str) -> time:
    """A local time of day: `8:30`."""
    found = clock(text)
    if isinstance(found, datetime):
        raise ValueError(f"{text!r} is not a time of day. Write 8:30.")  # noqa: TRY004 - readers refuse with ValueError
    return found


def yes_no(text: str) -> bool:
    """`yes` or `no`, `true` or `false`, `1` or `0`."""
    answer = _ANSWERS.get(text.casefold())
    if answer is None:
        raise ValueError(f"{text!r} is neither yes nor no.")
    return answer


_ANSWERS = {
    **dict.fromkeys(("yes", "y", "true", "t", "1"), True),
    **dict.fromkeys(("no", "n", "false", "f", "0"), False),
}


def one_of(choices: type[_Choice]) -> Callable[[str], _Choice]:
    """One of an enumeration's words, whatever the case; spaces, dashes and underscores are alike."""
    known = {_plain(choice): choice for choice in choices}

    def read(text: str) -> _Choice:
        found = known.get(_plain(text))
        if found is None:
            raise ValueError(f"{text!r} is not known. Write one of: {', '.join(choices)}.")
        return found

    return read


def _plain(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def zone(text: str) -> str:
    """The name of a time zone: of a place, so that its clocks go forward and back; or UTC."""
    try:
        found = ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        found = ""
    if "/" not in found and found != "UTC":
        raise ValueError(f"{text!r} is not a time zone. Write it like America/New_York.")
    return found
