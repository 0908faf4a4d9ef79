"""Nothing is billed without a documented consent."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-303"


def consent_missing(case: MonthCase) -> Finding | None:
    """Blocks a month of an episode that has no consent on record."""
    if case.episode is None or case.episode.consents:
        return None
    return Finding(
        code="consent_missing",
        severity=Severity.BLOCKER,
        message="Consent missing: record whether it was verbal or written, its date and who took it.",
        rule=RULE,
    )
