"""The modals of a timer: when it was stopped and for whom, and to whom it goes over."""

from typing import Any

from bot import kit
from bot.ids import BlockId, CallbackId
from bot.replies import Block
from bot.screens.form_fields import LONGEST_NOTE
from bot.screens.forms import NOTE_EXAMPLE
from bot.screens.patient_menu import patient_field

STOP_TITLE = "Stop and log"
SWITCH_TITLE = "Switch the timer"


def stop_form(metadata: str, *, since: str, ended: str, asks_patient: bool) -> dict[str, Any]:
    """When the work ended, what it was, and whose where nobody has said so.

    Args:
        metadata: travels through Slack; names nobody.
        since: `9:10 am`.
        ended: `9:35 am`, as the field begins; empty where the person has to say it.
        asks_patient: whether nobody has said whose time it is.
    """
    fields = [patient_field()] if asks_patient else []
    fields += [
        _field(
            BlockId.ENDED,
            "When you stopped",
            initial=ended,
            placeholder="9:35 am",
            hint=f"Your timer has run since {since}.",
        ),
        _field(BlockId.NOTE, "What you did", placeholder=NOTE_EXAMPLE, multiline=True, optional=True),
    ]
    return _modal(CallbackId.STOP_TIMER_FORM, STOP_TITLE, "Log", fields, metadata)


def switch_form(metadata: str, *, note_hint: str) -> dict[str, Any]:
    """Whose the timer is from now on."""
    fields = [
        patient_field(label="Next patient", hint=note_hint),
        _field(
            BlockId.NOTE,
            "What you begin with them",
            placeholder="chart review",
            multiline=True,
            optional=True,
        ),
    ]
    return _modal(CallbackId.SWITCH_TIMER_FORM, SWITCH_TITLE, "Switch", fields, metadata)


def _modal(callback_id: str, title: str, submit: str, blocks: list[Block], metadata: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title),
        "submit": _plain(submit),
        "close": _plain("Back"),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def _field(
    block_id: str,
    label: str,
    *,
    placeholder: str,
    initial: str = "",
    hint: str = "",
    multiline: bool = False,
    optional: bool = False,
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": block_id,
        "multiline": multiline,
        "max_length": LONGEST_NOTE,
        "placeholder": _plain(placeholder),
    }
    if initial:
        element["initial_value"] = initial
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label),
        "element": element,
        "optional": optional,
    }
    return block if not hint else {**block, "hint": _plain(kit.clip(hint, 150))}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
