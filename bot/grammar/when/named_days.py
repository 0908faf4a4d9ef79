"""Reads days that have a name of their own: `veterans day`, `christmas eve`, `first monday of november`."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.grammar.text import patterns

_OF_MONTH = re.compile(
    r"(?:the\s+)?(first|second|third|fourth|fifth|last|[1-5](?:st|nd|rd|th))\s+"
    rf"({patterns.WEEKDAY})\s+(?:of|in)\s+({patterns.MONTH})\b(?:,?\s+(\d{{4}}))?"
)
_OF_NEAR_MONTH = re.compile(
    r"(?:the\s+)?(first|second|third|fourth|fifth|last|[1-5](?:st|nd|rd|th))\s+"
    rf"({patterns.WEEKDAY})\s+(?:of|in)\s+({patterns.NEAR_MONTH})\b"
)
_LAST = re.compile(r"last|past|previous")
_HOLIDAY = re.compile(rf"(?:the\s+)?({patterns.HOLIDAY})")
_COUNTED = ("first", "second", "third", "fourth", "fifth")
_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name.lower()[:3]: number for number, name in enumerate(calendar.day_name)}
_DAY = timedelta(days=1)
#: Words of a holiday as typed -> its name in the calendar, and days from it.
_NAMES = (
    (re.compile(r"new year'?s'? eve"), "New Year's Day", -1),
    (re.compile(r"new year"), "New Year's Day", 0),
    (re.compile(r"mlk|martin"), "Martin Luther King Jr. Day", 0),
    (re.compile(r"president|washington"), "Washington's Birthday", 0),
    (re.compile(r"memorial"), "Memorial Day", 0),
    (re.compile(r"juneteenth"), "Juneteenth National Independence Day", 0),
    (re.compile(r"independence"), "Independence Day", 0),
    (re.compile(r"labor"), "Labor Day", 0),
    (re.compile(r"columbus|indigenous"), "Columbus Day", 0),
    (re.compile(r"veteran"), "Veterans Day", 0),
    (re.compile(r"(?:the )?day after|black"), "Thanksgiving Day", 1),
    (re.compile(r"thanksgiving"), "Thanksgiving Day", 0),
    (re.compile(r"(?:christmas|xmas) eve"), "Christmas Day", -1),
    (re.compile(r"christmas|xmas"), "Christmas Day", 0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDay:
    """A day found by its name."""

    #: None when that month has no fifth monday.
    day: date | None
    #: The first one from tomorrow on, where the words do not name the year.
    coming: date | None
    holiday: bool
    #: Letters of the words that name it.
    length: int


def named_day(words: str, today: date) -> NamedDay | None:
    """The latest day up to today that the words begin by naming; None when they begin with no such name.

    Args:
        words: a date as typed, in plain form, without the `on` and the like before it.
        today: the reader's own date.
    """
    match = _OF_MONTH.match(words)
    if match:
        days = [
            _counted(year, _MONTHS[match[3][:3]], _WEEKDAYS[match[2][:3]], match[1])
            for year in _years(match[4], today)
        ]
    elif match := _OF_NEAR_MONTH.match(words):
        month = today.replace(day=1) - _DAY if _LAST.search(match[3]) else today
        days = [_counted(month.year, month.month, _WEEKDAYS[match[2][:3]], match[1])]
    else:
        match = _HOLIDAY.match(words)
        if match is None:
            return None
        days = [_holiday(" ".join(match[1].split()), year) for year in _years(None, today)]
    known = [day for day in days if day is not None]
    return NamedDay(
        day=max((day for day in known if day <= today), default=max(known, default=None)),
        coming=min((day for day in known if day > today), default=None),
        holiday=match.re is _HOLIDAY,
        length=match.end(),
    )


def _years(typed: str | None, today: date) -> tuple[int, ...]:
    return (int(typed),) if typed else (today.year - 1, today.year, today.year + 1)


def _counted(year: int, month: int, weekday: int, which: str) -> date | None:
    last = calendar.monthrange(year, month)[1]
    days = [day for day in range(1, last + 1) if date(year, month, day).weekday() == weekday]
    number = -1 if which == "last" else (_COUNTED.index(which) if which in _COUNTED else int(which[0]) - 1)
    return date(year, month, days[number]) if number < len(days) else None


def _holiday(name: str, year: int) -> date | None:
    if name == "halloween":
        return date(year, 10, 31)
    for pattern, known, days in _NAMES:
        if pattern.match(name):
            # New Year's Eve belongs to the year before.
            day = _calendar(year + 1 if known.startswith("New Year") and days < 0 else year).get(known)
            return day + _DAY * days if day else None
    return None


@lru_cache(maxsize=8)
def _calendar(year: int) -> Mapping[str, date]:
    """Federal holidays of a year by name, on the days themselves and not those on which they are observed."""
    from holidays import country_holidays  # noqa: PLC0415 - costs 0.1 s of every start, and few texts name one

    found = country_holidays("US", years=year, observed=False)
    return {name: day for day, name in found.items()}
