"""Stretches of time on local dates: clocks that go forward and back, and midnight, at which work is cut in two."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


class NoSuchTimeError(Exception):
    """That time of day does not exist on that date."""


@dataclass(slots=True, kw_only=True)
class Stretch:
    """Time on one local date."""

    day: date
    #: Whole seconds that passed.
    seconds: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


def instant(day: date, at: time, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """The aware instant of a time of day; with `fold` the second one where it happens twice.

    Raises:
        NoSuchTimeError: when clocks were put forward over it.
    """
    local = datetime.combine(day, at.replace(fold=fold), zone)
    if not happens_twice(local):
        return local
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTimeError
    return local


def happens_twice(local: datetime) -> bool:
    """Whether the clocks were changed at an aware local time: it comes twice, or not at all."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def elapsed(start: datetime, end: datetime) -> int:
    """Whole seconds that passed between two instants, whatever the local clocks did."""
    if end.tzinfo is start.tzinfo and end.utcoffset() == start.utcoffset():
        return int((end - start) / _SECOND)
    return int((end.astimezone(UTC) - start.astimezone(UTC)) / _SECOND)


def stretches_from(start: datetime, seconds: int, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """A length of time from an instant on."""
    end = (start.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)
    return cut_at_midnight(start, end, zone)


def cut_at_midnight(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[Stretch, ...]:
    """The stretch, or its two parts when it reaches into the next date: a month is cut by dates."""
    if start.date() == end.date():
        return (_stretch(start.date(), start, end),)
    # Where midnight itself is skipped, this is the instant at which the clocks were put forward.
    midnight = datetime.combine(start.date() + _DAY, time(0), zone).astimezone(UTC).astimezone(zone)
    if elapsed(midnight, end) <= 0:
        return (_stretch(start.date(), start, end),)
    return _stretch(start.date(), start, midnight), _stretch(midnight.date(), midnight, end)


def _stretch(day: date, start: datetime, end: datetime) -> Stretch:
    return Stretch(day=day, seconds=elapsed(start, end), started_at=start, ended_at=end)
