"""The month report as CSV, in the seeds' form: UTF-8, dates M/D/YYYY, `TRUE` or `0`, dollars to the cent."""

import csv
import io
from datetime import date
from decimal import Decimal

from services.exports.columns import COLUMNS, Audience, Cell, cells
from services.exports.guard import inert
from services.months.report import MonthReport


def csv_file(report: MonthReport, audience: Audience) -> bytes:
    """The lines of a report, a header before them."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows(
        [
            _form(cell, is_usd=column.is_usd)
            for column, cell in zip(COLUMNS, cells(line, audience), strict=True)
        ]
        for line in report.lines
    )
    return written.getvalue().encode()


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
