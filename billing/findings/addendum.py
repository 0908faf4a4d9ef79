"""What is written after the close is an addendum."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-413"


def addendum(case: MonthCase) -> Finding | None:
    """Notes entries keyed or corrected after the month was closed."""
    closed = case.facts.closed_at
    if closed is None:
        return None
    entries = tuple(
        entry.entry_id
        for entry in case.facts.entries
        if entry.recorded_at > closed or (entry.corrected_at is not None and entry.corrected_at > closed)
    )
    if not entries:
        return None
    return Finding(
        code="addendum",
        severity=Severity.NOTE,
        message="Written after the month was closed: an addendum, in no total until the month is closed again.",
        rule=RULE,
        entries=entries,
    )
