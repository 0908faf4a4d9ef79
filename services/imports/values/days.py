"""Reads days as spreadsheets, databases and forms write them."""

import re
from calendar import day_name, month_abbr, month_name
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

from services.imports.request import DateOrder
from services.imports.values.shown import shown

_HINT = "Write 2026-11-03 or 11/3/2026."
_ISO = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ \-/.]*(?:of )?(?P<month>[a-z]{3,9})\.?[ \-/.,]*(?P<year>\d{4}|'?\d{2})"
)
_MONTH_FIRST = re.compile(
    r"(?P<month>[a-z]{3,9})\.?[ \-/.]*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[ \-/.,]+|, *)(?P<year>\d{4}|'?\d{2})"
)
_WITHOUT_YEAR = re.compile(
    r"(?:\d{1,2}[ \-/.]*([a-z]{3,9})|([a-z]{3,9})\.?[ \-/.]*\d{1,4}|\d{1,2}/\d{1,2})\.?"
)
_WEEKDAY = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]{0,2} +")
_CLOCK = re.compile(
    r"(?:t|[ ,]+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)? *(?:([ap])\.?m\.?)? *"
    r"(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?$"
)
_SERIAL = re.compile(r"(\d{5})(?:\.(\d+))?")
#: A file's day number 1 is a day after this one; the difference between the two systems of spreadsheets is four years.
_SERIALS = {DateOrder.SERIAL: date(1899, 12, 30), DateOrder.SERIAL_1904: date(1904, 1, 1)}
#: What a cell may hold that a database or a spreadsheet wrote where there was no day.
_NO_DAY = re.compile(r"0{1,4}[-/.]0{1,2}[-/.]0{1,4}|1/0/(?:19)?00|0+")
_MONTHS = {
    name.casefold(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name
} | {"sept": 9}
#: Two figures are a year from 1930 to 2029, as spreadsheets read them.
_PIVOT = 30
_CENTURY = 100
_MONTHS_OF_A_YEAR = 12
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericDay:
    """The figures of a day like `11/3/2026`, before it is known which of them is the month."""

    first: int
    second: int
    separator: str
    year: int
    #: False where two figures stand for the year.
    has_century: bool

    def read(self, order: DateOrder) -> date:
        """The day, by an order.

        Raises:
            ValueError: when the calendar has no such day.
        """
        month, number = (self.second, self.first) if order is DateOrder.DMY else (self.first, self.second)
        return date(self.year, month, number)

    def may_be(self, order: DateOrder) -> bool:
        """Whether the calendar has such a day."""
        try:
            self.read(order)
        except ValueError:
            return False
        return True


@lru_cache(maxsize=4096)
def numeric_day(text: str) -> NumericDay | None:
    """The figures of a cell whose day depends on the file's order of dates; None for every other cell."""
    words, _ = without_clock(text.casefold())
    match = _NUMERIC.fullmatch(_WEEKDAY.sub("", words, count=1))
    if match is None:
        return None
    year = match[4]
    return NumericDay(
        first=int(match[1]),
        second=int(match[3]),
        separator=match[2],
        year=_full_year(year),
        has_century=len(year) > 2,  # noqa: PLR2004 - of four figures
    )


def without_clock(text: str) -> tuple[str, time | None]:
    """A cell's words without the time of day at their end, and that time.

    Raises:
        ValueError: when what stands there is not a time of day.
    """
    match = _CLOCK.search(text)
    if match is None:
        return text, None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = match[5]
    if half and 1 <= hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    micro = int((match[4] or "0")[:6].ljust(6, "0"))
    try:
        return text[: match.start()].rstrip(" ,"), time(hour, minute, second, micro)
    except ValueError:
        raise ValueError(f"{shown(text)} has no time of the clock. {_HINT}") from None


def day_of(text: str, order: DateOrder = DateOrder.MDY) -> date:
    """A local date as a file writes it.

    Args:
        text: `2026-11-03`, `2026-11-03 00:00:00`, `11/3/2026 0:00`, `3-Nov-26`, `Nov 3, 2026`, `20261103`.
        order: Which figure of `11/3/2026` is the month; or that day numbers of spreadsheets stand in the file.

    Raises:
        ValueError: with a sentence that says what to write.
    """
    found, clock = day_and_clock(text, order)
    if clock not in {None, time.min}:
        raise ValueError(f"{shown(text)} has a time of day, and only a day belongs here. Leave the time out.")
    return found


@lru_cache(maxsize=4096)
def day_and_clock(text: str, order: DateOrder = DateOrder.MDY) -> tuple[date, time | None]:
    """A local date, and the time of day that stands beside it; midnight is told from none.

    Raises:
        ValueError: with a sentence that says what to write.
    """
    words, clock = without_clock(" ".join(text.casefold().split()))
    if _NO_DAY.fullmatch(words):
        raise ValueError(
            f"{shown(text)} is a placeholder, not a day. Leave it empty where the day is not known."
        )
    if order in _SERIALS and (serial := _SERIAL.fullmatch(words)):
        if (serial[2] or "").strip("0"):
            raise ValueError(
                f"{shown(text)} has a time of day, and only a day belongs here. Leave the time out."
            )
        return _SERIALS[order] + timedelta(days=int(serial[1])), None
    weekday = _WEEKDAY.match(words)
    plain = words[weekday.end() :] if weekday else words
    try:
        found = _calendar_day(plain, order)
    except ValueError:
        raise ValueError(f"{shown(text)} is not a day of the calendar. {_HINT}") from None
    if found is None:
        raise ValueError(_not_read(text, plain, order))
    if weekday and day_name[found.weekday()][:3].casefold() != weekday[1]:
        raise ValueError(
            f"{shown(text)}: {found} is a {day_name[found.weekday()]}. Correct the day or the date."
        )
    return found, clock


def _calendar_day(plain: str, order: DateOrder) -> date | None:
    """The day that plain words name; None where they have none of the forms."""
    if match := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, number = match["year"], match["month"], match["day"]
        return date(int(year), int(month), int(number))
    if (numeric := numeric_day(plain)) is not None:
        if order is DateOrder.ISO or (not numeric.has_century and numeric.separator == "-"):
            return None
        return numeric.read(order)
    match = _DAY_FIRST.fullmatch(plain) or _MONTH_FIRST.fullmatch(plain)
    if match and match["month"] in _MONTHS:
        return date(_full_year(match["year"]), _MONTHS[match["month"]], int(match["day"]))
    return None


def _full_year(year: str) -> int:
    number = int(year.removeprefix("'"))
    if len(year.removeprefix("'")) > 2:  # noqa: PLR2004 - of four figures
        return number
    return number + (2000 if number < _PIVOT else 1900)


def _not_read(text: str, plain: str, order: DateOrder) -> str:
    """Why a cell is not read as a day, and what to write."""
    numeric = numeric_day(plain)
    if numeric is not None and order is DateOrder.ISO:
        return f"{shown(text)} is not a date like 2026-11-03, and --dates iso takes no others."
    if numeric is not None:
        return f"{shown(text)} has a year of two figures. Write it with four, such as 2026-11-03."
    if serial := _SERIAL.fullmatch(plain):
        would_be = _SERIALS[DateOrder.SERIAL] + timedelta(days=int(serial[1]))
        return (
            f"{shown(text)} looks like a spreadsheet's day number, which would be {would_be}. Format the column as a "
            "date and save the file again, or add --dates serial."
        )
    without_year = _WITHOUT_YEAR.fullmatch(plain)
    if without_year and all(name is None or name in _MONTHS for name in without_year.groups()):
        return f"{shown(text)} is not a whole date. {_HINT}"
    return f"{shown(text)} is not a date. {_HINT}"


def spoken_day(day: date) -> str:
    """`November 3, 2026`: a day of which nobody can mistake the month."""
    return f"{month_name[day.month]} {day.day}, {day.year}"
