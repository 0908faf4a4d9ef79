"""Months before the initial assessment bill nothing."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-307"


def before_assessment(case: MonthCase) -> Finding | None:
    """Blocks a month that lies before the episode's initial assessment."""
    if case.kind is not MonthKind.BEFORE_ASSESSMENT:
        return None
    return Finding(
        code="before_assessment",
        severity=Severity.BLOCKER,
        message="The initial assessment came in a later month. Months before it bill nothing.",
        rule=RULE,
    )
