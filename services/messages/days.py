"""Computes on which local dates a kind of message is due, and names the period it is about. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from billing.calendar import is_working_day, month_end_is_near, working_days_between
from billing.months import BillingMonth
from services.once.outcomes import by_name, harmless

_DAY = timedelta(days=1)
_CLOSE_ON = 5

#: Names the period that a message due on a local date is about.
Period = Callable[[date], str]


@dataclass(frozen=True, slots=True)
class Days:
    """Some of the calendar's days."""

    #: What people call them: `working days`.
    words: str
    #: Whether a local date is one, given the practice's days off.
    include: Callable[[date, frozenset[date]], bool]


@lru_cache(maxsize=4_096)
def _is_working_day(day: date, days_off: frozenset[date]) -> bool:
    return is_working_day(day, days_off)


@lru_cache(maxsize=4_096)
def _begins_week(day: date, days_off: frozenset[date]) -> bool:
    monday = day - _DAY * day.weekday()
    return is_working_day(day, days_off) and working_days_between(monday - _DAY, day, days_off) == 1


@lru_cache(maxsize=4_096)
def _is_of_last_three(day: date, days_off: frozenset[date]) -> bool:
    return is_working_day(day, days_off) and month_end_is_near(BillingMonth.of(day).last_day, day, days_off)


@lru_cache(maxsize=4_096)
def _is_last(day: date, days_off: frozenset[date]) -> bool:
    return is_working_day(day, days_off) and _working_days_left(day, days_off) == 0


def _working_days_left(day: date, days_off: frozenset[date]) -> int:
    return working_days_between(day, BillingMonth.of(day).last_day, days_off)


#: Weekdays that are neither federal holidays nor the practice's days off.
WORKING_DAYS: Final = Days("working days", _is_working_day)
#: Monday, or the next working day of the week when the practice does not work on Monday.
FIRST_WORKING_DAY_OF_WEEK: Final = Days("the week's first working day", _begins_week)
LAST_THREE_WORKING_DAYS: Final = Days("the month's last three working days", _is_of_last_three)
LAST_WORKING_DAY: Final = Days("the month's last working day", _is_last)
#: Working days or not.
FIRST_OF_MONTH: Final = Days("the 1st", lambda day, _days_off: day.day == 1)
FIFTH_OF_MONTH: Final = Days("the 5th", lambda day, _days_off: day.day == _CLOSE_ON)
by_name(
    "days", {one.words: one for one in tuple(vars().values()) if isinstance(one, Days)}, lambda one: one.words
)


def this_day(day: date) -> str:
    """The local date itself, `2026-12-01`."""
    return day.isoformat()


def last_week(day: date) -> str:
    """The ISO week before, `2026-W48`."""
    year, week, _ = (day - 7 * _DAY).isocalendar()
    return f"{year:04d}-W{week:02d}"


def this_month(day: date) -> str:
    """The month of the local date, `2026-12`."""
    return str(BillingMonth.of(day))


def last_month(day: date) -> str:
    """The month before, `2026-11`."""
    return str(BillingMonth.of(day).plus(-1))


def monday_of(week: str) -> date:
    """The first day of a week as `last_week` names it.

    Raises:
        ValueError: for what is no week.
    """
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


harmless(this_day, last_week, this_month, last_month)
