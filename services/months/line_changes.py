"""Computes which patients' lines change when a month is closed again."""

from collections.abc import Collection
from dataclasses import dataclass, field

from billing.closing import Difference, overpayments
from billing.months import BillingMonth
from billing.people import Patient
from services.context import Context
from services.months.claims import claims_of
from services.months.close import Closed, changes_since_close


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One patient's line, as it was in the last revision and as it is now (R-504)."""

    patient: Patient = field(repr=False)
    difference: Difference
    #: Whether it bills less than what was submitted.
    overpaid: bool = False


def coming_changes(context: Context, month: BillingMonth) -> tuple[LineChange, ...]:
    """What closing the month again would change, by MRN; nothing for one never closed."""
    found = changes_since_close(context, month)
    return _named(context, found, overpayments(found, claims_of(context, month)))


def changes_of(context: Context, closed: Closed) -> tuple[LineChange, ...]:
    """What closing the month again changed, by MRN."""
    return _named(context, closed.differences, closed.overpaid)


def _named(
    context: Context, differences: Collection[Difference], overpaid: Collection[Difference] = ()
) -> tuple[LineChange, ...]:
    if not differences:
        return ()
    patients = context.uow.patients.many([one.patient_id for one in differences])
    lower = {one.patient_id for one in overpaid}
    named = [
        LineChange(patient=patients[one.patient_id], difference=one, overpaid=one.patient_id in lower)
        for one in differences
    ]
    return tuple(sorted(named, key=lambda change: change.patient.mrn.casefold()))
