"""A damaged entry is named, never dropped."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-212"


def corrupt_entries(case: MonthCase) -> Finding | None:
    """Warns about entries of no possible length, or of another month."""
    entries = case.entries_excluded(Exclusion.CORRUPT, Exclusion.OTHER_MONTH)
    if not entries:
        return None
    return Finding(
        code="corrupt_entries",
        severity=Severity.WARNING,
        message="Entries with an impossible length or a date outside the month are not counted: correct them.",
        rule=RULE,
        entries=entries,
    )
