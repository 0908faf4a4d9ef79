"""Carries out `cocm report`: months as a table, or as a file in one of three forms."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from rich.console import Console

from billing.months import BillingMonth
from billing.references import entry_reference
from cocm.errors import CommandRefused
from cocm.offline import OfflinePractice, offline_practice
from cocm.output_files import chosen, written
from cocm.terminal import UNBOUND, draw, drawn, err, out
from services.context import Context
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_parts
from services.exports.editions import file_name
from services.exports.json_file import json_parts
from services.exports.table import PACE_TITLE, lines_table, pace_table, summary
from services.months.report import MonthReport, ReportStream, month_report
from services.months.state import MonthState, month_state

#: Whoever works at the command line has the whole database before them.
_READER = FileReaders(names=True, supervisors=True)
#: How the names of files end, by their form.
_ENDINGS = {"table": "txt", "csv": "csv", "xlsx": "xlsx", "json": "json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """What is asked of a report, as typed."""

    first: BillingMonth
    last: BillingMonth | None
    #: `table`, `csv`, `xlsx` or `json`.
    form: str
    #: A file, a folder, or `-`; None is standard output.
    output: str | None = None
    overwrite: bool = False
    #: How days are written in CSV and shown in a workbook: `us` or `iso`.
    dates: str = "us"
    #: Whether CSV begins with the mark by which Excel knows UTF-8.
    bom: bool = False
    #: Of how many care managers it says how well the pace of closed months was forecast.
    pace: int = 0


def write_report(order: ReportOrder) -> None:
    """Report some months to a file or to standard output.

    Raises:
        CommandRefused: when a file exists and nobody says that it may go, or a terminal cannot show what is made.
        EnvironmentFault: when it cannot be written.
    """
    with offline_practice(migrates=False) as practice:
        own_name = _OwnName(practice, order)
        file = chosen(order.output, own_name, overwrite=order.overwrite)
        with written(file, binary=order.form == "xlsx") as target:
            if order.form in _FILES:
                made = practice.read(_write_file, order, target)
            else:
                made = practice.read(month_report, order.first, order.last, pace=order.pace)
                _write_table(made, None if file is None else target)
            own_name.check(made)
    if own_name.given:
        out.print(f"Written to {file}.", markup=False)
    for entry in made.completeness.corrupt:
        where = f" of {entry.month}" if entry.month else ""
        err.print(
            f"Entry {entry_reference(entry.entry_id)}{where} is damaged and not counted: {entry.message}.",
            markup=False,
        )


class _OwnName:
    """The name that a report takes where only a folder is given: it says the edition that the file holds."""

    def __init__(self, practice: OfflinePractice, order: ReportOrder) -> None:
        self._practice = practice
        self._order = order
        #: None while nobody asked for it.
        self.given: str | None = None

    def __call__(self) -> str:
        self.given = self._of(self._practice.read(_states, self._order.first, self._order.last))
        return self.given

    def check(self, made: MonthReport) -> None:
        """Keep a file from a name that is not its own.

        Raises:
            CommandRefused: when a month was closed or opened since the name was given.
        """
        if self.given not in {None, self._of(made.months)}:
            raise CommandRefused(
                "Nothing was written: the month was closed or opened again meanwhile. Try once more."
            )

    def _of(self, months: Sequence[MonthState]) -> str:
        return file_name(months, _ENDINGS[self._order.form])


def _states(context: Context, first: BillingMonth, last: BillingMonth | None) -> tuple[MonthState, ...]:
    span = (last or first).months_since(first) + 1
    return tuple(month_state(context, first.plus(step)) for step in range(span))


def _write_file(context: Context, order: ReportOrder, file: BinaryIO) -> MonthReport:
    """Write a report as its lines are made; returns it without them."""
    report = ReportStream(context, order.first, order.last, pace=order.pace)
    _FILES[order.form](report, order, file)
    return report.ended()


def _write_csv(report: ReportStream, order: ReportOrder, file: BinaryIO) -> None:
    file.writelines(csv_parts(report, _READER, dates=order.dates, bom=order.bom))


def _write_json(report: ReportStream, _: ReportOrder, file: BinaryIO) -> None:
    file.writelines(json_parts(report, _READER))


def _write_workbook(report: ReportStream, order: ReportOrder, file: BinaryIO) -> None:
    from services.exports.workbook import write_workbook  # noqa: PLC0415 - the other forms start without

    write_workbook(report, _READER, file, dates=order.dates)


_FILES: dict[str, Callable[[ReportStream, ReportOrder, BinaryIO], None]] = {
    "csv": _write_csv,
    "xlsx": _write_workbook,
    "json": _write_json,
}


def _write_table(made: MonthReport, file: BinaryIO | None) -> None:
    rows = lines_table(made, _READER)
    if file is None:
        draw(rows.columns, rows.rows, rows.figures)
        for sentence in summary(made, _READER):
            out.print(sentence, markup=False)
        if made.pace:
            out.print(f"\n{PACE_TITLE}", markup=False)
            pace = pace_table(made)
            draw(pace.columns, pace.rows, pace.figures)
        return
    text = io.StringIO()
    console = Console(file=text, width=UNBOUND, highlight=False)
    console.print(drawn(rows.columns, rows.rows, rows.figures))
    for sentence in summary(made, _READER):
        console.print(sentence, markup=False)
    if made.pace:
        pace = pace_table(made)
        console.print(f"\n{PACE_TITLE}", markup=False)
        console.print(drawn(pace.columns, pace.rows, pace.figures))
    file.write(text.getvalue().encode())
