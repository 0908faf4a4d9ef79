"""Add-ons to Advanced Primary Care Management are unresolved beside CoCM."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-320"


def apcm(case: MonthCase) -> Finding | None:
    """Warns about a patient enrolled in APCM; G0568, G0569 and G0570 are never emitted."""
    if case.episode is None or not case.episode.apcm:
        return None
    return Finding(
        code="apcm",
        severity=Severity.WARNING,
        message="Enrolled in APCM: hold until it is clear whether G0568-G0570 replace these codes.",
        rule=RULE,
    )
