"""Reads a CSV file as rows of named cells, and the cells as values."""

import csv
import difflib
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from services.imports import readers
from services.imports.outcome import RowProblem
from services.imports.request import ImportRequest

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file with the line on which each begins; or what is wrong with its form."""

    rows: tuple[tuple[int, Mapping[str, str]], ...] = field(default=(), repr=False)
    problems: tuple[RowProblem, ...] = ()

    def cells(self, problems: list[RowProblem]) -> "Iterator[Cells]":
        """Each row, to be read; what cannot be read is added to `problems`."""
        return (Cells(line, cells, problems) for line, cells in self.rows)


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
    return Sheet(
        rows=tuple((line, dict(zip(names, map(str.strip, cells), strict=False))) for line, cells in rows[1:])
    )


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


class Cells:
    """One row's cells; what cannot be read is gathered, so that all of it is told at once."""

    __slots__ = ("_cells", "_problems", "line")

    def __init__(self, line: int, cells: Mapping[str, str], problems: list[RowProblem]) -> None:
        self.line = line
        self._cells = cells
        self._problems = problems

    def text(self, column: str) -> str:
        """The words of a cell, outer spaces gone; an absent column is an empty cell."""
        return self._cells.get(column, "")

    def read(self, column: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of a cell; None when it is empty or cannot be read, which is then a problem."""
        text = self._cells.get(column, "")
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as error:
            self.refuse(column, str(error))
            return None

    def need(self, column: str, reader: Callable[[str], _Value]) -> _Value | None:
        """As `read`; an empty cell is a problem too."""
        if not self._cells.get(column, ""):
            self.refuse(column, "The cell is empty, and the row needs it.")
            return None
        return self.read(column, reader)

    def day(self, column: str, *, not_after: date | None = None) -> date | None:
        """The local date of a cell; None when it is empty or cannot be read, which is then a problem.

        Args:
            column: Its name.
            not_after: The last day that it may be: today for what was done.
        """
        return self.read(column, partial(_day, not_after))

    def need_day(self, column: str, *, not_after: date | None = None) -> date | None:
        """As `day`; an empty cell is a problem too."""
        return self.need(column, partial(_day, not_after))

    def refuse(self, column: str, message: str) -> None:
        """Say what is wrong with a cell."""
        self._problems.append(RowProblem(line=self.line, column=column, message=message))

    def filled(self) -> dict[str, str]:
        """The words of every column that has a name."""
        return {name: text for name, text in self._cells.items() if name}


def _day(not_after: date | None, text: str) -> date:
    found = readers.day(text)
    if not_after is not None and found > not_after:
        raise ValueError(f"{text} is in the future. Write the day on which it was done.")
    return found
