"""Rules that nobody has verified are not relied on in silence."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-314"


def payer_unverified(case: MonthCase) -> Finding | None:
    """Warns when the payer's rules are not on record, or were never verified."""
    if case.episode is None or not case.episode.payer or case.rules.payer_verified:
        return None
    if case.rules.payer:
        message = "This payer's rules are unverified. Check them with the payer, then record the date."
    else:
        message = "No rules of this payer are on record, so the practice's own were used."
    return Finding(
        code="payer_unverified",
        severity=Severity.WARNING,
        message=message,
        rule=RULE,
    )
