"""Fields of modals, and what a person put into them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot import kit
from bot.ids import BlockId
from bot.old_forms import FromForm
from bot.replies import Block

#: Slack's limits.
PLACEHOLDER = 150
HINT = 2000
#: Notes are capped, as in chat; the other fields are shorter still.
LONGEST_NOTE = 280


def modal(
    callback_id: str, title: str, submit: str, blocks: Iterable[Block], metadata: str = ""
) -> dict[str, Any]:
    """A form; its title and the words of its buttons take 24 characters at most."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Cancel"),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def plain(text: str) -> Block:
    """Words without formatting."""
    return {"type": "plain_text", "text": text}


def field(block_id: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """A label with something to fill in; the element has its block's id."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    return {**block, "hint": plain(kit.clip(hint, HINT))} if hint else block


def words_field(
    block_id: str,
    label: str,
    *,
    placeholder: str = "",
    initial: str = "",
    hint: str = "",
    multiline: bool = False,
    optional: bool = False,
) -> Block:
    """A field for words."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": LONGEST_NOTE}
    if placeholder:
        element["placeholder"] = plain(kit.clip(placeholder, PLACEHOLDER))
    if initial:
        element["initial_value"] = kit.clip(initial, LONGEST_NOTE)
    return field(block_id, label, element, hint=hint, optional=optional)


def number_field(
    block_id: str, label: str, *, highest: int | None, initial: str = "", hint: str = ""
) -> Block:
    """A field for a whole number from 0; Slack itself refuses what is none."""
    element: Block = {"type": "number_input", "is_decimal_allowed": False, "min_value": "0"}
    if highest is not None:
        element["max_value"] = str(highest)
    if initial:
        element["initial_value"] = initial
    return field(block_id, label, element, hint=hint, optional=True)


def day_field(
    label: str, day: date | None, block_id: str = BlockId.DAY, *, hint: str = "", optional: bool = False
) -> Block:
    """A field for a date."""
    element: Block = {"type": "datepicker"}
    if day is not None:
        element["initial_date"] = day.isoformat()
    return field(block_id, label, element, hint=hint, optional=optional)


def time_field(block_id: str, label: str, *, initial: str = "", hint: str = "") -> Block:
    """A field for a time of day, `14:05`; it may stay empty."""
    element: Block = {"type": "timepicker", "placeholder": plain("Select a time")}
    if initial:
        element["initial_time"] = initial
    return field(block_id, label, element, hint=hint, optional=True)


def choice_field(
    block_id: str,
    label: str,
    options: Sequence[Block],
    *,
    chosen: str = "",
    placeholder: str = "",
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A menu; `chosen` is the value of the option that stands there from the start."""
    element: Block = {"type": "static_select", "options": list(options)}
    if placeholder:
        element["placeholder"] = plain(placeholder)
    return field(block_id, label, element | _initial(options, chosen), hint=hint, optional=optional)


def radio_field(
    block_id: str,
    label: str,
    options: Sequence[Block],
    *,
    chosen: str = "",
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A few answers, of which one is chosen; Slack takes ten."""
    element: Block = {"type": "radio_buttons", "options": list(options)}
    return field(block_id, label, element | _initial(options, chosen), hint=hint, optional=optional)


def tick_field(block_id: str, label: str, words: str) -> Block:
    """One box to tick; its value is `yes`."""
    element: Block = {"type": "checkboxes", "options": [kit.option(words, "yes")]}
    return field(block_id, label, element, optional=True)


def ticks_field(
    block_id: str, label: str, options: Sequence[Block], *, chosen: Sequence[str] = (), hint: str = ""
) -> Block:
    """Boxes to tick, ten at most; what was ticked comes with commas between."""
    ticked = [option for option in options if option["value"] in chosen]
    element: Block = {"type": "checkboxes", "options": list(options)}
    if ticked:
        element["initial_options"] = ticked
    return field(block_id, label, element, hint=hint)


def searched_field(
    block_id: str,
    label: str,
    *,
    chosen: Block | None = None,
    placeholder: str,
    hint: str = "",
    optional: bool = False,
) -> Block:
    """A menu whose options are looked up while the person types."""
    element: Block = {
        "type": "external_select",
        # Opening the menu asks at once, and each letter again.
        "min_query_length": 0,
        "placeholder": plain(placeholder),
    }
    if chosen is not None:
        element["initial_option"] = chosen
    return field(block_id, label, element, hint=hint, optional=optional)


def typed(view: dict[str, Any]) -> dict[str, str]:
    """What was put into a submitted form, by block; what was left empty is an empty text."""
    values = view["state"]["values"]
    return FromForm(
        {block_id: _value(state) for block_id, states in values.items() for state in states.values()}
    )


def _value(state: dict[str, Any]) -> str:
    chosen = state.get("selected_option")
    ticked = state.get("selected_options") or []
    given = (
        (chosen["value"] if chosen else None)
        or ",".join(option["value"] for option in ticked)
        or state.get("value")
        or state.get("selected_date")
        or state.get("selected_time")
        or state.get("selected_user")
    )
    return str(given or "").strip()


def _initial(options: Sequence[Block], chosen: str) -> Block:
    found = next((option for option in options if option["value"] == chosen), None) if chosen else None
    return {} if found is None else {"initial_option": found}
