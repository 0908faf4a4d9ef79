"""A patient new or not seen within a year needs an initiating visit."""

from datetime import timedelta

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-312"


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
        return Finding(
            code="initiating_visit_missing",
            severity=Severity.BLOCKER,
            message="Initiating visit missing: it is recorded as needed, and no visit within a year is.",
            rule=RULE,
        )
    if case.kind is not MonthKind.INITIAL:
        return None
    return Finding(
        code="initiating_visit_unknown",
        severity=Severity.WARNING,
        message="No initiating visit on record. Record its date, or that none was needed.",
        rule=RULE,
    )


_YEAR = timedelta(days=366)
