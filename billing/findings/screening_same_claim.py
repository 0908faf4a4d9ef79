"""Warns when brief assessments (96127) are billed in the same month."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def screening_same_claim(case: MonthCase) -> Finding | None:
    """Warns when 96127 is billed in the same month."""
    if all(service.code not in _CODES for service in case.services()):
        return None
    return ROW.finding()


_CODES = frozenset({"96127"})


ROW = Row(
    code="screening_same_claim",
    rule="R-318",
    place=320,
    severities=(Severity.WARNING,),
    find=screening_same_claim,
    needs=Has.SERVICES,
    title="96127 in the same month",
    sentence="96127 is billed in the same month: some payers see the scale as part of CoCM.",
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller checks what the payer sees as part of CoCM.",
    about=About.CLAIM,
)
