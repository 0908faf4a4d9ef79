"""Writes the month report as a workbook that opens on what is ready to bill."""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from billing.durations import minutes_of
from billing.evaluate import LineStatus
from billing.findings.finding import Finding
from billing.findings.registry import row_of
from billing.findings.row import EXAMPLE_PATIENT
from billing.months import BillingMonth
from billing.references import entry_reference
from services.exports.columns import COLUMNS, Cell, FileReaders, cells
from services.exports.sheets import Book
from services.months.lines import ReportLine
from services.months.report import MonthReport, ReportStream
from services.months.totals import PayerTotals, Totals
from services.months.unpriced import Unpriced
from services.people.patients import shown_mrn

_SUMMARY = ("Item", "", "Value", "Minutes", "Estimated USD")
_FINDINGS = (
    *("Date", "MRN", "First name", "Last name", "Status", "Severity", "Finding", "What to do"),
    *("Rule", "Entries", "Care manager"),
)
_TRANSFERS = ("Role", "Department", "Member", "Credential", "Minutes", "Estimated USD")
_ADDENDA = ("Date", "MRN", "Entry", "Since the close", "Minutes before", "Minutes now")


def workbook(report: MonthReport | ReportStream, audience: FileReaders) -> bytes:
    """The report as an .xlsx: ready to bill, all lines, summary, findings, ledger transfer, and addenda if any."""
    written = io.BytesIO()
    write_workbook(report, audience, written)
    return written.getvalue()


def write_workbook(report: MonthReport | ReportStream, audience: FileReaders, file: BinaryIO) -> None:
    """The same, into a file, as lines are made."""
    book = Book(file)
    names = [column.name for column in COLUMNS]
    ready, lines = book.sheet("Ready to bill", names), book.sheet("All lines", names)
    summary, findings = book.sheet("Summary", _SUMMARY), book.sheet("Findings", _FINDINGS)
    transfers = book.sheet("Ledger transfer", _TRANSFERS)
    for line in report.lines:
        row = cells(line, audience)
        lines.row(row)
        if line.result.status is LineStatus.BILLABLE:
            ready.row(row)
        findings.rows(_found(line, audience))
    ended = report.ended()
    findings.rows(_of_managers(ended, audience))
    summary.rows(_summary_rows(ended))
    transfers.rows(_transfers(ended))
    sheets = [ready, lines, summary, findings, transfers]
    if ended.addenda:
        sheets.append(book.sheet("Addenda", _ADDENDA))
        sheets[-1].rows(_addenda(ended))
    for sheet in sheets:
        sheet.end()
    book.close()


def _summary_rows(report: MonthReport) -> Iterable[Sequence[Cell]]:
    totals, found = report.totals, report.completeness
    for state in report.months:
        revision = f"revision {state.revision}" if state.revision else ""
        yield "Month", str(state.month), f"{state.status} {revision}".strip(), None, None
    yield "Time rule", "", report.time_rule.value, None, None
    yield "Patients", "", totals.patients, None, None
    yield "Lines", "", totals.lines, minutes_of(totals.counted_seconds), _usd_or_why(totals)
    for status, count in totals.by_status.items():
        yield "Lines", status.value, count, None, None
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
    yield "All amounts are estimates.", "", None, None, None


def _usd_or_why(of: Totals | PayerTotals) -> Cell:
    """An amount; what is not on file where nothing that it stands for has a rate."""
    return of.estimated_usd or of.unpriced.words or of.estimated_usd


def _unpriced(title: str, of: str, lacking: Unpriced) -> Iterator[Sequence[Cell]]:
    """What an amount lacks: no row where it lacks nothing."""
    if lacking.lines:
        yield title, of, lacking.extent, None, lacking.words


def _what_to_do(finding: Finding, mrn: str, month: BillingMonth) -> str:
    """What is the matter, and the command to type without the marks that only Slack understands."""
    row = row_of(finding)
    return f"{row.message(finding)} {row.to_do_for(mrn, month)}".rstrip().replace("`", "")


def _found(line: ReportLine, audience: FileReaders) -> Iterator[Sequence[Cell]]:
    """A line's findings, a row each."""
    for finding in audience.findings(line):
        yield (
            line.month.first_day,
            line.patient.mrn,
            line.patient.first_name if audience.names else "",
            line.patient.last_name if audience.names else "",
            line.result.status.value,
            finding.severity.value,
            finding.code,
            _what_to_do(finding, shown_mrn(line.patient.mrn), line.month),
            row_of(finding).rule,
            " ".join(entry_reference(entry_id) for entry_id in finding.entries),
            "",
        )


def _of_managers(report: MonthReport, audience: FileReaders) -> Iterator[Sequence[Cell]]:
    for one in audience.manager_findings(report):
        yield (
            *(report.first.first_day, "", "", "", "", one.finding.severity.value, one.finding.code),
            *(
                _what_to_do(one.finding, EXAMPLE_PATIENT, report.first),
                row_of(one.finding).rule,
                "",
                one.member.display_name,
            ),
        )


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
