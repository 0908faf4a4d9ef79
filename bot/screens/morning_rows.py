"""One patient's row in the morning message: what is said, the buttons that act in place, and what was done."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing.charges import codes_of
from billing.findings import assessment_missing, consent_incomplete, consent_missing, review_missing
from billing.findings.finding import Finding
from billing.findings.row import Row
from billing.months import BillingMonth
from billing.people import Patient
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.entry_lines import logged_line
from bot.screens.fact_buttons import open_form_button
from bot.screens.facts import fact_lines
from bot.screens.finding_lines import titles
from bot.screens.phrases import count, day_name
from bot.screens.standings import progress
from services.acts.went import EntryWent, FactWent
from services.messages.morning import Listed, Place
from services.messages.patient_month import PatientMonth, Untouched
from services.messages.rows import Done, RowNow
from services.people.patients import shown_mrn

LOG_TIME = "Log time"
RECORD_REVIEW = "Record review"
RECORD_CONSENT = "Record consent"
RECORD_SCORE = "Record a score"
NOT_INDICATED = "Not indicated"
SEEN = "Seen"
SHOW_HELD = "Show held"
UNDO = "Undo"
PUT_BACK = "Put it back"
NAME_AGAIN = "List again"
PUSH = "Noted."
_NOT_NEAR = (
    "The morning message does not list this patient as near until the month ends; what is due or missing is still "
    "listed, and logged time counts as always."
)
#: Characters of one row.
_LINE_TEXT = 400
#: Acts that a row names, the newest first.
_NAMED = 3
#: What a form settles of what a line says is missing, in the order in which buttons stand.
_FORMS: tuple[tuple[Row, str, str], ...] = (
    (consent_missing.ROW, "consent", RECORD_CONSENT),
    (consent_incomplete.ROW, "consent", RECORD_CONSENT),
    (assessment_missing.ROW, "assess", RECORD_SCORE),
    (review_missing.ROW, "review", RECORD_REVIEW),
)
_ROW = re.compile(r"row_([a-z]+)_(\d+)")


@dataclass(frozen=True, slots=True)
class RowKey:
    """Names a row within its message: its heading, and its number among all rows."""

    place: Place
    number: int

    @classmethod
    def read(cls, block_id: str) -> "RowKey | None":
        """The row that a block belongs to; None for a block of no row."""
        found = _ROW.fullmatch(block_id.partition("-")[0])
        if found is None or found[1] not in set(Place):
            return None
        return cls(Place(found[1]), int(found[2]))

    @property
    def text_id(self) -> str:
        """Of the block that says it."""
        return f"row_{self.place}_{self.number}"

    @property
    def buttons_id(self) -> str:
        """Of the block with its buttons."""
        return f"{self.text_id}-do"


def set_aside(patient: Patient, month: BillingMonth, value: str) -> Reply:
    """That morning messages do not name a patient as near: for a message that has no rows."""
    said = f"{kit.escape(shown_mrn(patient.mrn))}: not indicated in {month.name}. {_NOT_NEAR}"
    back = kit.actions([kit.button(NAME_AGAIN, ActionId.NAME_AGAIN, value, about=shown_mrn(patient.mrn))])
    return Reply(text=PUSH, blocks=(kit.section(said), back))


def named_again(patient: Patient, month: BillingMonth) -> Reply:
    """That it was taken back."""
    said = (
        f"{kit.escape(shown_mrn(patient.mrn))}: listed again in your morning message when a code is near in "
        f"{month.name}."
    )
    return Reply(text=PUSH, blocks=(kit.section(said),))


def row(key: RowKey, one: Listed, today: date) -> list[Block]:
    """A patient under a heading."""
    return _blocks(key, line(key.place, one, today), buttons(key, one, BillingMonth.of(today)))


def row_now(key: RowKey, now: RowNow, today: date) -> list[Block]:
    """The same row after something was done: what is left, what was done in words, and the way back."""
    said = [line(now.place, now.month, today) if now.belongs else _standing(now.month)]
    said += [word for done in now.done[:_NAMED] for word in _done(done, today)]
    left = buttons(key, now.month, BillingMonth.of(today)) if now.belongs else []
    last = now.done[0] if now.done else None
    if last is not None:
        action = ActionId.ROW_PUT_BACK if last.is_undo else ActionId.ROW_UNDO
        value = f"{last.act_id}:{now.patient.handle}"
        label, about = PUT_BACK if last.is_undo else UNDO, f"{last.name}, {now.patient.handle}"
        left.append(kit.button(label, listed(action, key.number), value, about=about))
    return _blocks(key, "\n".join(said), left)


def handle_in(block: Block) -> str | None:
    """The handle of the patient whom a row's buttons are about."""
    for element in block.get("elements", ()):
        found = re.search(r"\bP-[0-9A-Z]+\b", str(element.get("value", "")))
        if found:
            return found[0]
    return None


def is_changed(block: Block) -> bool:
    """Whether a row's buttons say that something was done."""
    ids = (str(element.get("action_id", "")) for element in block.get("elements", ()))
    return any(one.startswith((ActionId.ROW_UNDO, ActionId.ROW_PUT_BACK)) for one in ids)


