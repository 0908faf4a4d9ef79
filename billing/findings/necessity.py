"""Long care says why it is still needed."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-324"


def necessity(case: MonthCase) -> Finding | None:
    """Warns when a long episode has no statement of medical necessity from within the last months."""
    every = case.rules.practice.necessity_after_months
    if not case.is_cocm or case.month_number <= every:
        return None
    since = case.facts.month.plus(-every).first_day
    last = case.facts.month.last_day
    if any(
        statement.kind is StatementKind.NECESSITY and since <= statement.made_on <= last
        for statement in case.facts.statements
    ):
        return None
    return Finding(
        code="necessity",
        severity=Severity.WARNING,
        message=f"Month {case.month_number} of the episode: record why care is still medically necessary.",
        rule=RULE,
    )
