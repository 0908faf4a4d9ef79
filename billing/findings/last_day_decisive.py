"""Time on the last day that decides a month is looked at."""

from billing.clinical import AttestationKind
from billing.findings.decisive import Weight, weight_of
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-405"


def last_day_decisive(case: MonthCase) -> Finding | None:
    """Tells supervisors when the month's last day reaches a code."""
    if not case.earned or case.attested(AttestationKind.LAST_DAY_TIME):
        return None
    last_day = case.facts.month.last_day
    last = [entry for entry in case.facts.entries if entry.service_date == last_day]
    if not last or weight_of(case, last) is Weight.NONE:
        return None
    entries = tuple(entry.entry_id for entry in last)
    return Finding(
        code="last_day_decisive",
        severity=Severity.WARNING,
        message="Time on the last day carries this month over a threshold.",
        rule=RULE,
        entries=entries,
        supervisors_only=True,
    )
