"""Turns clock times and a date into stretches of time: daylight saving time, midnight, and what has not come yet."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.grammar.when.clock_times import (
    ClockRange,
    ClockTime,
    NoSuchTimeError,
    elapsed,
    instant,
)


@dataclass(slots=True, kw_only=True)
class Stretch:
    """Time on one local date."""

    day: date
    #: Whole seconds that passed.
    seconds: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


def stretches_of_range(clock: ClockRange, day: date, zone: ZoneInfo) -> list[tuple[Stretch, ...]]:
    """Every reading of a range that begins on a date; more than one when the clocks went back meanwhile.

    Raises:
        NoSuchTimeError: when the clocks were put forward over one of the times.
    """
    last = day + timedelta(days=1) if clock.crosses_midnight else day
    starts = _readings(day, clock.start, zone)
    ends = _readings(last, clock.end, zone)
    if len(starts) == len(ends) > 1 and not clock.crosses_midnight:
        # Both within the hour that came twice, the earlier figure first: the same pass of that hour.
        starts, ends = starts[:1], ends[:1]
    found: dict[int, tuple[Stretch, ...]] = {}
    for start in starts:
        for end in ends:
            seconds = elapsed(start, end)
            if seconds > 0:
                found.setdefault(seconds, cut_at_midnight(start, end, zone))
    return [found[seconds] for seconds in sorted(found)]


def stretches_from(start: datetime, seconds: int, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """A length of time from an instant on."""
    end = (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)
    return cut_at_midnight(start, end, zone)


def start_of(day: date, moment: ClockTime, zone: ZoneInfo) -> datetime:
    """The instant of a time of day; the first when it happens twice.

    Raises:
        NoSuchTimeError: when the clocks were put forward over it.
    """
    return instant(day, moment, zone)


def cut_at_midnight(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """The stretch, or its two parts when it reaches into the next date: a month is cut by dates."""
    if start.date() == end.date():
        return (_stretch(start.date(), start, end),)
    # Where midnight itself is skipped, this is the instant at which the clocks were put forward.
    midnight = (
        datetime.combine(start.date() + timedelta(days=1), time(0), zone).astimezone(UTC).astimezone(zone)
    )
    if elapsed(midnight, end) <= 0:
        return (_stretch(start.date(), start, end),)
    return _stretch(start.date(), start, midnight), _stretch(midnight.date(), midnight, end)


def _stretch(day: date, start: datetime, end: datetime) -> Stretch:
    return Stretch(day=day, seconds=elapsed(start, end), started_at=start, ended_at=end)


def _readings(day: date, moment: ClockTime, zone: ZoneInfo) -> list[datetime]:
    first = instant(day, moment, zone)
    if first.utcoffset() == first.replace(fold=1).utcoffset():
        return [first]
    return [first, instant(day, moment, zone, fold=1)]


__all__ = [
    "NoSuchTimeError",
    "Stretch",
    "cut_at_midnight",
    "start_of",
    "stretches_from",
    "stretches_of_range",
]
