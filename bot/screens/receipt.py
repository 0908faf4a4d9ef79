"""The answer to a log: what was kept, where each patient stands, and the buttons to undo or edit it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from billing.activities import Activity, ActivitySource
from billing.findings import entered_twice, held_activity, time_without_role
from billing.findings.registry import row_of
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block, Reply
from bot.screens.entry_lines import logged_line
from bot.screens.phrases import QUESTION_EXPIRES, count, day_name
from bot.screens.preview import readings, to_correct
from bot.screens.standings import all_missing, all_to_dos, named_together, standing_lines
from bot.screens.timed import switched_to, timed_lines
from services.entries.changes import HeldAnswer
from services.entries.held import answers, held_because
from services.entries.log import not_on_roster
from services.entries.pending import Asked, NotLogged
from services.entries.receipts import EntryView, Receipt
from services.months.standing import Standing
from services.people.patients import shown_mrn

NOTHING_LOGGED = "Nothing was logged."
TIMER_RUNS = "Your timer keeps running: `/cocm timer` shows it."
QUESTION_PUSH = "One question before this is logged."
MAY_BE_LOGGED = "Nothing was logged. If that time was spent on the patient, log it:"
REPEATED = "Slack delivered this twice; it was logged once."
ACTIVITY_MENU = "Activity"
SAME_REVIEW = "Same review"
TWO_REVIEWS = "Two reviews"
_HELD = (held_activity.ROW, entered_twice.ROW, time_without_role.ROW)
HELD_ANSWERS = {
    HeldAnswer.CARE_MANAGEMENT: "Care management",
    HeldAnswer.BILLED_SEPARATELY: "Billed separately",
    HeldAnswer.CLERICAL: "Clerical",
    HeldAnswer.ANOTHER_CONTACT: "Another contact",
    HeldAnswer.THE_SAME: "The same: void it",
}
_KIND_ASKED = (
    "What was it? Press a button, or type {command} and one of: care management, billed separately, clerical."
)
_TWINS_ASKED = "Which is it? Press a button, or type {command} and one of: another contact, the same."
#: Patients of whom a button shows what is still open.
_STILL_OPEN = 3
#: A receipt of more entries than this names them in fewer words, so that it fits Slack's 50 blocks.
DETAILED_ENTRIES = 8


def log_answer(outcome: Receipt | Asked | NotLogged | None) -> Reply:
    """A receipt, the question that stands before it, or word that nothing was stored."""
    if outcome is None or isinstance(outcome, NotLogged):
        left = outcome.left if outcome else ()
        said = (
            NOTHING_LOGGED if outcome is None or not outcome.timer_runs else f"{NOTHING_LOGGED} {TIMER_RUNS}"
        )
        return Reply(text=NOTHING_LOGGED, blocks=(kit.section(said), *to_correct(left)))
    return question(outcome) if isinstance(outcome, Asked) else receipt(outcome)


def receipt(made: Receipt) -> Reply:
    """Entries as kept, each patient's standing, and the buttons that work on them."""
    return Reply(text=_logged_push(len(made.entries)), blocks=tuple(_receipt_blocks(made)))


def question(asked: Asked) -> Reply:
    """What must be answered before anything is stored; each answer is a button."""
    choices = [
        kit.button(choice.label, f"{ActionId.ANSWER}_{number}", f"{asked.pending_id}:{number}")
        for number, choice in enumerate(asked.question.choices)
    ]
    return Reply(
        text=QUESTION_PUSH,
        blocks=(
            *(readings(asked.lines, asked.today) if len(asked.lines) > 1 else ()),
            kit.section(kit.escape(asked.question.message)),
            kit.actions(choices),
            kit.context(QUESTION_EXPIRES),
        ),
    )


def may_be_logged(asked: Asked) -> tuple[Block, ...]:
    """The button below an answer that logs the time spoken of after all."""
    choice = asked.question.choices[0]
    button = kit.button(choice.label, f"{ActionId.ANSWER}_0", f"{asked.pending_id}:0")
    return (kit.context(MAY_BE_LOGGED), kit.actions([button]))


def _receipt_blocks(made: Receipt) -> Iterator[Block]:
    if made.repeated:
        yield kit.context(REPEATED)
    yield from _detailed(made) if len(made.entries) <= DETAILED_ENTRIES else _in_few_words(made)
    if strangers := _not_on_roster(made.entries):
        yield kit.context(strangers)
    yield kit.section(standing_lines(made.standings, made.today))
    if timed := timed_lines(made):
        yield kit.context(*timed)
    further = _not_said_above(made)
    warnings = all_missing(further)
    if warnings:
        yield kit.context(*warnings)
    to_dos = all_to_dos(further)
    if to_dos:
        yield kit.context(*to_dos)
    yield kit.actions(tuple(_buttons(made)))
    if made.running is not None:
        yield from switched_to(made.running)
    yield from to_correct(made.left)


def _not_said_above(made: Receipt) -> tuple[Standing, ...]:
    """The standings without what the receipt's own entries or earlier receipts say already, each with its buttons."""
    shown = {view.entry.entry_id for view in made.entries}
    return tuple(
        replace(
            one,
            told=tuple(
                each for each in one.news if row_of(each) not in _HELD or not shown.issuperset(each.entries)
            ),
        )
        for one in made.standings
    )


def _detailed(made: Receipt) -> Iterator[Block]:
    for place, view in enumerate(made.entries):
        yield kit.section(logged_line(view, made.today))
        if view.note:
            yield kit.plain_context(view.note)
        if view.entry.is_held:
            yield from _held(made, view, place)
        if remarks := _of_its_own(view):
            yield kit.context(*(kit.escape(remark) for remark in remarks))


