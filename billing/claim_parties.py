"""Who and what a claim names beside minutes and codes: the practice, practitioners, the payer, and the insured."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Sex(StrEnum):
    """As an insurance card and a claim have it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Relationship(StrEnum):
    """What the patient is to the subscriber; each by its code of X12."""

    SELF = "18"
    SPOUSE = "01"
    CHILD = "19"
    OTHER = "G8"


#: How people and files write a relationship.
RELATIONSHIP_WORDS = {
    "self": Relationship.SELF,
    "subscriber": Relationship.SELF,
    "spouse": Relationship.SPOUSE,
    "husband": Relationship.SPOUSE,
    "wife": Relationship.SPOUSE,
    "child": Relationship.CHILD,
    "son": Relationship.CHILD,
    "daughter": Relationship.CHILD,
    "dependent": Relationship.OTHER,
    "other": Relationship.OTHER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A place in the United States; empty is what is not on file."""

    line: str = field(default="", repr=False)
    line_2: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    #: Two capital letters.
    state: str = field(default="", repr=False)
    #: Five or nine digits.
    zip: str = field(default="", repr=False)

    @property
    def is_whole(self) -> bool:
        """Whether a claim can carry it."""
        return bool(self.line and self.city and self.state and self.zip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """How one payer knows a patient."""

    #: The payer's name, under any of its spellings.
    payer: str
    member_id: str = field(default="", repr=False)
    group_number: str = field(default="", repr=False)
    relationship: Relationship = Relationship.SELF
    #: Of whoever holds the insurance, where that is somebody else.
    subscriber_first_name: str = field(default="", repr=False)
    subscriber_last_name: str = field(default="", repr=False)

    @property
    def is_own(self) -> bool:
        """Whether the patient holds it."""
        return self.relationship is Relationship.SELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A payer's number that allows a patient's care between two local dates, both included."""

    payer: str
    number: str = field(repr=False)
    first_day: date
    #: None where it goes on.
    last_day: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it allows care on a date of service."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDetails:
    """What a claim says of a patient that nothing else asks."""

    patient_id: int
    sex: Sex | None = field(default=None, repr=False)
    address: Address = field(default=Address(), repr=False)
    insurances: tuple[Insurance, ...] = field(default=(), repr=False)
    authorizations: tuple[Authorization, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Practitioner:
    """Somebody whom a claim names by NPI."""

    npi: str
    first_name: str = ""
    last_name: str = ""
    #: Ten characters of the provider taxonomy; empty where a claim does without.
    taxonomy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPayer:
    """A payer as claims are addressed to it."""

    name: str
    #: By which the clearinghouse, or the payer, knows it.
    payer_id: str = ""
    #: Of X12's list: MB is Medicare Part B, MC Medicaid, CI commercial, BL Blue Cross.
    filing_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRecord:
    """Who bills, and to where claims go; empty is what is not on file."""

    name: str = ""
    npi: str = ""
    #: Nine digits.
    ein: str = ""
    taxonomy: str = ""
    address: Address = Address()
    #: Ten digits.
    phone: str = ""
    #: Whom a payer calls.
    contact: str = ""
    #: How the clearinghouse knows the practice, and what it calls itself.
    submitter_id: str = ""
    receiver_id: str = ""
    receiver_name: str = ""
    #: Where care is given, if not at the practice's own address.
    facility_name: str = ""
    facility_npi: str = ""
    facility: Address = Address()


def authorization_on(found: Iterable[Authorization], day: date) -> str:
    """The number that allows care on a date of service, of several the newest; empty where none does."""
    holding = [one for one in found if one.holds_on(day)]
    return max(holding, key=lambda one: one.first_day).number if holding else ""
