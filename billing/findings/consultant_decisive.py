"""Asks for an attestation when only the consultant's minutes carry a month over its threshold."""

from billing.charges import charges
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole, Role


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
    return ROW.finding(entries=entries)


ROW = Row(
    code="consultant_decisive",
    rule="R-403",
    place=230,
    severities=(Severity.BLOCKER,),
    find=consultant_decisive,
    needs=Has.EARNED,
    title="consultant minutes decide",
    sentence="Only the consultant's minutes carry this month over its threshold.",
    fixed_by=(
        MemberRole.BILLER,
        MemberRole.SUPERVISOR,
    ),
    to_do="A biller or supervisor looks at that time and attests it: `/cocm attest MRN123 november "
    "consultant time`.",
    told=When.NEAR,
    about=About.TIME,
    answered_by=AttestationKind.CONSULTANT_TIME,
)
