"""Takes notes away that are older than the practice keeps them: told to administrators a month before, and only then.

A removal is of whole months. It never touches a month that is not closed, nor a patient on hold. What cannot be undone
is said beforehand: `outlook` is what would go, and a removal becomes due `NOTICE` after administrators were told of it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from billing.closing import MonthStatus
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.errors import Refusal
from services.months.state import month_state
from services.people.patient_ref import PatientRef
from services.people.patients import need
from services.people.rights import Action, needs
from storage import NoteHold, NoteRemoval

#: How long administrators know before notes go.
NOTICE: Final = timedelta(days=30)
#: Notes that are taken away in one unit of work: others write in between.
_BATCH = 200
_MONTHS = 12


class CannotHold(Refusal):
    """That patient cannot be put on hold, or released, as asked."""

    code = "cannot_hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfNotes:
    """Notes of a month that are older than they are kept."""

    month: BillingMonth
    #: Notes that would go, and those of patients on hold, which stay.
    notes: int
    held: int
    #: Notes of a month that is not closed stay.
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPatient:
    """A patient on hold."""

    patient: Patient
    hold: NoteHold
    by: Member | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would go, and when."""

    #: None where notes are kept forever.
    years: int | None
    #: The first day of the notes that are kept.
    before: date | None
    months: tuple[MonthOfNotes, ...]
    holds: tuple[HeldPatient, ...]
    #: What administrators were told of, and was not done yet.
    announced: NoteRemoval | None
    #: What was removed before, the newest first.
    done: tuple[NoteRemoval, ...]
    today: date

    @property
    def notes(self) -> int:
        """How many would go."""
        return sum(one.notes for one in self.months if one.is_closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """Notes that will be removed, as administrators are told."""

    years: int
    #: The last month of them.
    last: BillingMonth
    notes: int
    due_on: date


def outlook(context: Context) -> Outlook:
    """What would go under the setting in force today, month by month; nothing is changed."""
    years = context.rules_on(context.today).keep_notes_years
    removals = context.uow.retention.removals()
    announced = _announced(removals)
    before = announced.before if announced else _kept_from(context, years)
    holds = context.uow.retention.holds()
    patients = context.uow.patients.many({hold.patient_id for hold in holds})
    return Outlook(
        years=years,
        before=before,
        months=() if before is None else _months(context, before),
        holds=tuple(
            HeldPatient(
                patient=patients[hold.patient_id], hold=hold, by=context.uow.members.by_id(hold.held_by)
            )
            for hold in holds
        ),
        announced=announced,
        done=tuple(one for one in removals if one.ended_at is not None and one.notes),
        today=context.today,
    )


def announcement(context: Context, removal_id: int) -> Announcement | None:
    """What administrators are told of a removal; None once it was done or given up."""
    found = [one for one in context.uow.retention.removals() if one.removal_id == removal_id]
    if not found or found[0].ended_at is not None:
        return None
    removal = found[0]
    return Announcement(
        years=removal.years,
        last=BillingMonth.of(removal.before).plus(-1),
        notes=sum(one.notes for one in _months(context, removal.before) if one.is_closed),
        due_on=removal.due_on,
    )


def announce(context: Context) -> int | None:
    """Announce a removal where notes are old enough and none is announced; give up one that holds no more.

    Returns:
        The number of a removal that administrators are to be told of; the caller commits.
    """
    years = context.rules_on(context.today).keep_notes_years
    standing = _announced(context.uow.retention.removals())
    if standing is not None and (years is None or years > standing.years):
        # Notes are kept longer than what was announced: whoever set that is obeyed at once.
        context.uow.retention.progress(standing.removal_id, standing.notes or None, context.now)
        _record(context, "notes.removal_given_up", standing.removal_id, {})
        standing = None
    before = _kept_from(context, years)
    if years is None or before is None or standing is not None:
        return None
    if not any(one.notes and one.is_closed for one in _months(context, before)):
        return None
    due_on = context.today + NOTICE
    removal_id = context.uow.retention.announce(years, before, at=context.now, due_on=due_on)
    details = {"years": years, "before": before.isoformat(), "due_on": due_on.isoformat()}
    _record(context, "notes.removal_announced", removal_id, details)
    return removal_id


def remove_some(context: Context) -> bool:
    """Take a batch of notes away where a removal is due; says whether there may be more."""
    standing = _announced(context.uow.retention.removals())
    years = context.rules_on(context.today).keep_notes_years
    if standing is None or context.today < standing.due_on or years is None or years > standing.years:
        return False
    held = context.uow.retention.held()
    said = (
        f"removed on {context.today:%b} {context.today.day}, {context.today.year} under the practice's retention of "
        f"{standing.years} years"
    )
    for one in _months(context, standing.before):
        if not one.is_closed or not one.notes:
            continue
        month = one.month
        count = context.uow.retention.remove(
            standing.removal_id, month.first_day, month.last_day, said, but=held, most=_BATCH
        )
        begins = datetime.combine(month.first_day, time(), context.settings.zone)
        ends = datetime.combine(month.plus(1).first_day, time(), context.settings.zone)
        context.uow.retention.empty_timers(begins, ends, but=held)
        context.uow.retention.progress(standing.removal_id, (standing.notes or 0) + count, None)
        _record(context, "notes.removed", standing.removal_id, {"month": str(month), "notes": count})
        context.uow.commit()
        return True
    context.uow.retention.progress(standing.removal_id, standing.notes, context.now)
    _record(context, "notes.removal_ended", standing.removal_id, {"notes": standing.notes or 0})
    context.uow.commit()
    return False


@needs(Action.SET_SETTINGS)
def hold(context: Context, actor: Member, ref: PatientRef, reason: str) -> Patient:
    """Keep a patient's notes whatever their age, until they are released.

    Raises:
        CannotHold: when they are on hold, or nobody says why.
    """
    patient = need(context, ref)
    said = " ".join(reason.split())
    if not said:
        raise CannotHold("Say why, so that whoever finds the hold in ten years knows. Nothing was changed.")
    if any(one.patient_id == patient.patient_id for one in context.uow.retention.holds()):
        raise CannotHold(f"{patient.handle} is on hold already. Nothing was changed.")
    hold_id = context.uow.retention.hold(patient.patient_id, said, by=actor.member_id, at=context.now)
    context.uow.audit.record(
        at=context.now, actor=actor.member_id, action="notes.held", subject=f"note_hold:{hold_id}"
    )
    context.uow.commit()
    return patient


@needs(Action.SET_SETTINGS)
def release(context: Context, actor: Member, ref: PatientRef) -> Patient:
    """End the hold on a patient's notes.

    Raises:
        CannotHold: when there is none.
    """
    patient = need(context, ref)
    found = [one for one in context.uow.retention.holds() if one.patient_id == patient.patient_id]
    if not found:
        raise CannotHold(f"{patient.handle} is not on hold. Nothing was changed.")
    for one in found:
        context.uow.retention.release(one.hold_id, by=actor.member_id, at=context.now)
        context.uow.audit.record(
            at=context.now, actor=actor.member_id, action="notes.released", subject=f"note_hold:{one.hold_id}"
        )
    context.uow.commit()
    return patient


def _announced(removals: tuple[NoteRemoval, ...]) -> NoteRemoval | None:
    return next((one for one in removals if one.ended_at is None), None)


def _kept_from(context: Context, years: int | None) -> date | None:
    """The first day of the notes that are kept; whole months go."""
    if years is None:
        return None
    return BillingMonth.of(context.today).plus(-_MONTHS * years).first_day


def _months(context: Context, before: date) -> tuple[MonthOfNotes, ...]:
    """Notes from before a day, month by month."""
    held_patients = context.uow.retention.held()
    notes: Counter[BillingMonth] = Counter()
    held: Counter[BillingMonth] = Counter()
    for day, patient_id, count in context.uow.retention.older(before):
        (held if patient_id in held_patients else notes)[BillingMonth.of(day)] += count
    return tuple(
        MonthOfNotes(
            month=month,
            notes=notes[month],
            held=held[month],
            is_closed=month_state(context, month).status is MonthStatus.CLOSED,
        )
        for month in sorted({*notes, *held}, key=lambda one: one.first_day)
    )


def _record(context: Context, action: str, removal_id: int, details: dict[str, object]) -> None:
    context.uow.audit.record(
        at=context.now, actor=None, action=action, subject=f"note_removal:{removal_id}", details=details
    )
