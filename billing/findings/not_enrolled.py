"""Minutes of a patient without an episode are shown, and bill nothing."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-301"


def not_enrolled(case: MonthCase) -> Finding | None:
    """Blocks a month in which no episode of care had begun."""
    if case.kind is not MonthKind.NOT_ENROLLED:
        return None
    return Finding(
        code="not_enrolled",
        severity=Severity.BLOCKER,
        message="Not enrolled: no episode of care had begun by this month. Enroll the patient to bill it.",
        rule=RULE,
    )
