"""The one table of segments of an 837 professional claim (005010X222A1): which, in which order, with which elements.

Each row is a segment of a loop. Its elements say where their words come from and how long they may be; a segment whose
condition does not hold is left out, as are empty elements at its end.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from billing.claim_parties import Address, PracticeRecord, Practitioner
from billing.service_lines import ClaimDraft, Frequency
from billing.x12_text import COMPONENT
from services.claims.x12_elements import NONE, Element, Place, Row, fixed, made, optional, words

_NO_PRACTITIONER = Practitioner(npi="")


def x12_day(day: date | None) -> str:
    """`20261130`; empty without one."""
    return "" if day is None else f"{day:%Y%m%d}"


def x12_amount(amount: Decimal | None) -> str:
    """Dollars as X12 writes them, without zeros behind the cents: `131.2`, `60`."""
    if amount is None:
        return ""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def x12_code(diagnosis: str) -> str:
    """A diagnosis code without its point."""
    return diagnosis.replace(".", "")


def _diagnosis(place: int) -> Element:
    """The diagnosis of a place, from 1, behind the word that says which list it is of."""
    kind = "ABK" if place == 1 else "ABF"

    def of(at: Place) -> str:
        codes = at.claim.diagnoses
        return f"{kind}{COMPONENT}{x12_code(codes[place - 1])}" if len(codes) >= place else ""

    return made(30, of, needed=place == 1)


def _procedure(at: Place) -> str:
    return COMPONENT.join(("HC", at.own.code, *at.own.modifiers))


def _pointers(at: Place) -> str:
    return COMPONENT.join(map(str, at.own.pointers))


def _frequency(at: Place) -> str:
    return COMPONENT.join((at.claim.place, "B", at.claim.frequency))


def _person(of: Callable[[ClaimDraft], Practitioner | None], qualifier: str) -> tuple[Element, ...]:
    """NM1 of somebody with an NPI."""

    def one(at: Place) -> Practitioner:
        return of(at.claim) or _NO_PRACTITIONER

    return (
        *(fixed(qualifier), fixed("1")),
        *(words(60, lambda at: one(at).last_name), optional(35, lambda at: one(at).first_name)),
        *(NONE, NONE, NONE, fixed("XX"), words(10, lambda at: one(at).npi, 10)),
    )


def _street(of: Callable[[ClaimDraft], Address]) -> tuple[Element, ...]:
    return words(55, lambda at: of(at.claim).line), optional(55, lambda at: of(at.claim).line_2)


def _town(of: Callable[[ClaimDraft], Address]) -> tuple[Element, ...]:
    return (
        words(30, lambda at: of(at.claim).city, 2),
        words(2, lambda at: of(at.claim).state, 2),
        words(15, lambda at: of(at.claim).zip, 3),
    )


def _practice(of: Callable[[PracticeRecord], str]) -> Callable[[Place], str]:
    return lambda at: of(at.claim.practice)


def _practice_address(claim: ClaimDraft) -> Address:
    return claim.practice.address


def _facility_address(claim: ClaimDraft) -> Address:
    return claim.practice.facility


def _patient_address(claim: ClaimDraft) -> Address:
    return claim.details.address


def _sex(at: Place) -> str:
    return at.claim.details.sex or ""


def is_own(at: Place) -> bool:
    """Whether the patient holds the insurance."""
    return at.claim.insurance is None or at.claim.insurance.is_own


def _is_dependent(at: Place) -> bool:
    return not is_own(at)


def _insured(at: Place) -> tuple[str, str, str]:
    """Last name, first name and member id of whoever holds the insurance."""
    claim, held = at.claim, at.claim.insurance
    if held is None:
        return claim.last_name, claim.first_name, ""
    if held.is_own:
        return claim.last_name, claim.first_name, held.member_id
    return held.subscriber_last_name, held.subscriber_first_name, held.member_id


def renders_apart(claim: ClaimDraft) -> bool:
    """Whether somebody else than who bills gave the care: only then a claim names them."""
    return claim.rendering is not None and claim.rendering.npi != claim.practice.npi


def _has_facility(at: Place) -> bool:
    return bool(at.claim.practice.facility_name)


_DEMOGRAPHICS = (fixed("D8"), made(8, lambda at: x12_day(at.claim.birth_date), 8), made(1, _sex))

#: Once in a transaction: whose claims they are.
PROVIDER = (
    Row(
        loop="2000A",
        segment="HL",
        elements=(made(12, lambda at: str(at.provider_level)), NONE, fixed("20"), fixed("1")),
    ),
    Row(
        loop="2000A",
        segment="PRV",
        elements=(
            fixed("BI"),
            fixed("PXC"),
            words(50, _practice(lambda one: one.taxonomy), 10),
        ),
        when=lambda at: bool(at.claim.practice.taxonomy),
    ),
    Row(
        loop="2010AA",
        segment="NM1",
        elements=(
            *(fixed("85"), fixed("2"), words(60, _practice(lambda one: one.name))),
            *(NONE, NONE, NONE, NONE, fixed("XX"), words(10, _practice(lambda one: one.npi), 10)),
        ),
    ),
    Row(loop="2010AA", segment="N3", elements=_street(_practice_address)),
    Row(loop="2010AA", segment="N4", elements=_town(_practice_address)),
    Row(
        loop="2010AA",
        segment="REF",
        elements=(fixed("EI"), words(9, _practice(lambda one: one.ein), 9)),
    ),
)

#: Once in a claim.
CLAIM = (
    Row(
        loop="2000B",
        segment="HL",
        elements=(
            made(12, lambda at: str(at.subscriber_level)),
            made(12, lambda at: str(at.provider_level)),
            fixed("22"),
            made(1, lambda at: "0" if is_own(at) else "1"),
        ),
    ),
    Row(
        loop="2000B",
        segment="SBR",
        elements=(
            fixed("P"),
            made(2, lambda at: "18" if is_own(at) else "", 2, needed=False),
            optional(50, lambda at: at.claim.insurance.group_number if at.claim.insurance else ""),
            *(NONE, NONE, NONE, NONE, NONE),
            words(2, lambda at: at.claim.payer.filing_code),
        ),
    ),
    Row(
        loop="2010BA",
        segment="NM1",
        elements=(
            *(fixed("IL"), fixed("1"), words(60, lambda at: _insured(at)[0])),
            *(optional(35, lambda at: _insured(at)[1]), NONE, NONE, NONE, fixed("MI")),
            words(80, lambda at: _insured(at)[2], 2),
        ),
    ),
    Row(loop="2010BA", segment="N3", elements=_street(_patient_address), when=is_own),
    Row(loop="2010BA", segment="N4", elements=_town(_patient_address), when=is_own),
    Row(loop="2010BA", segment="DMG", elements=_DEMOGRAPHICS, when=is_own),
    Row(
        loop="2010BB",
        segment="NM1",
        elements=(
            *(fixed("PR"), fixed("2"), words(60, lambda at: at.claim.payer.name)),
            *(NONE, NONE, NONE, NONE, fixed("PI")),
            words(80, lambda at: at.claim.payer.payer_id, 2),
        ),
    ),
    Row(
        loop="2000C",
        segment="HL",
        elements=(
            made(12, lambda at: str(at.patient_level)),
            made(12, lambda at: str(at.subscriber_level)),
            fixed("23"),
            fixed("0"),
        ),
        when=_is_dependent,
    ),
    Row(
        loop="2000C",
        segment="PAT",
        elements=(made(2, lambda at: at.claim.insurance.relationship if at.claim.insurance else ""),),
        when=_is_dependent,
    ),
    Row(
        loop="2010CA",
        segment="NM1",
        elements=(
            *(fixed("QC"), fixed("1"), words(60, lambda at: at.claim.last_name)),
            optional(35, lambda at: at.claim.first_name),
        ),
        when=_is_dependent,
    ),
    Row(loop="2010CA", segment="N3", elements=_street(_patient_address), when=_is_dependent),
    Row(loop="2010CA", segment="N4", elements=_town(_patient_address), when=_is_dependent),
    Row(loop="2010CA", segment="DMG", elements=_DEMOGRAPHICS, when=_is_dependent),
    Row(
        loop="2300",
        segment="CLM",
        elements=(
            words(20, lambda at: at.claim.number),
            made(18, lambda at: x12_amount(at.claim.total)),
            *(NONE, NONE, made(8, _frequency)),
            # Signature on file, assignment accepted, benefits assigned to the practice, release of information.
            *(fixed("Y"), fixed("A"), fixed("Y"), fixed("Y")),
        ),
    ),
    Row(
        loop="2300",
        segment="REF",
        elements=(fixed("G1"), words(50, lambda at: at.claim.authorization)),
        when=lambda at: bool(at.claim.authorization),
    ),
    Row(
        loop="2300",
        segment="REF",
        elements=(fixed("F8"), words(50, lambda at: at.claim.payer_number)),
        when=lambda at: at.claim.frequency is not Frequency.ORIGINAL,
    ),
    Row(loop="2300", segment="HI", elements=tuple(map(_diagnosis, range(1, 13)))),
    Row(
        loop="2310A",
        segment="NM1",
        elements=_person(lambda claim: claim.referring, "DN"),
        when=lambda at: at.claim.referring is not None,
    ),
    Row(
        loop="2310B",
        segment="NM1",
        elements=_person(lambda claim: claim.rendering, "82"),
        when=lambda at: renders_apart(at.claim),
    ),
    Row(
        loop="2310B",
        segment="PRV",
        elements=(
            *(fixed("PE"), fixed("PXC")),
            words(50, lambda at: at.claim.rendering.taxonomy if at.claim.rendering else "", 10),
        ),
        when=lambda at: renders_apart(at.claim) and bool(at.claim.rendering and at.claim.rendering.taxonomy),
    ),
    Row(
        loop="2310C",
        segment="NM1",
        elements=(
            *(fixed("77"), fixed("2"), words(60, _practice(lambda one: one.facility_name))),
            *(NONE, NONE, NONE, NONE),
            made(2, lambda at: "XX" if at.claim.practice.facility_npi else "", needed=False),
            optional(10, _practice(lambda one: one.facility_npi), 10),
        ),
        when=_has_facility,
    ),
    Row(loop="2310C", segment="N3", elements=_street(_facility_address), when=_has_facility),
    Row(loop="2310C", segment="N4", elements=_town(_facility_address), when=_has_facility),
)

#: Once in a service line.
LINE = (
    Row(loop="2400", segment="LX", elements=(made(6, lambda at: str(at.line_number)),)),
    Row(
        loop="2400",
        segment="SV1",
        elements=(
            made(48, _procedure),
            made(18, lambda at: x12_amount(at.own.charge)),
            fixed("UN"),
            made(8, lambda at: str(at.own.units)),
            *(NONE, NONE),
            made(11, _pointers),
        ),
    ),
    Row(
        loop="2400",
        segment="DTP",
        elements=(fixed("472"), fixed("D8"), made(8, lambda at: x12_day(at.own.day), 8)),
    ),
    Row(
        loop="2400",
        segment="REF",
        elements=(fixed("6R"), words(30, lambda at: f"{at.claim.number}-{at.line_number}")),
    ),
)
