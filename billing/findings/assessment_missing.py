"""99492 and every later CoCM code rest on an initial assessment."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-306"


def assessment_missing(case: MonthCase) -> Finding | None:
    """Blocks a month of an episode that has no initial assessment on record."""
    if case.kind is not MonthKind.UNASSESSED:
        return None
    return Finding(
        code="assessment_missing",
        severity=Severity.BLOCKER,
        message="Initial assessment missing: record its date, with the scale used and its score.",
        rule=RULE,
    )
