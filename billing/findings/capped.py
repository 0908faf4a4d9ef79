"""A payer's cap on 99494 costs units, and says so."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-106"


def capped(case: MonthCase) -> Finding | None:
    """Notes units of 99494 above the payer's cap."""
    lost = case.threshold.capped_units
    if not lost or not case.earned:
        return None
    return Finding(
        code="capped",
        severity=Severity.NOTE,
        message=f"The minutes would give {lost} more of 99494 than this payer pays in a month.",
        rule=RULE,
    )
