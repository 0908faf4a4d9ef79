"""Notes units of 99494 beyond the payer's cap."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row


def capped(case: MonthCase) -> Finding | None:
    """Notes units of 99494 above the payer's cap."""
    lost = case.threshold.capped_units
    if not lost or not case.earned:
        return None
    return ROW.finding(lost=str(lost))


ROW = Row(
    code="capped",
    rule="R-106",
    place=400,
    severities=(Severity.NOTE,),
    find=capped,
    needs=Has.EARNED,
    title="more 99494 than the payer pays",
    sentence="The minutes would give {lost} more of 99494 than this payer pays in a month.",
    parameters=("lost",),
    about=About.PAYER,
)
