"""After discharge nothing is billed."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-302"


def after_discharge(case: MonthCase) -> Finding | None:
    """Says that the month lies after the patient's discharge."""
    if case.kind is not MonthKind.AFTER_DISCHARGE:
        return None
    return Finding(
        code="after_discharge",
        severity=Severity.BLOCKER,
        message="The patient was discharged before this month. Enroll again if care goes on.",
        rule=RULE,
    )
