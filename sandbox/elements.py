"""Interactive elements: where they are in blocks, and what their state looks like."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sandbox.model import JSON


class Field(NamedTuple):
    """The key an element's value has in a state, and the key that sets it from the start."""

    value: str
    initial: str


#: elements that hold a value
FIELDS = {
    "plain_text_input": Field("value", "initial_value"),
    "email_text_input": Field("value", "initial_value"),
    "url_text_input": Field("value", "initial_value"),
    "number_input": Field("value", "initial_value"),
    "rich_text_input": Field("rich_text_value", "initial_value"),
    "file_input": Field("files", "initial_files"),
    "datepicker": Field("selected_date", "initial_date"),
    "timepicker": Field("selected_time", "initial_time"),
    "datetimepicker": Field("selected_date_time", "initial_date_time"),
    "static_select": Field("selected_option", "initial_option"),
    "external_select": Field("selected_option", "initial_option"),
    "radio_buttons": Field("selected_option", "initial_option"),
    "checkboxes": Field("selected_options", "initial_options"),
    "multi_static_select": Field("selected_options", "initial_options"),
    "multi_external_select": Field("selected_options", "initial_options"),
    "users_select": Field("selected_user", "initial_user"),
    "channels_select": Field("selected_channel", "initial_channel"),
    "conversations_select": Field("selected_conversation", "initial_conversation"),
    "multi_users_select": Field("selected_users", "initial_users"),
    "multi_channels_select": Field("selected_channels", "initial_channels"),
    "multi_conversations_select": Field("selected_conversations", "initial_conversations"),
}
#: elements that only tell the app they were pressed
PRESSED = frozenset({"button", "overflow"})


def interactive(blocks: Sequence[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Each element that a person can use, with the block it stands in."""
    for block in blocks:
        for element in _elements(block):
            if element.get("type") in FIELDS or element.get("type") in PRESSED:
                yield block, element


def _elements(block: JSON) -> Iterator[JSON]:
    kind = block.get("type")
    found: Any = ()
    if kind == "section":
        found = (block.get("accessory"),)
    elif kind == "actions":
        found = block.get("elements")
    elif kind == "input":
        found = (block.get("element"),)
    elif kind == "data_table":
        cells = (cell for row in block.get("rows", ()) for cell in row)
        found = tuple(cell.get("element") for cell in cells if cell.get("type") == "action_cell")
    for element in found if isinstance(found, list | tuple) else ():
        if isinstance(element, dict):
            yield element


def find(blocks: Sequence[JSON], block_id: str, action_id: str) -> JSON | None:
    """The element with those ids."""
    for block, element in interactive(blocks):
        if block.get("block_id") == block_id and element.get("action_id") == action_id:
            return element
    return None


def state_of(blocks: Sequence[JSON], given: JSON) -> JSON:
    """`state.values` for these blocks: what was given where it was, else what each element starts with."""
    values: JSON = {}
    for block, element in interactive(blocks):
        field = FIELDS.get(element["type"])
        if field is None:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        empty: Any = [] if field.value.endswith("s") and field.value != "files" else None
        start = {"type": element["type"], field.value: element.get(field.initial, empty)}
        if element["type"] == "plain_text_input" and start["value"] == "":
            start["value"] = None
        held = given.get(block_id, {}).get(action_id)
        values.setdefault(block_id, {})[action_id] = start if held is None else {**start, **held}
    return values


def is_blank(element: JSON, held: JSON) -> bool:
    """Whether a person has left the element empty."""
    value = held.get(FIELDS[element["type"]].value)
    return value is None or value in ("", [])
