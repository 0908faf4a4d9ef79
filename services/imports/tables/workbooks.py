"""Reads a worksheet of an .xlsx workbook as rows of words; loaded only for workbooks: its library is slow to load."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import WorkSheetParser

from services.imports.tables.grid import HEADER_ROWS, Fits, Grid, GridRow, Merge, NotATable, best_fit
from services.imports.tables.workbook_cells import shown

#: No spreadsheet has more in a cell, or in a row.
_LONGEST_CELL = 32_767
_MOST_COLUMNS = 1_000
_SAMPLED = HEADER_ROWS + 20
_VISIBLE = "visible"
#: So many sheets are named in a sentence.
_NAMED = 5
_FORMULA = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}f"


class _Parser(WorkSheetParser):
    """Marks formulas whose value the workbook does not hold, which would look like empty cells."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(_FORMULA) is not None:
            cell["data_type"] = "f"
        return cell


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worksheet:
    """One sheet of a workbook."""

    name: str
    is_shown: bool
    #: Opens it for reading once more.
    open: Callable[[], _Parser] = field(repr=False)
    #: By the number of a cell's style.
    formats: Sequence[str] = field(repr=False)

    def rows(self, parser: _Parser) -> Iterator[GridRow]:
        """Rows that are not blank."""
        for line, cells in parser.parse():
            words: list[str] = []
            for cell in cells:
                column = cell["column"]
                if cell["value"] is None and cell["data_type"] != "f":
                    continue
                text = shown(cell["value"], cell["data_type"], self._format(cell["style_id"]))
                if not text:
                    continue
                if column > _MOST_COLUMNS or len(text) > _LONGEST_CELL:
                    raise NotATable(
                        f"Row {line} of the sheet {self.name!r} is wider than a table, or a cell of it longer than "
                        f"{_LONGEST_CELL:,} characters. Copy the table alone into a new workbook.",
                        line=line,
                    )
                words.extend([""] * (column - 1 - len(words)))
                words.append(text)
            if words:
                yield line, tuple(words)

    def _format(self, style: int) -> str:
        return self.formats[style] if 0 <= style < len(self.formats) else "General"

    def sample(self) -> list[tuple[str, ...]]:
        """The first rows, among which the header is."""
        return [cells for _, cells in islice(self.rows(self.open()), _SAMPLED)]


def read_workbook(data: bytes, wanted: str, fits: Fits) -> Grid:
    """The rows of the worksheet that is asked for, or that fits.

    Args:
        data: The file.
        wanted: Name of the worksheet; empty for the one whose header fits.
        fits: How many columns a row names.

    Raises:
        NotATable: when the workbook is damaged, or it is not plain which of its worksheets is meant.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # openpyxl warns of what it leaves out, such as charts and validation
            return _read(data, wanted, fits)
    except NotATable:
        raise
    except Exception as error:  # the library raises anything at all on a damaged part
        raise NotATable(
            "The workbook is damaged: a part of it cannot be read. Open it in Excel, save it again, and import that."
        ) from error


def _read(data: bytes, wanted: str, fits: Fits) -> Grid:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = _worksheets(book)
    sheet = _named(sheets, wanted) if wanted else _fitting(sheets, fits)
    parser = sheet.open()
    rows = tuple(sheet.rows(parser))
    others = [repr(one.name) for one in sheets if one.is_shown and one.name != sheet.name]
    return Grid(
        rows=rows,
        remarks=(f"Read the sheet {sheet.name!r} of the workbook; left out {_listed(others)}.",)
        if others
        else (),
        is_workbook=True,
        hidden=frozenset(_hidden(parser)),
        merges=tuple(_merges(parser)),
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _worksheets(book: Workbook) -> list[_Worksheet]:
    inner: Any = book
    styles = inner._cell_styles  # noqa: SLF001 - the public face gives no number format by a cell's style
    formats = [_number_format(inner, style.numFmtId) for style in styles]

    def opened(sheet: Any) -> Callable[[], _Parser]:
        return lambda: _Parser(
            sheet._get_source(),  # noqa: SLF001 - rows read by the public face lose hidden rows and merged cells
            sheet._shared_strings,  # noqa: SLF001 - the same
            data_only=True,
            epoch=inner.epoch,
            date_formats=inner._date_formats,  # noqa: SLF001 - the same
            timedelta_formats=inner._timedelta_formats,  # noqa: SLF001 - the same
        )

    return [
        _Worksheet(
            name=sheet.title, is_shown=sheet.sheet_state == _VISIBLE, open=opened(sheet), formats=formats
        )
        for sheet in inner.worksheets
    ]


def _number_format(book: Any, number: int) -> str:
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return str(BUILTIN_FORMATS.get(number, "General"))
    own = number - BUILTIN_FORMATS_MAX_SIZE
    return str(book._number_formats[own]) if own < len(book._number_formats) else "General"  # noqa: SLF001 - the same


def _named(sheets: Sequence[_Worksheet], wanted: str) -> _Worksheet:
    found = [one for one in sheets if one.name.strip().casefold() == wanted.strip().casefold()]
    if not found:
        raise NotATable(f"The workbook has no sheet {wanted!r}. Its sheets: {_names(sheets)}.")
    return found[0]


def _fitting(sheets: Sequence[_Worksheet], fits: Fits) -> _Worksheet:
    """The only worksheet there is to read, or the one whose header fits best."""
    shown_ones = [one for one in sheets if one.is_shown] or list(sheets)
    if not shown_ones:
        raise NotATable("The workbook has no worksheet with rows. Copy the table into one, and import that.")
    if len(shown_ones) == 1:
        return shown_ones[0]
    reached = {one.name: best_fit(one.sample(), fits) for one in shown_ones}
    most = max(reached.values())
    best = [one for one in shown_ones if reached[one.name] == most]
    if most == 0:
        return shown_ones[0]
    if len(best) > 1:
        raise NotATable(
            f"{len(best)} sheets of the workbook fit: {_names(best)}. Name one with --sheet; import each of them."
        )
    return best[0]


def _names(sheets: Sequence[_Worksheet]) -> str:
    return ", ".join(repr(one.name) for one in sheets)


def _hidden(parser: _Parser) -> Iterator[int]:
    rows: Mapping[str, Mapping[str, str]] = parser.row_dimensions
    return (int(row) for row, said in rows.items() if said.get("hidden") in {"1", "true"})


def _merges(parser: _Parser) -> Iterator[Merge]:
    ranges: Any = parser.merged_cells
    for one in ranges.mergeCell if ranges is not None else ():
        yield Merge(
            name=one.ref,
            first_row=one.min_row,
            last_row=one.max_row,
            first_column=one.min_col,
            last_column=one.max_col,
        )
