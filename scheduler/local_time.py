"""Turns local times into instants, where clocks go forward, go back, or skip a date."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=16_384)
def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant, in UTC, at which something due at a local time on a local date is due.

    A time that happens twice is due the first time; one that does not exist, at the next instant that does.
    None for a date that the zone skipped altogether (Apia, 2011-12-30).
    """
    local = datetime.combine(day, at)
    instant = local.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    resumed = _end_of_gap(local, zone)
    return resumed if _exists(day, zone) else None


@lru_cache(maxsize=4_096)
def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, of a local date, or of the next one that the zone has."""
    instant = instant_of(day, time.min, zone)
    return start_of(day + _DAY, zone) if instant is None else instant


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks were put forward over a local time."""
    # Within a gap, fold 1 reads the local time with the offset after it, which gives an instant before it.
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = local.replace(tzinfo=zone).astimezone(UTC)
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _exists(day: date, zone: ZoneInfo) -> bool:
    midnight = datetime.combine(day, time.min)
    instant = midnight.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == midnight:
        return True
    return _end_of_gap(midnight, zone).astimezone(zone).date() == day