def _in_few_words(made: Receipt) -> Iterator[Block]:
    yield kit.section("\n".join(logged_line(view, made.today) for view in made.entries))
    held = sum(view.entry.is_held for view in made.entries)
    if held:
        yield kit.context(_several_held(held))
    remarks = tuple(dict.fromkeys(remark for view in made.entries for remark in _of_its_own(view)))
    if remarks:
        yield kit.context(*(kit.escape(remark) for remark in remarks))


def _of_its_own(view: EntryView) -> list[str]:
    """Remarks on an entry, but for the one that is made once for all of them."""
    stranger = not_on_roster(shown_mrn(view.patient.mrn))
    return [remark for remark in view.remarks if remark != stranger]


def _not_on_roster(entries: Sequence[EntryView]) -> str:
    """Who is known from chat alone, in one line."""
    named = ((shown_mrn(view.patient.mrn), view.remarks) for view in entries)
    strangers = list(dict.fromkeys(mrn for mrn, remarks in named if not_on_roster(mrn) in remarks))
    if len(strangers) > 1:
        said = f"{named_together(strangers)} are not on the roster: check that the MRNs are right."
    else:
        said = not_on_roster(strangers[0]) if strangers else ""
    return kit.escape(said)


def _buttons(made: Receipt) -> Iterator[Block]:
    yield kit.button("Undo", ActionId.UNDO, str(made.receipt_id), about=changed_entries(made))
    if len(made.entries) == 1:
        view = made.entries[0]
        reference = entry_reference(view.entry.entry_id)
        yield from held_buttons(view)
        if made.may_be_one_review(view):
            yield kit.button(SAME_REVIEW, ActionId.SAME_REVIEW, reference, about=reference)
            yield kit.button(TWO_REVIEWS, ActionId.TWO_REVIEWS, reference, about=reference)
        if view.other_date is not None:
            label = _other_date_label(view.other_date, made.today)
            value = f"{reference}:{view.other_date.isoformat()}"
            yield kit.button(label, ActionId.SET_DATE, value, about=reference)
        yield kit.button("Edit", ActionId.EDIT, reference, about=reference)
        yield _activity_menu(view)
    yield from _still_open(made)


def changed_entries(made: Receipt) -> str:
    """What an undo takes back, read out: `e-k7f`, `3 entries`."""
    if len(made.entries) == 1:
        return entry_reference(made.entries[0].entry.entry_id)
    return count(len(made.entries), "entry")


def _still_open(made: Receipt) -> Iterator[Block]:
    """What earlier receipts named is named no more; a tap shows it, of a few patients."""
    several = len({one.patient.patient_id for one in made.standings}) > 1
    with_some = [one for one in made.standings if one.again]
    for place, one in enumerate(with_some[:_STILL_OPEN]):
        label = f"Show {count(len(one.again), 'open item')}"
        mrn = shown_mrn(one.patient.mrn)
        label += f" of {mrn}" if several else ""
        value = f"{one.patient.handle}:{one.month}"
        yield kit.button(label, listed(ActionId.WHY, place), value, about="" if several else mrn)


def held_buttons(view: EntryView, place: int | None = None) -> list[Block]:
    """One for each answer that settles a held entry, none for one that is not held; `place` where it is in a list."""
    reference = entry_reference(view.entry.entry_id)
    first = 0 if place is None else (place + 1) * len(HeldAnswer)
    return [
        kit.button(
            HELD_ANSWERS[answer],
            listed(ActionId.SETTLE_HELD, first + number),
            f"{reference}:{answer}",
            about=reference,
        )
        for number, answer in enumerate(answers(view.entry))
    ]


def is_listed(action_id: str) -> bool:
    """Whether the button of an answer stands in a message that holds other entries too."""
    return int(action_id.rpartition("_")[2]) >= len(HeldAnswer)


def held_line(view: EntryView) -> str:
    """Why an entry waits, in words."""
    asked = _TWINS_ASKED if view.entry.activity_source is ActivitySource.REPEATED else _KIND_ASKED
    typed = asked.format(command=f"`/cocm confirm {entry_reference(view.entry.entry_id)}`")
    return f"Held, not counted: {kit.escape(held_because(view))}. {typed}"


def _held(made: Receipt, view: EntryView, place: int) -> Iterator[Block]:
    """Why an entry waits; with its own answers where the receipt's buttons are for several entries."""
    yield kit.context(held_line(view))
    if len(made.entries) > 1:
        yield kit.actions(held_buttons(view, place))


def _activity_menu(view: EntryView) -> Block:
    """One tap changes what the words were taken for."""
    reference = entry_reference(view.entry.entry_id)
    options = [kit.option(activity.label, f"{reference}:{activity}") for activity in Activity]
    shown = next(option for option in options if option["value"].endswith(f":{view.entry.activity}"))
    return {
        "type": "static_select",
        "action_id": ActionId.SET_ACTIVITY,
        "placeholder": {"type": "plain_text", "text": ACTIVITY_MENU},
        "options": options,
        "initial_option": shown,
    }


def _logged_push(count: int) -> str:
    """The notification for a receipt."""
    return "Logged." if count == 1 else f"Logged {count} entries."


def _several_held(count: int) -> str:
    """That entries of a long receipt are held."""
    if count == 1:
        return "1 entry is held, not counted, until you say what it was: `/cocm confirm`."
    return f"{count} entries are held, not counted, until you say what they were: `/cocm confirm`."


def _other_date_label(day: date, today: date) -> str:
    """The button that takes the other reading of a date."""
    return f"It was {day_name(day, today)}"
