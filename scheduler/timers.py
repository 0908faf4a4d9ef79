"""When people are asked about timers that run: after 45 minutes, then hourly, three times in all. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from billing.timers import Timer, askings, may_ask_on
from services.messages.audience import Person, PracticeTimes
from services.messages.deliveries import Delivered, DueDelivery, Recipient
from services.messages.kinds import TIMER
from services.messages.wanted import unwanted_by_person


def timer_questions(
    now: datetime,
    timers: Iterable[Timer],
    people: Iterable[Person],
    practice: PracticeTimes,
    delivered: Delivered,
) -> tuple[DueDelivery, ...]:
    """What people are to be asked about their timers.

    What falls into somebody's quiet hours or snooze is left out unless they end before the next one is due.

    Args:
        now: aware instant.
        timers: those that run.
        people: active members who are in Slack.
        practice: its calendar and choices.
        delivered: what the outbox holds already.
    """
    found = tuple(timers)
    if not found:
        return ()
    known = {person.member_id: person for person in people}
    return tuple(
        due
        for timer in found
        if (person := known.get(timer.member_id)) is not None
        for due in _questions(now, timer, person, practice)
        if due.key not in delivered.keys
    )


def _questions(now: datetime, timer: Timer, person: Person, practice: PracticeTimes) -> Iterator[DueDelivery]:
    if person.roles.isdisjoint(TIMER.roles):
        return
    began = timer.started_at.astimezone(person.zone).date()
    for asking in askings(timer):
        if not asking.due_at <= now < asking.useful_until:
            continue
        today = now.astimezone(person.zone).date()
        if not may_ask_on(today, began, practice.days_off):
            continue
        if unwanted_by_person(person, TIMER, practice, now, asking.due_at) is not None:
            continue
        yield DueDelivery(
            kind=TIMER.name,
            period=f"{TIMER.name}:{timer.timer_id}:{asking.number}",
            recipient=Recipient(person.member_id),
            due_at=asking.due_at,
            useful_until=asking.useful_until,
        )
