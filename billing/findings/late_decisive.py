"""Late time that decides a month is attested."""

from billing.clinical import AttestationKind
from billing.findings.decisive import Weight, weight_of
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-402"


def late_decisive(case: MonthCase) -> Finding | None:
    """Holds a line that only late entries carry over its threshold, until a supervisor attests.

    Where late time only adds units, supervisors are told.
    """
    if not case.earned or case.attested(AttestationKind.LATE_TIME):
        return None
    late = case.late_entries()
    weight = weight_of(case, late) if late else Weight.NONE
    if weight is Weight.NONE:
        return None
    return Finding(
        code="late_decisive",
        severity=Severity.BLOCKER if weight is Weight.LINE else Severity.WARNING,
        message="Late entries carry this month over a threshold: a supervisor looks at them and attests.",
        rule=RULE,
        entries=tuple(entry.entry_id for entry in late),
        supervisors_only=weight is Weight.UNITS,
    )
