"""Decides whether a message is wanted: when it is planned, and again when it is about to be sent."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.messages.audience import Person, PracticeTimes, QuietHours
from services.messages.kind import AnyKind, Schedule

#: What was switched off, or put off for long, is asked about again so soon, in case somebody thought better of it.
ASK_AGAIN: Final = timedelta(minutes=10)
#: How long after a time that a person chose within their quiet hours its message may still come.
_GRACE: Final = timedelta(hours=1)


def time_of(person: Person, kind: AnyKind, when: Schedule, practice: PracticeTimes) -> time:
    """The local time at which a person is sent a kind: their own, or else the practice's, or else the built-in one."""
    return own_time(person, kind, practice) or usual_time(person, kind, when, practice)


def own_time(person: Person, kind: AnyKind, practice: PracticeTimes) -> time | None:
    """The local time that a person chose for a kind; None where they left it to the practice."""
    if kind.when is None:
        return None
    chosen = person.times.get(_leading(person, kind, practice)) if person.times else None
    return chosen or (person.digest_at if kind.when.in_morning else None)


def usual_time(person: Person, kind: AnyKind, when: Schedule, practice: PracticeTimes) -> time:
    """The local time at which those get a kind who chose none."""
    return practice.times.get(_leading(person, kind, practice), when.at) if practice.times else when.at


def _leading(person: Person, kind: AnyKind, practice: PracticeTimes) -> str:
    """The name under which a time for it may be stored: of its parts that the person wants, the first.

    Earlier versions sent the parts one by one. Whoever left all but one out goes on to get that at its time.
    """
    if not kind.headings:
        return kind.name
    off = person.off | practice.off
    wanted = (one.name for one in kind.headings_of(person.roles) if one.stands_alone and one.name not in off)
    return next(wanted, kind.name)


def unwanted_by_person(
    person: Person, kind: AnyKind, practice: PracticeTimes, now: datetime, due_at: datetime
) -> datetime | None:
    """Until when a person is not to be sent a message.

    Args:
        person: whom it is for.
        kind: what it is.
        practice: what holds for everybody.
        now: aware instant.
        due_at: when it was due; a time of the person's own choice goes before their quiet hours, for an hour.

    Returns:
        An aware instant after `now`; None when it may come.
    """
    if kind.urgent:
        return None
    until = [unwanted_by_practice(kind, practice, now)]
    if kind.is_off(person.off | practice.off, person.roles):
        until.append(now + ASK_AGAIN)
    if person.snoozed_until is not None and now < person.snoozed_until:
        until.append(person.snoozed_until)
    quiet = person.quiet or practice.quiet
    if quiet is not None and now.astimezone(person.zone).time() in quiet:
        own = own_time(person, kind, practice)
        if own is None or own not in quiet or now >= due_at + _GRACE:
            until.append(_end_of(quiet, now, person.zone))
    return max(filter(None, until), default=None)


def unwanted_by_practice(kind: AnyKind, practice: PracticeTimes, now: datetime) -> datetime | None:
    """Until when nobody is to be sent a message, the billing channel neither; None when it may come."""
    if kind.urgent:
        return None
    until = [now + ASK_AGAIN] if kind.is_off(practice.off) else []
    if practice.snoozed_until is not None and now < practice.snoozed_until:
        until.append(practice.snoozed_until)
    return max(until, default=None)


def _end_of(quiet: QuietHours, now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    ends = datetime.combine(local.date(), quiet.end, zone)
    return ends if ends > local else datetime.combine(local.date() + timedelta(days=1), quiet.end, zone)
