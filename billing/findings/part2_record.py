"""Substance use treatment records have a protection of their own."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-321"


def part2_record(case: MonthCase) -> Finding | None:
    """Warns that the record falls under 42 CFR Part 2."""
    if case.episode is None or not case.episode.part2_record:
        return None
    return Finding(
        code="part2_record",
        severity=Severity.WARNING,
        message="The record holds substance use treatment (42 CFR Part 2): disclose only with that consent.",
        rule=RULE,
    )
