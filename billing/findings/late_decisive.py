"""Asks for an attestation when late entries decide a month."""

from billing.clinical import AttestationKind
from billing.findings.decisive import Weight, weight_of
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def late_decisive(case: MonthCase) -> Finding | None:
    """Holds a line that only late entries carry over its threshold, until a supervisor attests.

    Where late time only adds units, supervisors are told.
    """
    if not case.earned or case.attested(AttestationKind.LATE_TIME):
        return None
    late = case.late_entries
    weight = weight_of(case, late) if late else Weight.NONE
    if weight is Weight.NONE:
        return None
    return ROW.finding(
        severity=Severity.BLOCKER if weight is Weight.LINE else Severity.WARNING,
        entries=tuple(entry.entry_id for entry in late),
    )


ROW = Row(
    code="late_decisive",
    rule="R-402",
    place=220,
    severities=(
        Severity.BLOCKER,
        Severity.WARNING,
    ),
    find=late_decisive,
    needs=Has.EARNED,
    title="late time decides",
    sentence="Late entries carry this month over a threshold.",
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor looks at that time and attests it: `/cocm attest MRN123 november late time`.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
    answered_by=AttestationKind.LATE_TIME,
)
