"""Writes the month report as CSV: UTF-8, dates M/D/YYYY unless asked otherwise, `TRUE` or `0`, dollars to the cent."""

import csv
import io
from codecs import BOM_UTF8
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


def csv_parts(
    report: MonthReport | ReportStream, audience: FileReaders, *, dates: str = "us", bom: bool = False
) -> Iterator[bytes]:
    """The same, a part at a time, as lines are made.

    Args:
        report: The report.
        audience: Who reads the file.
        dates: How days are written: `us` is `11/3/2026`, `iso` is `2026-11-03`.
        bom: Whether it begins with the byte order mark, by which some programs know UTF-8.
    """
    forms_of = _FORMS[dates]
    rows = chain(
        ([column.name for column in COLUMNS],),
        (
            [forms[type(cell)](cell) for forms, cell in zip(forms_of, cells(line, audience), strict=True)]
            for line in report.lines
        ),
    )
    if bom:
        yield BOM_UTF8
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


_DAYS: dict[str, Callable[[date], str]] = {"us": us_date, "iso": date.isoformat}
_FORM: dict[type, Callable[[Any], str]] = {
    str: inert,
    int: str,
    bool: _truth,
    Decimal: lru_cache(maxsize=4096)(plain),
    NoneType: _nothing,
}
#: How each column's cells are written, by what they hold; for each way to write days.
_FORMS: dict[str, tuple[dict[type, Callable[[Any], str]], ...]] = {
    name: tuple(
        {**_FORM, date: day, **({Decimal: _dollars} if column.form is CellForm.DOLLARS else {})}
        for column in COLUMNS
    )
    for name, day in _DAYS.items()
}
