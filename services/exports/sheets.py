"""Writes a workbook's sheets row by row, so that none is held in memory.

XlsxWriter makes the file around them. Its own way from a value to a cell's text costs four times as much as the
text, and a report has millions of cells; so a sheet's rows are written here, into the file in which XlsxWriter
keeps rows that are done.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from services.exports.columns import Cell
from services.exports.guard import inert

#: More than this no cell of a workbook holds.
_LONGEST_TEXT = 32_000
_NARROWEST, _WIDEST = 9, 42
#: Characters that no XML, and so no workbook, can hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Workbooks count days from here.
_DAY_ZERO = date(1899, 12, 30)


class Book:
    """A workbook while it is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._book = Workbook(file, {"constant_memory": True})
        self._head = self._style(bold=True, bg_color="#E8EEF4")
        self._day = self._style(num_format="m/d/yyyy")
        self._minutes = self._style(num_format="0.00")
        self._dollars = self._style(num_format="$#,##0.00")

    def sheet(self, title: str, names: Sequence[str]) -> "WorkbookSheet":
        """Begin a sheet whose header stays in sight and filters its columns."""
        written: Any = self._book.add_worksheet(title)
        written.freeze_panes(1, 0)
        for place, name in enumerate(names):
            written.set_column(place, place, min(max(len(name) + 3, _NARROWEST), _WIDEST))
        sheet = WorkbookSheet(written, self._day, [self._figure(name) for name in names])
        sheet.head(names, self._head)
        return sheet

    def close(self) -> None:
        """Write what was given into the file."""
        self._book.close()

    def _style(self, **properties: object) -> str:
        """A format, as cells name it."""
        number = self._book.add_format(properties)._get_xf_index()  # noqa: SLF001 - cells name formats by number
        return f' s="{number}"'

    def _figure(self, name: str) -> str:
        """How a column's figures with decimals look."""
        if "USD" in name:
            return self._dollars
        return self._minutes if "inutes" in name else ""


class WorkbookSheet:
    """One sheet; rows are written as they come."""

    def __init__(self, sheet: Any, day: str, figures: Sequence[str]) -> None:
        self._sheet = sheet
        self._day = day
        #: Each column's letter, and how its figures look.
        self._columns = [(xl_col_to_name(place), figure) for place, figure in enumerate(figures)]
        self._count = 0

    def head(self, names: Sequence[str], style: str) -> None:
        """The first row."""
        cells = (
            f'<c r="{letter}1"{style}{_text(name)}'
            for (letter, _), name in zip(self._columns, names, strict=True)
        )
        self._write("".join(cells))

    def row(self, cells: Iterable[Cell]) -> None:
        """The next row."""
        number = self._count + 1
        self._write(
            "".join(
                [
                    f'<c r="{letter}{number}"{self._typed(cell, figure)}'
                    for (letter, figure), cell in zip(self._columns, cells, strict=True)
                    if cell is not None and cell != ""
                ]
            )
        )

    def rows(self, rows: Iterable[Iterable[Cell]]) -> None:
        """The next rows."""
        for row in rows:
            self.row(row)

    def end(self) -> None:
        """Let the header filter the rows that came."""
        self._sheet.autofilter(0, 0, self._count - 1, len(self._columns) - 1)

    def _write(self, cells: str) -> None:
        self._sheet._check_dimensions(self._count, 0)  # noqa: SLF001 - tells XlsxWriter of the row
        self._sheet.fh.write(f'<row r="{self._count + 1}">{cells}</row>')
        self._count += 1

    def _typed(self, cell: Cell, figure: str) -> str:
        """What a spreadsheet keeps as a date, a figure, a truth or text."""
        if isinstance(cell, str):
            return _text(cell)
        if isinstance(cell, bool):
            return ' t="b"><v>1</v></c>' if cell else "><v>0</v></c>"
        if isinstance(cell, date):
            return f"{self._day}><v>{(cell - _DAY_ZERO).days}</v></c>"
        return f"{figure}><v>{cell:f}</v></c>" if isinstance(cell, Decimal) else f"><v>{cell}</v></c>"


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """The rest of a text's cell; most texts of a report come thousands of times."""
    kept = inert(_NO_XML.sub("", text)[:_LONGEST_TEXT])
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(kept)}</t></is></c>'
