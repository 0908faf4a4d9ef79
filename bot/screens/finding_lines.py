"""Lines about findings that several screens share: short words, how severe, and what to do."""

from collections.abc import Iterable

from billing.findings.finding import Finding, Severity
from billing.findings.registry import title_of
from billing.findings.row import EXAMPLE_PATIENT, Row
from billing.months import BillingMonth
from billing.people import Patient
from bot import kit
from services.people.patients import shown_mrn

SEVERITIES = {Severity.BLOCKER: "*Blocks billing:*", Severity.WARNING: "*Look at:*", Severity.NOTE: ""}


def titles(told: Iterable[Finding]) -> list[str]:
    """Findings in the fewest words: `consent missing`."""
    return [title_of(finding) for finding in told]


def to_dos(found: Iterable[tuple[Row, Patient, BillingMonth]]) -> tuple[str, ...]:
    """What to type, or who to ask, for each kind of finding once.

    The command names the patient where it is one, and the month, the first of them.
    """
    patients: dict[Row, set[str]] = {}
    months: dict[Row, BillingMonth] = {}
    for row, patient, month in found:
        patients.setdefault(row, set()).add(shown_mrn(patient.mrn))
        months[row] = min(month, months.get(row, month))
    return tuple(
        f"*{row.title[:1].upper()}{row.title[1:]}:* {kit.escape(row.to_do_for(_only(named), months[row]))}"
        for row, named in patients.items()
        if row.to_do
    )


def _only(named: set[str]) -> str:
    return next(iter(named)) if len(named) == 1 else EXAMPLE_PATIENT
