"""Reads a file of any form as rows of named cells."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from services.imports.cells import Cells
from services.imports.outcome import RowProblem
from services.imports.reading import PLAIN, Reading, reading_of
from services.imports.request import ImportRequest, TimeUnit
from services.imports.tables.arranged import arrange
from services.imports.tables.columns import DURATIONS, KindOfFile, kinds_of_files
from services.imports.tables.faults import faults
from services.imports.tables.files import read_grid
from services.imports.tables.grid import HEADER_ROWS, Grid, GridRow, NotATable
from services.imports.tables.headers import Asked, Header, match
from services.imports.tables.layouts import BadLayout, Layout
from services.imports.tables.margins import body_of, uses_decimal_comma
from services.imports.tables.named import layout_for

#: A line with its cells by column.
SheetRow = tuple[int, Mapping[str, str]]
_COMMENT = "#"


class SheetRows(Sequence[SheetRow]):
    """The rows of a file, each made a mapping when it is asked for: a large file has many."""

    __slots__ = ("_index", "_rows")

    def __init__(self, rows: Sequence[GridRow], index: Mapping[str, int]) -> None:
        self._rows = rows
        self._index = tuple(index.items())

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> SheetRow: ...

    @overload
    def __getitem__(self, place: slice) -> "SheetRows": ...

    def __getitem__(self, place: int | slice) -> "SheetRow | SheetRows":
        if isinstance(place, slice):
            return SheetRows(self._rows[place], dict(self._index))
        line, cells = self._rows[place]
        return line, self._named(cells)

    def __iter__(self) -> Iterator[SheetRow]:
        return ((line, self._named(cells)) for line, cells in self._rows)

    def drained(self) -> Iterator[SheetRow]:
        """The rows, each let go as soon as the next is asked for; afterwards there are none."""
        rows, self._rows = list(self._rows), ()
        rows.reverse()
        while rows:
            line, cells = rows.pop()
            yield line, self._named(cells)

    def _named(self, cells: tuple[str, ...]) -> dict[str, str]:
        width = len(cells)
        return {name: cells[place] for name, place in self._index if place < width}


_NO_ROWS = SheetRows((), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file with the line on which each begins; or what is wrong with its form."""

    rows: SheetRows = field(default=_NO_ROWS, repr=False)
    problems: tuple[RowProblem, ...] = ()
    #: How the file was read: what was left out, and which of its columns is which of ours.
    remarks: tuple[str, ...] = field(default=(), repr=False)
    #: How its cells are read.
    reading: Reading = PLAIN

    def cells(self, problems: list[RowProblem], warnings: list[RowProblem] | None = None) -> Iterator[Cells]:
        """Each row, to be read; what cannot be read is added to `problems`, what is worth a look to `warnings`."""
        named = {problem.line for problem in self.problems}
        return (
            Cells(line, cells, problems, self.reading, warnings, is_named=line in named)
            for line, cells in self.rows
        )

    def drained(self, problems: list[RowProblem]) -> Iterator[Cells]:
        """The same, of a file so large that its rows are let go as they are read."""
        return (Cells(line, cells, problems, self.reading) for line, cells in self.rows.drained())


def read_sheet(request: ImportRequest, columns: Collection[str], needed: Collection[str]) -> Sheet:
    """Read a table: text with separated cells or an .xlsx workbook, by the headers of ours or of another system.

    Args:
        request: The file, and how it is to be read.
        columns: Names of all columns that such a file may have, in any order.
        needed: Names of those that it must have.
    """
    kind = kinds_of_files().get(request.kind) or KindOfFile(name=request.kind, about="", columns={})
    try:
        asked = _asked(request, kind, columns, needed)
        grid = read_grid(request.data, request.worksheet, asked.fits)
    except BadLayout as error:
        return _refused(1, str(error))
    except NotATable as error:
        return _refused(error.line, str(error))
    if not grid.rows:
        return _refused(1, f"The file is empty. Its first row names the columns: {','.join(columns)}.")
    header = match(*_header_row(grid, asked), asked)
    if header.problems:
        problems = [
            RowProblem(line=header.line, column=column, message=message)
            for column, message in header.problems
        ]
        problems += _too_wide(grid, header)
        return Sheet(problems=tuple(problems), remarks=grid.remarks)
    return _read(request, grid, header, asked)


