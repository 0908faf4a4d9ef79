"""Data tables and charts: what Slack asks of them that a schema cannot say, and where newer blocks may stand.

The limits are those of Slack's reference pages `data-table-block`, `data-visualization-block` and `alert-block`; where
pages of different dates disagree, the lower. `docs/slack-blocks.md` names each page with its date.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from sandbox.model import JSON

Surface = Literal["message", "modal", "home"]
#: Blocks that may not stand everywhere. Slack's pages list `table` for Home tabs too, where people saw it not drawn.
SURFACES: dict[str, frozenset[Surface]] = {
    "alert": frozenset({"modal"}),
    "file": frozenset({"message"}),
    "markdown": frozenset({"message"}),
    "table": frozenset({"message"}),
    "data_table": frozenset({"message", "home"}),
    "data_visualization": frozenset({"message", "home"}),
}
MAX_TABLE_CHARACTERS = 10_000
MAX_CHARTS = 2
_NOT_IN_A_HEADER = frozenset({"rich_text", "action_cell"})


def misplaced(blocks: Sequence[JSON], surface: Surface, root: str) -> list[str]:
    """The blocks that may not stand on a surface, in Slack's words."""
    return [
        unsupported(block["type"], f"{root}/{place}/type")
        for place, block in enumerate(blocks)
        if surface not in SURFACES.get(block["type"], {surface})
    ]


def unsupported(kind: str, pointer: str) -> str:
    """How Slack says that it does not take a type at a place."""
    return f"[ERROR] unsupported type: {kind} [json-pointer:{pointer}]"


def data_problems(blocks: Sequence[JSON], root: str) -> list[str]:
    """What is wrong with the tables and charts among blocks that keep to the schema."""
    problems = []
    tables, charts = _places(blocks, "data_table"), _places(blocks, "data_visualization")
    for place in tables:
        problems += [
            f"[ERROR] {wrong} [json-pointer:{root}/{place}/rows]" for wrong in _of_rows(blocks[place])
        ]
    if sum(_characters(blocks[place]) for place in tables) > MAX_TABLE_CHARACTERS:
        problems.append(f"[ERROR] tables are too large together [json-pointer:{root}/{tables[-1]}]")
    for place in charts:
        problems += [
            f"[ERROR] {wrong} [json-pointer:{root}/{place}/chart]" for wrong in _of_chart(blocks[place])
        ]
    problems += [
        f"[ERROR] no more than {MAX_CHARTS} data_visualization blocks allowed [json-pointer:{root}/{place}]"
        for place in charts[MAX_CHARTS:]
    ]
    return problems


def _places(blocks: Sequence[JSON], kind: str) -> list[int]:
    return [place for place, block in enumerate(blocks) if block["type"] == kind]


def _of_rows(table: JSON) -> Iterator[str]:
    header, *rows = table["rows"]
    if any(cell["type"] in _NOT_IN_A_HEADER for cell in header):
        yield "a header cell must be raw_text or raw_number"
    if any(len(row) != len(header) for row in rows):
        yield "all rows must have as many cells as the header"
    if table.get("row_header_column_index", 0) >= len(header):
        yield "row_header_column_index must be a column of the table"


def _of_chart(block: JSON) -> Iterator[str]:
    chart = block["chart"]
    if chart["type"] == "pie":
        return
    categories = chart["axis_config"]["categories"]
    if _repeated(categories):
        yield "categories must be unique"
    if _repeated([series["name"] for series in chart["series"]]):
        yield "series names must be unique"
    wanted = Counter(categories)
    if any(Counter(point["label"] for point in series["data"]) != wanted for series in chart["series"]):
        yield "each series must have exactly one point for each category"


def _repeated(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)


def _characters(value: Any) -> int:
    """The characters of a table's cells, as they are shown."""
    if isinstance(value, list):
        return sum(_characters(part) for part in value)
    if not isinstance(value, dict):
        return 0
    if value.get("type") == "action_cell":
        return _characters(value["element"].get("text", {}))
    if value.get("type") == "raw_number":
        return len(str(value.get("text", value["value"])))
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(
        _characters(part) for key, part in value.items() if key != "caption" and isinstance(part, dict | list)
    )
