"""Time says what was done."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-411"


def undocumented(case: MonthCase) -> Finding | None:
    """Warns about entries without any words."""
    entries = tuple(entry.entry_id for entry in case.facts.entries if not entry.note_digest)
    if not entries:
        return None
    return Finding(
        code="undocumented",
        severity=Severity.WARNING,
        message="Entries without a note: undocumented time does not stand up to an audit.",
        rule=RULE,
        entries=entries,
    )
