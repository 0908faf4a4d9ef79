"""Carries out the billing commands of the command line, and prints what they did."""

import io
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from billing.closing import Reopening
from billing.months import BillingMonth
from billing.references import entry_reference
from bot.screens.phrases import count as counted
from cocm.errors import CommandRefused, EnvironmentFault
from cocm.offline import offline_practice
from services.context import Context
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_parts
from services.exports.json_file import json_parts
from services.exports.table import changes_table, lines_table, summary
from services.imports.outcome import ImportOutcome, RowProblem
from services.months import close as month_close
from services.months.close import ATTESTATION, Closed
from services.months.line_changes import changes_of, coming_changes
from services.months.report import MonthReport, ReportStream, month_report
from services.people.members import acting
from storage import StorageError

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

#: Whoever works at the command line has the whole database before them.
_READER = FileReaders(names=True, supervisors=True)
#: How many lines one warning names.
_NAMED_LINES = 5
#: Wide enough that no line of a table breaks.
_UNBOUND = 1_000


def import_file(kind: str, file: Path, *, dry_run: bool, new_patients: Collection[str]) -> None:
    """Take in a file, and tell what it holds.

    Raises:
        Refused: when a cell cannot be taken; each is named on standard error.
    """
    from services.imports.load import LOADERS, PATIENT_LOADERS  # noqa: PLC0415 - a report starts without

    loader: Callable[..., ImportOutcome] = LOADERS[kind]
    if new_patients:
        if kind not in PATIENT_LOADERS:
            raise CommandRefused(f"A file of {kind} names no patients: leave out --new-patient.")
        loader = partial(PATIENT_LOADERS[kind], new_patients=new_patients)
    data = _bytes_of(file)
    with offline_practice() as practice, _bar(kind) as progress:
        run = practice.read if dry_run else practice.write
        outcome = run(loader, data, dry_run=dry_run, progress=progress)
        if outcome.stored:
            practice.survey()
    for problem in outcome.problems:
        err.print(f"{file.name}:{problem.line}{_column(problem)}: {problem.message}", markup=False)
    for sentence in (*_grouped(outcome), *outcome.remarks):
        err.print(sentence, markup=False)
    if outcome.problems:
        count = len(outcome.problems)
        raise CommandRefused(
            f"Nothing was imported: {counted(count, 'cell')} above cannot be read or used. "
            "Correct the file and import it again."
        )
    if dry_run and outcome.preview is not None:
        _draw(outcome.preview.columns, outcome.preview.rows)
    out.print(_told(outcome, kind), markup=False)


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
        _draw(rows.columns, rows.rows, rows.figures)
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
        _draw(rows.columns, rows.rows, rows.figures)


def back_up(file: Path) -> None:
    """Copy the database.

    Raises:
        Refused: when the file exists.
        EnvironmentFault: when it cannot be written.
    """
    if file.exists():
        raise CommandRefused(f"{file} exists already, and a backup overwrites nothing. Name another file.")
    with offline_practice() as practice:
        try:
            practice.database.backup(file)
        except StorageError as error:
            raise EnvironmentFault(error.sentence) from error
    out.print(f"Backed up to {file}.", markup=False)


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


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, from the first word of progress on."""
    from rich.progress import (  # noqa: PLC0415 - a report starts without
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield tell


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be read: {error.strerror}.") from error


def _write(file: Path, data: bytes) -> None:
    """Write a file that only its owner may read, for it names patients."""
    try:
        file.touch(mode=0o600)
        file.write_bytes(data)
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be written: {error.strerror}.") from error


def _column(problem: RowProblem) -> str:
    return f" {problem.column}" if problem.column else ""


def _grouped(outcome: ImportOutcome) -> list[str]:
    """Warnings by their words, each with the lines it is about."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for warning in outcome.warnings:
        lines[warning.column, warning.message].append(warning.line)
    said = []
    for (column, message), own in lines.items():
        named = ", ".join(map(str, own[:_NAMED_LINES]))
        more = f" and {len(own) - _NAMED_LINES} more" if len(own) > _NAMED_LINES else ""
        said.append(f"Note, {column} of line {named}{more}: {message}")
    return said


def _told(outcome: ImportOutcome, kind: str) -> str:
    done = "Imported" if outcome.stored else "Dry run, nothing was stored. It would import"
    return (
        f"{done} {counted(outcome.rows, 'row')} of {kind}: {outcome.added} new, {outcome.changed} changed, "
        f"{outcome.unchanged} as they were."
    )


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
        written = Console(file=io.StringIO(), width=_UNBOUND, highlight=False)
        written.print(_drawn(rows.columns, rows.rows, rows.figures))
        for sentence in summary(made, _READER):
            written.print(sentence, markup=False)
        assert isinstance(written.file, io.StringIO), "a report is written whole"
        _write(output, written.file.getvalue().encode())
        return
    _draw(rows.columns, rows.rows, rows.figures)
    for sentence in summary(made, _READER):
        out.print(sentence, markup=False)


def _draw(
    columns: Sequence[str], rows: Sequence[Sequence[str]], figures: AbstractSet[str] = frozenset()
) -> None:
    """Print a table: as wide as a terminal, or unbroken into a pipe."""
    console = out if out.is_terminal else Console(width=_UNBOUND, highlight=False)
    console.print(_drawn(columns, rows, figures))


def _drawn(columns: Sequence[str], rows: Sequence[Sequence[str]], figures: AbstractSet[str]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in figures else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
