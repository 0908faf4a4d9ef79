"""Notes when the payer pays 99492 once in a calendar year and it was already earned."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.month_kinds import WhySubsequent


def yearly_limit(case: MonthCase) -> Finding | None:
    """Notes why a first month bills 99493."""
    if case.place.why_subsequent is not WhySubsequent.CALENDAR_YEAR:
        return None
    return ROW.finding()


ROW = Row(
    code="yearly_limit",
    rule="R-256",
    place=390,
    severities=(Severity.NOTE,),
    find=yearly_limit,
    needs=Has.WHY_SUBSEQUENT,
    title="99492 already earned this year",
    sentence="This payer pays 99492 once in a calendar year, and it was earned earlier: 99493 instead.",
    about=About.PAYER,
)
