"""Reads when work began and ended: clock times, with or without a date and a zone."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from billing.durations import HOUR
from billing.overlaps import LONGEST_SECONDS
from billing.quick import quick
from billing.stretches import NoSuchTimeError, elapsed, happens_twice, instant

_CLOCK = re.compile(
    r"(?:(?P<day>.+?)(?P<joint>t|[\s,]+))?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?"
    r"(?:\s*(?:(?P<named>z|utc|gmt|[ecmp][sd]t)|(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?))?",
    re.IGNORECASE | re.ASCII,
)
_NOON = 12
_MOST_OFFSET = 14
_ZULU = {"z": 0, "utc": 0, "gmt": 0}
#: As exports abbreviate the zones of the United States.
_AMERICAN = {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_NAMED = {
    name: UTC if not hours else timezone(timedelta(hours=hours))
    for name, hours in (_ZULU | _AMERICAN).items()
}
_MIDNIGHT = time(0)
#: Work that ends by then lies on one day, even where the clocks are put forward on it.
_SURELY = 20 * HOUR
_DAY = timedelta(days=1)
#: Work that ends at an earlier time of day went over midnight, unless it would be longer than this.
_LONGEST_NIGHT = 8 * HOUR
_HOW = "Write 14:00 or 2:00 PM, with the date before it if you like."


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A cell with a time of day, as it stands there."""

    at: time
    #: The date, in the same zone; None where there is none.
    day: date | None = None
    #: The zone, where the cell names one: other times are those of the clock on the wall.
    zone: tzinfo | None = None

    @property
    def is_midnight(self) -> bool:
        """Whether it may be no time at all but a date, as spreadsheets and databases write it."""
        return self.at == _MIDNIGHT and self.zone is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant, by the clock of the person who worked."""

    day: date
    clock: time
    #: Aware, UTC.
    at: datetime
    #: Whether the clock showed that time twice on that day; the first is meant.
    is_twice: bool = False

    def is_before_midnight(self, seconds: int) -> bool:
        """Whether work of that length surely ends on the same day, whatever the clocks do."""
        return self.clock.hour * HOUR + seconds < _SURELY


_moment = quick(Moment)


def clock_of(text: str, day_of: Callable[[str], date]) -> Clock:
    """A time of day: `14:00`, `2:00 PM`, or with a date and maybe a zone: `2026-12-01T02:30:00Z`.

    Args:
        text: The cell.
        day_of: Reads a date, as the file writes dates.

    Raises:
        ValueError: when it is none; a date alone is none.
    """
    found = _parts(" ".join(text.split()))
    if found is None:
        try:
            day_of(text)
        except ValueError:
            raise ValueError(f"{text!r} is not a time of day. {_HOW}") from None
        raise ValueError(f"{text!r} is a date. Write the time too, or leave the cell empty.")
    clock, day = found
    return Clock(at=clock.at, day=day_of(day), zone=clock.zone) if day else clock


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[Clock, str] | None:
    """The time, with its zone, and the words of the date; None where the cell holds no time."""
    match = _CLOCK.fullmatch(text)
    if match is None or (match["minute"] is None and match["half"] is None):
        return None
    at = _time(int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0), match["half"])
    if at is None:
        raise ValueError(f"{text!r} is not a time of day. {_HOW}")
    day = (match["day"] or "").strip()
    if match["named"] is None and match["sign"] is None:
        return Clock(at=at), day
    # `9:00-10:00` is a stretch of time, and no time ten hours behind Greenwich.
    is_clear = match["named"] is not None or match["second"] is not None or match["joint"] in {"t", "T"}
    zone = _zone(match) if day and is_clear else None
    if zone is None:
        raise ValueError(
            f"{text!r} is not clear. Write the start alone, like 14:00 or 2026-11-03T14:00:00-05:00."
        )
    return Clock(at=at, zone=zone), day


def _time(hour: int, minute: int, second: int, half: str | None) -> time | None:
    if half:
        if not 1 <= hour <= _NOON:
            half = None if hour > _NOON and half.casefold() == "p" else "?"
        else:
            hour = hour % _NOON + (_NOON if half.casefold() == "p" else 0)
    if half == "?":
        return None
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _zone(match: re.Match[str]) -> tzinfo | None:
    if match["named"] is not None:
        return _NAMED[match["named"].casefold()]
    hours, minutes = int(match["hours"]), int(match["minutes"] or 0)
    if hours > _MOST_OFFSET or minutes >= 60:  # noqa: PLR2004 - minutes of an hour
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if match["sign"] == "+" else -ahead)


def moment_of(clock: Clock, day: date, zone: ZoneInfo) -> Moment:
    """The instant of a cell.

    Args:
        clock: The cell.
        day: Its date where it has none of its own.
        zone: Of the person who worked.

    Raises:
        ValueError: when the clocks of that zone never showed it.
    """
    if clock.zone is not None:
        assert clock.day is not None, "a zone is read only beside a date"
        at = datetime.combine(clock.day, clock.at, clock.zone).astimezone(UTC)
        local = at.astimezone(zone)
        return Moment(day=local.date(), clock=local.time(), at=at)
    own = clock.day or day
    offset = _offset(zone, own)
    if offset is not None:
        return _moment(
            day=own, clock=clock.at, at=datetime.combine(own, clock.at, UTC) - offset, is_twice=False
        )
    try:
        local = instant(own, clock.at, zone)
    except NoSuchTimeError:
        raise ValueError(
            f"{clock.at:%H:%M} does not exist on {own} in {zone.key}: the clocks went forward. "
            "Correct the time, or leave the cell empty."
        ) from None
    return Moment(day=own, clock=clock.at, at=local.astimezone(UTC), is_twice=happens_twice(local))


@lru_cache(maxsize=4096)
def _offset(zone: ZoneInfo, day: date) -> timedelta | None:
    """How far a zone is ahead of UTC on a day; None where the clocks are changed on it."""
    begins, ends = (datetime.combine(day, at, zone).utcoffset() for at in (_MIDNIGHT, time.max))
    return begins if begins == ends else None


def length_until(start: Moment, end: Clock, zone: ZoneInfo) -> int:
    """Whole seconds from a start to the time of day at which the work ended, after midnight where it must be.

    Raises:
        ValueError: when it ended before it began, or more than a day later.
    """
    ended = moment_of(end, start.day, zone)
    found = _passed(start, ended)
    if found <= 0 and ended.is_twice and end.zone is None:
        found = elapsed(start.at, instant(ended.day, ended.clock, zone, fold=1))
    if found < 0 and end.day is None:
        found = _passed(start, moment_of(end, start.day + _DAY, zone))
        if found > _LONGEST_NIGHT:
            raise ValueError(
                "The end is before the start. Correct one of them; if the work went on until the next day, write the "
                "end with its date."
            )
    if found <= 0:
        raise ValueError("The end is not after the start. Correct one of them.")
    if found > LONGEST_SECONDS:
        raise ValueError("The end is more than a day after the start. Write one entry for each day.")
    return found


def _passed(start: Moment, end: Moment) -> int:
    return elapsed(start.at, end.at)
