"""The jobs: what is owed without anybody asking, to whom, when, and for how long it is of use."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final

from billing.calendar import is_working_day, working_days_between
from billing.months import BillingMonth
from billing.people import MemberRole
from services.deliveries import JobName

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

    name: JobName
    #: Roles that get it by direct message; empty means that it is posted in the billing channel.
    roles: frozenset[MemberRole] = frozenset()
    #: Local time, unless the practice or the person chose another.
    at: time
    #: Whether it comes at the time a person chose for their morning messages.
    own_time: bool = False
    days: Days
    period: Period
    #: How long after it was due it is still of use; None is to the end of the local day.
    useful: timedelta | None = None
    #: Whether a practice's first run owes the last occurrence before it, too.
    looks_back: bool = False

    @property
    def is_personal(self) -> bool:
        """Whether it goes to people rather than to the billing channel."""
        return bool(self.roles)


_CARE_MANAGERS: Final = frozenset({MemberRole.CARE_MANAGER})
_MORNING: Final = time(8, 30)

JOBS: Final = (
    Job(
        name=JobName.DIGEST,
        roles=_CARE_MANAGERS,
        at=_MORNING,
        own_time=True,
        days=working_days,
        period=this_day,
    ),
    Job(
        name=JobName.AUDIT,
        roles=_CARE_MANAGERS,
        at=_MORNING,
        own_time=True,
        days=first_working_day_of_week,
        period=last_week,
        useful=timedelta(days=4),
    ),
    Job(
        name=JobName.AUDIT_SUMMARY,
        roles=frozenset({MemberRole.SUPERVISOR}),
        at=time(9, 0),
        days=first_working_day_of_week,
        period=last_week,
        useful=timedelta(days=4),
    ),
    Job(
        name=JobName.TRUE_UP,
        roles=_CARE_MANAGERS,
        at=_MORNING,
        own_time=True,
        days=last_three_working_days,
        period=this_day,
    ),
    Job(
        name=JobName.MISSING_ENTRIES,
        roles=_CARE_MANAGERS,
        at=time(16, 0),
        days=working_days,
        period=this_day,
    ),
    Job(name=JobName.PREVIEW, at=time(9, 0), days=last_working_day, period=this_month),
    Job(
        name=JobName.MONTH_END,
        at=time(8, 0),
        days=first_of_month,
        period=last_month,
        useful=timedelta(days=45),
        looks_back=True,
    ),
    Job(
        name=JobName.CLOSE_REMINDER,
        at=time(9, 0),
        days=fifth_of_month,
        period=last_month,
        useful=timedelta(days=10),
    ),
)


def _working_days_left(day: date, days_off: AbstractSet[date]) -> int:
    return working_days_between(day, BillingMonth.of(day).last_day, days_off)
