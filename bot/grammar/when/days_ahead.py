"""Reads stretches of days from today on: `next week`, `for a week`, `12/1-12/8`, `friday to monday`. Pure."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.numbers import amount

_DAY = timedelta(days=1)
_WEEK = 7
_MOST = 3660
_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name.lower()[:3]: number for number, name in enumerate(calendar.day_name)}
_THE = (
    r"(?:(?:for|in|during|over|on)\s+)?"
    r"(?:(?:all|the\s+(?:whole|entire|rest|remainder))(?:\s+of)?\s+|(?:the\s+)?rest\s+of\s+)?(?:the\s+)?"
)
_COUNT = rf"(?:the(?=\s+week\s+(?:starting|beginning|from)\b)|an?|{patterns.WORD_NUMBER}|couple(?:\s+of)?|\d{{1,3}})"
_UNIT = r"(days?|weeks?|wks?|months?)"
#: `for a week`, `2 weeks`, `the next three days`, `a couple of days`.
LENGTH = later(
    rf"(?<![\w@/.-])(?:for\s+)?(?:the\s+(?=next|coming|following|an?\b|\d))?(?:(?:next|coming|following)\s+)?(?:a\s+(?=couple))?({_COUNT})[\s-]{_UNIT}(?!\w)"
)
#: `next friday`, `this coming monday`: the lead, and the weekday.
NAMED_WEEKDAY = later(
    rf"(?<![\w@])(?:on\s+)?(?:this\s+)?(next|coming|upcoming|this)\s+({patterns.WEEKDAY})(?!\w)\.?"
)
#: `12/1-12/8`, `12/1 - 8`, `dec 1-8`: two dates that the scanner of single dates leaves alone.
NUMERIC_RANGE = later(
    r"(?<![\w@/.-])(\d{1,2}/\d{1,2}(?:/(?:\d{4}|\d\d))?)\s*[-\u2010-\u2014]\s*((?:\d{1,2}/)?\d{1,2}(?:/(?:\d{4}|\d\d))?)(?![\w/-])"
)
WEEKDAY_RANGE = later(rf"(?<![\w@])({patterns.WEEKDAY})\s*[-\u2010-\u2014]\s*({patterns.WEEKDAY})(?![\w/-])")
NAMED_RANGE = later(
    rf"(?<![\w@])({patterns.MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?)\s*(?:[-\u2010-\u2014]|to|through|thru|until|till)\s*"
    rf"((?:{patterns.MONTH}\.?\s+)?\d{{1,2}}(?:st|nd|rd|th)?)(?![\w/-])"
)
#: `the week of`, whose day comes behind.
WEEK_OF = later(r"(?<![\w@])(?:for\s+)?(?:the\s+)?week\s+of\s+(?=\w)")
#: `the end of next month`: which one, and of what.
END_OF = later(r"(?<![\w@])(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?(next\s+)?(week|month|year)\b")
#: `1-8 december`: the first and the last day, and the month.
DAYS_OF_MONTH = later(
    rf"(?<![\w@/.-])(\d{{1,2}})(?:st|nd|rd|th)?\s*(?:[-\u2010-\u2014]|to|through|thru|until|till)\s*(\d{{1,2}})(?:st|nd|rd|th)?"
    rf"\s+(?:of\s+)?({patterns.MONTH})\b"
)
#: `15th`, `the 15th`, `8`: a day of a month that other words name.
DAY_OF_MONTH = later(r"(?:(?:on|for|from)\s+)?(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?")
_WEEKDAY = later(rf"(?:(?:on|for|from)\s+)?({patterns.WEEKDAY})\.?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Local dates from the first to the last, both included."""

    first: date
    last: date


def _next_week(today: date) -> Days:
    monday = today + _DAY * (_WEEK - today.weekday())
    return Days(first=monday, last=monday + _DAY * 6)


def _this_week(today: date) -> Days:
    return Days(first=today, last=today + _DAY * (6 - today.weekday()))


def _this_month(today: date) -> Days:
    return Days(first=today, last=_month_end(today.year, today.month))


def _next_month(today: date) -> Days:
    last = _month_end(today.year, today.month)
    return month_days((last + _DAY).month, today)


def _weekend(today: date) -> Days:
    saturday = today + _DAY * max(5 - today.weekday(), 0)
    return Days(first=saturday, last=today + _DAY * (6 - today.weekday()))


