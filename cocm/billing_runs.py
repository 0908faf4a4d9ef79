"""Carries out the billing commands of the command line, and prints what they did."""

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rich.console import Console

from billing.closing import Reopening
from billing.months import BillingMonth
from billing.references import entry_reference
from bot.screens.phrases import count as counted
from cocm.errors import EnvironmentFault
from cocm.offline import offline_practice
from cocm.terminal import UNBOUND, draw, drawn, err, out
from services.context import Context
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_parts
from services.exports.json_file import json_parts
from services.exports.table import changes_table, lines_table, summary
from services.months import close as month_close
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import changes_of, coming_changes
from services.months.report import MonthReport, ReportStream, month_report
from services.people.members import acting

#: Whoever works at the command line has the whole database before them.
_READER = FileReaders(names=True, supervisors=True)


def write_report(first: BillingMonth, last: BillingMonth | None, form: str, output: Path | None) -> None:
    """Report some months to a file or to standard output."""
    with offline_practice() as practice:
        if form in _FILES:
            with _opened(output) as file:
                made = practice.read(_write_file, first, last, form, file)
        else:
            made = practice.read(month_report, first, last)
            _write_table(made, output)
    _name_damaged(made)


def _write_file(
    context: Context, first: BillingMonth, last: BillingMonth | None, form: str, file: BinaryIO
) -> MonthReport:
    """Write a report as its lines are made; returns it without them."""
    report = ReportStream(context, first, last)
    _FILES[form](report, _READER, file)
    return report.ended()


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that only its owner may read, for it names patients."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        output.touch(mode=0o600)
        with output.open("wb") as file:
            yield file
    except OSError as error:
        raise EnvironmentFault(f"{output} cannot be written: {error.strerror}.") from error


def close(month: BillingMonth, by: str, attestation: str, reason: str) -> None:
    """Close a month, and tell what changed since it was closed before."""
    from services.messages import revisions  # noqa: PLC0415 - a report starts without

    attested = attestation or ATTESTATION

    def carry_out(context: Context) -> Closed:
        return revisions.close_month(context, acting(context, by), month, attested, reason)

    with offline_practice() as practice:
        closed = practice.write(carry_out)
        changes = practice.read(changes_of, closed)
    out.print(
        f"{month} is closed: revision {closed.close.revision}, {counted(closed.lines, 'line')}. "
        f"Attested by {by}: {attested}",
        markup=False,
    )
    if changes:
        rows = changes_table(changes)
        draw(rows.columns, rows.rows, rows.figures)
    for sentence in _differences(closed):
        out.print(sentence, markup=False)


def reopen(month: BillingMonth, by: str, reason: str) -> None:
    """Open a closed month again."""

    def carry_out(context: Context) -> Reopening:
        return month_close.reopen_month(context, acting(context, by), month, reason)

    with offline_practice() as practice:
        practice.write(carry_out)
        changes = practice.read(coming_changes, month)
    out.print(f"{month} is open again. Close it to make the next revision.", markup=False)
    if changes:
        out.print(f"As it stands {_differing(len(changes))} from what was frozen:", markup=False)
        rows = changes_table(changes)
        draw(rows.columns, rows.rows, rows.figures)


def _write_csv(report: ReportStream, audience: FileReaders, file: BinaryIO) -> None:
    file.writelines(csv_parts(report, audience))


def _write_json(report: ReportStream, audience: FileReaders, file: BinaryIO) -> None:
    file.writelines(json_parts(report, audience))


def _write_workbook(report: ReportStream, audience: FileReaders, file: BinaryIO) -> None:
    from services.exports.workbook import write_workbook  # noqa: PLC0415 - the other forms start without

    write_workbook(report, audience, file)


_FILES: dict[str, Callable[[ReportStream, FileReaders, BinaryIO], None]] = {
    "csv": _write_csv,
    "xlsx": _write_workbook,
    "json": _write_json,
}


def _write(file: Path, data: bytes) -> None:
    """Write a file that only its owner may read, for it names patients."""
    try:
        file.touch(mode=0o600)
        file.write_bytes(data)
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be written: {error.strerror}.") from error


def _differences(closed: Closed) -> list[str]:
    if closed.close.revision == 1:
        return []
    said = [f"Against revision {closed.close.revision - 1}: {_differing(len(closed.differences))}."]
    if closed.overpaid:
        count = len(closed.overpaid)
        bill = "1 line bills" if count == 1 else f"{count} lines bill"
        said.append(
            f"Overpayment: {bill} less than what was submitted, identified today. "
            "`cocm overpaid` has the dates."
        )
    return said


def _differing(count: int) -> str:
    return "1 line differs" if count == 1 else f"{count} lines differ"


def _name_damaged(made: MonthReport) -> None:
    for entry in made.completeness.corrupt:
        where = f" of {entry.month}" if entry.month else ""
        err.print(
            f"Entry {entry_reference(entry.entry_id)}{where} is damaged and not counted: {entry.message}.",
            markup=False,
        )


def _write_table(made: MonthReport, output: Path | None) -> None:
    rows = lines_table(made, _READER)
    if output is not None:
        written = Console(file=io.StringIO(), width=UNBOUND, highlight=False)
        written.print(drawn(rows.columns, rows.rows, rows.figures))
        for sentence in summary(made, _READER):
            written.print(sentence, markup=False)
        assert isinstance(written.file, io.StringIO), "a report is written whole"
        _write(output, written.file.getvalue().encode())
        return
    draw(rows.columns, rows.rows, rows.figures)
    for sentence in summary(made, _READER):
        out.print(sentence, markup=False)
