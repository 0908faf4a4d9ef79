"""When the next morning message and the next month end come: the instants to which a demonstration may jump. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.local_time import instant_of
from services.messages.audience import Person, PracticeTimes
from services.messages.days import FIRST_OF_MONTH, WORKING_DAYS, Days
from services.messages.kinds import CALENDAR, DIGEST, MONTH_END
from services.messages.wanted import time_of

_DAY = timedelta(days=1)
#: Longer than any stretch without a working day or a 1st.
_AHEAD = 60


def next_morning(now: datetime, person: Person | None, practice: PracticeTimes) -> datetime:
    """When a person's next working morning begins, at the time of the message that they get then.

    Somebody who gets none, or is no member, has the practice's morning.

    Args:
        now: aware instant; what comes lies after it.
        person: whose morning.
        practice: its calendar and choices.
    """
    usual = practice.times.get(DIGEST.name, time(8, 30))
    if person is None:
        return _next(WORKING_DAYS, now, usual, practice.zone, practice.days_off)
    times = [
        time_of(person, kind, when, practice)
        for kind, when in CALENDAR.items()
        if when.in_morning and not person.roles.isdisjoint(kind.roles)
    ]
    return _next(WORKING_DAYS, now, min(times, default=usual), person.zone, practice.days_off)


def next_month_end(now: datetime, practice: PracticeTimes) -> datetime:
    """When the billing channel's next month-end summary comes."""
    assert MONTH_END.when is not None
    at = practice.times.get(MONTH_END.name, MONTH_END.when.at)
    return _next(FIRST_OF_MONTH, now, at, practice.zone, practice.days_off)


def _next(days: Days, now: datetime, at: time, zone: ZoneInfo, days_off: frozenset[date]) -> datetime:
    return next(_instants(days, now, at, zone, days_off))


def _instants(
    days: Days, now: datetime, at: time, zone: ZoneInfo, days_off: frozenset[date]
) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    for ahead in range(_AHEAD):
        day = today + _DAY * ahead
        instant = instant_of(day, at, zone) if days.include(day, days_off) else None
        if instant is not None and instant > now:
            yield instant