#: Words that name a whole stretch, and the stretch from today's local date.
_NAMED: tuple[tuple[re.Pattern[str], Callable[[date], Days]], ...] = (
    (later(rf"(?<![\w@]){_THE}(?:next|coming|following)\s+week\b(?!\s+(?:of|on)\b)"), _next_week),
    (later(rf"(?<![\w@]){_THE}(?:next|coming|following)\s+month\b"), _next_month),
    (later(r"(?<![\w@])(?:(?:for|over|on)\s+)?(?:the|this)\s+weekend\b"), _weekend),
    (
        later(
            rf"(?<![\w@]){_THE}this\s+week\b|\ball\s+week\b|{_THE}(?<=the )week\b"
            r"(?!\s+(?:of|beginning|starting|from)\b)"
        ),
        _this_week,
    ),
    (later(rf"(?<![\w@]){_THE}(?:this\s+|(?<=the ))month\b"), _this_month),
)
_MONTH_NAME = later(
    rf"(?<![\w@/-])(?:(?:for|in|during|all(?:\s+of)?|the\s+month\s+of)\s+)*({patterns.MONTH})\b(?!\.?[\s-]*(?:the\s+)?\d)"
    r"(?<!\bmay)"
)


def named_days(plain: str, today: date) -> tuple[re.Match[str], Days] | None:
    """The whole stretch that some words name: `next week`, `the rest of this month`, `in december`.

    Args:
        plain: The words, in plain form.
        today: The reader's local date.
    """
    for pattern, days in _NAMED:
        match = pattern.search(plain)
        if match:
            return match, days(today)
    return None


def named_month(plain: str, today: date) -> tuple[re.Match[str], Days] | None:
    """The month that some words name without a day: `in december`."""
    match = _MONTH_NAME.search(plain)
    return (match, month_days(_MONTHS[match[1][:3]], today)) if match else None


def month_days(month: int, today: date) -> Days:
    """The days of a month from today on: the present one, or the next of that name."""
    year = today.year + (month < today.month)
    return Days(first=max(date(year, month, 1), today), last=_month_end(year, month))


def week_of(day: date, today: date) -> Days:
    """The week of a date, Monday to Sunday; from today on where it has begun."""
    monday = day - _DAY * day.weekday()
    return Days(first=max(monday, min(today, monday + _DAY * 6)), last=monday + _DAY * 6)


def last_day(first: date, length: re.Match[str]) -> date:
    """The last of so many days, weeks or months that begin on a local date.

    Args:
        first: The first of them.
        length: A match of `LENGTH`.
    """
    words, unit = length[1], length[2]
    number = 1 if words == "the" else int(amount("couple" if words.startswith("couple") else words))
    if unit.startswith("month"):
        months = first.year * 12 + first.month - 1 + min(number, _MOST // 31)
        year, month = divmod(months, 12)
        end = min(first.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, end) - _DAY
    return first + _DAY * (min(number * (_WEEK if unit[0] == "w" else 1), _MOST) - 1)


def from_day(words: str, first: date) -> date | None:
    """The first date from another one on that a weekday or a day of the month names; None for other words.

    Args:
        words: A date as typed, in plain form.
        first: The first date that it may be.
    """
    weekday = _WEEKDAY.fullmatch(words)
    if weekday:
        return first + _DAY * ((_WEEKDAYS[weekday[1][:3]] - first.weekday()) % _WEEK)
    numbered = DAY_OF_MONTH.fullmatch(words)
    if numbered is None or not 1 <= int(numbered[1]) <= 31:  # noqa: PLR2004 - days of a month
        return None
    day = first
    while day.day != int(numbered[1]):
        day += _DAY
    return day


def named_weekday(match: re.Match[str], today: date) -> date:
    """The date of `next friday`: the first Friday after today; `this friday` may be today."""
    found = from_day(match[2], today if match[1] == "this" else today + _DAY)
    assert found is not None, "the pattern lets only weekdays through"
    return found


def end_of(match: re.Match[str], first: date) -> date:
    """The date of `the end of the month`, seen from another date.

    Args:
        match: A match of `END_OF`.
        first: The local date from which it is said.
    """
    after, unit = bool(match[1]), match[2]
    if unit == "week":
        return first + _DAY * (6 - first.weekday() + (_WEEK if after else 0))
    if unit == "year":
        return date(first.year + after, 12, 31)
    this = _month_end(first.year, first.month)
    return _month_end((this + _DAY).year, (this + _DAY).month) if after else this


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
