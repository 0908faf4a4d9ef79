"""What a claim is made of beside minutes, each fact from the day on which it came into force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.months import BillingMonth


class ClaimFactKind(StrEnum):
    """A fact of a claim that may change while a patient is in care."""

    PAYER = "payer"
    REFERRING_NPI = "referring_npi"
    BILLING_NPI = "billing_npi"
    DIAGNOSIS_CODES = "diagnosis_codes"
    PLACE_OF_SERVICE = "place_of_service"
    APCM = "apcm"
    CARE_MANAGER = "care_manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFact:
    """What a fact is from a local date on, until a later one of the same kind takes its place.

    A kind of which a patient has none is what the patient or the episode says, on every day.
    """

    kind: ClaimFactKind
    #: As the column has it: a payer's name, `F32.1 F41.1`, `yes` or `no`, a member's number. Empty: there is none.
    value: str
    #: `date.min` for what has held from the start.
    from_day: date


def in_force(facts: Iterable[ClaimFact], kind: ClaimFactKind, day: date) -> ClaimFact | None:
    """The fact of a kind that holds on a local date; None where none says what holds then."""
    begun = (fact for fact in facts if fact.kind is kind and fact.from_day <= day)
    return max(begun, key=lambda fact: fact.from_day, default=None)


def changes_within(facts: Iterable[ClaimFact], kind: ClaimFactKind, month: BillingMonth) -> tuple[date, ...]:
    """The days of a month, after its first, on which a fact of that kind begins, in their order."""
    days = {fact.from_day for fact in facts if fact.kind is kind and fact.from_day in month}
    return tuple(sorted(days - {month.first_day}))
