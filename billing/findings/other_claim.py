"""Holds a line beside which another claim of the same family of codes stands in the month."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from billing.clinical import AttestationKind, OtherService
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole

#: Codes of which a patient's month takes one family, by one practitioner (R-109, R-326).
FAMILY = frozenset(
    {
        *("99492", "99493", "99494", "G2214", "99484", "G0512"),
        *("G0568", "G0569", "G0570"),
    }
)
_PSYCHOLOGISTS = "G0323"


def other_claim(case: MonthCase) -> Finding | None:
    """Blocks an earned line beside another claim of the family, and warns while nothing is earned.

    What the line was submitted with is its own claim, once; so is what a biller says is.
    """
    family = [one for one in case.services() if one.code in FAMILY]
    own = _own_codes(family, case.facts.submitted_codes)
    claims = [one for one in family if one.code not in own]
    if not claims or case.attested(AttestationKind.OTHER_CLAIM):
        return None
    severity = Severity.BLOCKER if case.earned else Severity.WARNING
    return OTHER_CLAIM.finding(severity=severity, claims=claims_of(claims))


def _own_codes(family: Sequence[OtherService], submitted: Sequence[str]) -> frozenset[str]:
    """Codes that a line was submitted with, but those on file of more days than the one on which it was claimed."""
    days = Counter(code for code, _ in {(one.code, one.service_on) for one in family})
    return frozenset(code for code in submitted if days[code] == 1)


def psychologists_claim(case: MonthCase) -> Finding | None:
    """Warns about G0323, of which no source at hand says whether it may stand beside these codes."""
    claims = [one for one in case.services() if one.code == _PSYCHOLOGISTS]
    return PSYCHOLOGISTS_CLAIM.finding(claims=claims_of(claims)) if claims else None


def claims_of(services: Iterable[OtherService]) -> str:
    """Services as one parameter of a finding, in the order of their days."""
    ordered = sorted(services, key=lambda one: (one.service_on, one.code))
    return ",".join(f"{one.code} {one.service_on}" for one in ordered)


def spoken_claims(claims: str) -> str:
    """`99484 on Nov 3 and 99494 on Nov 30`."""
    told = []
    for claim in claims.split(","):
        code, day = claim.split()
        on = date.fromisoformat(day)
        told.append(f"{code} on {on:%b} {on.day}")
    *others, last = told
    return f"{', '.join(others)} and {last}" if others else last


def _sentence(parameters: Mapping[str, str]) -> str:
    claims = spoken_claims(parameters["claims"])
    return (
        f"Another claim of these codes is on file for this month: {claims}. A patient's month is billed once."
    )


def _psychologists_sentence(parameters: Mapping[str, str]) -> str:
    claims = spoken_claims(parameters["claims"])
    return (
        f"General BHI by a psychologist or social worker is on file as billed: {claims}. It is not known "
        "whether both may be billed in one month."
    )


OTHER_CLAIM = Row(
    code="other_claim_on_file",
    rule="R-326",
    place=152,
    severities=(Severity.BLOCKER, Severity.WARNING),
    find=other_claim,
    needs=Has.SERVICES,
    title="another claim of this family",
    sentence=_sentence,
    parameters=("claims",),
    fixed_by=(MemberRole.BILLER, MemberRole.SUPERVISOR),
    to_do="A biller finds out who billed it. If it is this line's own claim, or was withdrawn, attest that: "
    "`/cocm attest MRN123 november other claim`. If it stands, leave this line unbilled.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.CLAIM,
    answered_by=AttestationKind.OTHER_CLAIM,
)

PSYCHOLOGISTS_CLAIM = Row(
    code="psychologists_claim",
    rule="R-326",
    place=154,
    severities=(Severity.WARNING,),
    find=psychologists_claim,
    needs=Has.SERVICES,
    title="G0323 in the same month",
    sentence=_psychologists_sentence,
    parameters=("claims",),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller asks the payer before both are billed.",
    about=About.CLAIM,
)
