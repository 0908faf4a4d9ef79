"""Reads the cells of a row as values, and gathers what cannot be read."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TypeVar

from services.imports.outcome import RowProblem
from services.imports.reading import PLAIN, Reading
from services.imports.request import DateOrder
from services.imports.starts import clock_of
from services.imports.values.days import day_of, numeric_day, spoken_day
from services.imports.values.durations import seconds_of
from services.imports.values.shown import shown
from services.imports.values.survey import is_broken

_Value = TypeVar("_Value")

#: Whoever writes it in a cell wants nothing to be on file there.
NOTHING = "none"
#: Days before this are what a spreadsheet or a database wrote where there was none: no care of today goes back so far.
_FIRST_YEAR = 1990
#: Years ahead in which a payer's rule or a rate may still end.
_YEARS_AHEAD = 10
_LAST_YEAR = 2098
#: Nobody in care was born by then; it is what a spreadsheet makes of nothing.
_BORN_AFTER = date(1900, 1, 1)
#: Nobody in care is older.
_OLDEST_YEARS = 120
_CENTURY = 100
#: So old a patient may be, for all that a year of two figures says.
_OLD_AGE = 108
_CENTURY_SAID = re.compile(r"\d{4}")
_PLACEHOLDER = "{} is a placeholder, not a day. Leave it empty where the day is not known."
#: What of a sentence differs between like problems besides the cell's own words.
_DIFFERING = re.compile(r"\d{4}-\d{2}-\d{2}|\bline \d+")


class Cells:
    """One row's cells; what cannot be read is gathered, so that all of it is told at once."""

    __slots__ = ("_cells", "_is_named", "_problems", "_reading", "_warnings", "line")

    def __init__(
        self,
        line: int,
        cells: Mapping[str, str],
        problems: list[RowProblem],
        reading: Reading = PLAIN,
        warnings: list[RowProblem] | None = None,
        *,
        is_named: bool = False,
    ) -> None:
        """Prepare to read a row.

        Args:
            line: On which it begins.
            cells: Its words by column, outer spaces gone.
            problems: Takes what cannot be read.
            reading: How the file's cells are read.
            warnings: Takes what is read and worth a look.
            is_named: Whether something of the row is among the problems already.
        """
        self.line = line
        self._cells = cells
        self._problems = problems
        self._reading = reading
        self._warnings = warnings
        self._is_named = is_named

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
            not_after: The last day that it may be; without one, a day some years ahead.
        """
        return self.read(column, partial(_day, self._reading, not_after))

    def need_day(self, column: str, *, not_after: date | None = None) -> date | None:
        """As `day`; an empty cell is a problem too."""
        return self.need(column, partial(_day, self._reading, not_after))

    def day_in(self, text: str) -> date:
        """The local date that words of a cell name, in the order of the file's dates.

        Raises:
            ValueError: when they name none.
        """
        return _read_day(self._reading, text)

    def past_day(self, column: str) -> date | None:
        """As `day`, of something that was done: today is the last day that it may be."""
        return self.day(column, not_after=self._reading.today)

    def need_past_day(self, column: str) -> date | None:
        """As `past_day`; an empty cell is a problem too."""
        return self.need_day(column, not_after=self._reading.today)

    def written_on(self, column: str) -> date | None:
        """The local date on which something was written down; a time of day beside it says which day it was.

        None when the cell is empty or cannot be read, which is then a problem.
        """
        return self.read(column, partial(_written_on, self._reading))

    def birth_date(self, column: str) -> date | None:
        """The day on which somebody was born; None when it is empty or cannot be read, which is then a problem."""
        return self.read(column, partial(_birth_date, self._reading))

    def seconds(self, column: str) -> int | None:
        """How long work took; None when the cell is empty or cannot be read, which is then a problem."""
        reading = self._reading
        return self.read(
            column, lambda text: seconds_of(text, reading.unit, decimal_comma=reading.decimal_comma)
        )

    def need_seconds(self, column: str) -> int | None:
        """As `seconds`; an empty cell is a problem too."""
        return self.need(column, self._seconds)

    def _seconds(self, text: str) -> int:
        return seconds_of(text, self._reading.unit, decimal_comma=self._reading.decimal_comma)

    def clear(self, columns: Collection[str]) -> frozenset[str]:
        """Those of some columns whose cell says `none`: nothing is to be on file there any more.

        From now on their cells read as empty. A column that may not be emptied reads `none` as any other word.
        """
        cleared = frozenset(column for column in columns if self.text(column).casefold() == NOTHING)
        if cleared:
            self._cells = {name: text for name, text in self._cells.items() if name not in cleared}
        return cleared

    def refuse(self, column: str, message: str) -> None:
        """Say what is wrong with a cell; one that holds a spreadsheet's error is named once."""
        if not (self._is_named and is_broken(self._cells.get(column, ""))):
            self._problems.append(self._said(column, message))

    def warn(self, column: str, message: str) -> None:
        """Say what of a cell is worth a look, although it is taken."""
        if self._warnings is not None:
            self._warnings.append(self._said(column, message))

    def filled(self) -> dict[str, str]:
        """The words of every column that has a name."""
        return {name: text for name, text in self._cells.items() if name}

    def _said(self, column: str, message: str) -> RowProblem:
        """A problem that is like those of other rows but for the cell's own words, and the days and lines named."""
        text = self._cells.get(column, "")
        like = message.replace(shown(text), "...").replace(text, "...") if text else message
        return RowProblem(line=self.line, column=column, message=message, like=_DIFFERING.sub("...", like))


