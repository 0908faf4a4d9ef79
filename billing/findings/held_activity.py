"""Work only inferred to be unbillable waits for an answer."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-205"


def held_activity(case: MonthCase) -> Finding | None:
    """Warns about time held because its activity was only inferred from words."""
    entries = case.entries_excluded(Exclusion.HELD)
    if not entries:
        return None
    return Finding(
        code="held_activity",
        severity=Severity.WARNING,
        message="Time is held until someone says whether it was care management: confirm its activity.",
        rule=RULE,
        entries=entries,
    )
