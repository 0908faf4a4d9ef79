"""Carries out the commands about submitted claims and overpayments, and prints what they did."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console

from billing.claims import ClaimEventKind
from billing.months import BillingMonth
from bot.screens.phrases import count
from cocm.errors import CommandRefused
from cocm.offline import offline_practice
from services.context import Context
from services.months import claims
from services.months.overpaid import Overpaid, overpaid_lines, record
from services.months.overpaid_words import NO_ADVICE, overpaid_words
from services.people.members import acting
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef
from services.people.patients import shown_mrn

out = Console(soft_wrap=True, highlight=False)

_KINDS = {
    "identified": ClaimEventKind.IDENTIFIED,
    "investigating": ClaimEventKind.INVESTIGATING,
    "investigated": ClaimEventKind.INVESTIGATED,
    "returned": ClaimEventKind.RETURNED,
    "none": ClaimEventKind.DISMISSED,
}


def submit(month: BillingMonth, by: str, mrns: Sequence[str], *, take_back: bool) -> None:
    """Mark lines as submitted, or take that back."""
    say = claims.take_back if take_back else claims.submit
    refs = tuple(map(_ref, mrns))

    def carry_out(context: Context) -> claims.Submitted:
        return say(context, acting(context, by), month, refs)

    with offline_practice() as practice:
        done = practice.write(carry_out)
        lowered = () if take_back else practice.read(overpaid_lines, month)
    word = "not submitted any more" if take_back else "marked as submitted"
    out.print(
        f"{month}, revision {done.revision}: {count(len(done.patients), 'line')} {word}. "
        f"{done.submitted:,} of {count(done.billable, 'billable line')} submitted.",
        markup=False,
    )
    _print_all(lowered)


def list_overpaid(month: BillingMonth | None) -> None:
    """Print every line that bills less than what was submitted."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(overpaid_lines, month)
    if not found:
        out.print("No line bills less than what was submitted, and no overpayment is open.", markup=False)
        return
    _print_all(found)


def record_overpaid(month: BillingMonth, mrn: str, what: str, day: date | None, by: str) -> None:
    """Record what is done about an overpayment.

    Raises:
        CommandRefused: for a day that is still to come.
    """

    def carry_out(context: Context) -> Overpaid:
        on = day or context.today
        if on > context.today:
            raise CommandRefused(f"{on} is still to come. Write the day on which it was so.")
        return record(context, acting(context, by), _ref(mrn), month, _KINDS[what], on)

    with offline_practice() as practice:
        _print(practice.write(carry_out))
    out.print(NO_ADVICE, markup=False)


def _print_all(found: Sequence[Overpaid]) -> None:
    for one in found:
        _print(one)
    if found:
        out.print(NO_ADVICE, markup=False)


def _print(one: Overpaid) -> None:
    out.print(f"{shown_mrn(one.patient.mrn)} · {one.claim.month} · {overpaid_words(one)}", markup=False)


def _ref(mrn: str) -> PatientRef:
    return PatientRef(text=mrn, identity=identity_of_mrn(mrn))
