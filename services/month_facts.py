"""Everything stored about one patient's month, put before the pure rules."""

from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.payers import rules_for
from billing.people import Patient
from services.desk import Desk


def evaluate_patient_month(desk: Desk, patient: Patient, month: BillingMonth) -> MonthResult:
    """Weigh one patient's month by everything stored so far."""
    return evaluate_month(gather(desk, patient, month), rules_for(month, desk.settings.rules))


def gather(desk: Desk, patient: Patient, month: BillingMonth) -> MonthFacts:
    """The facts of one patient's month."""
    return MonthFacts(
        patient_id=patient.patient_id,
        month=month,
        entries=tuple(desk.uow.ledger.patient_month(patient.patient_id, month.first_day, month.last_day)),
        episodes=tuple(desk.uow.episodes.of_patient(patient.patient_id)),
        referring_npi=patient.referring_npi,
        problems_recorded=bool(patient.problems),
    )
