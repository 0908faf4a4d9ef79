"""Says in words what became of an overpayment, for chat and the command line alike."""

from collections.abc import Iterable
from datetime import date

from billing.charges import Charge
from billing.claims import began_late
from services.months.overpaid import Overpaid

#: Under every list: where the dates come from, and what they are not.
NO_ADVICE = (
    "Dates by 42 CFR 401.305 for Medicare, and as a reminder for Medicaid programs; other payers by contract. They "
    "are reminders, and no legal advice."
)


def spoken_day(day: date) -> str:
    """`Nov 3, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


def codes(charges: Iterable[Charge]) -> str:
    """`1×99493, 2×99494`; `nothing`."""
    return ", ".join(f"{charge.units:,}×{charge.code}" for charge in charges) or "nothing"


def overpaid_words(one: Overpaid) -> str:
    """What was submitted, what the line bills now, and by when money goes back; names no patient."""
    claim = one.claim
    said = [f"submitted {codes(one.before)}, bills {codes(one.now)} now"]
    if one.estimated_usd is not None:
        said.append(f"about ${one.estimated_usd:,.2f} by the rates on file")
    said.append(one.payer or "no payer on file")
    if claim.identified_on is None:
        settled_on = None if claim.lowered_by(one.now) else claim.returned_on
        said.append("not identified yet" if settled_on is None else f"settled {_on(settled_on)}")
        return " · ".join(said)
    said.append(f"identified {_on(claim.identified_on)}")
    if claim.investigating_from is not None:
        ended = f" to {spoken_day(claim.investigated_on)}" if claim.investigated_on is not None else ""
        late = " after the sixty days, which puts nothing off" if one.is_federal and began_late(claim) else ""
        said.append(f"investigation from {spoken_day(claim.investigating_from)}{ended}{late}")
    due = one.return_by
    said.append(f"return by {spoken_day(due)}" if due is not None else "return by contract")
    return " · ".join(said)


def _on(day: date) -> str:
    return f"on {spoken_day(day)}"
