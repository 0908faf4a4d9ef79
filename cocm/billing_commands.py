"""The commands of a practice's billing: files in, reports out, months closed and opened again."""

import io
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from billing.closing import Reopening
from billing.months import BillingMonth
from billing.references import entry_reference
from cocm.errors import EnvironmentFault, Refused
from cocm.offline import offline_practice
from services import month_close
from services.checks import verify
from services.desk import Desk
from services.exports.columns import Audience
from services.exports.csv_file import csv_file
from services.exports.json_file import json_file
from services.exports.table import lines_table, summary
from services.exports.workbook import workbook
from services.imports.load import LOADERS
from services.imports.outcome import ImportOutcome, RowProblem
from services.members import acting
from services.month_close import ATTESTATION, Closed
from services.report import MonthReport, month_report
from storage import StorageError

commands = typer.Typer()
audit = typer.Typer(help="Look at what must never change.", no_args_is_help=True)
commands.add_typer(audit, name="audit")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

#: Whoever works at the command line has the whole database before them.
_READER = Audience(names=True, supervisors=True)
#: How many lines one warning names.
_NAMED_LINES = 5
#: Wide enough that no line of a table breaks.
_UNBOUND = 1_000


class ImportKind(StrEnum):
    """What a file holds."""

    PATIENTS = "patients"
    ENTRIES = "entries"
    MEMBERS = "members"
    PAYERS = "payers"
    FEES = "fees"


class ReportFormat(StrEnum):
    """How a report is written."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def _month(text: str) -> BillingMonth:
    try:
        return BillingMonth.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Month = Annotated[BillingMonth, typer.Argument(parser=_month, metavar="MONTH", help="Written as 2026-11.")]


@commands.command("import")
def import_(
    kind: Annotated[ImportKind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be stored.")] = False,
) -> None:
    """Take in a CSV file: all of it, or nothing when a row is wrong."""
    data = _bytes_of(file)
    with offline_practice() as practice, _bar(kind.value) as progress:
        run = practice.read if dry_run else practice.write
        outcome = run(LOADERS[kind], data, dry_run=dry_run, progress=progress)
    for problem in outcome.problems:
        err.print(f"{file.name}:{problem.line}{_column(problem)}: {problem.message}", markup=False)
    for sentence in (*_grouped(outcome), *outcome.remarks):
        err.print(sentence, markup=False)
    if outcome.problems:
        count = len(outcome.problems)
        raise Refused(
            f"Nothing was imported: {count} {'cell' if count == 1 else 'cells'} above cannot be taken. "
            "Correct the file and import it again."
        )
    if dry_run and outcome.preview is not None:
        _draw(outcome.preview.columns, outcome.preview.rows)
    out.print(_told(outcome, kind), markup=False)


@commands.command()
def report(
    month: Month,
    to: Annotated[
        BillingMonth | None,
        typer.Option("--to", parser=_month, metavar="MONTH", help="Last month of a longer report."),
    ] = None,
    format_: Annotated[
        ReportFormat, typer.Option("--format", help="How it is written.")
    ] = ReportFormat.TABLE,
    output: Annotated[Path | None, typer.Option("--output", dir_okay=False, help="File to write.")] = None,
) -> None:
    """Report a month: every patient's minutes, codes, and what stands between them and a claim."""
    if to is not None and to < month:
        raise typer.BadParameter(f"{to} is before {month}; write the earlier month first")
    if format_ is ReportFormat.XLSX and output is None and sys.stdout.isatty():
        raise typer.BadParameter("a workbook needs a file: add --output november.xlsx")
    with offline_practice() as practice:
        made = practice.read(month_report, month, to)
    _name_damaged(made)
    if format_ is ReportFormat.TABLE:
        _write_table(made, output)
        return
    written = _FILES[format_](made, _READER)
    if output is None:
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
    else:
        _write(output, written)


