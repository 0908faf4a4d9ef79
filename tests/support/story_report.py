"""A month's report and the outcome of an import, as lines of a story."""

import csv
import io
from collections.abc import Iterator, Sequence

from billing.durations import spoken
from billing.findings.finding import Finding
from billing.findings.registry import row_of
from billing.references import entry_reference
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_file
from services.exports.table import summary
from services.imports.outcome import ImportOutcome
from services.months.addenda import Addendum, AddendumKind
from services.months.lines import ReportLine
from services.months.report import MonthReport

#: Columns shown where a story names none.
USUAL = ("MRN", "Minutes", "99492", "99493", "99494", "Status", "Billable codes", "Estimated USD")
_EVERYTHING = FileReaders(supervisors=True)


def report_lines(report: MonthReport, columns: Sequence[str]) -> list[str]:
    """The state of the months, some columns of the file, every finding's sentence, addenda, and the totals."""
    return [
        *(
            f"{state.month} is {state.status}" + (f", revision {state.revision}" if state.revision else "")
            for state in report.months
        ),
        *_table(report, columns),
        *(line for each in report.lines for line in _findings(each, several=len(report.months) > 1)),
        *(_addendum(each) for each in report.addenda),
        *summary(report, _EVERYTHING),
    ]


def reconciles(report: MonthReport) -> bool:
    """Read is counted and excluded together, in entries and in seconds (R-213)."""
    found = report.completeness
    return (
        found.entries_read == found.entries_counted + sum(found.entries_excluded.values())
        and found.seconds_read == found.seconds_counted + sum(found.seconds_excluded.values())
        and found.seconds_counted == sum(line.result.counted_seconds for line in report.lines)
    )


def import_lines(outcome: ImportOutcome) -> list[str]:
    """What became of a file: every problem, every warning, and the counts."""
    refused = f"not imported, {len(outcome.problems)} to correct"
    counts = f"{outcome.added} new, {outcome.changed} changed, {outcome.unchanged} as they were"
    return [
        *(f"line {one.line} {one.column}: {one.message}" for one in outcome.problems),
        *(f"line {one.line} {one.column}, worth a look: {one.message}" for one in outcome.warnings),
        *outcome.remarks,
        counts if outcome.stored else refused,
    ]


def _table(report: MonthReport, columns: Sequence[str]) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(csv_file(report, _EVERYTHING).decode("utf-8-sig"), newline="")))
    places = [rows[0].index(name) for name in columns]
    cells = [[row[place] for place in places] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(columns))]
    for row in cells:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _findings(line: ReportLine, *, several: bool) -> Iterator[str]:
    whose = f"{line.patient.mrn} {line.month}" if several else line.patient.mrn
    for finding in line.result.findings:
        yield f"{whose}: {_sentence(finding)}"


def _addendum(one: Addendum) -> str:
    before, after = spoken(one.seconds_before), spoken(one.seconds_after)
    change = {
        AddendumKind.ADDED: after,
        AddendumKind.CORRECTED: f"{before} when the month was closed, {after} now",
        AddendumKind.WITHDRAWN: f"{before} when the month was closed",
    }[one.kind]
    return f"{one.patient.mrn}: addendum, {entry_reference(one.entry_id)} {one.kind} since: {change}"


def _sentence(finding: Finding) -> str:
    row = row_of(finding)
    entries = f" [{' '.join(entry_reference(one) for one in finding.entries)}]" if finding.entries else ""
    hidden = ", for supervisors only" if row.is_for_supervisors_only(finding) else ""
    return f"{finding.severity} {finding.code} ({row.rule}{hidden}): {row.message(finding)}{entries}"
