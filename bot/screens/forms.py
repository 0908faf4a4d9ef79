"""The form for time: to log an entry, and to correct one; and the one field that asks for a reason."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from billing.activities import Activity
from billing.durations import spoken
from bot import kit
from bot.ids import ActionId, BlockId, CallbackId
from bot.replies import Block, Reply
from bot.screens import form_fields
from bot.screens.form_fields import (
    choice_field,
    day_field,
    modal,
    plain,
    time_field,
    words_field,
)
from bot.screens.form_states import refilled, said
from bot.screens.home import ViewSettings
from bot.screens.patient_menu import patient_field, patient_option
from services.entries.receipts import EntryView

#: Where other forms look for them.
typed, LONGEST_NOTE = form_fields.typed, form_fields.LONGEST_NOTE
#: The menu's first choice: the words say what kind of work it was.
BY_NOTE = "by_note"
FORM_TITLE = "Log time"
FORM_SUBMIT = "Log"
FORM_OPENING = "Opening the form. You can also type it: `/cocm 15m MRN123 phone check-in`."
FORM_OPENING_PUSH = "Opening the form."
FORM_FAILED = "Slack did not open the form in time. Type `/cocm` again, or one line: `/cocm 15m MRN123 call`."
NOTE_EXAMPLE = "phone check-in, PHQ-9 reviewed"
EDIT_TITLE = "Correct an entry"
EDIT_SUBMIT = "Correct"
NOTE_HIDDEN = "Leave it empty to keep the note as it is."
REASON_EXAMPLE = "typed 15 instead of 25"
REASON_HINT = (
    "Needed for more minutes, another patient, or somebody else's entry. It stays in the entry's history."
)
DURATION_HINT = "Or choose start and end below."
OPEN_AGAIN = "Open the form again"
NOT_SAVED_PUSH = "Your form was not saved."
STILL_SAVING = (
    "This takes longer than usual, and I am still at it. You can leave this open: it says when it is done. Sending it "
    "again stores nothing twice."
)
_FROM_NOTE = "What the note says"
_LOGGED_ALREADY = (
    "This form was logged already, as {before}. To change that entry to what is here now, press Correct."
)
_LATE_TROUBLE = "*Not saved.* {sentence}\nWhat you filled in is kept for a day."


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form's fields when it opens."""

    day: date
    #: An option of the patients' menu.
    patient: Block | None = field(default=None, repr=False)
    duration: str = ""
    #: `14:05`, by the clock of the person whose work it is.
    start: str = ""
    end: str = ""
    #: None where the note says it.
    activity: Activity | None = None
    note: str = field(default="", repr=False)


def log_form(filled: Filled, metadata: str, *above: Block) -> dict[str, Any]:
    """Fields for one entry; a patient is named by the handle, for Slack keeps what a form holds."""
    return modal(CallbackId.LOG_FORM, FORM_TITLE, FORM_SUBMIT, [*above, *_fields(filled)], metadata)


def edit_form(filled: Filled, metadata: str, *, shows_note: bool) -> dict[str, Any]:
    """The same fields with an entry in them; its note only where views may hold a person's words."""
    blocks = _fields(filled, is_note_hidden=not shows_note)
    return modal(CallbackId.EDIT_FORM, EDIT_TITLE, EDIT_SUBMIT, [*blocks, _reason()], metadata)


def filled_by(view: EntryView, zone: ZoneInfo, views: ViewSettings) -> Filled:
    """An entry as the form shows it; by the clock of the person whose work it was.

    An entry with clock times shows those and no length besides: it is to be changed in one place.
    """
    entry = view.entry
    by_clock = entry.started_at is not None and entry.ended_at is not None
    start, end = (
        (f"{moment.astimezone(zone):%H:%M}" if moment else "")
        for moment in (entry.started_at, entry.ended_at)
    )
    return Filled(
        day=entry.service_date,
        patient=patient_option(view.patient, views),
        duration="" if by_clock else spoken(entry.seconds),
        start=start if by_clock else "",
        end=end if by_clock else "",
        activity=entry.activity,
        note=view.note if views.phi_in_views else "",
    )


def logged_already(view: dict[str, Any], before: EntryView, metadata: str) -> dict[str, Any]:
    """A form sent twice with other words: what was logged the first time is corrected, not logged again."""
    sentence = _LOGGED_ALREADY.format(before=spoken(before.entry.seconds))
    shown = refilled(
        view,
        said(sentence),
        callback_id=CallbackId.EDIT_FORM,
        title=plain(EDIT_TITLE),
        submit=plain(EDIT_SUBMIT),
        private_metadata=metadata,
    )
    return {**shown, "blocks": [*shown["blocks"], _reason()]}


def not_saved(sentence: str, kept_as: str | None) -> Reply:
    """What became of a form that was closed before it was saved, and the button that opens it as it was."""
    blocks = [kit.section(_LATE_TROUBLE.format(sentence=sentence) if kept_as else f"*Not saved.* {sentence}")]
    if kept_as:
        blocks.append(kit.actions([kit.button(OPEN_AGAIN, ActionId.OPEN_AGAIN, kept_as, style="primary")]))
    return Reply(text=NOT_SAVED_PUSH, blocks=tuple(blocks))


def reason_form(metadata: str) -> dict[str, Any]:
    """One field: why an entry is changed; what changes stands in the message behind it."""
    return modal(
        CallbackId.REASON_FORM,
        EDIT_TITLE,
        EDIT_SUBMIT,
        [words_field(BlockId.REASON, "Why it is corrected", placeholder=REASON_EXAMPLE, multiline=True)],
        metadata,
    )


def _fields(filled: Filled, *, is_note_hidden: bool = False) -> list[Block]:
    return [
        patient_field(filled.patient),
        words_field(
            BlockId.DURATION,
            "Duration",
            placeholder="15m, 1h 30m or 2-2:25pm",
            initial=filled.duration,
            hint=DURATION_HINT,
            optional=True,
        ),
        time_field(BlockId.START, "Started", initial=filled.start),
        time_field(BlockId.END, "Ended", initial=filled.end),
        day_field("Date of service", filled.day),
        words_field(
            BlockId.NOTE,
            "What you did",
            multiline=True,
            initial=filled.note,
            placeholder=NOTE_EXAMPLE,
            hint=NOTE_HIDDEN if is_note_hidden else "",
            optional=is_note_hidden,
        ),
        _activity(filled.activity),
    ]


def _activity(chosen: Activity | None) -> Block:
    options = [kit.option(_FROM_NOTE, BY_NOTE)] + [kit.option(one.label, one) for one in Activity]
    return choice_field(BlockId.ACTIVITY, "Activity", options, chosen=chosen or BY_NOTE)


def _reason() -> Block:
    return words_field(
        BlockId.REASON, "Why it is corrected", placeholder=REASON_EXAMPLE, hint=REASON_HINT, optional=True
    )
