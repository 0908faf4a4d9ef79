"""Some payers pay 99492 once in a calendar year."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import WhySubsequent

RULE = "R-256"


def yearly_limit(case: MonthCase) -> Finding | None:
    """Notes why a first month bills 99493."""
    if case.place.why_subsequent is not WhySubsequent.CALENDAR_YEAR:
        return None
    return Finding(
        code="yearly_limit",
        severity=Severity.NOTE,
        message="This payer pays 99492 once in a calendar year, and it was earned earlier: 99493 instead.",
        rule=RULE,
    )
