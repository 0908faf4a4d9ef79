"""Reads a Slack screen as a person does: its words, its buttons, its fields."""

from typing import Any

from sandbox.elements import FIELDS, interactive
from sandbox.model import Message, View


def words(shown: Message | View) -> str:
    """All the text a person reads in a message or view."""
    parts: list[str] = [shown.text] if isinstance(shown, Message) else []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                parts.append(value["text"])
            for part in value.values():
                collect(part)
        elif isinstance(value, list):
            for part in value:
                collect(part)

    collect(_body(shown))
    return "\n".join(parts)


def _body(shown: Message | View) -> Any:
    return shown.blocks or [] if isinstance(shown, Message) else shown.body


def _blocks(shown: Message | View) -> list[dict[str, Any]]:
    return (shown.blocks or []) if isinstance(shown, Message) else list(shown.body["blocks"])


def pressable(shown: Message | View, label: str) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    """The button, or the menu entry, with these words: its block's id, the element, the entry if it is one."""
    for block, element in interactive(_blocks(shown)):
        if element["type"] == "button" and label in (element["text"]["text"], element["action_id"]):
            return block["block_id"], element, None
        for option in element.get("options", ()) if element["type"] == "overflow" else ():
            if label in (option["text"]["text"], option["value"]):
                return block["block_id"], element, option
    raise AssertionError(f"there is no {label!r} to press")


def element_named(shown: Message | View, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A field by its action id, block id or label, after its block."""
    for block, element in interactive(_blocks(shown)):
        label = block.get("label", {}).get("text")
        if name in (element["action_id"], block["block_id"], label):
            return block, element
    raise AssertionError(f"there is no element {name!r}")


def given_by(element: dict[str, Any], choice: Any) -> dict[str, Any]:
    """The state of an element in which that was chosen: an option's words or value, several, or a plain value."""
    field = FIELDS[element["type"]].value
    options = list(element.get("options", ()))
    for group in element.get("option_groups", ()):
        options += group["options"]

    def option(named: str) -> dict[str, Any]:
        for each in options:
            if named in (each["text"]["text"], each["value"]):
                return dict(each)
        raise AssertionError(f"there is no option {named!r}")

    if field == "selected_option":
        return {field: choice if isinstance(choice, dict) else option(choice)}
    if field == "selected_options":
        return {field: [each if isinstance(each, dict) else option(each) for each in choice]}
    return {field: choice}
