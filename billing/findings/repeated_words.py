"""The same words for many patients are looked at."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-407"


def repeated_words(case: MonthCase) -> Finding | None:
    """Tells supervisors about entries whose words stand in many patients' records."""
    repeated = case.facts.repeated_words
    if not repeated:
        return None
    entries = tuple(entry.entry_id for entry in case.facts.entries if entry.note_digest in repeated)
    if not entries:
        return None
    return Finding(
        code="repeated_words",
        severity=Severity.WARNING,
        message="The same words were written for several patients: each record needs its own.",
        rule=RULE,
        entries=entries,
        supervisors_only=True,
    )
