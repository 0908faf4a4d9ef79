"""Holds a month whose time, by the payers of its days, does not belong to one claim alone."""

from collections.abc import Mapping

from billing.charges import codes_of
from billing.clinical import AttestationKind
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def coverage_split(case: MonthCase) -> Finding | None:
    """Holds a line that payers reach only together, or that more than one reaches, until a biller attests."""
    split = case.split
    if split is None or case.attested(AttestationKind.COVERAGE):
        return None
    each = "; ".join(f"{_named(payer)} {codes_of(charges)}" for payer, charges in split.claims)
    return ROW.finding(payer=_named(split.payer), codes=codes_of(case.earned), each=each)


def _named(payer: str) -> str:
    return payer or "no payer on file"


def _sentence(parameters: Mapping[str, str]) -> str:
    return (_EACH if parameters["each"] else _TOGETHER).format_map(parameters)


_EACH = (
    "The payer changed within the month, and the days of each reach a code: {each}. The line is {payer}'s, which "
    "came first."
)
_TOGETHER = (
    "The payer changed within the month, and only the days of all payers together reach {codes}. The line goes to "
    "the payer on its date of service: {payer}."
)


ROW = Row(
    code="coverage_split",
    rule="R-119",
    place=155,
    severities=(Severity.BLOCKER,),
    find=coverage_split,
    needs=Has.EARNED,
    title="payer changed within the month",
    sentence=_sentence,
    parameters=("codes", "each", "payer"),
    fixed_by=(
        MemberRole.BILLER,
        MemberRole.SUPERVISOR,
    ),
    to_do="A biller checks whom the month may be billed to and attests it: `/cocm attest MRN123 november coverage`.",
    told=When.NEAR,
    fix=Fix.ATTEST,
    about=About.PAYER,
    answered_by=AttestationKind.COVERAGE,
)