def line(place: Place, one: Listed, today: date) -> str:
    """What a row says of a patient, by the heading it stands under."""
    if isinstance(one, Untouched):
        return _line(one, ["nothing logged this month", _last(one.last_contact_on, today)])
    match place:
        case Place.FIRST | Place.REVIEW:
            return _line(one, [*reasons(one, today), progress_of(one), *_missing(one)])
        case Place.NEAR:
            ended = [f"discharged {day_name(one.discharged_on, today)}"] if one.discharged_on else []
            return _line(one, [progress_of(one), _last(one.last_contact_on, today), *ended, *_missing(one)])
        case Place.MISSING:
            none = [] if one.has_time else ["nothing logged this month"]
            return _line(one, [*_reached(one), *none, *_missing(one), *_held(one)])


def progress_of(one: PatientMonth) -> str:
    """`51 of 60 min · 9 to 99493`."""
    return progress(one.threshold, one.result.payer)


def buttons(key: RowKey, one: Listed, month: BillingMonth) -> list[Block]:
    """What can be done about a row, without leaving it."""
    handle = one.patient.handle
    made = list(_buttons(key, one, f"{handle}:{month}"))
    return [kit.acting_on(button, handle) for button in made[:5]]


def _buttons(key: RowKey, one: Listed, in_month: str) -> Iterator[Block]:
    number, handle = key.number, one.patient.handle
    log = _form("log", handle, LOG_TIME, number * 10)
    if isinstance(one, Untouched):
        yield log
        yield kit.button(NOT_INDICATED, listed(ActionId.SET_ASIDE, number), in_month)
        return
    forms = dict(_forms(one.told))
    if one.asks_for_review and key.place is not Place.NEAR:
        forms = {"review": RECORD_REVIEW, **forms}
    if one.signal is not None and key.place in {Place.FIRST, Place.REVIEW}:
        yield kit.button(
            SEEN, listed(ActionId.ROW_SEEN, number), f"{one.signal.score_id}:{handle}", style="primary"
        )
    if key.place is not Place.REVIEW:
        yield log
    if key.place is Place.NEAR or (key.place is Place.MISSING and not one.has_time):
        yield kit.button(NOT_INDICATED, listed(ActionId.SET_ASIDE, number), in_month)
    if key.place is Place.MISSING and one.held:
        yield kit.button(SHOW_HELD, listed(ActionId.ROW_HELD, number), handle)
    for place, (kind, label) in enumerate(forms.items(), 1):
        yield _form(kind, handle, label, number * 10 + place)


def _forms(told: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    codes = {finding.code for finding in told}
    return ((kind, label) for finding, kind, label in _FORMS if finding.code in codes)


def _form(kind: str, handle: str, label: str, place: int) -> Block:
    return open_form_button(kind, handle, label, place)


def _blocks(key: RowKey, text: str, elements: Sequence[Block]) -> list[Block]:
    said: Block = {**kit.section(kit.clip(text, _LINE_TEXT)), "block_id": key.text_id}
    return [said, kit.actions(elements, key.buttons_id)] if elements else [said]


def _line(one: Listed, parts: Iterable[str]) -> str:
    return " · ".join((f"*{kit.escape(shown_mrn(one.patient.mrn))}*", *parts))


def _standing(one: PatientMonth) -> str:
    return _line(one, [progress_of(one)])


def reasons(one: PatientMonth, today: date) -> Iterator[str]:
    """Why somebody is asked for today, the most pressing first."""
    if one.signal is not None:
        yield f"*{one.signal.words}, {day_name(one.signal.measured_on, today)}*, not marked as seen"
    if one.worse is not None:
        rise = one.worse
        before = f"from {rise.before.value} on {day_name(rise.before.measured_on, today)}"
        last = f"to {rise.last.value} on {day_name(rise.last.measured_on, today)}"
        yield f"{rise.last.scale} up {rise.points}, {before} {last}"
    if one.contact_due_on is not None:
        yield f"contact planned for {day_name(one.contact_due_on, today)}"
    if one.review_due_since is not None:
        yield f"review overdue, last one {day_name(one.review_due_since, today)}"
    if one.unreviewed_since is not None:
        yield f"never reviewed since enrollment, {day_name(one.unreviewed_since, today)}"


def _missing(one: PatientMonth) -> list[str]:
    return [", ".join(titles(one.told))] if one.told else []


def _reached(one: PatientMonth) -> list[str]:
    reached = codes_of(one.threshold.reached)
    return [f"{reached} reached by minutes"] if reached and one.told else []


def _held(one: PatientMonth) -> list[str]:
    return [f"{count(one.held, 'entry')} held until somebody says what it was"] if one.held else []


def _last(day: date | None, today: date) -> str:
    return "no contact yet" if day is None else f"last contact {day_name(day, today)}"


def _done(done: Done, today: date) -> Iterator[str]:
    """What an act did, in words."""
    if done.is_undo:
        yield "Undone, and none of it counts."
        return
    for went in done.went:
        if isinstance(went, FactWent):
            yield from _fact(went, today)
        else:
            yield _entry(went, today, done.name)


def _fact(went: FactWent, today: date) -> Iterator[str]:
    if went.kind == "set_aside" and went.after:
        yield f"*Done:* not indicated this month. {_NOT_NEAR}"
        return
    # The row names the patient already.
    yield from (f"*Done:* {said.partition(' · ')[2] or said}" for said in fact_lines(went, today))


def _entry(went: EntryWent, today: date, name: str) -> str:
    if went.after is None or went.before is not None:
        return f"*Done:* {name}"
    return logged_line(went.after, today)
