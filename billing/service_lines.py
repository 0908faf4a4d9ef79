"""Turns what a month bills into the service lines of a claim: one for each code, with its charge in dollars."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.charges import Charge
from billing.claim_parties import ClaimPayer, Insurance, PatientDetails, PracticeRecord, Practitioner
from billing.claims import units_by_code
from billing.months import BillingMonth
from billing.rules import Modifier

#: A line points to at most so many diagnoses, and a claim has at most so many.
MOST_POINTERS = 4
MOST_DIAGNOSES = 12
_NOTHING = Decimal("0.00")
_CENT = Decimal("0.01")


class Frequency(StrEnum):
    """What a claim is to one that went before (X12 element CLM05-3)."""

    ORIGINAL = "1"
    REPLACEMENT = "7"
    VOID = "8"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One code of a claim."""

    code: str
    modifiers: tuple[str, ...] = ()
    #: Local date of service: from and to are the same day.
    day: date
    units: int
    #: Dollars to the cent for all units; None where the practice has no charge for the code.
    charge: Decimal | None
    #: Two digits; empty where none is on file.
    place: str
    #: Places among the claim's diagnoses, from 1.
    pointers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """One patient's month as a claim, with whatever of it is on file."""

    #: The practice's own number of the claim, which a payer repeats in its answer; it names nobody.
    number: str
    month: BillingMonth
    #: The closed month's revision that it bills.
    revision: int
    frequency: Frequency
    #: The payer's number of the claim that this one replaces or voids.
    payer_number: str = field(default="", repr=False)
    mrn: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    details: PatientDetails = field(repr=False)
    #: None where the payer in force is not among the patient's insurances.
    insurance: Insurance | None = field(repr=False)
    payer: ClaimPayer
    authorization: str = field(default="", repr=False)
    referring: Practitioner | None
    rendering: Practitioner | None
    #: With their points, the first first.
    diagnoses: tuple[str, ...]
    place: str
    lines: tuple[ServiceLine, ...]
    practice: PracticeRecord

    @property
    def total(self) -> Decimal:
        """The sum of its lines, in dollars; a line without a charge adds nothing."""
        return sum((line.charge for line in self.lines if line.charge is not None), _NOTHING)

    @property
    def day(self) -> date:
        """Its date of service."""
        return self.lines[0].day


def service_lines(
    charges: Sequence[Charge],
    day: date,
    *,
    rate_of: Callable[[str], Decimal | None],
    modifiers: Sequence[Modifier] = (),
    place: str = "",
    diagnoses: int = 0,
) -> tuple[ServiceLine, ...]:
    """One line for each code, in the order in which the month bills them.

    Args:
        charges: What the month bills.
        day: The date of service by the payer's policy.
        rate_of: What one unit of a code is charged with, in dollars; None where that is not on file.
        modifiers: What the payer wants on which code.
        place: Two digits; empty where none is on file.
        diagnoses: How many the claim has: each line points to the first four.
    """
    pointers = tuple(range(1, min(diagnoses, MOST_POINTERS) + 1))
    return tuple(
        ServiceLine(
            code=charge.code,
            modifiers=tuple(one.modifier for one in modifiers if one.code == charge.code),
            day=day,
            units=charge.units,
            charge=_charged(rate_of(charge.code), charge.units),
            place=place,
            pointers=pointers,
        )
        for charge in charges
    )


def _charged(rate: Decimal | None, units: int) -> Decimal | None:
    return None if rate is None else (rate * units).quantize(_CENT)


def frequency_of(
    revision: int, claimed: Sequence[Charge], billable: Sequence[Charge], *, again: bool = False
) -> Frequency | None:
    """What a line's claim is to what went to the payer before; None where nothing is due.

    Args:
        revision: Of the month, as it was submitted; 0 where it was not.
        claimed: What is claimed of the line since then.
        billable: What the month bills now.
        again: Whether it was asked for by name: codes and units may be the same, and a date or a diagnosis another.
    """
    if revision == 0 or not claimed:
        return Frequency.ORIGINAL if billable else None
    if not billable:
        return Frequency.VOID
    is_same = units_by_code(claimed) == units_by_code(billable)
    return None if is_same and not again else Frequency.REPLACEMENT
