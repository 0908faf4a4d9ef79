"""Late entries are marked as such."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-401"


def late_entries(case: MonthCase) -> Finding | None:
    """Notes entries keyed later than the practice's days after their date of service."""
    entries = tuple(entry.entry_id for entry in case.late_entries())
    if not entries:
        return None
    days = case.rules.practice.late_after_business_days
    return Finding(
        code="late_entries",
        severity=Severity.NOTE,
        message=f"Late entries: keyed more than {days} business day{'s' * (days != 1)} after the date of service.",
        rule=RULE,
        entries=entries,
    )
