"""Working days: weekdays that are neither federal holidays nor the practice's days off."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

_SATURDAY = 5
_DAY = timedelta(days=1)
#: A month with so many working days left is nearly over.
_LAST_WORKING_DAYS = 3
_NONE: frozenset[date] = frozenset()


@lru_cache(maxsize=64)
def federal_holidays(year: int) -> frozenset[date]:
    """US federal holidays that fall in a year, with the weekdays on which they are observed."""
    from holidays import country_holidays  # noqa: PLC0415 - costs 0.1 s of every start, and few starts need it

    # New Year's Day may be observed on the last day of the year before.
    found = country_holidays("US", years=(year, year + 1))
    return frozenset(day for day in found if day.year == year)


def is_working_day(day: date, days_off: AbstractSet[date] = _NONE) -> bool:
    """Whether the practice works on a local date."""
    return day.weekday() < _SATURDAY and day not in days_off and day not in federal_holidays(day.year)


def working_days_between(first: date, last: date, days_off: AbstractSet[date] = _NONE) -> int:
    """Working days after `first` up to and with `last`; 0 when `last` is not later."""
    days = (first + _DAY * step for step in range(1, (last - first).days + 1))
    return sum(is_working_day(day, days_off) for day in days)


def month_end_is_near(last_day: date, today: date, days_off: AbstractSet[date] = _NONE) -> bool:
    """Whether a month has no more than three working days left, or is over.

    Args:
        last_day: Of the month.
        today: Local date; a working day counts until it is over.
        days_off: Days on which the practice is closed.
    """
    days = (today + _DAY * step for step in range((last_day - today).days + 1))
    left = (day for day in days if is_working_day(day, days_off))
    # A few days decide, and every receipt asks.
    return next(islice(left, _LAST_WORKING_DAYS, None), None) is None


def is_late(
    service_date: date, recorded_on: date, days_off: AbstractSet[date] = _NONE, business_days: int = 1
) -> bool:
    """Whether an entry was keyed more than so many business days after its date of service.

    Args:
        service_date: Local date of the work.
        recorded_on: Local date on which it was keyed.
        days_off: Days on which the practice is closed.
        business_days: Working days within which an entry is in time.
    """
    gap = (recorded_on - service_date).days
    if gap <= business_days:
        return False
    return _is_late(service_date, recorded_on, frozenset(days_off), business_days)


@lru_cache(maxsize=4096)
def _is_late(service_date: date, recorded_on: date, days_off: frozenset[date], business_days: int) -> bool:
    """A practice's month has few such pairs of days, and they are asked about for each of its entries."""
    # Years may lie between; a few days decide.
    gap = (recorded_on - service_date).days
    days = (service_date + _DAY * step for step in range(1, gap + 1))
    working = (day for day in days if is_working_day(day, days_off))
    return next(islice(working, business_days, None), None) is not None
