"""A claim goes to a payer."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-313"


def payer_missing(case: MonthCase) -> Finding | None:
    """Warns when the episode names no payer."""
    if case.episode is None or case.episode.payer:
        return None
    return Finding(
        code="payer_missing",
        severity=Severity.WARNING,
        message="No payer on record.",
        rule=RULE,
    )
