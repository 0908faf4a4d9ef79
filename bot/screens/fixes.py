"""The buttons that settle a line of a patient's month where it is read, and what was settled, in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from billing.clinical import AttestationKind, StatementKind
from billing.findings.finding import Finding
from billing.findings.registry import row_of
from billing.findings.row import About, Fix
from billing.months import BillingMonth
from billing.people import MemberRole
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.entry_changes import changes
from bot.screens.entry_lines import named_entry
from bot.screens.fact_buttons import FactForm, open_form_button
from bot.screens.facts import fact_lines
from bot.screens.phrases import clock
from bot.screens.receipt import HELD_ANSWERS
from services.acts.went import EntryWent, FactWent, Went
from services.entries.held import answers
from services.entries.trimming import Edge
from services.fixing.fixes import EntryFix, Fixable, LineFix
from services.messages.rows import Done

UNDO, PUT_BACK = "Undo", "Put it back"
ATTEST = "I attest this"
SAME_REVIEW, TWO_REVIEWS = "One review", "Two reviews"
#: The form that settles a kind of finding, and what its button says.
FORMS = {
    Fix.ENROLL: (FactForm.ENROLL, "Add it"),
    Fix.CONSENT: (FactForm.CONSENT, "Record consent"),
    Fix.ASSESS: (FactForm.ASSESS, "Record a score"),
    Fix.REVIEW: (FactForm.REVIEW, "Record review"),
    Fix.DISCHARGE: (FactForm.DISCHARGE, "Discharge"),
}
_STATES = {
    StatementKind.NECESSITY: ("Necessary", "Continued care is medically necessary."),
    StatementKind.NON_DUPLICATION: (
        "Not duplicated",
        "Care management does not duplicate the outside therapist's work.",
    ),
}
_ATTESTS = {
    AttestationKind.CONSULTANT_TIME: "The consultant's time was worked as it is logged.",
    AttestationKind.LATE_TIME: "The late time was worked as it is logged.",
    AttestationKind.CORRECTED_TIME: "The corrected time was worked as it stands now.",
    AttestationKind.LAST_DAY_TIME: "The last day's time was worked as it is logged.",
    AttestationKind.COVERAGE: "This month is billed to the payer that is named.",
    AttestationKind.LATE_RECORD: "What was recorded late was done on its day.",
    AttestationKind.OTHER_CLAIM: "The other claim is this line's own, or was withdrawn.",
    AttestationKind.APCM: "This line's codes are billed, and no APCM add-on beside them.",
}
#: What a recorded fact is about, by the word that its line begins with.
_ABOUT = {
    "consent": About.CONSENT,
    "initial assessment": About.ASSESSMENT,
    "score": About.ASSESSMENT,
    "case review": About.REVIEW,
    "statement": About.STATEMENT,
    "enrollment": About.ENROLLMENT,
    "discharge": About.ENROLLMENT,
    "attestation": About.TIME,
}
_BLOCK = re.compile(r"why_([12]\d{3}-(?:0[1-9]|1[0-2]))_(\d{1,14})_\d+")
#: Acts that are named, the newest ones; and buttons of one line.
_NAMED = 5
#: Characters of one act.
_ACT_TEXT = 400
_PLACES = 20


@dataclass(frozen=True, slots=True)
class ShownWhy:
    """Which explanation a block stands in: of which month, and since when it has been shown."""

    month: BillingMonth
    since: datetime

    @classmethod
    def read(cls, block_id: str) -> "ShownWhy | None":
        """What a block's id says; None for a block of another message."""
        found = _BLOCK.fullmatch(block_id)
        if found is None:
            return None
        return cls(BillingMonth.parse(found[1]), datetime.fromtimestamp(int(found[2]) / 1000, UTC))

    def block_id(self, place: int) -> str:
        """The id of a block in its place."""
        return f"why_{self.month}_{round(self.since.timestamp() * 1000)}_{place}"


def shown_of(told: Fixable) -> ShownWhy:
    """Names the message of an explanation."""
    return ShownWhy(told.why.month, told.shown_at)


def buttons(told: Fixable, finding: Finding, place: int, zone: ZoneInfo) -> list[Block]:
    """What settles a line; nothing where the reader may not, or it is settled elsewhere."""
    fix = told.fixes.get(finding)
    if fix is None or not fix.may:
        return []
    handle = told.why.patient.handle
    month = told.why.month
    over = form_reference(fix.fix, month) if month < BillingMonth.of(told.today) else ""
    made = list(_buttons(fix, handle, place * _PLACES, zone, over))
    return [kit.acting_on(one, handle) for one in made[:_PLACES]]


def form_reference(fix: Fix, month: BillingMonth) -> str:
    """What a form for a month that is over is opened with: the month in which its day is to be chosen."""
    return "" if fix is Fix.ENROLL else str(month)


