"""Where one patient stands in one month."""

from dataclasses import dataclass

from billing.evaluate import MonthResult
from billing.months import BillingMonth
from billing.people import Patient
from services.context import Context
from services.months.facts import evaluate_patient_month


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one patient stands in one month."""

    patient: Patient
    month: BillingMonth
    result: MonthResult


def standing(context: Context, patient: Patient, month: BillingMonth) -> Standing:
    """Where one patient stands in one month, by everything stored so far."""
    return Standing(patient=patient, month=month, result=evaluate_patient_month(context, patient, month))
