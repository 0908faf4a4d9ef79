"""Very long entries are looked at."""

from billing.durations import spoken
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-406"


def long_entries(case: MonthCase) -> Finding | None:
    """Warns about entries longer than the practice's limit."""
    limit = case.rules.practice.long_entry_seconds
    entries = tuple(entry.entry_id for entry in case.facts.entries if entry.seconds > limit)
    if not entries:
        return None
    return Finding(
        code="long_entries",
        severity=Severity.WARNING,
        message=f"Entries over {spoken(limit)}: check that the time is right.",
        rule=RULE,
        entries=entries,
    )
