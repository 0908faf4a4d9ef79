"""Turns clock times and a date into stretches of time: daylight saving time, midnight, and what has not come yet."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from billing.stretches import Stretch, cut_at_midnight, elapsed
from bot.grammar.when.clock_times import ClockRange, ClockTime, instant


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


def start_of(day: date, moment: ClockTime, zone: ZoneInfo) -> datetime:
    """The instant of a time of day; the first when it happens twice.

    Raises:
        NoSuchTimeError: when the clocks were put forward over it.
    """
    return instant(day, moment, zone)


def _readings(day: date, moment: ClockTime, zone: ZoneInfo) -> list[datetime]:
    first = instant(day, moment, zone)
    if first.utcoffset() == first.replace(fold=1).utcoffset():
        return [first]
    return [first, instant(day, moment, zone, fold=1)]
