"""Reads a CSV file as rows of named cells, and the cells as values."""

import csv
import difflib
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from services.imports.cells import Cells
from services.imports.outcome import RowProblem
from services.imports.reading import PLAIN, Reading, reading_of
from services.imports.request import ImportRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file with the line on which each begins; or what is wrong with its form."""

    rows: tuple[tuple[int, Mapping[str, str]], ...] = field(default=(), repr=False)
    problems: tuple[RowProblem, ...] = ()
    #: How its cells are read.
    reading: Reading = PLAIN

    def cells(self, problems: list[RowProblem], warnings: list[RowProblem] | None = None) -> Iterator[Cells]:
        """Each row, to be read; what cannot be read is added to `problems`, what is worth a look to `warnings`."""
        return (Cells(line, cells, problems, self.reading, warnings) for line, cells in self.rows)


def read_sheet(request: ImportRequest, columns: Collection[str], needed: Collection[str]) -> Sheet:
    """Read a CSV file in UTF-8, with or without a byte order mark, whose first row names its columns.

    Args:
        request: The file, and how it is to be read.
        columns: Names of all columns that such a file may have, in any order.
        needed: Names of those that it must have.
    """
    data = request.data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused(line, "", "The file is not UTF-8. Save it as CSV UTF-8 and try again.")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        return _refused(line, "", "The row's quotes do not match. Write a quote inside a cell twice.")
    if not rows:
        return _refused(1, "", f"The file is empty. Its first row names the columns: {','.join(columns)}.")
    head_line, head = rows[0]
    names = [_plain(name) for name in head]
    problems = _wrong_columns(head_line, names, columns, needed)
    problems += _too_wide(rows[1:], len(names))
    if problems:
        return Sheet(problems=tuple(problems))
    named = tuple((line, dict(zip(names, map(str.strip, cells), strict=False))) for line, cells in rows[1:])
    reading = reading_of(request, named)
    return Sheet(rows=named, reading=reading, problems=reading.problems)


def _refused(line: int, column: str, message: str) -> Sheet:
    return Sheet(problems=(RowProblem(line=line, column=column, message=message),))


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _wrong_columns(
    line: int, names: list[str], columns: Collection[str], needed: Collection[str]
) -> list[RowProblem]:
    """What is wrong with a header: columns unknown, named twice or missing."""
    said: list[tuple[str, str]] = []
    for place, name in enumerate(names):
        if name and name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Columns: {', '.join(columns)}."
            said.append((name, f"There is no column {name!r}. {hint}"))
        elif name and name in names[:place]:
            said.append((name, "The column is in the header twice. Remove one."))
    said += [
        (name, f"The column {name} is missing. Add it to the header.") for name in needed if name not in names
    ]
    return [RowProblem(line=line, column=column, message=message) for column, message in said]


def _too_wide(rows: list[tuple[int, list[str]]], width: int) -> list[RowProblem]:
    """Rows with more cells than the header has columns; empty cells at their end do not matter."""
    return [
        RowProblem(
            line=line,
            column="",
            message=f"The row has {len(cells)} cells, and the header {width}. Quote cells that hold a comma.",
        )
        for line, cells in rows
        if len(cells) > width and any(map(str.strip, cells[width:]))
    ]
