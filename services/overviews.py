"""What a person asks to see: their own day, one patient's month."""

from dataclasses import dataclass
from datetime import date

from billing.months import BillingMonth
from billing.people import Member
from services import patients
from services.caseload import caseload
from services.desk import Desk
from services.receipts import EntryView, Standing, standing, views
from services.requests import PatientRef


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """What the Home tab shows one member."""

    day: DayView
    #: Patients whose next code is within the practice's nearness, nearest first.
    near: tuple[Standing, ...]


def today(desk: Desk, actor: Member) -> DayView:
    """What the member did today, by their own calendar."""
    day = desk.today_of(actor)
    entries = desk.uow.ledger.member_days(actor.member_id, day, day)
    return DayView(
        day=day, entries=views(desk, entries), total_seconds=sum(entry.seconds for entry in entries)
    )


def home(desk: Desk, actor: Member) -> HomeView:
    """The member's day, and their patients of this month nearest to the next code."""
    return HomeView(day=today(desk, actor), near=tuple(line.standing for line in caseload(desk, actor).near))


def status(desk: Desk, actor: Member, ref: PatientRef) -> PatientStatus:
    """Where a patient stands in the member's current month, with the month's entries.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(desk, ref)
    day = desk.today_of(actor)
    month = BillingMonth.of(day)
    entries = desk.uow.ledger.patient_month(patient.patient_id, month.first_day, month.last_day)
    return PatientStatus(standing=standing(desk, patient, month), entries=views(desk, entries), today=day)
