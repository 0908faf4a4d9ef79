"""What was submitted, and overpayments, in chat."""

from collections.abc import Sequence

from billing.claims import ClaimEventKind
from bot import kit
from bot.replies import Block, Reply
from bot.screens.lines import fitting, sections
from bot.screens.phrases import count, full_month
from services.months.claims import Submitted
from services.months.overpaid import Overpaid
from services.months.overpaid_words import NO_ADVICE, overpaid_words
from services.people.patients import shown_mrn

SUBMITTED_PUSH = "Marked as submitted."
TAKEN_BACK_PUSH = "Taken back."
OVERPAID_PUSH = "Overpayments."
#: Patients named; characters of a list.
_NAMED, _LIST_TEXT = 25, 8_000

_RECORDED = {
    ClaimEventKind.IDENTIFIED: "overpayment identified",
    ClaimEventKind.INVESTIGATING: "an investigation of further overpayments of the same cause runs",
    ClaimEventKind.INVESTIGATED: "the investigation has ended",
    ClaimEventKind.RETURNED: "returned to the payer",
    ClaimEventKind.DISMISSED: "no overpayment after all",
}


def submitted_lines(done: Submitted, lowered: Sequence[Overpaid] = ()) -> Reply:
    """Which lines are marked now, those that bill less by what was written since the close, and the way back."""
    month, number = full_month(done.month), len(done.patients)
    lines = count(number, "line")
    if done.taken_back:
        head = f"*{month}: {lines} {_is(number)} not submitted any more.* The earlier mark stays on file."
    else:
        head = f"*{month}, revision {done.revision}: {lines} marked as submitted.*"
    counted = (
        f"{done.submitted:,} of {count(done.billable, 'billable line')} {_is(done.submitted)} submitted."
    )
    back = "submitted" if done.taken_back else "unsubmitted"
    blocks = [
        kit.section(f"{head} {counted}\n{_names(done)}"),
        *overpaid_blocks(lowered, _LIST_TEXT),
        kit.context(_way_back(f"/cocm {back} {done.month}", done)),
    ]
    return Reply(text=TAKEN_BACK_PUSH if done.taken_back else SUBMITTED_PUSH, blocks=tuple(blocks))


def _way_back(command: str, done: Submitted) -> str:
    if len(done.patients) == 1:
        return f"If that was a mistake: `{command} {shown_mrn(done.patients[0].mrn)}`"
    return f"If that was a mistake: `{command}`. Add MRNs if it was only some of them."


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _names(done: Submitted) -> str:
    named = ", ".join(kit.escape(shown_mrn(patient.mrn)) for patient in done.patients[:_NAMED])
    rest = len(done.patients) - _NAMED
    return f"{named} and {rest:,} more" if rest > 0 else named


def overpaid_list(found: Sequence[Overpaid]) -> Reply:
    """Every line that bills less than was submitted, the most urgent first."""
    return Reply(text=OVERPAID_PUSH, blocks=tuple(overpaid_blocks(found, _LIST_TEXT) or _nothing()))


def _nothing() -> list[Block]:
    return [kit.section("No line bills less than what was submitted, and no overpayment is open.")]


def overpaid_blocks(found: Sequence[Overpaid], most: int) -> list[Block]:
    """A list of such lines in so many characters; no blocks where there are none."""
    if not found:
        return []
    lines = [overpaid_line(one) for one in found]
    shown = fitting(lines, most)
    number = len(found)
    verb = "bills" if number == 1 else "bill"
    blocks = sections([f"*{count(number, 'line')} {verb} less than what was submitted*", *shown])
    if len(shown) < len(lines):
        blocks.append(kit.context(f"And {len(lines) - len(shown):,} more: `cocm overpaid` has them all."))
    to_do = [_how_to_identify(one) for one in found if one.claim.identified_on is None][:1]
    return [*blocks, kit.context(*to_do, NO_ADVICE)]


def overpaid_line(one: Overpaid) -> str:
    """One line with its patient."""
    who = kit.escape(shown_mrn(one.patient.mrn))
    return f"{who} · {full_month(one.claim.month)} · {kit.escape(overpaid_words(one))}"


def _how_to_identify(one: Overpaid) -> str:
    who, month = kit.escape(shown_mrn(one.patient.mrn)), one.claim.month
    return f"Once a person has looked: `/cocm overpaid {who} {month} identified today`, or `none`."


def overpaid_recorded(one: Overpaid, what: ClaimEventKind) -> Reply:
    """What was recorded, and the date that follows from it."""
    who = kit.escape(shown_mrn(one.patient.mrn))
    text = f"*{who}, {full_month(one.claim.month)}: {_RECORDED[what]}.*\n{kit.escape(overpaid_words(one))}"
    return Reply(text=OVERPAID_PUSH, blocks=(kit.section(text), kit.context(NO_ADVICE)))
