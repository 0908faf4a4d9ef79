"""A line that only consultant minutes carry is attested."""

from billing.charges import charges
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.people import Role

RULE = "R-403"


def consultant_decisive(case: MonthCase) -> Finding | None:
    """Holds a line whose first code is reached only with consultant minutes, until a biller attests."""
    if not case.earned or not case.tally.consultant:
        return None
    without = charges(case.tally.staff, case.kind, case.rules, case.rules.max_99494)
    if (without and without[0] == case.earned[0]) or case.attested(AttestationKind.CONSULTANT_TIME):
        return None
    entries = tuple(
        entry.entry_id
        for entry, verdict in case.entries_with_verdicts()
        if verdict.counted and entry.role is Role.CONSULTANT
    )
    return Finding(
        code="consultant_decisive",
        severity=Severity.BLOCKER,
        message="Only the consultant's minutes carry this month over its threshold: a biller attests them.",
        rule=RULE,
        entries=entries,
    )
