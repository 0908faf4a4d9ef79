"""Finds the instant that a person means who says when work began or ended. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from billing.stretches import NoSuchTimeError, elapsed, instant
from billing.timers import LONG_SECONDS, whole_second
from services.entries.timer_requests import SaidTime
from services.errors import Refusal

_DAY: Final = timedelta(days=1)
_HALF: Final = 12


class TimerTime(Refusal):
    """That time cannot be. Nothing was changed."""

    code = "timer_time"


def began_at(said: SaidTime | None, now: datetime, zone: ZoneInfo, longest: int) -> datetime:
    """When work began that goes on now: the last such time of today, or of last night.

    Args:
        said: What the person said; None is now.
        now: Aware instant.
        zone: The person's own.
        longest: Whole seconds that one entry may hold.

    Raises:
        TimerTime: when it has not come yet, does not exist, or lies too far back.
    """
    local = now.astimezone(zone)
    if said is None:
        return whole_second(now.astimezone(UTC))
    if said.ago is not None:
        found: datetime | None = local - timedelta(seconds=said.ago)
    else:
        days = (said.day,) if said.day is not None else (local.date(), local.date() - _DAY)
        past = [one for one in _readings(said, days, zone) if one <= local]
        found = max(past, default=None)
        if said.day is None and found is not None and found.date() != local.date():
            # Of yesterday only what may still go on over midnight.
            found = found if elapsed(found, local) <= LONG_SECONDS else None
    if found is None:
        raise TimerTime(
            f"{_word(said)} has not come yet; it is {_clock(local)}. Nothing was started. A timer begins now or "
            "earlier: leave the time out, or give one that has passed."
        )
    if elapsed(found, local) > longest:
        raise TimerTime(
            f"{_word(said)} is too long ago for a timer, which measures work that is still going on. Nothing was "
            "started. Log work that is over with its length: `/cocm log 25m MRN123 phone yesterday`."
        )
    return whole_second(found.astimezone(UTC))


def ended_at(said: SaidTime | None, started_at: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    """When work ended: the first such time after it began.

    Args:
        said: What the person said; None is now.
        started_at: Aware instant at which the work began.
        now: Aware instant.
        zone: The person's own.

    Raises:
        TimerTime: when it lies before the start, has not come yet, or does not exist.
    """
    local, start = now.astimezone(zone), started_at.astimezone(zone)
    if said is None:
        return whole_second(now.astimezone(UTC))
    if said.ago is not None:
        readings = [local - timedelta(seconds=said.ago)]
    else:
        days = (said.day,) if said.day is not None else _days(start.date(), local.date())
        readings = _readings(said, days, zone)
    after = [one for one in readings if started_at < one]
    fitting = [one for one in after if one <= now]
    if fitting:
        return whole_second(min(fitting).astimezone(UTC))
    began = f"{_clock(start)}{_on(start.date(), local.date())}"
    if after and any(one.date() == local.date() and one > local for one in after) and said.sure:
        raise TimerTime(
            f"{_word(said)} has not come yet; it is {_clock(local)}. Your timer keeps running, and nothing was logged. "
            "Leave the time out to stop now, or give one that has passed."
        )
    if any(one.replace(second=0) == start.replace(second=0) for one in readings):
        raise TimerTime(
            f"The timer began at {_clock(start)}, so up to then there is nothing to log. It keeps running. "
            "Leave the time out to stop now, or give a later one."
        )
    raise TimerTime(
        f"{_word(said)} is not between the timer's start, {began}, and now, {_clock(local)}. Your timer keeps running, "
        "and nothing was logged. Give a time in between, or leave it out to stop now."
    )


def _readings(said: SaidTime, days: tuple[date, ...], zone: ZoneInfo) -> list[datetime]:
    """Every instant that the words can mean on some local dates.

    Raises:
        TimerTime: when the clocks were put forward over the only one.
    """
    assert said.at is not None, "whoever does not say how long ago says a time"
    halves = [said.at] if said.sure else [_half(said.at, 0), _half(said.at, _HALF)]
    found, skipped = [], 0
    for day in days:
        for at in halves:
            try:
                found += [instant(day, at, zone, fold=fold) for fold in (0, 1)]
            except NoSuchTimeError:
                skipped += 1
    if skipped and not found:
        raise TimerTime(
            f"{_word(said)} does not exist that day: the clocks went forward. Nothing was changed. Give the time that "
            "the clock showed."
        )
    return list(dict.fromkeys(found))


def _half(at: time, hour: int) -> time:
    return at.replace(hour=at.hour % _HALF + hour)


def _days(first: date, last: date) -> tuple[date, ...]:
    return tuple(first + _DAY * ahead for ahead in range((last - first).days + 1))


def _word(said: SaidTime) -> str:
    return f"“{said.text}”"


def _clock(local: datetime) -> str:
    return f"{local:%I:%M %p}".lstrip("0").lower()


def _on(day: date, today: date) -> str:
    return "" if day == today else f" on {day:%a %b} {day.day}"
