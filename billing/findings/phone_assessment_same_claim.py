"""Warns when a phone assessment is billed in the same month."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def phone_assessment_same_claim(case: MonthCase) -> Finding | None:
    """Warns when 98966-98968 are billed in the same month."""
    if all(service.code not in _CODES for service in case.services()):
        return None
    return ROW.finding()


_CODES = frozenset({"98966", "98967", "98968"})


ROW = Row(
    code="phone_assessment_same_claim",
    rule="R-319",
    place=330,
    severities=(Severity.WARNING,),
    find=phone_assessment_same_claim,
    needs=Has.SERVICES,
    title="phone assessment in the same month",
    sentence="A phone assessment (98966-98968) is billed in the same month: its minutes may not count twice.",
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller checks that no minute is billed twice.",
    about=About.CLAIM,
)
