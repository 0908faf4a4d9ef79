"""What is owed at an instant: every delivery that is due, still of use, and not in the outbox yet.

There is no watermark. A tick that came too late, too early or twice, a restart, a change of zone or a clock put
right therefore lose nothing: the next look at the calendar finds what has no delivery. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from billing.people import MemberRole
from scheduler.local_time import instant_of, start_of
from services.messages.audience import Person, PracticeTimes, SafetyWord
from services.messages.days import WORKING_DAYS
from services.messages.deliveries import BILLING, Delivered, Delivery, DueDelivery, Recipient
from services.messages.kind import THAT_DAY, AnyKind, ChannelPost, Schedule
from services.messages.kinds import CALENDAR, DIGEST, SAFETY, TOLD, TROUBLE
from services.messages.told import BUNDLED_WITHIN
from services.messages.wanted import time_of, unwanted_by_person, unwanted_by_practice

_DAY = timedelta(days=1)
#: Whatever is due late in the evening is of use at least so long.
_LEAST_USE = timedelta(hours=1)
#: What is held up still is told again from this local time on.
_NEWS_FROM = time(8, 30)
_NOON = time(12)
_TROUBLE = f"{TROUBLE.name}:"
_TOLD = f"{TOLD.name}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Due:
    """A kind on one local date, whoever gets it."""

    day: date
    period: str
    due_at: datetime
    useful_until: datetime


def owed(
    now: datetime,
    people: Iterable[Person],
    practice: PracticeTimes,
    delivered: Delivered,
    calendar: Mapping[AnyKind, Schedule] = CALENDAR,
) -> tuple[DueDelivery, ...]:
    """Everything to be put into the outbox at an instant.

    Args:
        now: aware instant.
        people: active members who are in Slack.
        practice: its calendar and choices.
        delivered: what the outbox holds already.
        calendar: which kinds there are, and when each comes.

    Returns:
        What is owed, in the order of the kinds, then of the people; each key once.
    """
    dates = _Dates(now, practice, delivered.since)
    everybody = tuple((person, Recipient(person.member_id)) for person in people)
    found: list[DueDelivery] = []
    for kind, when in calendar.items():
        if unwanted_by_practice(kind, practice, now) is not None:
            continue
        if isinstance(kind, ChannelPost):
            usual = practice.times.get(kind.name, when.at)
            standing = dates.standing(kind, when, practice.zone, usual)
            found += _to_channel(standing, kind, now, practice, delivered)
            continue
        for person, recipient in everybody:
            if person.roles.isdisjoint(kind.roles):
                continue
            standing = dates.standing(kind, when, person.zone, time_of(person, kind, when, practice))
            for each in standing:
                if (each.period, recipient) in delivered.keys:
                    continue
                if unwanted_by_person(person, kind, practice, now, each.due_at) is None:
                    found.append(_to(recipient, each, kind, now, person.zone))
    return tuple(found)


def troubles(
    now: datetime,
    waiting: Iterable[Delivery],
    people: Iterable[Person],
    practice: PracticeTimes,
    delivered: Delivered,
) -> tuple[DueDelivery, ...]:
    """What administrators are to be sent: at once, and each day, for each reason why something is held up.

    Whoever gets a morning message has what is held up still in that. To them a reason is not named again before noon,
    and not on the day after it was.

    Args:
        now: aware instant.
        waiting: deliveries that are not final.
        people: active members who are in Slack.
        practice: its calendar; the day is the practice's.
        delivered: what the outbox holds already.
    """
    # A notice that fails itself is no cause for another.
    codes = dict.fromkeys(each.code for each in waiting if each.code and each.kind != TROUBLE.name)
    if not codes:
        return ()
    local = now.astimezone(practice.zone)
    told = {tuple(period.split(":")[1:]) for period, _ in delivered.keys if period.startswith(_TROUBLE)}
    known = {code for code, _ in told}
    if local.time() < _NEWS_FROM:
        codes = {code: None for code in codes if code not in known}
    today, yesterday = local.date().isoformat(), (local.date() - _DAY).isoformat()

    def has_it(person: Person, code: str) -> bool:
        """Whether the person's morning message says it today."""
        if code not in known or not _has_morning(person, practice, now):
            return False
        return local.time() < _NOON or (code, yesterday) in told

    administrators = [each for each in people if MemberRole.ADMIN in each.roles]
    notices = (
        DueDelivery(
            kind=TROUBLE.name,
            period=f"{_TROUBLE}{code}:{today}",
            recipient=Recipient(person.member_id),
            due_at=now,
            useful_until=now + TROUBLE.useful,
        )
        for code in codes
        for person in administrators
        if not has_it(person, code)
    )
    return tuple(each for each in notices if each.key not in delivered.keys)


def _has_morning(person: Person, practice: PracticeTimes, now: datetime) -> bool:
    """Whether a person gets a morning message on the day that it is for them."""
    today = now.astimezone(person.zone).date()
    is_off = DIGEST.is_off(person.off | practice.off, person.roles)
    return WORKING_DAYS.include(today, practice.days_off) and not is_off


