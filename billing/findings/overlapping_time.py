"""One person's clock time counts once."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-211"


def overlapping_time(case: MonthCase) -> Finding | None:
    """Warns about time not counted because the same person is in another entry at that time."""
    entries = case.entries_excluded(Exclusion.OVERLAP)
    if not entries:
        return None
    return Finding(
        code="overlapping_time",
        severity=Severity.WARNING,
        message="Clock times overlap another entry of the same person: the time counts once. Correct the times.",
        rule=RULE,
        entries=entries,
    )
