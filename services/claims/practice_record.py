"""Keeps who bills, whom claims name by NPI, how payers are addressed, and the numbers that payers gave claims."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from billing.claim_parties import Address, ClaimPayer, PracticeRecord, Practitioner
from billing.months import BillingMonth
from billing.npi import is_valid_npi
from billing.payer_names import payer_key
from billing.people import Member
from billing.x12_text import x12_text
from services.context import Context
from services.errors import Refusal
from services.imports.values import insured
from services.months.rule_book import RuleBook
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs

_EIN = re.compile(r"(\d{2})-?(\d{7})", re.ASCII)
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
_PHONE_DIGITS = 10
_LONGEST_ID, _LONGEST_NAME, _LONGEST_STREET, _LONGEST_CITY = 15, 60, 55, 30
_SHORTEST_ID = 2
#: X12's claim filing indicator codes, data element 1032.
_CODES = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"
_FILING_CODES = frozenset(_CODES.split())


class CannotKeep(Refusal):
    """That cannot be kept as written. Nothing was changed."""

    code = "cannot_keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeField:
    """One thing that claims say of the practice."""

    name: str
    #: What it is, in a biller's words.
    words: str
    #: Raises ValueError with a sentence that says what to write instead.
    read: Callable[[str], str] = field(repr=False)


def _text(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not x12_text(text):
            raise ValueError("It has no letter or digit that a claim can carry.")
        if len(text) > most:
            raise ValueError(f"It has more than {most} characters, and a claim has room for no more.")
        return text

    return read


def _npi(text: str) -> str:
    if not is_valid_npi(text):
        raise ValueError(f"{text!r} is not an NPI: ten digits, of which the last checks the others.")
    return text


def _ein(text: str) -> str:
    match = _EIN.fullmatch(text)
    if match is None:
        raise ValueError("An EIN has nine digits, as in 12-3456789.")
    return match[1] + match[2]


def _taxonomy(text: str) -> str:
    if not _TAXONOMY.fullmatch(text.upper()):
        raise ValueError(f"{text!r} is not a taxonomy code. Write ten characters, as in 207Q00000X.")
    return text.upper()


def _phone(text: str) -> str:
    digits = re.sub(r"[ ().+\-]", "", text)
    digits = digits[1:] if len(digits) == _PHONE_DIGITS + 1 and digits[0] == "1" else digits
    if len(digits) != _PHONE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise ValueError("A telephone number has ten digits, as in 518-555-0100.")
    return digits


def _id(text: str) -> str:
    if not (_SHORTEST_ID <= len(text) <= _LONGEST_ID and text.isascii() and text.isalnum()):
        raise ValueError(f"An id has from {_SHORTEST_ID} to {_LONGEST_ID} letters and digits.")
    return text.upper()


def _field(name: str, words: str, read: Callable[[str], str]) -> PracticeField:
    return PracticeField(name=name, words=words, read=read)


#: Everything that claims say of the practice, in the order in which it is shown.
FIELDS: Mapping[str, PracticeField] = MappingProxyType(
    {
        one.name: one
        for one in (
            _field("name", "the legal name, as the IRS and payers have it", _text(_LONGEST_NAME)),
            _field("npi", "the NPI of the group that bills", _npi),
            _field("ein", "the employer identification number", _ein),
            _field("taxonomy", "the group's taxonomy code, where payers ask for it", _taxonomy),
            _field("address_line", "street and number; no post office box", _text(_LONGEST_STREET)),
            _field("address_line_2", "a second line of the address", _text(_LONGEST_STREET)),
            _field("city", "the city", _text(_LONGEST_CITY)),
            _field("state", "the state, in two letters", insured.state),
            _field("zip", "the ZIP code, of nine digits", insured.zip_code),
            _field("phone", "the telephone number that payers call", _phone),
            _field("contact", "whom they ask for", _text(_LONGEST_NAME)),
            _field("submitter_id", "how the clearinghouse knows the practice", _id),
            _field("receiver_id", "the clearinghouse's own id", _id),
            _field("receiver_name", "the clearinghouse's name", _text(_LONGEST_NAME)),
            _field("facility_name", "the place of care, where it is another one", _text(_LONGEST_NAME)),
            _field("facility_npi", "its NPI, where it has one", _npi),
            _field("facility_address_line", "its street and number", _text(_LONGEST_STREET)),
            _field("facility_address_line_2", "a second line of its address", _text(_LONGEST_STREET)),
            _field("facility_city", "its city", _text(_LONGEST_CITY)),
            _field("facility_state", "its state, in two letters", insured.state),
            _field("facility_zip", "its ZIP code, of nine digits", insured.zip_code),
        )
    }
)


def practice_record(context: Context) -> PracticeRecord:
    """Who bills, as it is on file; empty is what is not."""
    said = context.uow.claim_parties.practice()

    def address(prefix: str = "") -> Address:
        names = {"line": "address_line", "line_2": "address_line_2"}
        return Address(
            **{
                name: said.get(f"{prefix}{names.get(name, name)}", "")
                for name in ("line", "line_2", "city", "state", "zip")
            }
        )

    plain = (
        *("name", "npi", "ein", "taxonomy", "phone", "contact", "submitter_id", "receiver_id"),
        *("receiver_name", "facility_name", "facility_npi"),
    )
    return PracticeRecord(
        **{name: said.get(name, "") for name in plain},
        address=address(),
        facility=address("facility_"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Everything on file that claims say beside patients."""

    practice: Mapping[str, str]
    practitioners: tuple[Practitioner, ...]
    payers: tuple[ClaimPayer, ...]


