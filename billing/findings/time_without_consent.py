"""Time outside the days of a consent does not count."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-305"


def time_without_consent(case: MonthCase) -> Finding | None:
    """Warns about time before the consent, or after it was revoked."""
    entries = case.entries_excluded(Exclusion.BEFORE_CONSENT, Exclusion.CONSENT_REVOKED)
    if not entries:
        return None
    return Finding(
        code="time_without_consent",
        severity=Severity.WARNING,
        message="Time before consent was given, or after it was revoked, is not counted.",
        rule=RULE,
        entries=entries,
    )
