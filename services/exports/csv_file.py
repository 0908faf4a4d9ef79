"""Writes the month report as CSV: UTF-8, dates M/D/YYYY, `TRUE` or `0`, dollars to the cent."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from types import NoneType
from typing import Any

from services.exports.columns import COLUMNS, CellForm, FileReaders, cells
from services.exports.guard import inert
from services.months.report import MonthReport, ReportStream

#: How many rows are held at a time.
_PART = 500


def csv_file(report: MonthReport | ReportStream, audience: FileReaders) -> bytes:
    """The lines of a report, a header before them."""
    return b"".join(csv_parts(report, audience))


def csv_parts(report: MonthReport | ReportStream, audience: FileReaders) -> Iterator[bytes]:
    """The same, a part at a time, as lines are made."""
    rows = chain(
        ([column.name for column in COLUMNS],),
        (
            [forms[type(cell)](cell) for forms, cell in zip(_FORMS, cells(line, audience), strict=True)]
            for line in report.lines
        ),
    )
    while some := list(islice(rows, _PART)):
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(some)
        yield written.getvalue().encode()


@lru_cache(maxsize=4096)
def us_date(day: date) -> str:
    """`11/3/2026`."""
    return f"{day.month}/{day.day}/{day.year}"


def plain(figure: Decimal) -> str:
    """A figure without zeros at its end: `194.6`."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _truth(cell: bool) -> str:  # noqa: FBT001 - a cell's form takes the cell
    return "TRUE" if cell else "0"


def _dollars(cell: Decimal) -> str:
    return f"{cell:.2f}"


def _nothing(_: None) -> str:
    return ""


_FORM: dict[type, Callable[[Any], str]] = {
    str: inert,
    int: str,
    bool: _truth,
    date: us_date,
    Decimal: lru_cache(maxsize=4096)(plain),
    NoneType: _nothing,
}
#: How each column's cells are written, by what they hold.
_FORMS: tuple[dict[type, Callable[[Any], str]], ...] = tuple(
    {**_FORM, Decimal: _dollars} if column.form is CellForm.DOLLARS else _FORM for column in COLUMNS
)
