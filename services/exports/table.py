"""Writes the month report as rows of words, for a screen to draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from billing.counting import Exclusion
from billing.durations import minutes_of
from billing.findings.finding import Severity
from billing.findings.registry import message_of, row_of
from services.exports.columns import FileReaders, spoken_charges, spoken_choice
from services.exports.csv_file import plain
from services.months.line_changes import LineChange
from services.months.lines import ReportLine
from services.months.report import MonthReport
from services.months.totals import Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header, rows of as many cells, and which columns hold figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    figures: frozenset[str] = frozenset()


_COLUMNS = ("Month", "MRN", "Name", "Minutes", "Codes", "Status", "Findings", "Payer", "Estimated USD")


def lines_table(report: MonthReport, audience: FileReaders) -> Table:
    """What a biller looks at first, a line each."""
    return Table(
        columns=_COLUMNS,
        rows=tuple(_row(line, audience) for line in report.lines),
        figures=frozenset({"Minutes", "Estimated USD"}),
    )


def _row(line: ReportLine, audience: FileReaders) -> tuple[str, ...]:
    name = f"{line.patient.first_name} {line.patient.last_name}".strip() if audience.names else ""
    return (
        str(line.month),
        line.patient.mrn,
        name,
        plain(minutes_of(line.result.counted_seconds)),
        spoken_charges(line.result.earned),
        line.result.status.value,
        _findings(line, audience),
        line.payer,
        _usd(line),
    )


def _usd(line: ReportLine) -> str:
    if not line.result.billable:
        return ""
    amount = line.estimated_usd
    return "no rate" if amount is None else f"{amount:.2f}"


def _findings(line: ReportLine, audience: FileReaders) -> str:
    """Blockers by name, and how many others there are."""
    seen = audience.findings(line)
    blockers = [finding.code for finding in seen if finding.severity is Severity.BLOCKER]
    others = [f"+{len(seen) - len(blockers)}"] if len(seen) > len(blockers) else []
    return " ".join([*blockers, *others])


_CHANGE_COLUMNS = (
    *("MRN", "Minutes before", "Minutes now", "Status before", "Status now"),
    *("Billable before", "Billable now"),
)


def changes_table(changes: Sequence[LineChange]) -> Table:
    """Lines that differ between two revisions of a month, a row each."""
    return Table(
        columns=_CHANGE_COLUMNS,
        rows=tuple(
            (
                change.patient.mrn,
                plain(minutes_of(change.difference.seconds_before)),
                plain(minutes_of(change.difference.seconds_after)),
                change.difference.status_before or "",
                change.difference.status_after or "",
                spoken_charges(change.difference.billable_before),
                spoken_charges(change.difference.billable_after),
            )
            for change in changes
        ),
        figures=frozenset({"Minutes before", "Minutes now"}),
    )


_PACE_COLUMNS = (
    *(
        "Month",
        "Care managers",
        "Forecasts",
        "Expected",
        "Reached",
        "Brier score",
        "All will",
        "Straight line",
    ),
    *("Hours off", "All will ", "Straight line "),
)
#: What the table of the pace is, above it.
PACE_TITLE = (
    "How the pace was forecast on the mornings with 15, 10, 5 and 2 working days left, of patients who had not reached "
    'their code by then. A Brier score of 0 is perfect; beside it what "all will" and a straight line would have had.'
)


def pace_table(report: MonthReport) -> Table:
    """How well each closed month was forecast, a row each."""
    return Table(
        columns=_PACE_COLUMNS,
        rows=tuple(
            (
                str(one.month),
                f"{one.people} of {one.of_people}",
                str(one.forecasts),
                f"{one.expected:.0f}",
                str(one.reached),
                *(f"{score:.3f}" for score in (one.brier, one.brier_all, one.brier_line)),
                *(f"{hours:.1f}" for hours in (one.hours_off, one.hours_off_all, one.hours_off_line)),
            )
            for one in report.pace
        ),
        figures=frozenset(_PACE_COLUMNS[1:]),
    )


def summary(report: MonthReport, audience: FileReaders) -> tuple[str, ...]:
    """The totals and the proof of completeness, and what is known of care managers' time, a sentence each."""
    totals, found = report.totals, report.completeness
    status = ", ".join(f"{count} {name.value}" for name, count in totals.by_status.items())
    said = [
        f"{_counted(totals.patients, 'patient')}, {_counted(totals.lines, 'line')}: {status}.",
        f"Billable: {_units(dict(totals.billable))}; {totals.estimated}.",
        f"Entries: {found.entries_read} read, {found.entries_counted} counted.{_not_counted(found)}",
    ]
    said += [
        f"{line.patient.mrn} in APCM, held for a biller: {spoken_choice(line.apcm_choice)}."
        for line in report.lines
        if line.apcm_choice
    ]
    if totals.held:
        said.append(f"Held until the consultant's time is attested: {_units(dict(totals.held))}.")
    said += [
        f"For supervisors, {row_of(one.finding).rule}: {one.member.display_name}: {message_of(one.finding)}"
        for one in audience.manager_findings(report)
    ]
    return tuple(said)


def _not_counted(found: Completeness) -> str:
    if not found.entries_excluded:
        return ""
    reasons = (f"{Exclusion(reason).label} ({count})" for reason, count in found.entries_excluded.items())
    return f" Not counted: {', '.join(reasons)}."


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _units(units: dict[str, int]) -> str:
    return ", ".join(f"{count} x {code}" for code, count in units.items()) or "nothing"
