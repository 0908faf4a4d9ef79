"""Blocks months before the initial assessment."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def before_assessment(case: MonthCase) -> Finding | None:
    """Blocks a month that lies before the episode's initial assessment."""
    if case.kind is not MonthKind.BEFORE_ASSESSMENT:
        return None
    return ROW.finding()


ROW = Row(
    code="before_assessment",
    rule="R-307",
    place=70,
    severities=(Severity.BLOCKER,),
    find=before_assessment,
    kind=MonthKind.BEFORE_ASSESSMENT,
    title="initial assessment in a later month",
    sentence="The initial assessment came in a later month. Months before it bill nothing.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="If there was an earlier assessment, record it with its date: `/cocm assess MRN123 PHQ-9 "
    "14 on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.ASSESS,
    about=About.ASSESSMENT,
)
