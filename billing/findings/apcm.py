"""Warns when the patient is enrolled in Advanced Primary Care Management, whose add-on codes may replace CoCM's."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def apcm(case: MonthCase) -> Finding | None:
    """Warns about a patient enrolled in APCM; G0568, G0569 and G0570 are never emitted."""
    if case.episode is None or not case.claim.apcm:
        return None
    return ROW.finding()


ROW = Row(
    code="apcm",
    rule="R-320",
    place=340,
    severities=(Severity.WARNING,),
    find=apcm,
    title="enrolled in APCM",
    sentence="Enrolled in APCM: G0568-G0570 may replace these codes.",
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller holds the line until the payer has answered.",
    about=About.PAYER,
)
