"""Names the code that a month's minutes reach and that its payer does not take."""

from billing.charges import base_rule
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole
from billing.rules import codes_in_force


def code_not_covered(case: MonthCase) -> Finding | None:
    """Warns where the payer does not take the code that the minutes reach, so that nothing is lost in silence."""
    if not case.kind.bills or not case.rules.payer:
        return None
    base = base_rule(case.kind, case.rules)
    if base.code in case.rules.covered_codes or case.tally.counted < base.minimum_seconds:
        return None
    _, in_force, _ = codes_in_force(case.claim_day)
    return ROW.finding(code=base.code, payer=case.rules.payer) if base.code in in_force else None


ROW = Row(
    code="code_not_covered",
    rule="R-120",
    place=158,
    severities=(Severity.WARNING,),
    find=code_not_covered,
    title="code not taken by the payer",
    sentence="The minutes reach {code}, which {payer} does not take by the rules on file.",
    parameters=("code", "payer"),
    fixed_by=(MemberRole.BILLER, MemberRole.CARE_MANAGER),
    to_do="A biller checks with the payer; a practice that has other terms imports them: "
    "`cocm import payers payers.csv`.",
    told=When.FROM_THE_START,
    about=About.PAYER,
)
