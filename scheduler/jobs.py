"""The jobs: what is owed without anybody asking, to whom, when, and for how long it is of use."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from billing.calendar import is_working_day, working_days_between
from billing.months import BillingMonth
from services.messages.deliveries import JobName
from services.messages.kinds import KINDS, Kind

_DAY = timedelta(days=1)
_CLOSE_ON = 5
_LAST_DAYS = 3

#: Whether a job is due on a local date, given the practice's days off.
Days = Callable[[date, frozenset[date]], bool]
#: Names the period that a job due on a local date is about.
Period = Callable[[date], str]


@lru_cache(maxsize=4_096)
def working_days(day: date, days_off: frozenset[date]) -> bool:
    """Weekdays that are neither federal holidays nor the practice's days off."""
    return is_working_day(day, days_off)


@lru_cache(maxsize=4_096)
def first_working_day_of_week(day: date, days_off: frozenset[date]) -> bool:
    """Monday, or the next working day of the week when the practice does not work on Monday."""
    monday = day - _DAY * day.weekday()
    return is_working_day(day, days_off) and working_days_between(monday - _DAY, day, days_off) == 1


@lru_cache(maxsize=4_096)
def last_three_working_days(day: date, days_off: frozenset[date]) -> bool:
    """The last three working days of a month."""
    return is_working_day(day, days_off) and _working_days_left(day, days_off) < _LAST_DAYS


@lru_cache(maxsize=4_096)
def last_working_day(day: date, days_off: frozenset[date]) -> bool:
    """The last working day of a month."""
    return is_working_day(day, days_off) and _working_days_left(day, days_off) == 0


def first_of_month(day: date, _days_off: AbstractSet[date]) -> bool:
    """The 1st, working day or not."""
    return day.day == 1


def fifth_of_month(day: date, _days_off: AbstractSet[date]) -> bool:
    """The 5th, working day or not."""
    return day.day == _CLOSE_ON


def this_day(day: date) -> str:
    """The local date itself."""
    return day.isoformat()


def last_week(day: date) -> str:
    """The ISO week before."""
    year, week, _ = (day - 7 * _DAY).isocalendar()
    return f"{year:04d}-W{week:02d}"


def this_month(day: date) -> str:
    """The month of the local date."""
    return str(BillingMonth.of(day))


def last_month(day: date) -> str:
    """The month before."""
    return str(BillingMonth.of(day).plus(-1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Job:
    """One job. For people it goes by each one's own zone, for the billing channel by the practice's.

    Two jobs are never equal, which makes them cheap to look up.
    """

    kind: Kind
    days: Days
    period: Period
    #: How long after it was due it is still of use; None is to the end of the local day.
    useful: timedelta | None = None
    #: Whether a practice's first run owes the last occurrence before it, too.
    looks_back: bool = False

    @property
    def name(self) -> JobName:
        """Its name, with which its periods begin."""
        return self.kind.job


JOBS: Final = (
    Job(kind=KINDS[JobName.DIGEST], days=working_days, period=this_day),
    Job(
        kind=KINDS[JobName.AUDIT],
        days=first_working_day_of_week,
        period=last_week,
        useful=timedelta(days=4),
    ),
    Job(
        kind=KINDS[JobName.AUDIT_SUMMARY],
        days=first_working_day_of_week,
        period=last_week,
        useful=timedelta(days=4),
    ),
    Job(kind=KINDS[JobName.TRUE_UP], days=last_three_working_days, period=this_day),
    Job(kind=KINDS[JobName.MISSING_ENTRIES], days=working_days, period=this_day),
    Job(kind=KINDS[JobName.PREVIEW], days=last_working_day, period=this_month),
    Job(
        kind=KINDS[JobName.MONTH_END],
        days=first_of_month,
        period=last_month,
        useful=timedelta(days=45),
        looks_back=True,
    ),
    Job(
        kind=KINDS[JobName.CLOSE_REMINDER],
        days=fifth_of_month,
        period=last_month,
        useful=timedelta(days=10),
    ),
)


def _working_days_left(day: date, days_off: AbstractSet[date]) -> int:
    return working_days_between(day, BillingMonth.of(day).last_day, days_off)