def _buttons(fix: LineFix, handle: str, first: int, zone: ZoneInfo, over: str) -> Iterator[Block]:
    if fix.fix in FORMS:
        kind, label = FORMS[fix.fix]
        yield open_form_button(kind, handle, label, first, reference=over)
    elif fix.attests is not None:
        yield _sure(_here(ATTEST, f"{handle}:attest:{fix.attests}", first), _ATTESTS[fix.attests])
    elif fix.states is not None:
        label, sentence = _STATES[fix.states]
        yield _sure(_here(label, f"{handle}:state:{fix.states}", first), sentence)
    else:
        several = len(fix.entries) > 1
        for number, entry in enumerate(fix.entries):
            yield from _of_entry(fix.fix, entry, handle, first + number * 4, zone, named=several)


def _of_entry(
    fix: Fix, one: EntryFix, handle: str, first: int, zone: ZoneInfo, *, named: bool
) -> Iterator[Block]:
    reference = entry_reference(one.view.entry.entry_id)
    behind = f" · {reference}" if named else ""
    if fix is Fix.CONFIRM:
        for number, answer in enumerate(answers(one.view.entry)):
            value = f"{handle}:confirm:{reference}:{answer}"
            yield _here(f"{HELD_ANSWERS[answer]}{behind}", value, first + number)
        return
    if fix is Fix.SAME_REVIEW:
        yield _here(f"{SAME_REVIEW}{behind}", f"{handle}:same:{reference}:1", first)
        yield _here(f"{TWO_REVIEWS}{behind}", f"{handle}:same:{reference}:0", first + 1)
        return
    if one.trim is not None:
        verb = "Start" if one.trim.edge is Edge.START else "End"
        at = int(one.trim.at.timestamp())
        words = f"{verb} at {clock(one.trim.at, zone)} instead{behind}"
        yield _here(words, f"{handle}:trim:{reference}:{one.trim.edge}:{at}", first)
    yield open_form_button(FactForm.LOG, handle, f"Edit {reference}", first + 1, reference=reference)


def _here(label: str, value: str, place: int) -> Block:
    return kit.button(label, listed(ActionId.FIX_HERE, place), value)


def _sure(button: Block, sentence: str) -> Block:
    """Asks once more, in the words that the reader puts their name to."""
    confirm = {
        "title": {"type": "plain_text", "text": "Under your name"},
        "text": {"type": "plain_text", "text": sentence},
        "confirm": {"type": "plain_text", "text": button["text"]["text"]},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }
    return {**button, "confirm": confirm}


def who_can(told: Fixable, finding: Finding) -> str:
    """`Care managers and supervisors can settle this.`, for a reader who may not and whom `to_do` does not tell who."""
    fix = told.fixes.get(finding)
    if fix is None or fix.may or not fix.who or MemberRole.CARE_MANAGER not in row_of(finding).fixed_by:
        return ""
    return f"{fix.who[:1].upper()}{fix.who[1:]} can settle this; ask one of them."


def settled_blocks(told: Fixable) -> Iterator[Block]:
    """What the reader has done since the message was shown, each act with its way back."""
    shown, handle = shown_of(told), told.why.patient.handle
    for place, done in enumerate(reversed(told.settled[:_NAMED])):
        block_id = shown.block_id(900 + place)
        verb, label = ("back", PUT_BACK) if done.is_undo else ("undo", UNDO)
        button = _here(label, f"{handle}:{verb}:{done.act_id}", 900 + place)
        button = kit.acting_on(button, f"{done.name}, {handle}, {place + 1}")
        said = kit.clip("\n".join(_said(told, done)) or f"*Done:* {done.name}, by you.", _ACT_TEXT)
        yield {**kit.section(said, accessory=button), "block_id": block_id}


def _said(told: Fixable, done: Done) -> Iterator[str]:
    if done.is_undo:
        lines = [
            line for went in done.went if isinstance(went, FactWent) for line in fact_lines(went, told.today)
        ]
        yield from (f"*Undone:* {_without_mrn(line)}, by you." for line in lines)
        if not lines:
            yield "*Undone*, and none of it counts."
        return
    for went in done.went:
        yield from _settled(told, went, done.name)


def _settled(told: Fixable, went: Went, name: str) -> Iterator[str]:
    open_about = {row_of(finding).about for finding in told.fixes}
    if isinstance(went, EntryWent):
        if went.before is not None and went.after is not None:
            said = changes(went.before, went.after, told.today) or name
            yield f"*Settled:* {said} for {named_entry(went.after, told.today)}, by you."
        else:
            yield f"*Settled:* {name}, by you."
        return
    for line in fact_lines(went, told.today):
        label, _, value = _without_mrn(line).partition(": ")
        state = "recorded" if _ABOUT.get(label) in open_about else "settled"
        yield f"*{label[:1].upper()}{label[1:]}: {state}*, {value}, by you."


def _without_mrn(line: str) -> str:
    """A line about a patient whom the message names already."""
    return line.partition(" · ")[2] or line