def tellings(
    now: datetime,
    done: Iterable[tuple[int, datetime]],
    people: Iterable[Person],
    delivered: Delivered,
) -> tuple[DueDelivery, ...]:
    """What people are to be told of what others did: one message for all that was done within five minutes.

    The first thing begins the minutes, and the message is due when they are over, so that nothing is told twice.

    Args:
        now: aware instant.
        done: members, and the instants at which something was done to what is theirs, the earliest first.
        people: active members who are in Slack.
        delivered: what the outbox holds already.
    """
    instants: dict[int, list[datetime]] = {}
    for member_id, at in done:
        instants.setdefault(member_id, []).append(at)
    if not instants:
        return ()
    begun = {
        (recipient, datetime.fromisoformat(period.removeprefix(_TOLD)))
        for period, recipient in delivered.keys
        if period.startswith(_TOLD)
    }
    found = []
    for person in people:
        recipient = Recipient(person.member_id)
        starts = sorted(start for whose, start in begun if whose == recipient)
        for at in instants.get(person.member_id, ()):
            if any(start <= at < start + BUNDLED_WITHIN for start in starts):
                continue
            starts.append(at)
            due_at = at + BUNDLED_WITHIN
            if due_at <= now:
                found.append(
                    DueDelivery(
                        kind=TOLD.name,
                        period=f"{_TOLD}{at.isoformat()}",
                        recipient=recipient,
                        due_at=due_at,
                        useful_until=due_at + TOLD.useful,
                    )
                )
    return tuple(found)


def safety_words(
    due: Iterable[SafetyWord], people: Iterable[Person], delivered: Delivered
) -> tuple[DueDelivery, ...]:
    """Whom word of a patient's positive answer is owed; no choice of theirs holds it back.

    Args:
        due: who is to be sent word of what, sent already or not.
        people: active members who are in Slack.
        delivered: what the outbox holds already.
    """
    there = {person.member_id for person in people} if due else set()
    found = (
        DueDelivery(
            kind=SAFETY.name,
            period=one.period,
            recipient=Recipient(one.member_id),
            due_at=one.at,
            useful_until=one.at + SAFETY.useful,
        )
        for one in due
        if one.member_id in there
    )
    return tuple(each for each in found if each.key not in delivered.keys)


class _Dates:
    """What stands at one instant, looked up once for each kind, zone and time, however many people share them."""

    def __init__(self, now: datetime, practice: PracticeTimes, since: datetime | None) -> None:
        """Open it.

        Args:
            now: aware instant.
            practice: its days off.
            since: when it was first served; None when that is now.
        """
        self._now = now
        self._days_off = practice.days_off
        self._since = since
        self._today: dict[ZoneInfo, date] = {}
        self._found: dict[tuple[AnyKind, ZoneInfo, time], tuple[_Due, ...]] = {}

    def standing(self, kind: AnyKind, when: Schedule, zone: ZoneInfo, at: time) -> tuple[_Due, ...]:
        """What is due, still of use, and not of the time before the practice was served; earliest first."""
        key = kind, zone, at
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look(kind, when, zone, at)
        return found

    def _look(self, kind: AnyKind, when: Schedule, zone: ZoneInfo, at: time) -> tuple[_Due, ...]:
        now, since = self._now, self._since
        if zone not in self._today:
            self._today[zone] = now.astimezone(zone).date()
        today = self._today[zone]
        near = _near(kind, when, zone, at, today, self._days_off)
        found = [each for each in near if each.due_at <= now < each.useful_until]
        answered = [
            each for each in found if each.day >= today or (since is not None and since <= each.due_at)
        ]
        if when.looks_back:
            # The first run lies in the future where somebody ticked at an instant to come.
            first_run = now if since is None else min(since, now)
            before = [each for each in found if each.due_at <= first_run]
            answered += [each for each in before[-1:] if each not in answered]
        return tuple(answered)


@lru_cache(maxsize=4_096)
def _near(
    kind: AnyKind, when: Schedule, zone: ZoneInfo, at: time, today: date, days_off: frozenset[date]
) -> tuple[_Due, ...]:
    """All of a kind that can be due and of use at some instant of a local date, earliest first."""
    # Tomorrow may have begun already: St John's put its clocks back at a minute past midnight.
    span = kind.useful.days + 2
    days = (today + _DAY * ahead for ahead in range(-span, 2))
    due = ((day, instant_of(day, at, zone)) for day in days if when.days.include(day, days_off))
    return tuple(
        _Due(
            day=day,
            period=f"{kind.name}:{when.period(day)}",
            due_at=due_at,
            useful_until=_useful_until(kind, day, due_at, zone),
        )
        for day, due_at in due
        if due_at is not None
    )


def _to_channel(
    standing: Iterable[_Due], kind: AnyKind, now: datetime, practice: PracticeTimes, delivered: Delivered
) -> Iterator[DueDelivery]:
    for each in standing:
        if practice.has_billing_channel and (each.period, BILLING) not in delivered.keys:
            yield _to(BILLING, each, kind, now, practice.zone)


def _to(recipient: Recipient, each: _Due, kind: AnyKind, now: datetime, zone: ZoneInfo) -> DueDelivery:
    return DueDelivery(
        kind=kind.name,
        period=each.period,
        recipient=recipient,
        due_at=each.due_at,
        useful_until=each.useful_until,
        late=now.astimezone(zone).date() > each.due_at.astimezone(zone).date(),
    )


def _useful_until(kind: AnyKind, day: date, due_at: datetime, zone: ZoneInfo) -> datetime:
    if kind.useful == THAT_DAY:
        return max(start_of(day + _DAY, zone), due_at + _LEAST_USE)
    return due_at + kind.useful
