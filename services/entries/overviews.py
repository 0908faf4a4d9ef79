"""Reads a person's own day, and one patient's month."""

from dataclasses import dataclass
from datetime import date

from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.entries.receipts import EntryView, views
from services.months.standing import Standing, standing
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One member's entries of one local date, in the order they were written."""

    day: date
    entries: tuple[EntryView, ...]
    #: Whole seconds.
    total_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientStatus:
    """One patient's current month."""

    standing: Standing
    entries: tuple[EntryView, ...]
    today: date


@needs(Action.SEE_OWN_TIME)
def today(context: Context, actor: Member) -> DayView:
    """What the member did today, by their own calendar."""
    day = context.today_of(actor)
    entries = context.uow.ledger.member_days(actor.member_id, day, day)
    return DayView(
        day=day, entries=views(context, entries), total_seconds=sum(entry.seconds for entry in entries)
    )


@needs(Action.SEE_PATIENTS)
def status(context: Context, actor: Member, ref: PatientRef) -> PatientStatus:
    """Where a patient stands in the member's current month, with the month's entries.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, ref)
    day = context.today_of(actor)
    month = BillingMonth.of(day)
    entries = context.uow.ledger.patient_month(patient.patient_id, month.first_day, month.last_day)
    return PatientStatus(
        standing=standing(context, actor, patient, month), entries=views(context, entries), today=day
    )
