"""Warns when a patient with an outside therapist has no statement of non-duplication."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def outside_therapist(case: MonthCase) -> Finding | None:
    """Warns until a statement of non-duplication is recorded."""
    if case.episode is None or not case.episode.outside_therapist:
        return None
    if case.has_statement(StatementKind.NON_DUPLICATION):
        return None
    return ROW.finding()


ROW = Row(
    code="outside_therapist",
    rule="R-316",
    place=180,
    severities=(Severity.WARNING,),
    find=outside_therapist,
    title="non-duplication not stated",
    sentence="The patient sees an outside therapist: no statement says that care management does not "
    "duplicate that work.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="State that care management does not duplicate the therapist's work: `/cocm state MRN123 "
    "non-duplication`.",
    told=When.MONTH_END,
    fix=Fix.STATE,
    states=StatementKind.NON_DUPLICATION,
    about=About.STATEMENT,
)
