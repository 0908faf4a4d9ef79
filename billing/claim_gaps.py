"""Says what a claim lacks before it can be written: a sentence each, with what settles it. No month is held for it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from billing.claim_parties import PracticeRecord, Practitioner
from billing.diagnoses import is_whole_code
from billing.npi import is_valid_npi
from billing.places import KNOWN_PLACES
from billing.service_lines import MOST_DIAGNOSES, ClaimDraft, Frequency
from billing.x12_text import loses_letters


class ClaimForm(StrEnum):
    """How claims are written."""

    CSV = "csv"
    X12 = "x12"


class About(StrEnum):
    """Whose a missing word is; in the order in which a biller settles them."""

    PRACTICE = "practice"
    PAYER = "payer"
    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimGap:
    """One thing that a claim lacks."""

    about: About
    #: Of the payer or the practitioner; empty for the practice and a patient. Never names a patient.
    whose: str = ""
    #: A stable word: `birth_date`.
    code: str
    #: What is missing, in a biller's words: `the date of birth`.
    words: str
    #: What settles it.
    to_do: str = field(compare=False)


_BOTH = frozenset(ClaimForm)
_X12 = frozenset({ClaimForm.X12})
_NINE, _FIVE, _TEN = 9, 5, 10
_PRACTICE = "cocm practice set {} ..."
_PATIENT = "cocm import insurance FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """One thing that claims of some forms need."""

    code: str
    words: str
    to_do: str
    #: Whether a claim has it.
    has: Callable[[ClaimDraft], bool] = field(repr=False)
    about: About = About.PATIENT
    forms: frozenset[ClaimForm] = _BOTH


def _practice(
    code: str,
    words: str,
    has: Callable[[PracticeRecord], bool],
    *,
    name: str = "",
    forms: frozenset[ClaimForm] = _BOTH,
) -> _Need:
    return _Need(
        about=About.PRACTICE,
        code=code,
        words=words,
        to_do=_PRACTICE.format(name or code),
        has=lambda claim: has(claim.practice),
        forms=forms,
    )


def _named(claim: ClaimDraft) -> tuple[str, ...]:
    """What of a claim is somebody's name, or where they live."""
    address, held = claim.details.address, claim.insurance
    own = (claim.first_name, claim.last_name, address.line, address.line_2, address.city)
    return own if held is None else (*own, held.subscriber_first_name, held.subscriber_last_name)


