"""Blocks months after the patient was discharged."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def after_discharge(case: MonthCase) -> Finding | None:
    """Says that the month lies after the patient's discharge."""
    if case.kind is not MonthKind.AFTER_DISCHARGE:
        return None
    return ROW.finding()


ROW = Row(
    code="after_discharge",
    rule="R-302",
    place=20,
    severities=(Severity.BLOCKER,),
    find=after_discharge,
    kind=MonthKind.AFTER_DISCHARGE,
    title="discharged before this month",
    sentence="The patient was discharged before this month.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="If care goes on, enroll the patient again: `/cocm enroll MRN123 on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.ENROLL,
    about=About.ENROLLMENT,
)
