"""What a member decides about messages that come unasked: when, whether, and not just now."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.months import BillingMonth
from billing.people import Member, Patient
from services.deliveries import JobName
from services.desk import Desk
from services.errors import UnknownPatient
from storage.reminders import ReminderChoice

#: What people can switch off; notices of what cannot be delivered are no reminders.
PERSONAL = frozenset(
    {
        JobName.DIGEST,
        JobName.MISSING_ENTRIES,
        JobName.AUDIT,
        JobName.AUDIT_SUMMARY,
        JobName.TRUE_UP,
    }
)
#: When the morning's messages come where nobody chose.
MORNING = time(8, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderStanding:
    """What is set for a member."""

    zone: ZoneInfo
    #: Local time of the morning messages.
    at: time
    is_on: bool
    #: Aware instant; None when nothing is put off.
    snoozed_until: datetime | None = None


def standing(desk: Desk, actor: Member) -> ReminderStanding:
    """What is set for the member."""
    return _standing(desk, actor.digest_at, _choice(desk, actor), actor)


def set_time(desk: Desk, actor: Member, at: time) -> ReminderStanding:
    """Have the morning messages come at a local time, which switches them on."""
    member = desk.uow.members.by_id(actor.member_id)
    assert member is not None, "whoever acts is a member"
    desk.uow.members.update(replace(member, digest_at=at))
    return _chosen(desk, actor, at, ReminderChoice())


def switch(desk: Desk, actor: Member, *, on: bool) -> ReminderStanding:
    """Switch all of the member's reminders on or off."""
    off = frozenset() if on else frozenset(job.value for job in PERSONAL)
    return _chosen(desk, actor, actor.digest_at, ReminderChoice(off=off))


def snooze(desk: Desk, actor: Member, seconds: int) -> ReminderStanding:
    """Send the member nothing unasked for a while; what is due meanwhile comes afterwards, if it is still of use."""
    until = desk.now + timedelta(seconds=seconds)
    return _chosen(desk, actor, actor.digest_at, replace(_choice(desk, actor), snoozed_until=until))


def set_aside(desk: Desk, actor: Member, handle: str, month: BillingMonth) -> Patient:
    """Keep in mind that reaching out to a patient is not clinically indicated in a month.

    Raises:
        UnknownPatient: when nobody has that handle.
    """
    patient = desk.uow.patients.by_handle(handle)
    if patient is None:
        raise UnknownPatient("That patient is not known any more. Nothing was changed.")
    desk.uow.set_aside.put(month, patient.patient_id, by=actor.member_id, at=desk.now)
    desk.uow.audit.record(
        at=desk.now,
        actor=actor.member_id,
        action="patient.set_aside",
        subject=f"patient:{patient.patient_id}",
        details={"month": str(month)},
    )
    desk.uow.commit()
    return patient


def _choice(desk: Desk, actor: Member) -> ReminderChoice:
    return desk.uow.reminder_choices.all().get(actor.member_id, ReminderChoice())


def _chosen(desk: Desk, actor: Member, at: time | None, choice: ReminderChoice) -> ReminderStanding:
    desk.uow.reminder_choices.put(actor.member_id, choice)
    desk.uow.commit()
    return _standing(desk, at, choice, actor)


def _standing(desk: Desk, at: time | None, choice: ReminderChoice, actor: Member) -> ReminderStanding:
    until = choice.snoozed_until
    return ReminderStanding(
        zone=desk.zone_of(actor),
        at=at or MORNING,
        is_on=JobName.DIGEST not in choice.off,
        snoozed_until=until if until is not None and until > desk.now else None,
    )
