"""Re-enrolment too soon is no new first month."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import WhySubsequent

RULE = "R-253"


def reenrolled_within_gap(case: MonthCase) -> Finding | None:
    """Notes why the month of a new assessment bills 99493."""
    if case.place.why_subsequent is not WhySubsequent.WITHIN_GAP:
        return None
    gap = case.rules.practice.episode_gap_months
    return Finding(
        code="reenrolled_within_gap",
        severity=Severity.NOTE,
        message=f"Enrolled again within {gap} months of earlier care: the episode's months bill 99493.",
        rule=RULE,
    )
