"""Reports an initial assessment without a score of a validated scale."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def scale_missing(case: MonthCase) -> Finding | None:
    """Blocks a first month in whose episode no score of a validated scale stands by the month's end."""
    if case.kind is not MonthKind.INITIAL or case.episode is None:
        return None
    first, last = case.episode.starts_on, case.facts.month.last_day
    if any(first <= score.measured_on <= last for score in case.facts.scores):
        return None
    return ROW.finding()


ROW = Row(
    code="scale_missing",
    rule="R-308",
    place=80,
    severities=(Severity.BLOCKER,),
    find=scale_missing,
    kind=MonthKind.INITIAL,
    title="validated scale missing",
    sentence="Validated scale missing: no score (PHQ-9, GAD-7 ...) of the initial assessment is on file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the score of the initial assessment with its date: `/cocm assess MRN123 PHQ-9 14 on 11/3`.",
    told=When.NEAR,
    fix=Fix.ASSESS,
    about=About.ASSESSMENT,
)
