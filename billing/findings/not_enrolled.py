"""Blocks months of patients who are not enrolled; their minutes are shown."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def not_enrolled(case: MonthCase) -> Finding | None:
    """Blocks a month in which no episode of care had begun."""
    if case.kind is not MonthKind.NOT_ENROLLED:
        return None
    return ROW.finding()


ROW = Row(
    code="not_enrolled",
    rule="R-301",
    place=10,
    severities=(Severity.BLOCKER,),
    find=not_enrolled,
    kind=MonthKind.NOT_ENROLLED,
    title="not enrolled",
    sentence="Not enrolled: no episode of care had begun by this month.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Minutes are kept. To bill them, enroll the patient: `/cocm enroll MRN123 payer Cedar "
    "Health on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.ENROLL,
    about=About.ENROLLMENT,
)
