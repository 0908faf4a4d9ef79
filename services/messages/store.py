"""The scheduler's outbox and audience in the database, one transaction a call."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any

from billing.people import Member
from services.context import Context, Practice
from services.messages.audience import Audience, Person, PracticeTimes
from services.messages.choices import quiet_hours
from services.messages.deliveries import Delivered, Delivery, Recipient, State
from services.messages.kind import Part
from services.messages.kinds import KINDS
from services.messages.safety import words_due
from services.messages.told import TELL_WITHIN
from services.people.members import with_admin_setting
from storage import damage
from storage.deliveries import StoredDelivery
from storage.reminders import ReminderChoice


class StoredDeliveries:
    """The `Deliveries` of one practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    async def delivered(self, now: datetime) -> Delivered:
        """See `Deliveries`."""
        return await self._practice.read(_delivered, now)

    async def add(self, deliveries: tuple[Delivery, ...]) -> int:
        """See `Deliveries`."""
        return await self._practice.write(_add, deliveries)

    async def open(self) -> tuple[Delivery, ...]:
        """See `Deliveries`."""
        return await self._practice.read(unfinished)

    async def by_id(self, delivery_id: str) -> Delivery:
        """See `Deliveries`."""
        return await self._practice.read(lambda context: _delivery(context.uow.deliveries.by_id(delivery_id)))

    async def swap(self, after: Delivery) -> bool:
        """See `Deliveries`."""
        return await self._practice.write(_swap, after)


class StoredRoster:
    """The `Roster` of one practice."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    async def audience(self) -> Audience:
        """See `Roster`."""
        return await self._practice.read(audience)


def audience(context: Context) -> Audience:
    """The members who are in Slack with what they chose, and the practice's calendar."""
    choices = context.uow.reminder_choices.all()
    nothing = ReminderChoice()
    return Audience(
        people=tuple(
            _person(context, member, choices.get(member.member_id, nothing))
            for member in context.uow.members.all()
            if member.active and member.slack_user_id
        ),
        practice=practice_times(context),
        done_by_others=context.uow.notices.since(context.now - TELL_WITHIN),
        safety=words_due(context),
        timers=context.uow.timers.all_running(),
    )


def practice_times(context: Context) -> PracticeTimes:
    """The practice's calendar, and what its administrators chose."""
    common = context.uow.reminder_choices.of_practice()
    return PracticeTimes(
        zone=context.settings.zone,
        days_off=context.days_off,
        has_billing_channel=context.settings.has_billing_channel,
        off=common.off,
        times=common.times,
        quiet=quiet_hours(common),
        snoozed_until=common.snoozed_until,
    )


def person_of(context: Context, member: Member) -> Person:
    """A member with what they chose."""
    return _person(context, member, context.uow.reminder_choices.of(member.member_id))


def unfinished(context: Context) -> tuple[Delivery, ...]:
    """Every delivery whose state is not final, earliest due first; kinds and parts due together in their order."""
    found = _readable(context.uow.deliveries.open())
    return tuple(sorted(found, key=lambda each: (each.due_at, _place(each))))


def _readable(stored: Iterable[StoredDelivery]) -> Iterator[Delivery]:
    """Those that can be read; one that cannot holds up no other."""
    for one in stored:
        try:
            yield _delivery(one)
        except ValueError:
            damage.note("delivery", one.delivery_id)


def _recipients(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Recipient]]:
    for period, recipient in keys:
        try:
            yield period, Recipient.parse(recipient)
        except ValueError:
            damage.note("delivery", period)


_PLACES = {name: place for place, name in enumerate(KINDS)}
_PLACES_OF_PARTS = {part: place for place, part in enumerate(Part)}


def _place(delivery: Delivery) -> tuple[int, int]:
    # A kind that only another version of the program knows comes last.
    return _PLACES.get(delivery.kind, len(_PLACES)), _PLACES_OF_PARTS[delivery.part]


def _person(context: Context, member: Member, choice: ReminderChoice) -> Person:
    return Person(
        member_id=member.member_id,
        roles=with_admin_setting(context, member).roles,
        zone=context.zone_of(member),
        digest_at=member.digest_at,
        times=choice.times,
        off=choice.off,
        snoozed_until=choice.snoozed_until,
        quiet=quiet_hours(choice),
    )


def _delivered(context: Context, now: datetime) -> Delivered:
    return Delivered(
        keys=frozenset(_recipients(context.uow.deliveries.keys(now))),
        since=context.uow.deliveries.first_planned(),
    )


def put_in(context: Context, deliveries: Iterable[Delivery]) -> int:
    """Put parts into the outbox within a use case, but for those of deliveries that are there."""
    return context.uow.deliveries.add(map(_stored, deliveries))


def _add(context: Context, deliveries: tuple[Delivery, ...]) -> int:
    new = put_in(context, deliveries)
    context.uow.commit()
    return new


def _swap(context: Context, after: Delivery) -> bool:
    swapped = context.uow.deliveries.swap(_stored(after))
    context.uow.commit()
    return swapped


def _stored(delivery: Delivery) -> StoredDelivery:
    facts: dict[str, Any] = {name: getattr(delivery, name) for name in _FACTS}
    return StoredDelivery(
        **facts,
        job=delivery.kind,
        recipient=str(delivery.recipient),
        # As plain text: a driver may store the name of an enumeration's member.
        part=delivery.part.value,
        state=delivery.state.value,
    )


def _delivery(stored: StoredDelivery) -> Delivery:
    facts: dict[str, Any] = {name: getattr(stored, name) for name in _FACTS}
    return Delivery(
        **facts,
        kind=stored.job,
        recipient=Recipient.parse(stored.recipient),
        part=Part(stored.part),
        state=State(stored.state),
    )


#: What is kept as it is.
_FACTS = tuple(
    field.name for field in fields(Delivery) if field.name not in {"kind", "recipient", "part", "state"}
)