def understood(
    request: ImportRequest, columns: Collection[str], needed: Collection[str]
) -> tuple[Header, Layout]:
    """How the header of a file is understood, with the mapping that it is read by.

    Args:
        request: A file that can be read.
        columns: Names of all columns that such a file may have, in any order.
        needed: Names of those that it must have.

    Raises:
        NotATable: when it is no table.
        BadLayout: when its mapping cannot be used.
    """
    kind = kinds_of_files().get(request.kind) or KindOfFile(name=request.kind, about="", columns={})
    asked = _asked(request, kind, columns, needed)
    grid = read_grid(request.data, request.worksheet, asked.fits)
    return match(*_header_row(grid, asked), asked), asked.layout


def headers_of(
    data: bytes, kinds: Mapping[str, tuple[Collection[str], Collection[str]]]
) -> Mapping[str, Header]:
    """How the header of a file is understood as each of some kinds of file; the file is read once.

    Args:
        data: The file.
        kinds: All columns of each kind, and those that it needs.

    Raises:
        NotATable: when it is no table, or an empty one.
    """
    asked = {
        name: _asked(ImportRequest(data=data, kind=name), kinds_of_files()[name], columns, needed)
        for name, (columns, needed) in kinds.items()
    }
    grid = read_grid(data, "", lambda cells: max(one.fits(cells) for one in asked.values()))
    if not grid.rows:
        raise NotATable("The file is empty. Its first row names the columns.")
    return {name: match(*_header_row(grid, one), one) for name, one in asked.items()}


def _asked(
    request: ImportRequest, kind: KindOfFile, columns: Collection[str], needed: Collection[str]
) -> Asked:
    said = {DURATIONS if column not in columns else column for column, _ in request.headers}
    return Asked(
        kind=kind,
        columns=columns,
        needed=needed,
        layout=layout_for(request, kind, columns),
        said=frozenset(said),
        strict=request.strict,
    )


def _header_row(grid: Grid, asked: Asked) -> GridRow:
    """The first row that names most columns; where none names any, the first."""
    rows = [row for row in grid.rows if not row[1][0].startswith(_COMMENT)][:HEADER_ROWS]
    return max(rows, key=lambda row: asked.fits(row[1]), default=grid.rows[0])


def _read(request: ImportRequest, grid: Grid, header: Header, asked: Asked) -> Sheet:
    durations = header.places_of(DURATIONS)
    decimal_comma = uses_decimal_comma(grid.rows, durations)
    body = body_of(grid, header, asked.needed, decimal_comma=decimal_comma)
    wrong, filled, remarks = faults(grid, header, body.rows)
    problems = [*_too_wide(grid, header), *body.problems, *wrong]
    arranged = arrange(filled, header, asked.layout)
    rows = SheetRows(arranged.rows, arranged.index)
    # Our own name for the column says nothing of what another system wrote into it.
    unit = None if header.unit is TimeUnit.MINUTES and asked.layout.unit is None else header.unit
    reading = reading_of(request, rows, dates=asked.layout.dates, unit=unit, decimal_comma=decimal_comma)
    return Sheet(
        rows=rows,
        problems=(*problems, *arranged.problems, *reading.problems),
        remarks=(*grid.remarks, *header.remarks, *body.remarks, *remarks, *arranged.remarks),
        reading=reading,
    )


def _refused(line: int, message: str) -> Sheet:
    return Sheet(problems=(RowProblem(line=line, column="", message=message),))


def _too_wide(grid: Grid, header: Header) -> list[RowProblem]:
    """Rows with more cells than the header has columns: a cell may have been cut in two, and moved the others."""
    width = len(header.names)
    return [
        RowProblem(
            line=line,
            column="",
            message=f"The row has {len(cells)} cells, and the header {width}. Quote cells that hold a comma.",
        )
        for line, cells in grid.rows
        if len(cells) > width and line > header.line and not grid.is_workbook and any(cells[width:])
    ]
