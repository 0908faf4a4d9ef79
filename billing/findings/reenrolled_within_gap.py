"""Notes an enrollment too soon after earlier care for another first month (99492)."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.month_kinds import WhySubsequent


def reenrolled_within_gap(case: MonthCase) -> Finding | None:
    """Notes why the month of a new assessment bills 99493."""
    if case.place.why_subsequent is not WhySubsequent.WITHIN_GAP:
        return None
    gap = case.rules.practice.episode_gap_months
    return ROW.finding(gap=str(gap))


ROW = Row(
    code="reenrolled_within_gap",
    rule="R-253",
    place=380,
    severities=(Severity.NOTE,),
    find=reenrolled_within_gap,
    needs=Has.WHY_SUBSEQUENT,
    title="enrolled again too soon for 99492",
    sentence="Enrolled again within {gap} months of earlier care: the episode's months bill 99493.",
    parameters=("gap",),
    about=About.ENROLLMENT,
)
