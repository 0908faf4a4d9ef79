"""With an outside therapist, the record says that nothing is done twice."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-316"


def outside_therapist(case: MonthCase) -> Finding | None:
    """Warns until a statement of non-duplication is recorded."""
    if case.episode is None or not case.episode.outside_therapist:
        return None
    if case.has_statement(StatementKind.NON_DUPLICATION):
        return None
    return Finding(
        code="outside_therapist",
        severity=Severity.WARNING,
        message="The patient sees an outside therapist: record that care management does not duplicate that work.",
        rule=RULE,
    )
