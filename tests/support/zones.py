"""Computes what zones do to clocks from their offsets alone, to check what is due when."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
_PROBE = timedelta(hours=12)

#: Zones that have done something odd: half-hour change-overs, changes at midnight, skipped dates, Ramadan.
ODD_ZONES = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Scoresbysund",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "UTC",
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time with one offset, from `start` to the start of the next."""

    start: datetime
    offset: timedelta


@cache
def periods(name: str) -> tuple[Period, ...]:
    """The stretches of a zone from 1970 to 2037."""
    zone = ZoneInfo(name)

    def offset(at: datetime) -> timedelta:
        found = at.astimezone(zone).utcoffset()
        assert found is not None
        return found

    found = [Period(FIRST - 2 * DAY, offset(FIRST - 2 * DAY))]
    at = found[0].start
    while at < LAST:
        later = at + _PROBE
        if offset(later) != found[-1].offset:
            low, high = at, later
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                if offset(middle) == found[-1].offset:
                    low = middle
                else:
                    high = middle
            found.append(Period(high, offset(high)))
        at = later
    return tuple(found)


def change_overs(name: str) -> tuple[datetime, ...]:
    """The instants at which a zone's clocks were put forward or back."""
    return tuple(period.start for period in periods(name)[1:])


def different_zones() -> tuple[str, ...]:
    """One name for each way in which the clocks of a zone were put from 1970 to 2037."""
    by_behavior: dict[tuple[Period, ...], str] = {}
    for name in sorted(available_timezones()):
        by_behavior.setdefault(periods(name), name)
    return tuple(by_behavior.values())


def expected_due(name: str, day: date, at: time) -> datetime | None:
    """When a clock on the wall first shows a time or a later one; None when the zone skipped the date."""
    moment = _first_showing(name, datetime.combine(day, at))
    dawn = _first_showing(name, datetime.combine(day, time.min))
    begins = datetime.combine(day + DAY, time.min)
    return moment if _reading(name, dawn) < begins else None


def dates(first: date, last: date) -> Iterator[date]:
    """Every date from the first to the last."""
    while first <= last:
        yield first
        first += DAY


def _first_showing(name: str, wall: datetime) -> datetime:
    ends, stretches = _wall_ends(name)
    number = bisect_right(ends, wall)
    period = stretches[number]
    return max((wall - period.offset).replace(tzinfo=UTC), period.start)


@cache
def _wall_ends(name: str) -> tuple[tuple[datetime, ...], tuple[Period, ...]]:
    """What the clock on the wall shows when each stretch but the last ends."""
    found = periods(name)
    ends = [(after.start + before.offset).replace(tzinfo=None) for before, after in pairwise(found)]
    assert ends == sorted(ends), "a stretch is shorter than what its clocks were put back by"
    return tuple(ends), found


def _reading(name: str, instant: datetime) -> datetime:
    found = periods(name)
    number = bisect_right([period.start for period in found], instant) - 1
    return (instant + found[number].offset).replace(tzinfo=None)
