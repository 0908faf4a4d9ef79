"""A claim needs a diagnosis."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-311"


def diagnosis_missing(case: MonthCase) -> Finding | None:
    """Warns, or by setting blocks, when neither a diagnosis nor a problem list is on record."""
    if case.episode is None or case.facts.problems_recorded or case.episode.diagnosis_codes:
        return None
    return Finding(
        code="diagnosis_missing",
        severity=Severity.BLOCKER if case.rules.practice.diagnosis_required else Severity.WARNING,
        message="No diagnosis and no problem list on record.",
        rule=RULE,
    )