@commands.command()
def close(
    month: Month,
    by: Annotated[str, typer.Option("--by", help="Who closes it: a Slack user id or a name.")],
    attest: Annotated[
        str, typer.Option("--attest", help="The sentence they put their name to.")
    ] = ATTESTATION,
    reason: Annotated[str, typer.Option("--reason", help="Why it is closed again.")] = "",
) -> None:
    """Close a month: freeze its lines, under the closer's attestation."""

    def carry_out(desk: Desk) -> Closed:
        return month_close.close_month(desk, acting(desk, by), month, attest, reason)

    with offline_practice() as practice:
        closed = practice.write(carry_out)
    out.print(
        f"{month} is closed: revision {closed.close.revision}, {closed.lines} lines. Attested by {by}: {attest}",
        markup=False,
    )
    for sentence in _differences(closed):
        out.print(sentence, markup=False)


@commands.command()
def reopen(
    month: Month,
    by: Annotated[str, typer.Option("--by", help="Who opens it: a Slack user id or a name.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
) -> None:
    """Open a closed month again; what was frozen stays."""

    def carry_out(desk: Desk) -> Reopening:
        return month_close.reopen_month(desk, acting(desk, by), month, reason)

    with offline_practice() as practice:
        practice.write(carry_out)
    out.print(f"{month} is open again. Close it to make the next revision.", markup=False)


@audit.command("verify")
def verify_() -> None:
    """Check that nothing stored was changed behind the program's back."""
    with offline_practice() as practice:
        found = practice.read(verify)
    for sentence in found.findings:
        err.print(sentence, markup=False)
    if found.findings:
        raise Refused(
            f"{len(found.findings)} faults found. Restore a backup, or ask for help with the above."
        )
    out.print(
        f"Everything stands as it was written: audit chain, ledger, {found.lines} lines of {found.revisions} "
        "closed revisions.",
        markup=False,
    )


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write; it must not exist yet.")],
) -> None:
    """Copy the whole database into a file, while the bot runs."""
    if file.exists():
        raise Refused(f"{file} exists already, and a backup overwrites nothing. Name another file.")
    with offline_practice() as practice:
        try:
            practice.database.backup(file)
        except StorageError as error:
            raise EnvironmentFault(error.sentence) from error
    out.print(f"Backed up to {file}.", markup=False)


_FILES: dict[ReportFormat, Callable[[MonthReport, Audience], bytes]] = {
    ReportFormat.CSV: csv_file,
    ReportFormat.XLSX: workbook,
    ReportFormat.JSON: json_file,
}


@contextmanager
def _bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, from the first word of progress on."""
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


def _told(outcome: ImportOutcome, kind: ImportKind) -> str:
    done = "Imported" if outcome.stored else "Dry run, nothing was stored. It would import"
    return (
        f"{done} {outcome.rows} rows of {kind.value}: {outcome.added} new, {outcome.changed} changed, "
        f"{outcome.unchanged} as they were."
    )


def _differences(closed: Closed) -> list[str]:
    if closed.close.revision == 1:
        return []
    said = [f"Against revision {closed.close.revision - 1}: {len(closed.differences)} lines differ."]
    if closed.overpaid:
        said.append(
            f"Overpayment: {len(closed.overpaid)} lines bill less than what was submitted. Look at returning "
            "the difference to the payer within 60 days."
        )
    return said


def _name_damaged(made: MonthReport) -> None:
    for entry in made.completeness.corrupt:
        where = f" of {entry.month}" if entry.month else ""
        err.print(
            f"Entry {entry_reference(entry.entry_id)}{where} is damaged and counts nowhere: {entry.message}.",
            markup=False,
        )


def _write_table(made: MonthReport, output: Path | None) -> None:
    rows = lines_table(made, _READER)
    if output is not None:
        written = Console(file=io.StringIO(), width=_UNBOUND, highlight=False)
        written.print(_drawn(rows.columns, rows.rows, rows.figures))
        for sentence in summary(made):
            written.print(sentence, markup=False)
        assert isinstance(written.file, io.StringIO), "a report is written whole"
        _write(output, written.file.getvalue().encode())
        return
    _draw(rows.columns, rows.rows, rows.figures)
    for sentence in summary(made):
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
