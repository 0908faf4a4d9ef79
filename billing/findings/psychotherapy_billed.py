"""Reports psychotherapy on another claim of the month, by a care manager who counts or by nobody knows whom."""

from collections.abc import Mapping

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.other_claim import claims_of, spoken_claims
from billing.findings.row import About, Row, When
from billing.people import MemberRole, Role
from billing.rules import Psychotherapy

#: Psychotherapy alone, beside a visit, in crisis, with the family and in a group.
_CODES = frozenset(
    {
        *("90832", "90833", "90834", "90836", "90837", "90838", "90839", "90840"),
        *("90845", "90846", "90847", "90849", "90853"),
    }
)


def psychotherapy_billed(case: MonthCase) -> Finding | None:
    """Blocks a CoCM month in which one of its care managers billed psychotherapy, unless the payer allows it."""
    managers = {
        entry.performed_by
        for entry, verdict in case.entries_with_verdicts()
        if verdict.counted and entry.role is Role.CARE_MANAGER
    }
    claims = [one for one in case.services() if one.code in _CODES and one.performed_by in managers]
    if not claims or not _matters(case):
        return None
    return PSYCHOTHERAPY_BILLED.finding(claims=claims_of(claims))


def psychotherapist_unknown(case: MonthCase) -> Finding | None:
    """Warns about psychotherapy of which it is not on file who gave it, unless the payer allows it anyway."""
    claims = [one for one in case.services() if one.code in _CODES and one.performed_by is None]
    if not claims or not _matters(case):
        return None
    return PSYCHOTHERAPIST_UNKNOWN.finding(claims=claims_of(claims))


def _matters(case: MonthCase) -> bool:
    return case.is_cocm and case.rules.psychotherapy is not Psychotherapy.ALLOWED


def _billed(parameters: Mapping[str, str]) -> str:
    claims = spoken_claims(parameters["claims"])
    return (
        f"A care manager of this month billed psychotherapy: {claims}. This payer accepts one or the other."
    )


def _unknown(parameters: Mapping[str, str]) -> str:
    claims = spoken_claims(parameters["claims"])
    return (
        f"Psychotherapy is on file as billed: {claims}, but not who gave it. If a care manager of this month did, the "
        "line cannot be billed."
    )


PSYCHOTHERAPY_BILLED = Row(
    code="psychotherapy_billed",
    rule="R-315",
    place=172,
    severities=(Severity.BLOCKER,),
    find=psychotherapy_billed,
    needs=Has.SERVICES,
    title="psychotherapy billed by the care manager",
    sentence=_billed,
    parameters=("claims",),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller decides which of the two is billed. If somebody else gave it, import the claim again with their "
    "name in the column performed_by: `cocm import services services.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)

PSYCHOTHERAPIST_UNKNOWN = Row(
    code="psychotherapist_unknown",
    rule="R-315",
    place=174,
    severities=(Severity.WARNING,),
    find=psychotherapist_unknown,
    needs=Has.SERVICES,
    title="who gave psychotherapy is not on file",
    sentence=_unknown,
    parameters=("claims",),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller says who gave it: import the claim again with their name in the column performed_by: "
    "`cocm import services services.csv`.",
    told=When.NEAR,
    about=About.CLAIM,
)
