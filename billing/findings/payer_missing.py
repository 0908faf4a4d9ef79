"""Reports a missing payer."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def payer_missing(case: MonthCase) -> Finding | None:
    """Warns when no payer is on file for the date of service."""
    if case.episode is None or case.claim.payer:
        return None
    return ROW.finding()


ROW = Row(
    code="payer_missing",
    rule="R-313",
    place=150,
    severities=(Severity.WARNING,),
    find=payer_missing,
    title="payer missing",
    sentence="No payer on file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the payer: `/cocm enroll MRN123 payer Cedar Health`.",
    told=When.MONTH_END,
    fix=Fix.ENROLL,
    about=About.PAYER,
)
