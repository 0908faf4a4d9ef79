"""The first month's assessment uses a validated scale."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind

RULE = "R-308"


def scale_missing(case: MonthCase) -> Finding | None:
    """Blocks a first month in whose episode no score of a validated scale stands by the month's end."""
    if case.kind is not MonthKind.INITIAL or case.episode is None:
        return None
    first, last = case.episode.starts_on, case.facts.month.last_day
    if any(first <= score.measured_on <= last for score in case.facts.scores):
        return None
    return Finding(
        code="scale_missing",
        severity=Severity.BLOCKER,
        message="Validated scale missing: record the score (PHQ-9, GAD-7 ...) of the initial assessment.",
        rule=RULE,
    )
