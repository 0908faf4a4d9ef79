"""What a claim is made of beside minutes, each fact from the day on which it came into force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

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

    The first of a kind holds on every day before it, too. A kind of which a patient has none is what the patient or
    the episode says, on every day.
    """

    kind: ClaimFactKind
    #: As the column has it: a payer's name, `F32.1 F41.1`, `yes` or `no`, a member's number. Empty: there is none.
    value: str
    #: The day care began, or `date.min`, for what has held from the start.
    from_day: date


def of_kind(facts: Iterable[ClaimFact], kind: ClaimFactKind) -> tuple[ClaimFact, ...]:
    """The facts of one kind, the oldest first."""
    return tuple(sorted((fact for fact in facts if fact.kind is kind), key=_from_day))


def in_force(facts: Iterable[ClaimFact], kind: ClaimFactKind, day: date) -> ClaimFact | None:
    """The fact of a kind that holds on a local date; None where there is none of that kind."""
    known = of_kind(facts, kind)
    begun = [fact for fact in known if fact.from_day <= day]
    return begun[-1] if begun else next(iter(known), None)


def changes_within(facts: Iterable[ClaimFact], kind: ClaimFactKind, month: BillingMonth) -> tuple[date, ...]:
    """The days of a month, after its first, from which another value of that kind holds, in their order."""
    known = of_kind(facts, kind)
    return tuple(
        later.from_day
        for earlier, later in pairwise(known)
        if later.from_day in month and later.from_day != month.first_day and later.value != earlier.value
    )


def with_change(
    known: Sequence[ClaimFact], new: ClaimFact, *, until: date | None = None
) -> tuple[ClaimFact, ...]:
    """What holds from which day once a value is said to hold from a day on.

    Nothing changes for earlier days. On later ones the value holds until the next that is known already.

    Args:
        known: What is known of that kind, the oldest first.
        new: What is said.
        until: The first day on which what held before holds again; None where that is not said.
    """
    earlier = [fact for fact in known if fact.from_day < new.from_day]
    later = [fact for fact in known if fact.from_day > new.from_day]
    if until is not None:
        after = in_force(known, new.kind, until)
        later = [fact for fact in later if fact.from_day > until]
        if after is not None:
            later.insert(0, ClaimFact(kind=new.kind, value=after.value, from_day=until))
    return _without_repeats((*earlier, new, *later))


def _without_repeats(facts: Iterable[ClaimFact]) -> tuple[ClaimFact, ...]:
    """Without those that only say once more what holds already."""
    found: list[ClaimFact] = []
    for fact in facts:
        if not found or found[-1].value != fact.value:
            found.append(fact)
    return tuple(found)


def _from_day(fact: ClaimFact) -> date:
    return fact.from_day
