"""What is owed at an instant: every occurrence that is due, still of use, and not in the outbox yet.

There is no watermark. A tick that came too late, too early or twice, a restart, a change of zone or a clock put
right therefore lose nothing: the next look at the calendar finds what has no delivery. Pure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from billing.people import MemberRole
from scheduler.jobs import JOBS, Job
from scheduler.local_time import instant_of, start_of
from services.messages.audience import Person, PracticeTimes
from services.messages.deliveries import BILLING, Delivered, Delivery, JobName, Owed, Recipient
from services.messages.wanted import own_time, unwanted_by_person, unwanted_by_practice

_DAY = timedelta(days=1)
#: Whatever is due late in the evening is of use at least so long.
_LEAST_USE = timedelta(hours=1)
_TROUBLE_USE = timedelta(days=7)
#: What is held up still is told again from this local time on.
_NEWS_FROM = time(8, 30)
_TROUBLE = f"{JobName.TROUBLE}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A job on one local date, whoever it is for."""

    day: date
    period: str
    due_at: datetime
    useful_until: datetime


def owed(
    now: datetime,
    people: Iterable[Person],
    practice: PracticeTimes,
    delivered: Delivered,
    jobs: Iterable[Job] = JOBS,
) -> tuple[Owed, ...]:
    """Everything to be put into the outbox at an instant.

    Args:
        now: aware instant.
        people: active members who are in Slack.
        practice: its calendar and choices.
        delivered: what the outbox holds already.
        jobs: which jobs there are.

    Returns:
        What is owed, in the order of the jobs, then of the people; each key once.
    """
    calendar = _Calendar(now, practice, delivered.since)
    everybody = tuple((person, Recipient(person.member_id)) for person in people)
    found: list[Owed] = []
    for job in jobs:
        if unwanted_by_practice(job.name, practice, now) is not None:
            continue
        usual = practice.times.get(job.name, job.kind.at)
        if not job.kind.is_personal:
            found += _to_channel(calendar.standing(job, practice.zone, usual), job, now, practice, delivered)
            continue
        roles = job.kind.roles
        for person, recipient in everybody:
            if person.roles.isdisjoint(roles):
                continue
            standing = calendar.standing(job, person.zone, own_time(person, job.name) or usual)
            for each in standing:
                if (each.period, recipient) in delivered.keys:
                    continue
                if unwanted_by_person(person, job.name, practice, now, each.due_at) is None:
                    found.append(_to(recipient, each, job, now, person.zone))
    return tuple(found)


def troubles(
    now: datetime,
    waiting: Iterable[Delivery],
    people: Iterable[Person],
    practice: PracticeTimes,
    delivered: Delivered,
) -> tuple[Owed, ...]:
    """What administrators are to be told: at once, and each morning, for each reason why something is held up.

    Args:
        now: aware instant.
        waiting: deliveries that are not final.
        people: active members who are in Slack.
        practice: its calendar; the day is the practice's.
        delivered: what the outbox holds already.
    """
    # A notice that fails itself is no cause for another.
    codes = dict.fromkeys(each.code for each in waiting if each.code and each.job is not JobName.TROUBLE)
    local = now.astimezone(practice.zone)
    if codes and local.time() < _NEWS_FROM:
        told = {period.split(":")[1] for period, _ in delivered.keys if period.startswith(_TROUBLE)}
        codes = {code: None for code in codes if code not in told}
    today = local.date().isoformat()
    administrators = [each for each in people if MemberRole.ADMIN in each.roles]
    notices = (
        Owed(
            job=JobName.TROUBLE,
            period=f"{_TROUBLE}{code}:{today}",
            recipient=Recipient(person.member_id),
            due_at=now,
            useful_until=now + _TROUBLE_USE,
        )
        for code in codes
        for person in administrators
    )
    return tuple(each for each in notices if each.key not in delivered.keys)


class _Calendar:
    """What stands at one instant, looked up once for each job, zone and time, however many people share them."""

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
        self._found: dict[tuple[Job, ZoneInfo, time], tuple[Occurrence, ...]] = {}

    def standing(self, job: Job, zone: ZoneInfo, at: time) -> tuple[Occurrence, ...]:
        """The occurrences due, still of use, and not of the time before the practice was served; earliest first."""
        key = job, zone, at
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._look(job, zone, at)
        return found

    def _look(self, job: Job, zone: ZoneInfo, at: time) -> tuple[Occurrence, ...]:
        now, since = self._now, self._since
        if zone not in self._today:
            self._today[zone] = now.astimezone(zone).date()
        today = self._today[zone]
        near = _near(job, zone, at, today, self._days_off)
        found = [each for each in near if each.due_at <= now < each.useful_until]
        answered = [
            each for each in found if each.day >= today or (since is not None and since <= each.due_at)
        ]
        if job.looks_back:
            # The first run lies in the future where somebody ticked at an instant to come.
            first_run = now if since is None else min(since, now)
            before = [each for each in found if each.due_at <= first_run]
            answered += [each for each in before[-1:] if each not in answered]
        return tuple(answered)


@lru_cache(maxsize=4_096)
def _near(
    job: Job, zone: ZoneInfo, at: time, today: date, days_off: frozenset[date]
) -> tuple[Occurrence, ...]:
    """Every occurrence that can be due and of use at some instant of a local date, earliest first."""
    # Tomorrow may have begun already: St John's put its clocks back at a minute past midnight.
    span = (job.useful.days if job.useful else 0) + 2
    days = (today + _DAY * ahead for ahead in range(-span, 2))
    due = ((day, instant_of(day, at, zone)) for day in days if job.days(day, days_off))
    return tuple(
        Occurrence(
            day=day,
            period=f"{job.name}:{job.period(day)}",
            due_at=due_at,
            useful_until=_useful_until(job, day, due_at, zone),
        )
        for day, due_at in due
        if due_at is not None
    )


def _to_channel(
    standing: Iterable[Occurrence], job: Job, now: datetime, practice: PracticeTimes, delivered: Delivered
) -> Iterator[Owed]:
    for each in standing:
        if practice.has_billing_channel and (each.period, BILLING) not in delivered.keys:
            yield _to(BILLING, each, job, now, practice.zone)


def _to(recipient: Recipient, each: Occurrence, job: Job, now: datetime, zone: ZoneInfo) -> Owed:
    return Owed(
        job=job.name,
        period=each.period,
        recipient=recipient,
        due_at=each.due_at,
        useful_until=each.useful_until,
        late=now.astimezone(zone).date() > each.due_at.astimezone(zone).date(),
    )


def _useful_until(job: Job, day: date, due_at: datetime, zone: ZoneInfo) -> datetime:
    if job.useful is not None:
        return due_at + job.useful
    return max(start_of(day + _DAY, zone), due_at + _LEAST_USE)