def _day(reading: Reading, not_after: date | None, text: str) -> date:
    found = _read_day(reading, text)
    if found.year < _FIRST_YEAR:
        raise ValueError(_PLACEHOLDER.format(shown(text)))
    if not_after is not None and found > not_after:
        if found.year > not_after.year + _YEARS_AHEAD:
            raise ValueError(_PLACEHOLDER.format(shown(text)))
        raise ValueError(
            f"{shown(text)} has not come yet. Write the day on which it was done, or leave it empty."
            f"{_if_swapped(reading, not_after, text)}"
        )
    today = reading.today
    if found.year > (today.year + _YEARS_AHEAD if today is not None else _LAST_YEAR):
        raise ValueError(
            f"{shown(text)} is too far ahead to be a day. Leave it empty where there is no last day."
        )
    return found


def _if_swapped(reading: Reading, not_after: date, text: str) -> str:
    """How a day that has not come yet is read with the day first, where the file leaves that open."""
    numeric = numeric_day(text)
    if numeric is None or reading.dates is not DateOrder.MDY or reading.dates_decided_by:
        return ""
    if not numeric.may_be(DateOrder.DMY) or numeric.read(DateOrder.DMY) > not_after:
        return ""
    return f" If it is {spoken_day(numeric.read(DateOrder.DMY))}, add --dates dmy."


def _read_day(reading: Reading, text: str) -> date:
    try:
        return day_of(text, reading.dates)
    except ValueError as error:
        why = _against_the_order(reading, text)
        raise ValueError(why or str(error)) from None


def _against_the_order(reading: Reading, text: str) -> str:
    """Why a day is refused that would be one by the other order of dates; empty for every other cell."""
    try:
        numeric = numeric_day(text)
    except ValueError:
        return ""
    if numeric is None or reading.dates not in {DateOrder.MDY, DateOrder.DMY}:
        return ""
    first, other = ("month", "day") if reading.dates is DateOrder.MDY else ("day", "month")
    swapped = DateOrder.DMY if reading.dates is DateOrder.MDY else DateOrder.MDY
    if numeric.may_be(reading.dates) or not numeric.may_be(swapped):
        return ""
    why = f": {reading.dates_decided_by}" if reading.dates_decided_by else ""
    return (
        f"{shown(text)} has the {other} first, and the file's dates are read with the {first} first{why}. "
        "Write 2026-11-03 or 11/3/2026."
    )


def _written_on(reading: Reading, text: str) -> date:
    try:
        clock = clock_of(text, partial(_read_day, reading))
    except ValueError:
        return _day(reading, reading.today, text)
    if clock.day is None:
        return _day(reading, reading.today, text)
    day = clock.day
    if clock.zone is not None and reading.zone is not None:
        day = datetime.combine(day, clock.at, clock.zone).astimezone(reading.zone).date()
    return _day(replace(reading, dates=DateOrder.ISO), reading.today, day.isoformat())


def _birth_date(reading: Reading, text: str) -> date:
    found, today = _read_day(reading, text), reading.today
    if today is not None and _CENTURY_SAID.search(text) is None:
        found = _born_in(found, today, text)
    if today is not None and found > today:
        raise ValueError(f"{shown(text)} has not come yet. Write the day of birth, or leave it empty.")
    if found <= _BORN_AFTER:
        raise ValueError(_PLACEHOLDER.format(shown(text)))
    if today is not None and found == today:
        raise ValueError(
            f"{shown(text)} is today, when the file was written. Write the day of birth, or leave it empty."
        )
    if today is not None and found.year <= today.year - _OLDEST_YEARS:
        raise ValueError(f"{shown(text)} is over {_OLDEST_YEARS} years ago. Correct it, or leave it empty.")
    return found


def _born_in(found: date, today: date, text: str) -> date:
    """A day of birth of which the file has two figures of the year."""
    if found > today:
        return found.replace(year=found.year - _CENTURY)
    young = today.year - found.year
    old = young + _CENTURY
    if old <= _OLD_AGE:
        raise ValueError(
            f"{shown(text)} may be somebody of {young} or of {old} years. Write the year with four figures."
        )
    return found
