"""Brief assessments on the same claim are looked at by payers."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-318"


def screening_same_claim(case: MonthCase) -> Finding | None:
    """Warns when 96127 is billed in the same month."""
    if all(service.code not in _CODES for service in case.services()):
        return None
    return Finding(
        code="screening_same_claim",
        severity=Severity.WARNING,
        message="96127 is billed in the same month: some payers see the scale as part of CoCM.",
        rule=RULE,
    )


_CODES = frozenset({"96127"})
