"""What became of a month's line once its claim went to a payer, and money that has to go back (R-504)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from billing.charges import Charge
from billing.months import BillingMonth


class ClaimEventKind(StrEnum):
    """What can be said of a line's claim."""

    SUBMITTED = "submitted"
    #: That it was submitted was said by mistake.
    TAKEN_BACK = "taken_back"
    #: A person determined that the payer paid too much.
    IDENTIFIED = "identified"
    #: A good-faith investigation of further overpayments of the same cause began, and ended.
    INVESTIGATING = "investigating"
    INVESTIGATED = "investigated"
    RETURNED = "returned"
    #: The payer did not pay too much after all.
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvent:
    """One thing said of one line; never changed."""

    month: BillingMonth
    patient_id: int
    kind: ClaimEventKind
    #: Of the closed month that it is about.
    revision: int
    #: What is claimed of the line from then on: as submitted, as it stands once an overpayment is settled, or that
    #: which a newly identified overpayment is a part of.
    claimed: tuple[Charge, ...] = ()
    #: Local date; of a submission, the day on which that was said.
    day: date
    by: int
    #: Aware instant (UTC).
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Where a line's claim stands: everything said of it, taken together."""

    month: BillingMonth
    patient_id: int
    #: The revision whose line was submitted; 0 where none was, or where that was taken back.
    revision: int = 0
    submitted_on: date | None = None
    #: What a payer has been asked to pay, less what was settled since.
    claimed: tuple[Charge, ...] = ()
    #: Days on which an overpayment was identified, investigated and returned; None where none is open.
    identified_on: date | None = None
    investigating_from: date | None = None
    investigated_on: date | None = None
    returned_on: date | None = None
    #: What was claimed when the overpayment was identified, for when it was settled by mistake.
    overpaid: tuple[Charge, ...] = field(default=())

    @property
    def is_submitted(self) -> bool:
        """Whether the line went to a payer."""
        return self.revision > 0

    @property
    def owes(self) -> bool:
        """Whether an overpayment was identified and is not settled."""
        return self.identified_on is not None

    def lowered_by(self, billable: Sequence[Charge]) -> bool:
        """Whether a line that bills this now was submitted with more."""
        now = units_by_code(billable)
        return any(now.get(charge.code, 0) < charge.units for charge in self.claimed)

    def after(self, event: ClaimEvent) -> "Claim":
        """Where it stands once something more is said of it."""
        return _AFTER[event.kind](self, event)


def _submitted(claim: Claim, event: ClaimEvent) -> Claim:
    # What was identified stays owed: sending a corrected claim returns nothing by itself.
    return replace(claim, revision=event.revision, submitted_on=event.day, claimed=event.claimed)


def _taken_back(claim: Claim, event: ClaimEvent) -> Claim:
    del event
    return Claim(month=claim.month, patient_id=claim.patient_id)


def _identified(claim: Claim, event: ClaimEvent) -> Claim:
    # A new overpayment leaves what was settled before alone; where the settlement was the mistake, that is owed again.
    again = event.claimed or (claim.overpaid if claim.returned_on is not None else claim.claimed)
    return replace(
        claim,
        identified_on=event.day,
        returned_on=None,
        claimed=again,
        overpaid=claim.overpaid if claim.owes else again,
    )


def _investigating(claim: Claim, event: ClaimEvent) -> Claim:
    return replace(claim, investigating_from=event.day, investigated_on=None)


def _investigated(claim: Claim, event: ClaimEvent) -> Claim:
    return replace(claim, investigated_on=event.day)


def _settled(claim: Claim, event: ClaimEvent) -> Claim:
    return replace(
        claim,
        claimed=event.claimed,
        overpaid=claim.overpaid if claim.owes else claim.claimed,
        returned_on=event.day,
        identified_on=None,
        investigating_from=None,
        investigated_on=None,
    )


_AFTER = {
    ClaimEventKind.SUBMITTED: _submitted,
    ClaimEventKind.TAKEN_BACK: _taken_back,
    ClaimEventKind.IDENTIFIED: _identified,
    ClaimEventKind.INVESTIGATING: _investigating,
    ClaimEventKind.INVESTIGATED: _investigated,
    ClaimEventKind.RETURNED: _settled,
    ClaimEventKind.DISMISSED: _settled,
}


def claims_after(events: Iterable[ClaimEvent], before: Mapping[int, Claim]) -> dict[int, Claim]:
    """Where the claims of one month stand, by patient.

    Args:
        events: What was said of them, the first first.
        before: Those that were submitted before lines had events of their own.
    """
    claims = dict(before)
    for event in events:
        patient = event.patient_id
        claim = claims.get(patient) or Claim(month=event.month, patient_id=patient)
        claims[patient] = claim.after(event)
    return claims


#: 42 CFR 401.305(b)(1): an overpayment is returned within so many days from the day on which it was identified.
RETURN_WITHIN = timedelta(days=60)
#: 42 CFR 401.305(b)(3): an investigation suspends that until so many days after that day at most.
SUSPENDED_UNTIL = timedelta(days=180)


def return_by(claim: Claim) -> date | None:
    """The last day for returning an overpayment to a federal program, as reckoned from what is on file.

    No legal advice: it reminds.

    While an investigation runs the sixty days stand still: from its first day to its last, and not beyond the 180th
    day after the overpayment was identified. One that began after the sixty days were over suspends nothing.

    Returns:
        None where no overpayment is open.
    """
    identified = claim.identified_on
    if identified is None:
        return None
    plain = identified + RETURN_WITHIN
    began = claim.investigating_from
    if began is None or began_late(claim):
        return plain
    began = max(began, identified)
    ended = min(claim.investigated_on or date.max, identified + SUSPENDED_UNTIL)
    return plain + max(ended - began, timedelta())


def began_late(claim: Claim) -> bool:
    """Whether an investigation began once the sixty days were over, so that it suspends nothing."""
    identified, began = claim.identified_on, claim.investigating_from
    return identified is not None and began is not None and began > identified + RETURN_WITHIN


#: Programs whose names say neither Medicare nor Medicaid.
_FEDERAL_NAMES = frozenset({"virginia dmas", "dmas"})


def is_federal(payer: str) -> bool:
    """Whether a payer is Medicare or a Medicaid program, whose overpayments go back by federal law.

    A Medicare Advantage plan pays by its contract with the practice, as any other payer does.
    """
    name = " ".join(payer.casefold().split())
    return name in _FEDERAL_NAMES or ("medicare" in name and "advantage" not in name) or "medicaid" in name


def units_by_code(charges: Iterable[Charge]) -> dict[str, int]:
    """Units of each code."""
    units: dict[str, int] = {}
    for charge in charges:
        units[charge.code] = units.get(charge.code, 0) + charge.units
    return units


def last_day_to_file(service_on: date, months: int) -> date:
    """The last day on which a payer takes a claim: so many months after the date of service, or the month's last day.

    For Medicare, one calendar year (42 CFR 424.44): of 29 February, 28 February.
    """
    whole = BillingMonth.of(service_on).plus(months)
    return whole.first_day.replace(day=min(service_on.day, whole.last_day.day))
