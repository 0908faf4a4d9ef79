"""Reads the cells of a row as values, and gathers what cannot be read."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

from services.imports import readers
from services.imports.outcome import RowProblem

_Value = TypeVar("_Value")


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
