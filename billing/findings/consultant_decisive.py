"""Asks for an attestation when only the consultant's minutes carry a month's code, or units of its add-on."""

from collections.abc import Mapping

from billing.charges import charges
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole, Role


def consultant_decisive(case: MonthCase) -> Finding | None:
    """Holds a line, or units of 99494, that are reached only with consultant minutes, until a biller attests."""
    if not case.earned or not case.tally.consultant or case.attested(AttestationKind.CONSULTANT_TIME):
        return None
    without = charges(case.tally.staff, case.kind, case.rules, case.rules.max_99494)
    if without == case.earned:
        return None
    entries = tuple(
        entry.entry_id
        for entry, verdict in case.entries_with_verdicts()
        if verdict.counted and entry.role is Role.CONSULTANT
    )
    if not without or without[0] != case.earned[0]:
        return ROW.finding(entries=entries, held_units="0")
    held = case.earned[1].units - sum(charge.units for charge in without[1:])
    return ROW.finding(severity=Severity.WARNING, entries=entries, held_units=str(held))


def held_units(finding: Finding) -> int:
    """Units of 99494 that a finding holds of a line that may be billed otherwise; 0 for other findings."""
    return int(dict(finding.parameters)["held_units"]) if finding.code == ROW.code else 0


def _sentence(given: Mapping[str, str]) -> str:
    units = int(given["held_units"])
    if not units:
        return "Only the consultant's minutes carry this month over its threshold."
    few = "a unit of 99494: it is" if units == 1 else f"{units} units of 99494: they are"
    return f"Only the consultant's minutes carry {few} held, and not billed, until that time is attested."


ROW = Row(
    code="consultant_decisive",
    rule="R-403",
    place=230,
    severities=(
        Severity.BLOCKER,
        Severity.WARNING,
    ),
    find=consultant_decisive,
    needs=Has.EARNED,
    title="consultant minutes decide",
    sentence=_sentence,
    parameters=("held_units",),
    fixed_by=(
        MemberRole.BILLER,
        MemberRole.SUPERVISOR,
    ),
    to_do="A biller or supervisor looks at that time and attests it: `/cocm attest MRN123 november "
    "consultant time`.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.TIME,
    answered_by=AttestationKind.CONSULTANT_TIME,
)