def _is_figure(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths


_PRACTICE_NEEDS = (
    _practice("name", "the legal name", lambda one: bool(one.name)),
    _practice("npi", "an NPI that can be one", lambda one: is_valid_npi(one.npi)),
    _practice("ein", "the EIN of nine digits", lambda one: _is_figure(one.ein, _NINE)),
    _practice("address", "street, city and state", lambda one: one.address.is_whole, name="address_line"),
    _practice("zip", "a ZIP code of nine digits", lambda one: _is_figure(one.address.zip, _NINE), forms=_X12),
    _practice("phone", "a telephone number of ten digits", lambda one: _is_figure(one.phone, _TEN)),
    _practice("contact", "whom a payer calls", lambda one: bool(one.contact), forms=_X12),
    _practice("submitter_id", "its id at the clearinghouse", lambda one: bool(one.submitter_id), forms=_X12),
    _practice("receiver_id", "the clearinghouse's id", lambda one: bool(one.receiver_id), forms=_X12),
    _practice("receiver_name", "the clearinghouse's name", lambda one: bool(one.receiver_name), forms=_X12),
    _practice(
        "facility",
        "the whole address of the place of care, with a ZIP code of nine digits",
        lambda one: not one.facility_name or (one.facility.is_whole and _is_figure(one.facility.zip, _NINE)),
        name="facility_address_line",
        forms=_X12,
    ),
    _practice(
        "facility_npi",
        "an NPI of the place of care that can be one",
        lambda one: not one.facility_npi or is_valid_npi(one.facility_npi),
    ),
)

_CLAIM_NEEDS = (
    _Need(
        about=About.PAYER,
        code="payer_id",
        words="the payer id",
        to_do='cocm practice payer "NAME" --payer-id ID --filing-code CODE',
        has=lambda claim: bool(claim.payer.payer_id),
    ),
    _Need(
        about=About.PAYER,
        code="filing_code",
        words="the claim filing code",
        to_do='cocm practice payer "NAME" --payer-id ID --filing-code CODE',
        has=lambda claim: bool(claim.payer.filing_code),
    ),
    _Need(
        code="payer",
        words="a payer",
        to_do="cocm import coverage FILE",
        has=lambda claim: bool(claim.payer.name),
    ),
    _Need(
        code="name",
        words="first and last name",
        to_do="cocm import patients FILE",
        has=lambda claim: bool(claim.first_name and claim.last_name),
    ),
    _Need(
        code="letters",
        words="names and an address in letters that have a form in ASCII",
        to_do="cocm import patients FILE",
        has=lambda claim: not any(map(loses_letters, _named(claim))),
        forms=_X12,
    ),
    _Need(
        code="birth_date",
        words="the date of birth",
        to_do="cocm import patients FILE",
        has=lambda claim: claim.birth_date is not None,
    ),
    _Need(
        code="born_later",
        words="a date of birth before the date of service",
        to_do="cocm import patients FILE",
        has=lambda claim: claim.birth_date is None or not claim.lines or claim.birth_date <= claim.day,
    ),
    _Need(code="sex", words="the sex", to_do=_PATIENT, has=lambda claim: claim.details.sex is not None),
    _Need(
        code="address",
        words="the address with a ZIP code of five or nine digits",
        to_do=_PATIENT,
        has=lambda claim: (
            claim.details.address.is_whole and _is_figure(claim.details.address.zip, _FIVE, _NINE)
        ),
    ),
    _Need(
        code="member_id",
        words="the member id at this payer",
        to_do=_PATIENT,
        has=lambda claim: claim.insurance is not None and bool(claim.insurance.member_id),
    ),
    _Need(
        code="subscriber",
        words="the name of whoever holds the insurance",
        to_do=_PATIENT,
        has=lambda claim: (
            claim.insurance is None
            or claim.insurance.is_own
            or bool(claim.insurance.subscriber_first_name and claim.insurance.subscriber_last_name)
        ),
    ),
    _Need(
        code="diagnosis",
        words="diagnosis codes of full length, at most twelve",
        to_do="cocm import patients FILE",
        has=lambda claim: (
            0 < len(claim.diagnoses) <= MOST_DIAGNOSES and all(map(is_whole_code, claim.diagnoses))
        ),
    ),
    _Need(
        code="place",
        words="the place of service",
        to_do="cocm import patients FILE",
        has=lambda claim: claim.place in KNOWN_PLACES,
    ),
    _Need(
        code="practitioner",
        words="the NPI of the practitioner who bills",
        to_do="cocm import patients FILE",
        has=lambda claim: claim.rendering is not None,
    ),
    _Need(
        about=About.CLAIM,
        code="payer_number",
        words="the payer's number of the claim that this one corrects",
        to_do="cocm claims number MONTH --mrn MRN --is NUMBER",
        has=lambda claim: claim.frequency is Frequency.ORIGINAL or bool(claim.payer_number),
    ),
    _Need(
        about=About.CLAIM,
        code="units",
        words="units above zero",
        to_do="cocm report MONTH",
        has=lambda claim: bool(claim.lines) and all(line.units > 0 for line in claim.lines),
    ),
)


def practice_gaps(claim: ClaimDraft, form: ClaimForm) -> tuple[ClaimGap, ...]:
    """What every claim of a practice lacks, whoever it is of; told by any of them."""
    return tuple(_lacking(_PRACTICE_NEEDS, claim, form))


def claim_gaps(claim: ClaimDraft, form: ClaimForm) -> tuple[ClaimGap, ...]:
    """What one claim lacks besides what its practice does."""
    return (
        *_lacking(_CLAIM_NEEDS, claim, form),
        *_unnamed(claim),
        *_uncharged(claim),
    )


def _lacking(needs: Iterable[_Need], claim: ClaimDraft, form: ClaimForm) -> Iterator[ClaimGap]:
    for need in needs:
        if form in need.forms and not need.has(claim):
            whose = claim.payer.name if need.about is About.PAYER else ""
            if need.about is About.PAYER and not whose:
                continue  # that there is no payer is said
            yield ClaimGap(about=need.about, whose=whose, code=need.code, words=need.words, to_do=need.to_do)


def _unnamed(claim: ClaimDraft) -> Iterator[ClaimGap]:
    """Practitioners whose NPI is none, or of whom no name is on file."""
    seen: dict[str, Practitioner] = {}
    for one in (claim.referring, claim.rendering):
        if one is not None:
            seen.setdefault(one.npi, one)
    for npi, one in seen.items():
        if not is_valid_npi(npi):
            words, to_do = "an NPI that can be one", "cocm import patients FILE"
        elif not one.last_name:
            words, to_do = "the last name", f"cocm practice practitioner {npi} --last NAME --first NAME"
        else:
            continue
        yield ClaimGap(
            about=About.PRACTITIONER,
            whose=npi,
            code="npi" if not is_valid_npi(npi) else "practitioner_name",
            words=words,
            to_do=to_do,
        )


def _uncharged(claim: ClaimDraft) -> Iterator[ClaimGap]:
    """Codes without a charge of the practice's own."""
    for line in claim.lines:
        if line.charge is None or line.charge <= 0:
            yield ClaimGap(
                about=About.PAYER,
                whose=claim.payer.name,
                code=f"charge_{line.code}",
                words=f"a charge for {line.code} on {line.day}",
                to_do="cocm import fees FILE",
            )
