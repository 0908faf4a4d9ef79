"""Blocks CoCM codes without an initial assessment."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def assessment_missing(case: MonthCase) -> Finding | None:
    """Blocks a month of an episode that has no initial assessment on file."""
    if case.kind is not MonthKind.UNASSESSED:
        return None
    return ROW.finding()


ROW = Row(
    code="assessment_missing",
    rule="R-306",
    place=60,
    severities=(Severity.BLOCKER,),
    find=assessment_missing,
    kind=MonthKind.UNASSESSED,
    title="initial assessment missing",
    sentence="Initial assessment missing: CoCM codes rest on one.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record its scale, score and date: `/cocm assess MRN123 PHQ-9 14 on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.ASSESS,
    about=About.ASSESSMENT,
)
