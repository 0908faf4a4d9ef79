"""Holds a line of a patient in Advanced Primary Care Management until a biller chooses between two sets of codes."""

from collections.abc import Iterable, Mapping

from billing.apcm import add_on_instead, apcm_claims, is_enrolled
from billing.charges import Charge
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def apcm(case: MonthCase) -> Finding | None:
    """Blocks an earned line of a patient in APCM until a biller has chosen its codes; warns while nothing is earned.

    The add-ons G0568, G0569 and G0570 are shown and never charged (R-320, R-328).
    """
    instead = add_on_instead(case.kind, case.facts.month)
    if instead is None or not is_enrolled(case.facts, case.claim):
        return None
    if case.attested(AttestationKind.APCM):
        return None
    return ROW.finding(
        severity=Severity.BLOCKER if case.earned else Severity.WARNING,
        codes=spoken_codes(case.earned),
        instead=instead.code,
        beside=" ".join(apcm_claims(case.facts)),
    )


def add_on_to_choose(findings: Iterable[Finding]) -> Charge | None:
    """The add-on for which a month is held, by its findings; None where there is nothing to choose."""
    held = (one for one in findings if one.code == ROW.code and one.severity is Severity.BLOCKER)
    found = next(held, None)
    instead = dict(found.parameters).get("instead") if found is not None else None
    return Charge(instead) if instead else None


def spoken_codes(charges: tuple[Charge, ...]) -> str:
    """`99493 and 2 x 99494`; nothing for no codes."""
    return " and ".join(one.code if one.units == 1 else f"{one.units} x {one.code}" for one in charges)


def _sentence(parameters: Mapping[str, str]) -> str:
    codes, instead, claimed = (parameters[name] for name in ("codes", "instead", "beside"))
    beside = f"{claimed} (on file)" if claimed else "G0556-G0558 (none is on file)"
    return (
        f"Enrolled in APCM: bill either {codes or 'what its minutes earn'}, or {instead} with {beside} by the same "
        "practitioner in the month, never both. Held until a biller chooses."
    )


ROW = Row(
    code="apcm",
    rule="R-320",
    place=156,
    severities=(Severity.BLOCKER, Severity.WARNING),
    find=apcm,
    title="enrolled in APCM",
    sentence=_sentence,
    parameters=("codes", "instead", "beside"),
    fixed_by=(MemberRole.BILLER, MemberRole.SUPERVISOR),
    to_do="A biller chooses. For the codes of this line: `/cocm attest MRN123 november apcm`. For the APCM add-on: "
    "leave this line as it is, and bill the add-on with APCM.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.PAYER,
    answered_by=AttestationKind.APCM,
)
