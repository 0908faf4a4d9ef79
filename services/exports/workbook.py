"""Writes the month report as a workbook that opens on what is ready to bill."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from billing.charges import Charge
from billing.durations import minutes_of
from billing.evaluate import LineStatus
from billing.references import entry_reference
from services.exports.columns import (
    COLUMNS,
    Cell,
    CellForm,
    FileReaders,
    SheetColumn,
    cells,
    spoken_charges,
)
from services.exports.editions import spoken_edition
from services.exports.sheets import Book, SheetLayout
from services.exports.worklist import WORKLIST, Worklist
from services.months.lines import ReportLine
from services.months.report import MonthReport, ReportStream
from services.months.totals import PayerTotals, Totals
from services.months.unpriced import Unpriced

#: What is folded away besides evidence, so that a sheet can be read on one page: of lines that are ready, what says
#: whether they are; of all lines, what a claim is made of.
_NOT_OF_READY = frozenset({"Initial Assessment", "Status", "Findings"})
_CLAIM_ALONE = frozenset(
    {
        *("Initial Assessment", "Referring Provider NPI", "Diagnosis codes", "Billing NPI"),
        *("Place of service", "Modifiers"),
    }
)


def _lines_sheet(title: str, folded: frozenset[str]) -> SheetLayout:
    columns = [replace(column, is_folded=column.is_folded or column.name in folded) for column in COLUMNS]
    return SheetLayout(title=title, columns=columns, pinned=3)


_READY = _lines_sheet("Ready to bill", _NOT_OF_READY)
_LINES = _lines_sheet("All lines", _CLAIM_ALONE)
_SUMMARY = SheetLayout(
    title="Summary",
    columns=(
        SheetColumn(name="Item", width=46, form=CellForm.WRAPPED),
        SheetColumn(name="", width=30, form=CellForm.WRAPPED),
        SheetColumn(name="Value", width=34, form=CellForm.WRAPPED),
        SheetColumn(name="Minutes", width=13, form=CellForm.MINUTES),
        SheetColumn(name="Estimated USD", width=18, form=CellForm.DOLLARS),
    ),
)
_TRANSFERS = SheetLayout(
    title="Ledger transfer",
    columns=(
        SheetColumn(name="Role", width=18),
        SheetColumn(name="Department", width=26, form=CellForm.WRAPPED),
        SheetColumn(name="Member", width=30, form=CellForm.WRAPPED),
        SheetColumn(name="Credential", width=14),
        SheetColumn(name="Minutes", width=13, form=CellForm.MINUTES),
        SheetColumn(name="Estimated USD", width=18, form=CellForm.DOLLARS),
    ),
)
_ADDENDA = SheetLayout(
    title="Addenda",
    columns=(
        SheetColumn(name="Date", width=11),
        SheetColumn(name="MRN", width=14),
        SheetColumn(name="Entry", width=12),
        SheetColumn(name="Since the close", width=18),
        SheetColumn(name="Minutes before", width=12, form=CellForm.MINUTES),
        SheetColumn(name="Minutes now", width=12, form=CellForm.MINUTES),
    ),
    pinned=2,
)
#: How days look in a workbook, by the words of `--dates`.
DAY_FORMS = {"us": "m/d/yyyy", "iso": "yyyy-mm-dd"}


def workbook(report: MonthReport | ReportStream, audience: FileReaders) -> bytes:
    """The report as an .xlsx: ready to bill, worklist, all lines, summary, ledger transfer, and addenda if any."""
    written = io.BytesIO()
    write_workbook(report, audience, written)
    return written.getvalue()


def write_workbook(
    report: MonthReport | ReportStream, audience: FileReaders, file: BinaryIO, *, dates: str = "us"
) -> None:
    """The same, into a file, as lines are made.

    Args:
        report: The report.
        audience: Who reads the file.
        file: Where it goes.
        dates: How days look: `us` or `iso`.

    Raises:
        OSError: where the file cannot be written.
    """
    with Book.writing(file, edition=spoken_edition(report.months), day_form=DAY_FORMS[dates]) as book:
        _write(report, audience, book)


def _write(report: MonthReport | ReportStream, audience: FileReaders, book: Book) -> None:
    ready, tasks, lines, summary, transfers = (
        book.sheet(layout) for layout in (_READY, WORKLIST, _LINES, _SUMMARY, _TRANSFERS)
    )
    worklist, of_ready = Worklist(audience), ReadyTotals()
    for line in report.lines:
        row = cells(line, audience)
        lines.row(row)
        if line.result.status is LineStatus.BILLABLE:
            ready.row(row)
            of_ready.add(line)
        worklist.add(line)
    ended = report.ended()
    ready.foot(of_ready.rows(ended.totals))
    tasks.rows(worklist.rows(ended))
    tasks.foot(worklist.totals())
    summary.rows(_summary_rows(ended, worklist))
    transfers.rows(_transfers(ended))
    sheets = [ready, tasks, lines, summary, transfers]
    if ended.addenda:
        sheets.append(book.sheet(_ADDENDA))
        sheets[-1].rows(_addenda(ended))
    for sheet in sheets:
        sheet.end()


class ReadyTotals:
    """Adds up the lines that are ready to bill, for the row under them."""

    def __init__(self) -> None:
        self._lines = self._seconds = 0
        self._earned: Counter[str] = Counter()

    def add(self, line: ReportLine) -> None:
        """Take in a line."""
        self._lines += 1
        self._seconds += line.result.counted_seconds
        for charge in line.result.earned:
            self._earned[charge.code] += charge.units

    def rows(self, totals: Totals) -> Iterator[Sequence[Cell]]:
        """The totals, each under its column, and what the amount lacks; with neither a date nor an MRN, as no line is.

        Args:
            totals: Of the report, whose dollars, billable and held units are those of lines that are ready.
        """
        said: dict[str, Cell] = {
            "Last name": f"Total of {_lines(self._lines)}",
            "Minutes": minutes_of(self._seconds),
            **{column.name: self._earned[column.name] for column in COLUMNS if column.name in self._earned},
            "Billable codes": _units(totals.billable),
            "Held codes": _units(totals.held),
            "Estimated USD": _usd_or_why(totals),
        }
        yield tuple(said.get(column.name) for column in COLUMNS)
        if totals.unpriced.lines:
            lacks = f"The estimate leaves out {totals.unpriced.extent}: {totals.unpriced.words}."
            yield tuple(lacks if column.name == "Last name" else None for column in COLUMNS)


def _lines(count: int) -> str:
    return f"{count:,} line{'s' * (count != 1)}"


def _units(units: Mapping[str, int]) -> str:
    return spoken_charges([Charge(code=code, units=number) for code, number in units.items()])


def _summary_rows(report: MonthReport, worklist: Worklist) -> Iterable[Sequence[Cell]]:
    totals, found = report.totals, report.completeness
    for state in report.months:
        status = f"{state.status}, {state.edition}" if state.edition != state.status else state.edition
        yield "Month", str(state.month), status, None, None
    yield "Time rule", "", report.time_rule.value, None, None
    yield "Patients", "", totals.patients, None, None
    yield "Lines", "", totals.lines, minutes_of(totals.counted_seconds), _usd_or_why(totals)
    for status, count in totals.by_status.items():
        yield "Lines", status.value, count, None, None
    blocked = worklist.blocked
    if blocked.lines:
        yield (
            *("Blocked lines would bill", spoken_charges(blocked.codes), blocked.lines),
            *(minutes_of(blocked.seconds), blocked.usd),
        )
        yield from _unpriced("Blocked lines without a rate", "", blocked.lacks)
    for name, of in (
        ("Units earned by minutes", totals.earned),
        ("Units billable", totals.billable),
        ("Units held until the consultant's time is attested", totals.held),
    ):
        yield from ((name, code, units, None, None) for code, units in of.items())
    for code in totals.without_rate:
        yield "No rate on file for a date of service", code, None, None, None
    yield from _unpriced("Lines without a rate", "", totals.unpriced)
    for one in totals.payers:
        units_said = ", ".join(f"{count} x {code}" for code, count in one.units.items())
        yield "Payer", one.payer or "none on file", one.billable_lines, None, _usd_or_why(one)
        if units_said:
            yield "Payer's billable units", one.payer or "none on file", units_said, None, None
        yield from _unpriced("Payer's lines without a rate", one.payer or "none on file", one.unpriced)
    yield "Entries read", "", found.entries_read, minutes_of(found.seconds_read), None
    yield "Entries counted", "", found.entries_counted, minutes_of(found.seconds_counted), None
    for reason in dict.fromkeys((*found.entries_excluded, *found.seconds_excluded)):
        yield (
            "Entries not counted",
            reason,
            found.entries_excluded.get(reason, 0),
            minutes_of(found.seconds_excluded.get(reason, 0)),
            None,
        )
    for entry in found.corrupt:
        yield "Damaged entry", entry_reference(entry.entry_id), entry.message, None, None
    yield "Late entries", "", totals.late_entries, None, None
    yield from _anchor(report)
    yield "All amounts are estimates.", "", None, None, None


def _anchor(report: MonthReport) -> Iterator[Sequence[Cell]]:
    """The end of the audit chain, to be compared with later."""
    if report.head is not None:
        yield "Audit chain, event", report.head.hash, report.head.seq, None, None


def _usd_or_why(of: Totals | PayerTotals) -> Cell:
    """An amount; what is not on file where nothing that it stands for has a rate."""
    return of.estimated_usd or of.unpriced.words or of.estimated_usd


def _unpriced(title: str, of: str, lacking: Unpriced) -> Iterator[Sequence[Cell]]:
    """What an amount lacks: no row where it lacks nothing."""
    if lacking.lines:
        yield title, of, lacking.extent, None, lacking.words


def _transfers(report: MonthReport) -> Iterator[Sequence[Cell]]:
    for transfer in report.transfers:
        yield (
            transfer.role.value.replace("_", " "),
            transfer.member.department,
            transfer.member.display_name,
            transfer.member.credential,
            minutes_of(transfer.seconds),
            transfer.estimated_usd or transfer.estimate_lacks or transfer.estimated_usd,
        )


def _addenda(report: MonthReport) -> Iterator[Sequence[Cell]]:
    for addendum in report.addenda:
        yield (
            addendum.month.first_day,
            addendum.patient.mrn,
            entry_reference(addendum.entry_id),
            addendum.kind.value,
            minutes_of(addendum.seconds_before),
            minutes_of(addendum.seconds_after),
        )
