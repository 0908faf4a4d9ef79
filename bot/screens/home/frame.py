"""What every part of Home is shown with, and the pieces that several parts are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from billing.people import Patient
from bot import kit
from bot.ids import ActionId, listed
from bot.replies import Block
from bot.screens.home.naming import ViewSettings, named_in_views
from bot.screens.lines import fitting, sections
from bot.screens.phrases import more
from services.home.parts import Part

#: The block of Slack's that older workspaces do not take on Home.
TABLE = "data_table"
#: Rows of a table on its first page, few enough for a phone, and at most; Slack takes a hundred.
_PAGE, _ROWS = 8, 100
#: Characters of one cell, of which the last may be a list of findings.
_CELL_TEXT = 120
#: What a cell says where there is nothing to say; Slack takes no empty one.
_NOTHING = "–"
#: Characters of the lines that stand for a table.
_LINES_TEXT = 5_500
#: Numbers of the buttons that stand in Home several times: each part counts from its own.
_PLACES = {part: 1_000 * number for number, part in enumerate(Part)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """For whom a part is shown, and what there is room for."""

    part: Part
    settings: ViewSettings
    now: datetime
    zone: ZoneInfo
    #: The local date it is for them.
    today: date
    #: Whether this workspace takes tables on Home.
    takes_tables: bool
    #: Characters of the part's table: those of all tables of a view together are limited.
    table_text: int

    def name(self, patient: Patient) -> str:
        """How Home may name a patient, ready for mrkdwn."""
        return kit.escape(named_in_views(patient, self.settings))

    def place(self, number: int) -> int:
        """The number of a button that stands in Home several times."""
        return _PLACES[self.part] + number


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, and the line that says the same where there is none."""

    #: A whole number, with its words where it is more than itself, sorts as one.
    cells: tuple[str | tuple[int, str] | int, ...]
    line: str


def table(frame: Frame, caption: str, header: Sequence[str], rows: Sequence[Row], thing: str) -> list[Block]:
    """Rows as a table where Slack takes one, else as lines; and how many of them were left out."""
    if not rows:
        return []
    if not frame.takes_tables:
        lines = fitting([row.line for row in rows], _LINES_TEXT)
        return [*sections(lines), *_left_out(len(rows) - len(lines), thing)]
    shown = [[_cell(name) for name in header]]
    room = frame.table_text - sum(map(len, header))
    for row in rows[:_ROWS]:
        cells = [_cell(cell) for cell in row.cells]
        room -= sum(len(cell["text"]) for cell in cells)
        if room < 0:
            break
        shown.append(cells)
    block: Block = {"type": TABLE, "caption": caption, "page_size": _PAGE, "rows": shown}
    return [block, *_left_out(len(rows) - len(shown) + 1, thing)]


def show_button(frame: Frame, number: int, text: str, line: str) -> Block:
    """A button that sends what a command shows as a direct message."""
    return kit.button(text, listed(ActionId.SHOW, frame.place(number)), line)


def _cell(content: str | tuple[int, str] | int) -> Block:
    if isinstance(content, int):
        return {"type": "raw_number", "value": content, "text": f"{content:,}"}
    if isinstance(content, tuple):
        value, words = content
        return {"type": "raw_number", "value": value, "text": kit.clip(words, _CELL_TEXT)}
    return {"type": "raw_text", "text": kit.clip(content, _CELL_TEXT) or _NOTHING}


def _left_out(number: int, thing: str) -> list[Block]:
    return [kit.context(more(number, thing))] if number > 0 else []
