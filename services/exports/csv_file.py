"""Writes the month report as CSV: UTF-8, dates M/D/YYYY, `TRUE` or `0`, dollars to the cent."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain, islice

from services.exports.columns import COLUMNS, Audience, Cell, cells
from services.exports.guard import inert
from services.months.report import MonthReport, ReportStream

#: How many rows are held at a time.
_PART = 500


def csv_file(report: MonthReport | ReportStream, audience: Audience) -> bytes:
    """The lines of a report, a header before them."""
    return b"".join(csv_parts(report, audience))


def csv_parts(report: MonthReport | ReportStream, audience: Audience) -> Iterator[bytes]:
    """The same, a part at a time, as lines are made."""
    rows = chain(
        ([column.name for column in COLUMNS],),
        (
            [
                _form(cell, is_usd=column.is_usd)
                for column, cell in zip(COLUMNS, cells(line, audience), strict=True)
            ]
            for line in report.lines
        ),
    )
    while some := list(islice(rows, _PART)):
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(some)
        yield written.getvalue().encode()


def _form(cell: Cell, *, is_usd: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "0"
    if isinstance(cell, date):
        return us_date(cell)
    if isinstance(cell, Decimal):
        return f"{cell:.2f}" if is_usd else plain(cell)
    return inert(cell) if isinstance(cell, str) else str(cell)


def us_date(day: date) -> str:
    """`11/3/2026`."""
    return f"{day.month}/{day.day}/{day.year}"


def plain(figure: Decimal) -> str:
    """A figure without zeros at its end: `194.6`."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
