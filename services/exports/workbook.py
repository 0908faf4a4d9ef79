"""The month report as a workbook that opens on what is ready to bill."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from billing.durations import minutes_of
from billing.evaluate import LineStatus
from billing.findings.finding import Finding
from billing.findings.registry import row_of
from billing.references import entry_reference
from services.exports.columns import COLUMNS, Audience, Cell, cells
from services.exports.guard import inert
from services.months.report import MonthReport

_HEAD_FONT = Font(bold=True)
_HEAD_FILL = PatternFill(fill_type="solid", start_color="FFE8EEF4")
_DATE = "m/d/yyyy"
_MINUTES = "0.00"
_DOLLARS = "$#,##0.00"
#: More than this no cell of a workbook holds.
_LONGEST_TEXT = 32_000
_NARROWEST, _WIDEST = 9, 42


def workbook(report: MonthReport, audience: Audience) -> bytes:
    """The report as an .xlsx: ready to bill, all lines, summary, findings, ledger transfer, and addenda if any."""
    book = Workbook(write_only=True)
    names = [column.name for column in COLUMNS]
    ready = [line for line in report.lines if line.result.status is LineStatus.BILLABLE]
    _sheet(book, "Ready to bill", names, (cells(line, audience) for line in ready), len(ready))
    _sheet(book, "All lines", names, (cells(line, audience) for line in report.lines), len(report.lines))
    _summary(book, report)
    _findings(book, report, audience)
    _transfers(book, report)
    if report.addenda:
        _addenda(book, report)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(
    book: Workbook, title: str, names: Sequence[str], rows: Iterable[Sequence[Cell]], count: int
) -> None:
    """A sheet whose header stays in sight and filters its columns."""
    # Its stubs leave out what a sheet written row by row can do.
    sheet: Any = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{count + 1}"
    for place, name in enumerate(names, start=1):
        width = min(max(len(name) + 3, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_head(sheet, name) for name in names])
    formats = [_format(name) for name in names]
    for row in rows:
        sheet.append([_typed(sheet, cell, form) for cell, form in zip(row, formats, strict=True)])


def _head(sheet: Any, name: str) -> Any:
    cell: Any = WriteOnlyCell(sheet, value=name)
    cell.font = _HEAD_FONT
    cell.fill = _HEAD_FILL
    return cell


def _format(name: str) -> str:
    if "USD" in name:
        return _DOLLARS
    return _MINUTES if "inutes" in name else "General"


def _typed(sheet: Any, value: Cell, form: str) -> object:
    """What a spreadsheet keeps as a date, a figure, a truth or text."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return inert(ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_TEXT])
    if isinstance(value, bool):
        return True if value else 0
    if isinstance(value, (date, Decimal)):
        figure: Any = value
        cell = WriteOnlyCell(sheet, value=figure)
        cell.number_format = _DATE if isinstance(value, date) else form
        return cell
    return value


def _summary(book: Workbook, report: MonthReport) -> None:
    rows = list(_summary_rows(report))
    _sheet(book, "Summary", ("Item", "", "Value", "Minutes", "Estimated USD"), rows, len(rows))


def _summary_rows(report: MonthReport) -> Iterable[Sequence[Cell]]:
    totals, found = report.totals, report.completeness
    for state in report.months:
        revision = f"revision {state.revision}" if state.revision else ""
        yield "Month", str(state.month), f"{state.status} {revision}".strip(), None, None
    yield "Time rule", "", report.time_rule.value, None, None
    yield "Patients", "", totals.patients, None, None
    yield "Lines", "", totals.lines, minutes_of(totals.counted_seconds), totals.estimated_usd
    for status, count in totals.by_status.items():
        yield "Lines", status.value, count, None, None
    for code, units in totals.earned.items():
        yield "Units earned by minutes", code, units, None, None
    for code, units in totals.billable.items():
        yield "Units billable", code, units, None, None
    for code in totals.without_rate:
        yield "No rate on a date of service", code, None, None, None
    for one in totals.payers:
        units_said = ", ".join(f"{count} x {code}" for code, count in one.units.items())
        yield "Payer", one.payer or "none on record", one.billable_lines, None, one.estimated_usd
        if units_said:
            yield "Payer's billable units", one.payer or "none on record", units_said, None, None
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
    yield "Amounts are estimates, never promises.", "", None, None, None


def _what_to_do(finding: Finding) -> str:
    """What is the matter, and the command to type without the marks that only Slack understands."""
    row = row_of(finding)
    return f"{row.message(finding)} {row.to_do}".rstrip().replace("`", "")


def _findings(book: Workbook, report: MonthReport, audience: Audience) -> None:
    names = (
        *("Date", "MRN", "First name", "Last name", "Status", "Severity", "Finding", "What to do"),
        *("Rule", "Entries", "Care manager"),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            line.month.first_day,
            line.patient.mrn,
            line.patient.first_name if audience.names else "",
            line.patient.last_name if audience.names else "",
            line.result.status.value,
            finding.severity.value,
            finding.code,
            _what_to_do(finding),
            row_of(finding).rule,
            " ".join(entry_reference(entry_id) for entry_id in finding.entries),
            "",
        )
        for line in report.lines
        for finding in audience.findings(line)
    ]
    rows += [
        (
            *(report.first.first_day, "", "", "", "", one.finding.severity.value, one.finding.code),
            *(_what_to_do(one.finding), row_of(one.finding).rule, "", one.member.display_name),
        )
        for one in audience.manager_findings(report)
    ]
    _sheet(book, "Findings", names, rows, len(rows))


def _transfers(book: Workbook, report: MonthReport) -> None:
    names = ("Role", "Department", "Member", "Credential", "Minutes", "Estimated USD")
    rows = [
        (
            transfer.role.value.replace("_", " "),
            transfer.member.department,
            transfer.member.display_name,
            transfer.member.credential,
            minutes_of(transfer.seconds),
            transfer.estimated_usd,
        )
        for transfer in report.transfers
    ]
    _sheet(book, "Ledger transfer", names, rows, len(rows))


def _addenda(book: Workbook, report: MonthReport) -> None:
    names = ("Date", "MRN", "Entry", "Since the close", "Minutes before", "Minutes now")
    rows = [
        (
            addendum.month.first_day,
            addendum.patient.mrn,
            entry_reference(addendum.entry_id),
            addendum.kind.value,
            minutes_of(addendum.seconds_before),
            minutes_of(addendum.seconds_after),
        )
        for addendum in report.addenda
    ]
    _sheet(book, "Addenda", names, rows, len(rows))
