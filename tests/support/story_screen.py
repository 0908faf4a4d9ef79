"""Shows a Slack screen as plain lines: words without their formatting, buttons in brackets."""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sandbox.model import JSON, Message, View

#: Handles are random; entries' references count up and stay.
_HANDLE = re.compile(r"\bP-[0-9A-Z]{4}\b")
#: So is the chain's head, and what was read is written to it when there is time.
_HEAD = re.compile(r"(Audit chain: event) [\d,]+, (`?)[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")
#: `*bold*` and `_italics_`.
_MARKED = re.compile(r"(?<!\w)([*_])(\S(?:[^*_\n]*\S)?)\1(?!\w)")


def message_lines(message: Message) -> list[str]:
    """A message's blocks, or its text where it has none."""
    found = list(_blocks(message.blocks)) if message.blocks else message.text.splitlines()
    return [_masked(line) for line in (*found, *(f"(file {file.name})" for file in message.files))]


def view_lines(view: View) -> list[str]:
    """A modal or Home tab."""
    body = view.body
    titled = [f"[[ {body['title']['text']} ]]"] if body["type"] == "modal" else []
    submit = [f"[{body['submit']['text']}]"] if body.get("submit") else []
    return [_masked(line) for line in (*titled, *_blocks(body["blocks"]), *submit)]


def _masked(line: str) -> str:
    return _HEAD.sub(r"\1 ···, \2····-····-····", _HANDLE.sub("P-····", line))


def _blocks(blocks: list[JSON]) -> Iterator[str]:
    for block in blocks:
        yield from _READERS[block["type"]](block)


def _section(block: JSON) -> Iterator[str]:
    if "text" in block:
        yield from _text(block["text"])
    for field in block.get("fields", ()):
        yield from _text(field)
    if "accessory" in block:
        yield _element(block["accessory"])


def _context(block: JSON) -> Iterator[str]:
    for element in block["elements"]:
        yield from _text(element)


def _actions(block: JSON) -> Iterator[str]:
    yield " ".join(_element(element) for element in block["elements"])


def _input(block: JSON) -> Iterator[str]:
    yield f"{block['label']['text']}: {_element(block['element'])}"
    if "hint" in block:
        yield from _text(block["hint"])


def _text(text: JSON) -> list[str]:
    words: str = text["text"]
    if text["type"] == "mrkdwn":
        words = html.unescape(_MARKED.sub(r"\2", words).replace("`", ""))
    return words.splitlines()


def _element(element: JSON) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    if element["type"] in {"static_select", "external_select"}:
        chosen = element.get("initial_option") or {"text": element["placeholder"]}
        return f"[{chosen['text']['text']} ▾]"
    if element["type"] == "overflow":
        return f"[{' / '.join(option['text']['text'] for option in element['options'])}]"
    if element["type"] == "checkboxes":
        return " ".join(f"[ ] {option['text']['text']}" for option in element["options"])
    starts = ("initial_value", "initial_date", "initial_time")
    shown: Any = next((element[key] for key in starts if element.get(key)), "")
    return f"[{shown}]"


def _table(block: JSON) -> Iterator[str]:
    if "caption" in block:
        yield f"({block['caption']})"
    for row in block["rows"]:
        yield " | ".join(_cell(cell) for cell in row)


def _cell(cell: JSON) -> str:
    if cell["type"] == "action_cell":
        return _element(cell["element"])
    if cell["type"] == "rich_text":
        return "".join(leaf.get("text", "") for part in cell["elements"] for leaf in part["elements"])
    return str(cell.get("text", cell.get("value", "")))


def _chart(block: JSON) -> Iterator[str]:
    chart = block["chart"]
    yield f"({chart['type']} chart: {block['title']})"
    for series in chart.get("series", ({"name": "", "data": chart.get("segments")},)):
        points = ", ".join(f"{point['label']} {point['value']}" for point in series["data"])
        yield f"{series['name']}: {points}" if series["name"] else points


_READERS: Mapping[str, Callable[[JSON], Iterable[str]]] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "alert": lambda block: [f"! {line}" for line in _text(block["text"])],
    "header": lambda block: _text(block["text"]),
    "divider": lambda _: ("----",),
}
