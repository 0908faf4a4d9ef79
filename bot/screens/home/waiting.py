"""What waits for a word of the person: held entries, overlapping clock times and open questions, with their buttons."""

from collections.abc import Iterator, Sequence

from billing.durations import spoken
from billing.references import entry_reference
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.frame import Frame, show_button
from bot.screens.phrases import clock, count, day_name
from bot.screens.questions import answers
from bot.screens.receipt import held_buttons
from services.entries.held import held_because
from services.entries.open_questions import ABOUT, Waits
from services.entries.receipts import EntryView
from services.entries.trimming import Edge, Trim
from services.home.waiting import Overlapping, Waiting

TITLE = "Waits for you"
SHOW_HELD = "Show all that is held"
SHOW_QUESTION = "Show and answer"
#: Questions with their buttons, and where these count from.
_ASKED, _ASKED_PLACES = 4, 40
#: Entries with their buttons, two blocks each.
_HELD_LISTED, _OVERLAPS_LISTED = 4, 3
#: Where the buttons of overlapping entries count from.
_OVERLAP_PLACES = 20


def waiting_blocks(frame: Frame, waiting: Waiting) -> Iterator[Block]:
    """A heading and what waits; nothing where nothing does."""
    if not waiting:
        return
    yield kit.header(TITLE)
    yield from _questions(frame, waiting.questions)
    for place, view in enumerate(waiting.held[:_HELD_LISTED]):
        yield from _held(frame, view, place)
    left = len(waiting.held) - _HELD_LISTED
    if left > 0:
        yield kit.context(f"And {count(left, 'more held entry')}.")
        yield kit.actions([show_button(frame, 1, SHOW_HELD, "confirm")])
    for place, one in enumerate(waiting.overlapping[:_OVERLAPS_LISTED], _OVERLAP_PLACES):
        yield from _overlap(frame, one, place)
    left = len(waiting.overlapping) - _OVERLAPS_LISTED
    if left > 0:
        more = count(left, "more entry")
        yield kit.context(f"And {more} that {'overlaps' if left == 1 else 'overlap'} another.")


def _questions(frame: Frame, questions: Sequence[Waits]) -> Iterator[Block]:
    """Each question with its answers, or where Home may not say whom it is about, with what shows it in Messages."""
    for number, one in enumerate(questions[:_ASKED]):
        until = f"open until {clock(one.expires_at, frame.zone)}, nothing is stored before"
        if frame.settings.phi_in_views:
            yield kit.section(f"*{kit.escape(one.message)}*\n_{until}_")
            yield kit.actions(answers(one, frame.place(_ASKED_PLACES + number * 10)))
        else:
            show = kit.button(
                SHOW_QUESTION,
                listed(ActionId.SHOW_QUESTION, frame.place(number)),
                one.pending_id,
                about=f"question {number + 1}",
            )
            yield kit.section(f"*A question about {ABOUT[one.kind]}* · {until}", accessory=show)
    left = len(questions) - _ASKED
    if left > 0:
        yield kit.context(f"And {count(left, 'more question')}, in Messages.")


def _held(frame: Frame, view: EntryView, place: int) -> Iterator[Block]:
    """`15 min · P-7F3K · clerical · Tue Nov 17 · e-k7f`, why it waits, and the answers that settle it."""
    why = f"\nHeld, not counted: {kit.escape(held_because(view))}." if frame.settings.phi_in_views else ""
    waits = why or "\nHeld, not counted, until you say what it was."
    yield kit.section(f"*{_entry(frame, view)}*{waits}")
    reference = entry_reference(view.entry.entry_id)
    answers = held_buttons(view, frame.place(place))
    yield kit.actions([*answers, *_edit_and_void(frame, reference, place)])


def _overlap(frame: Frame, one: Overlapping, place: int) -> Iterator[Block]:
    """Which two entries share time, how much of it, and the move that ends it."""
    reference = entry_reference(one.view.entry.entry_id)
    yield kit.section(
        f"*{_times(frame, one.view)} · {_entry(frame, one.view)}*\n"
        f"Overlaps {_times(frame, one.kept)} for {frame.name(one.kept.patient)} "
        f"(`{entry_reference(one.kept.entry.entry_id)}`): {spoken(one.seconds)} counted once, for that one."
    )
    moves = [] if one.trim is None else [_trim_button(frame, reference, one.trim, place)]
    yield kit.actions([*moves, *_edit_and_void(frame, reference, place)])


def _trim_button(frame: Frame, reference: str, trim: Trim, place: int) -> Block:
    verb = "Start" if trim.edge is Edge.START else "End"
    words = f"{verb} at {clock(trim.at, frame.zone)} instead"
    value = f"{reference}:{trim.edge}:{int(trim.at.timestamp())}"
    return kit.button(words, listed(ActionId.TRIM_ENTRY, frame.place(place)), value, about=reference)


def _edit_and_void(frame: Frame, reference: str, place: int) -> tuple[Block, Block]:
    number = frame.place(place)
    return (
        kit.button("Edit", listed(ActionId.EDIT, number), reference, about=reference),
        kit.button("Void", listed(ActionId.VOID, number), reference, about=reference, style="danger"),
    )


def _entry(frame: Frame, view: EntryView) -> str:
    entry = view.entry
    parts = (
        spoken(entry.seconds),
        frame.name(view.patient),
        entry.activity.label,
        day_name(entry.service_date, frame.today),
        f"`{entry_reference(entry.entry_id)}`",
    )
    return " · ".join(parts)


def _times(frame: Frame, view: EntryView) -> str:
    """`10:10 am to 10:30 am`."""
    entry = view.entry
    if entry.started_at is None or entry.ended_at is None:
        return spoken(entry.seconds)
    return f"{clock(entry.started_at, frame.zone)} to {clock(entry.ended_at, frame.zone)}"
