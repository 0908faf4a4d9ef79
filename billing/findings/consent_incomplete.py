"""A consent says how it was given and that cost-sharing was disclosed."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-304"


def consent_incomplete(case: MonthCase) -> Finding | None:
    """Warns when the consent on record leaves out how it was given or the cost-sharing."""
    consent = case.episode.consent if case.episode else None
    if consent is None:
        return None
    lacking = [] if consent.kind else ["whether it was verbal or written"]
    lacking += [] if consent.cost_sharing_disclosed else ["that cost-sharing was disclosed"]
    if not lacking:
        return None
    return Finding(
        code="consent_incomplete",
        severity=Severity.WARNING,
        message=f"The consent on record does not say {' or '.join(lacking)}.",
        rule=RULE,
    )
