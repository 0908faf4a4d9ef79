"""Phone assessments and CoCM minutes are not the same minutes."""

from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-319"


def phone_assessment_same_claim(case: MonthCase) -> Finding | None:
    """Warns when 98966-98968 are billed in the same month."""
    if all(service.code not in _CODES for service in case.services()):
        return None
    return Finding(
        code="phone_assessment_same_claim",
        severity=Severity.WARNING,
        message="A phone assessment (98966-98968) is billed in the same month: its minutes may not count twice.",
        rule=RULE,
    )


_CODES = frozenset({"98966", "98967", "98968"})
