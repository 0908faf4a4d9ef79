"""A form that stays open: with all that was typed, and what the bot has to say about it above."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot import kit
from bot.ids import BlockId
from bot.replies import Block
from bot.screens.form_fields import modal, plain, radio_field

#: What of a view in Slack's payload is its own, and not Slack's word about it.
_OWN = (
    "type",
    "callback_id",
    "title",
    "submit",
    "close",
    "private_metadata",
    "clear_on_close",
    "notify_on_close",
)
#: Where each kind of element holds its value in a state, and what sets it from the start.
_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
}
ANSWER_LABEL = "Your answer"
QUESTION_SUBMIT = "Answer"
DONE_TITLE = "Done"
DONE = "Saved. The answer is where you opened this form from, or in your direct messages with me. You can close this."


class Level(StrEnum):
    """How Slack draws an alert."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def said(mrkdwn: str, level: Level = Level.ERROR) -> Block:
    """What the bot has to say about a whole form."""
    return {
        "type": "alert",
        "block_id": BlockId.SAID,
        "level": level,
        "text": {"type": "mrkdwn", "text": kit.clip(mrkdwn, kit.SECTION_TEXT)},
    }


def refilled(view: dict[str, Any], *above: Block, **changes: Any) -> dict[str, Any]:
    """A submitted view as Slack takes it again: each field as the person left it, under what is said now.

    Args:
        view: as it stands in Slack's payload.
        above: what is said, or asked, in the place of what was before.
        changes: other words for the title or the button, another callback or metadata.
    """
    values = view.get("state", {}).get("values", {})
    kept = [
        _as_left(block, values)
        for block in view["blocks"]
        if block.get("block_id") not in {BlockId.SAID, BlockId.ANSWER}
    ]
    own = {name: view[name] for name in _OWN if view.get(name) is not None}
    return {**own, "blocks": [*above, *kept], **changes}


def asking(view: dict[str, Any], message: str, choices: Sequence[str], metadata: str) -> dict[str, Any]:
    """The form with a question above its fields; the answers are numbered."""
    options = [kit.option(label, str(number)) for number, label in enumerate(choices)]
    return refilled(
        view,
        said(kit.escape(message), Level.WARNING),
        radio_field(BlockId.ANSWER, ANSWER_LABEL, options),
        private_metadata=metadata,
    )


def done_view(view: dict[str, Any]) -> dict[str, Any]:
    """What stands in the place of a form whose answer came late."""
    shown = modal(view["callback_id"], DONE_TITLE, "", [kit.section(DONE)])
    return {name: value for name, value in shown.items() if name != "submit"} | {"close": plain("Close")}


def _as_left(block: Block, values: dict[str, Any]) -> Block:
    """A block with what the person put into it."""
    element = block.get("element", {})
    field = _FIELDS.get(element.get("type", ""))
    state = values.get(block.get("block_id", ""), {}).get(element.get("action_id"))
    if block["type"] != "input" or field is None or state is None:
        return block
    value, initial = field
    plain_element = {name: part for name, part in element.items() if name != initial}
    given = state.get(value)
    return {**block, "element": {**plain_element, initial: given} if given else plain_element}
