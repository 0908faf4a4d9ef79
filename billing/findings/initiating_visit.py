"""Reports a missing initiating visit for patients who are new or were not seen within a year."""

from datetime import timedelta

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.month_kinds import MonthKind
from billing.people import MemberRole


def initiating_visit(case: MonthCase) -> Finding | None:
    """Warns in the first month while it is not known whether a visit was needed; blocks when it was, and is missing.

    A visit counts when it lies within the year before care began, or in the month itself.
    """
    episode = case.episode
    if episode is None or episode.initiating_visit_needed is False or not case.is_cocm:
        return None
    visit = episode.initiating_visit_on
    if visit is not None and visit <= case.facts.month.last_day and episode.starts_on - visit <= _YEAR:
        return None
    if episode.initiating_visit_needed:
        return INITIATING_VISIT_MISSING.finding()
    if case.kind is not MonthKind.INITIAL:
        return None
    return INITIATING_VISIT_UNKNOWN.finding()


_YEAR = timedelta(days=366)


INITIATING_VISIT_MISSING = Row(
    code="initiating_visit_missing",
    rule="R-312",
    place=130,
    severities=(Severity.BLOCKER,),
    find=initiating_visit,
    title="initiating visit missing",
    sentence="Initiating visit missing: one is needed, and no visit within a year is on file.",
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the visit's date with the roster: `cocm import patients roster.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)

INITIATING_VISIT_UNKNOWN = Row(
    code="initiating_visit_unknown",
    rule="R-312",
    place=140,
    severities=(Severity.WARNING,),
    find=initiating_visit,
    title="initiating visit not on file",
    sentence="No initiating visit on file, and no record that none was needed.",
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the visit's date, or that none was needed, with the roster: "
    "`cocm import patients roster.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)