def on_file(context: Context) -> Parties:
    """Everything on file that claims say beside patients."""
    parties = context.uow.claim_parties
    said = parties.practice()
    return Parties(
        practice={name: said.get(name, "") for name in FIELDS},
        practitioners=tuple(parties.practitioners().values()),
        payers=parties.payers(),
    )


@needs(Action.SET_SETTINGS)
def set_practice(context: Context, actor: Member, name: str, text: str) -> str:
    """Keep one thing that claims say of the practice; an empty text takes it away. Returns it as it is kept.

    Raises:
        NotAllowed: for anybody but an administrator.
        CannotKeep: when there is no such thing, or it cannot be written so.
    """
    known = FIELDS.get(name.strip().casefold().replace("-", "_"))
    if known is None:
        raise CannotKeep(f"There is no {name!r}. Nothing was changed. Known: {', '.join(FIELDS)}.")
    value = _kept(known.read, text.strip()) if text.strip() else ""
    context.uow.claim_parties.set_practice(known.name, value, by=actor.member_id, at=context.now)
    _record(context, actor, "practice.set", f"practice:{known.name}")
    return value


@needs(Action.SUBMIT)
def put_practitioner(context: Context, actor: Member, one: Practitioner) -> Practitioner:
    """Keep whom claims name by an NPI.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotKeep: when it is no NPI or taxonomy code, or a name is missing or too long.
    """
    kept = Practitioner(
        npi=_kept(_npi, one.npi.strip()),
        first_name=_kept(_text(35), one.first_name.strip()),
        last_name=_kept(_text(_LONGEST_NAME), one.last_name.strip()),
        taxonomy=_kept(_taxonomy, one.taxonomy.strip()) if one.taxonomy.strip() else "",
    )
    context.uow.claim_parties.put_practitioner(kept, by=actor.member_id, at=context.now)
    _record(context, actor, "practitioner.set", f"practitioner:{kept.npi}")
    return kept


@needs(Action.SUBMIT)
def put_payer(context: Context, actor: Member, one: ClaimPayer) -> ClaimPayer:
    """Keep how claims are addressed to a payer, under its usual name.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotKeep: when the filing code is not on X12's list, or the id has no room.
    """
    code = one.filing_code.strip().upper()
    if code not in _FILING_CODES:
        raise CannotKeep(
            f"{one.filing_code!r} is not a claim filing code. Nothing was changed. MB is Medicare Part B, MC Medicaid, "
            f"BL Blue Cross, CI commercial; all of them: {' '.join(sorted(_FILING_CODES))}."
        )
    kept = ClaimPayer(
        name=RuleBook(context).name_of(one.name.strip()),
        payer_id=_kept(_payer_id, one.payer_id.strip()),
        filing_code=code,
    )
    context.uow.claim_parties.put_payer(kept, by=actor.member_id, at=context.now)
    _record(context, actor, "claim_payer.set", f"payer:{payer_key(kept.name)}")
    return kept


def _payer_id(text: str) -> str:
    if not 2 <= len(text) <= 80 or not text.isascii() or x12_text(text) != text.upper():  # noqa: PLR2004 - X12's NM109
        raise ValueError("A payer id has from 2 to 80 letters and digits.")
    return text.upper()


@needs(Action.SUBMIT)
def put_payer_number(
    context: Context, actor: Member, month: BillingMonth, ref: PatientRef, number: str
) -> None:
    """Keep the number that a payer gave the claim of a patient's month; an empty one takes it away.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        UnknownPatient: when nobody is known by that MRN.
        CannotKeep: when a claim has no room for it.
    """
    patient = patients.need(context, ref)
    kept = _kept(_text(50), number.strip()) if number.strip() else ""
    context.uow.claim_parties.put_payer_number(
        month, patient.patient_id, kept, by=actor.member_id, at=context.now
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="claim.payer_number",
        subject=f"month:{month}",
        details={"patient": patient.patient_id},
    )
    context.uow.commit()


def _kept(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except ValueError as error:
        raise CannotKeep(f"{error} Nothing was changed.") from None


def _record(context: Context, actor: Member, action: str, subject: str) -> None:
    context.uow.audit.record(at=context.now, actor=actor.member_id, action=action, subject=subject)
    context.uow.commit()
