"""The modals: logging with fields instead of a line, and correcting an entry."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from billing.activities import Activity
from bot import kit
from bot.ids import BlockId, CallbackId
from bot.replies import Block
from services.entries.receipts import EntryView

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
#: Notes are capped, as in chat; the other fields are shorter still.
LONGEST_NOTE = 280


def log_form(today: date, note: str = "", *, patient: str = "") -> dict[str, Any]:
    """Fields for one entry; a patient is named by the handle, for Slack keeps what a form holds."""
    return _modal(
        CallbackId.LOG_FORM,
        FORM_TITLE,
        FORM_SUBMIT,
        [
            _text(BlockId.PATIENT, "Patient", placeholder="MRN123", initial=patient),
            _text(BlockId.DURATION, "Duration", placeholder="15m, 1h 30m or 2-2:25pm"),
            _text(
                BlockId.NOTE,
                "What you did",
                multiline=True,
                initial=note,
                placeholder=NOTE_EXAMPLE,
            ),
            _day(today),
        ],
    )


def edit_form(view: EntryView, minutes: str, metadata: str, *, show_note: bool) -> dict[str, Any]:
    """Fields to correct one entry; the note is shown only where views may hold a person's words."""
    note_hint = None if show_note else NOTE_HIDDEN
    return _modal(
        CallbackId.EDIT_FORM,
        EDIT_TITLE,
        EDIT_SUBMIT,
        [
            _text(BlockId.DURATION, "Duration", initial=minutes),
            _day(view.entry.service_date),
            _activity(view.entry.activity),
            _text(
                BlockId.NOTE,
                "What you did",
                multiline=True,
                initial=view.note if show_note else "",
                hint=note_hint,
                optional=True,
            ),
            _text(BlockId.REASON, "Why it is corrected", placeholder=REASON_EXAMPLE),
        ],
        metadata=metadata,
    )


def reason_form(metadata: str) -> dict[str, Any]:
    """One field: why an entry is changed; what changes stands in the message behind it."""
    return _modal(
        CallbackId.REASON_FORM,
        EDIT_TITLE,
        EDIT_SUBMIT,
        [_text(BlockId.REASON, "Why it is corrected", placeholder=REASON_EXAMPLE, multiline=True)],
        metadata=metadata,
    )


def typed(view: dict[str, Any]) -> dict[str, str]:
    """What was put into a submitted form, by block; what was left empty is an empty text."""
    values = view["state"]["values"]
    return {block_id: _value(fields[block_id]) for block_id, fields in values.items()}


def _value(state: dict[str, Any]) -> str:
    chosen = state.get("selected_option")
    return str(
        (chosen["value"] if chosen else None) or state.get("value") or state.get("selected_date") or ""
    )


def _modal(
    callback_id: str, title: str, submit: str, blocks: Iterable[Block], metadata: str = ""
) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Cancel"),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def _text(
    block_id: str,
    label: str,
    *,
    placeholder: str = "",
    initial: str = "",
    hint: str | None = None,
    multiline: bool = False,
    optional: bool = False,
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": block_id,
        "multiline": multiline,
        "max_length": LONGEST_NOTE,
    }
    if placeholder:
        element["placeholder"] = _plain(placeholder)
    if initial:
        element["initial_value"] = initial
    return _input(block_id, label, element, hint=hint, optional=optional)


def _day(day: date) -> Block:
    return _input(
        BlockId.DAY,
        "Date of service",
        {"type": "datepicker", "action_id": BlockId.DAY, "initial_date": day.isoformat()},
    )


def _activity(current: Activity) -> Block:
    options = [kit.option(activity.label, activity) for activity in Activity]
    chosen = next(option for option in options if option["value"] == current)
    element = {
        "type": "static_select",
        "action_id": BlockId.ACTIVITY,
        "options": options,
        "initial_option": chosen,
    }
    return _input(BlockId.ACTIVITY, "Activity", element)


def _input(
    block_id: str, label: str, element: Block, *, hint: str | None = None, optional: bool = False
) -> Block:
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label),
        "element": element,
        "optional": optional,
    }
    return block if hint is None else {**block, "hint": _plain(hint)}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
