"""Writes a workbook's sheets row by row, so that none is held in memory.

XlsxWriter makes the file around them. Its own way from a value to a cell's text costs four times as much as the
text, and a report has millions of cells; so a sheet's rows are written here, into the file in which XlsxWriter
keeps rows that are done.
"""

import re
import shutil
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

from services.exports.columns import Cell, CellForm, SheetColumn
from services.exports.guard import inert

#: More than this no cell of a workbook holds.
_LONGEST_TEXT = 32_000
#: A column's width is in digits, and letters are narrower.
_LETTERS = 1.1
#: Of a line of text, in points.
_LINE_HEIGHT = 15
#: US Letter, and margins in inches: left, right, top, bottom.
_LETTER, _MARGINS = 1, (0.25, 0.25, 0.6, 0.5)
#: Characters that no XML, and so no workbook, can hold.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
#: Workbooks count days from here.
_DAY_ZERO = date(1899, 12, 30)
#: How figures look; indented, so that they do not touch the next column's text.
_FIGURES: dict[CellForm, dict[str, object]] = {
    CellForm.MINUTES: {"num_format": "#,##0.00", "align": "right", "indent": 1},
    CellForm.DOLLARS: {"num_format": "$#,##0.00", "align": "right", "indent": 1},
    CellForm.COUNT: {"align": "center"},
    # Not every program shows a truth as a word by itself.
    CellForm.TRUTH: {"num_format": '"TRUE";"TRUE";0', "align": "center"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLayout:
    """What a sheet looks like before it has rows."""

    title: str
    columns: Sequence[SheetColumn]
    #: How many columns stay in sight, and on every page, as the header does: those up to the MRN.
    pinned: int = 0

    @property
    def is_wrapped(self) -> bool:
        """Whether rows can be of more than one line, so that their cells stand at the top."""
        return any(column.form is CellForm.WRAPPED for column in self.columns)


class _Look(NamedTuple):
    """One column's letter, and the styles of what its cells may hold, as cells name them."""

    letter: str
    plain: str
    day: str
    figure: str
    #: How many characters stand on a line, where there may be more than one.
    wraps_at: int = 0


class Book:
    """A workbook while it is written."""

    def __init__(self, made: Path, *, edition: str, day_form: str) -> None:
        self._book = Workbook(made, {"constant_memory": True, "tmpdir": str(made.parent)})
        self._book.set_properties({"title": f"Collaborative Care, {edition}"})
        self._edition = edition
        self._day_form = day_form
        self._styles: dict[tuple[tuple[str, object], ...], str] = {}

    @classmethod
    @contextmanager
    def writing(cls, file: BinaryIO, *, edition: str, day_form: str = "m/d/yyyy") -> Iterator["Book"]:
        """A workbook that is whole in the file at the end; on an error, nothing of its rows is left anywhere.

        Args:
            file: Where the workbook goes.
            edition: What every page says it is of: `November 2026, draft`.
            day_form: How days look.

        Raises:
            OSError: where it cannot be written.
        """
        with tempfile.TemporaryDirectory(prefix="cocm-") as folder:
            # Not into the file itself: a zip file that could not be written tries again when it is forgotten.
            made = Path(folder) / "workbook.xlsx"
            book = cls(made, edition=edition, day_form=day_form)
            try:
                yield book
                book._book.close()
            except FileCreateError as error:
                raise error.args[0] from None
            finally:
                book._let_go()
            with made.open("rb") as whole:
                shutil.copyfileobj(whole, file)

    def sheet(self, layout: SheetLayout) -> "WorkbookSheet":
        """Begin a sheet whose header and first columns stay in sight, and which prints one page wide."""
        written: Any = self._book.add_worksheet(layout.title)
        written.freeze_panes(1, layout.pinned)
        self._set_columns(written, layout)
        self._set_page(written, layout)
        looks = [self._look(place, column, layout) for place, column in enumerate(layout.columns)]
        sheet = WorkbookSheet(written, looks, [self._foot(column) for column in layout.columns])
        sheet.head(layout.columns, [self._head(column) for column in layout.columns])
        return sheet

    def _set_columns(self, written: Any, layout: SheetLayout) -> None:
        was_folded = False
        for place, column in enumerate((*layout.columns, None)):
            options: dict[str, object] = {"collapsed": True} if was_folded else {}
            was_folded = column is not None and column.is_folded
            if was_folded:
                options = {"level": 1, "hidden": True}
            if column is not None or options:
                written.set_column(place, place, column.width if column else None, None, options)

    def _set_page(self, written: Any, layout: SheetLayout) -> None:
        written.set_landscape()
        written.set_paper(_LETTER)
        written.set_margins(*_MARGINS)
        written.fit_to_pages(1, 0)
        written.repeat_rows(0)
        if layout.pinned:
            written.repeat_columns(0, layout.pinned - 1)
        written.hide_gridlines(0)
        written.set_header(f'&L&"Calibri,Bold"{layout.title}&R{self._edition}')
        written.set_footer("&LAll amounts are estimates.&RPage &P of &N")

    def _look(self, place: int, column: SheetColumn, layout: SheetLayout) -> _Look:
        stands = {"valign": "top"} if layout.is_wrapped else {}
        plain = {"text_wrap": True} if column.form is CellForm.WRAPPED else {}
        day = "mmm yyyy" if column.form is CellForm.MONTH else self._day_form
        figure = _FIGURES.get(column.form, {})
        return _Look(
            letter=xl_col_to_name(place),
            plain=self._style(**plain, **stands),
            day=self._style(num_format=day, align="left", **stands),
            figure=self._style(**figure, **stands),
            wraps_at=int(column.width * _LETTERS) if column.form is CellForm.WRAPPED else 0,
        )

    def _head(self, column: SheetColumn) -> str:
        aside = {name: how for name, how in _FIGURES.get(column.form, {}).items() if name != "num_format"}
        return self._style(bold=True, bg_color="#E8EEF4", text_wrap=True, valign="top", bottom=1, **aside)

    def _foot(self, column: SheetColumn) -> str:
        """How the cells of a row of totals look."""
        form = CellForm.COUNT if column.form is CellForm.TRUTH else column.form
        wrap = {"text_wrap": True} if form is CellForm.WRAPPED else {}
        return self._style(
            bold=True, bg_color="#FFF4D6", top=1, bottom=1, valign="top", **wrap, **_FIGURES.get(form, {})
        )

    def _style(self, **properties: object) -> str:
        """A format, as cells name it; nothing for the usual one."""
        if not properties:
            return ""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            number = self._book.add_format(properties)._get_xf_index()  # noqa: SLF001 - cells name formats by number
            self._styles[key] = f' s="{number}"'
        return self._styles[key]

    def _let_go(self) -> None:
        """Close what is open, so that XlsxWriter does not try to finish the file when it is forgotten."""
        for sheet in self._book.worksheets():
            sheet._opt_close()  # noqa: SLF001 - the file in which XlsxWriter keeps rows
        self._book.fileclosed = True


class WorkbookSheet:
    """One sheet; rows are written as they come."""

    def __init__(self, sheet: Any, looks: Sequence[_Look], feet: Sequence[str]) -> None:
        self._sheet = sheet
        self._looks = looks
        self._wrapping = any(look.wraps_at for look in looks)
        self._feet = feet
        self._count = 0
        #: Rows before the totals, the header among them.
        self._lines: int | None = None

    def head(self, columns: Sequence[SheetColumn], styles: Sequence[str]) -> None:
        """The first row."""
        self._sheet._check_dimensions(0, 0)  # noqa: SLF001 - the first of the sheet's columns
        cells = (
            f'<c r="{look.letter}1"{style}{_text(column.name)}'
            for look, style, column in zip(self._looks, styles, columns, strict=True)
        )
        # Bold letters, and the button of the filter, take room.
        lines = max(_lines_of(column.name, int(column.width) - 3) for column in columns)
        self._write("".join(cells), lines)

    def row(self, cells: Iterable[Cell]) -> None:
        """The next row."""
        number = self._count + 1
        if self._wrapping:
            cells = tuple(cells)
        written = [
            f'<c r="{look[0]}{number}"{_typed(cell, look)}'
            for look, cell in zip(self._looks, cells, strict=True)
            if cell is not None and cell != ""
        ]
        self._write("".join(written), _lines_in(cells, self._looks) if self._wrapping else 1)

    def rows(self, rows: Iterable[Iterable[Cell]]) -> None:
        """The next rows."""
        for row in rows:
            self.row(row)

    def foot(self, rows: Iterable[Iterable[Cell]]) -> None:
        """Rows under an empty one, which is where filters, sorting and pivot tables take a list to end."""
        self._lines = self._count
        self._count += 1
        looks = [
            # Bold letters are wider.
            look._replace(plain=style, day=style, figure=style, wraps_at=int(look.wraps_at * 0.8))
            for look, style in zip(self._looks, self._feet, strict=True)
        ]
        for cells in map(tuple, rows):
            number = self._count + 1
            written = [
                f'<c r="{look.letter}{number}"'
                + (f"{look.plain}/>" if cell is None or cell == "" else _typed(cell, look))
                for look, cell in zip(looks, cells, strict=True)
            ]
            self._write("".join(written), _lines_in(cells, looks))

    def end(self) -> None:
        """Let the header filter the rows that came, and let digits be text without a mark at each cell."""
        last = len(self._looks) - 1
        self._sheet.autofilter(0, 0, (self._lines or self._count) - 1, last)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:{self._looks[last].letter}{self._count}"})

    def _write(self, cells: str, lines: int = 1) -> None:
        height = f' ht="{lines * _LINE_HEIGHT}" customHeight="1"' if lines > 1 else ""
        # Tells XlsxWriter of the row and its columns: some programs read no more than it says there are.
        self._sheet._check_dimensions(self._count, len(self._looks) - 1)  # noqa: SLF001
        self._sheet.fh.write(f'<row r="{self._count + 1}"{height}>{cells}</row>')
        self._count += 1


def _typed(cell: Cell, look: _Look) -> str:
    """What a spreadsheet keeps as a date, a figure, a truth or text."""
    if isinstance(cell, str):
        return look[1] + _text(cell)
    if isinstance(cell, bool):
        return f'{look[3]} t="b"><v>1</v></c>' if cell else f"{look[3]}><v>0</v></c>"
    if isinstance(cell, date):
        return f"{look[2]}><v>{(cell - _DAY_ZERO).days}</v></c>"
    return f"{look[3]}><v>{cell:f}</v></c>" if isinstance(cell, Decimal) else f"{look[3]}><v>{cell}</v></c>"


def _lines_in(cells: Iterable[Cell], looks: Sequence[_Look]) -> int:
    """How many lines of text a row takes; not every program finds that out by itself."""
    return max(
        _lines_of(cell, look.wraps_at) if look.wraps_at and isinstance(cell, str) else 1
        for look, cell in zip(looks, cells, strict=True)
    )


@lru_cache(maxsize=4096)
def _lines_of(text: str, width: int) -> int:
    return max(1, len(textwrap.wrap(text, width)))


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """The rest of a text's cell; most texts of a report come thousands of times."""
    kept = inert(_NO_XML.sub("", text)[:_LONGEST_TEXT])
    # Without that word, space around a text is no part of it.
    space = "" if kept == kept.strip() and "\n" not in kept else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{escape(kept)}</t></is></c>'
