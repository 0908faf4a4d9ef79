"""Warns when a long episode has no recent statement of medical necessity."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def necessity(case: MonthCase) -> Finding | None:
    """Warns when a long episode has no statement of medical necessity from within the last months."""
    every = case.rules.practice.necessity_after_months
    if not case.is_cocm or case.month_number <= every:
        return None
    since = case.facts.month.plus(-every).first_day
    last = case.facts.month.last_day
    if any(
        statement.kind is StatementKind.NECESSITY and since <= statement.made_on <= last
        for statement in case.facts.statements
    ):
        return None
    return ROW.finding(number=str(case.month_number))


ROW = Row(
    code="necessity",
    rule="R-324",
    place=200,
    severities=(Severity.WARNING,),
    find=necessity,
    title="medical necessity not stated",
    sentence="Month {number} of the episode: no recent statement says why care is still medically necessary.",
    parameters=("number",),
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="State that care is still medically necessary: `/cocm state MRN123 necessity`.",
    told=When.MONTH_END,
    fix=Fix.STATE,
    states=StatementKind.NECESSITY,
    about=About.STATEMENT,
)
