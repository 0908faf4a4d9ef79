"""Makes the billing channel's month end: figures without identifiers, and the files that hold the lines."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from billing.closing import MonthStatus, differences, overpayments
from billing.evaluate import LineStatus
from billing.findings.registry import open_to_all, row_of
from billing.findings.row import Row
from billing.months import BillingMonth
from services.anchors import noted_head
from services.context import Context
from services.exports.columns import FileReaders
from services.exports.csv_file import csv_file
from services.exports.editions import file_name
from services.messages.files import FileContent
from services.months.claims import claims_of
from services.months.overpaid import overpaid_lines
from services.months.report import MonthReport, month_report
from services.months.state import MonthState
from services.months.totals import Completeness, Totals
from storage import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedLines:
    """Lines whose minutes earn a code that one kind of blocker keeps from being billed."""

    row: Row
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSummary:
    """A month in figures; names no patient and no person."""

    state: MonthState
    made_at: datetime
    totals: Totals
    completeness: Completeness
    #: The most first; none that only supervisors see.
    blockers: tuple[BlockedLines, ...]
    #: Entries corrected after they were first written.
    corrected_entries: int
    #: Entries written about the month since it was closed.
    addenda: int
    #: Lines of any month that bill less than was submitted, and the first day by which money is to be returned.
    overpaid_lines: int = 0
    return_by: date | None = None
    #: The end of the audit chain as these figures were made; None before there is one.
    head: Head | None = None

    @property
    def month(self) -> BillingMonth:
        """The month told of."""
        return self.state.month

    @property
    def is_provisional(self) -> bool:
        """Whether later entries still change it."""
        return self.state.status is not MonthStatus.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPreview:
    """What a month would come to if it ended now."""

    summary: MonthSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRevision:
    """A month that was closed, and what changed where that was not for the first time."""

    summary: MonthSummary
    revision: int
    #: Lines that differ from the revision before, and those of them that bill less than what was submitted.
    changed_lines: int
    overpaid_lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReminder:
    """A month that is over and not closed."""

    month: BillingMonth
    status: MonthStatus
    billable_lines: int
    blocked_lines: int


def month_summary(context: Context, month: BillingMonth) -> MonthSummary | None:
    """A month in figures; None for one in which nothing was written."""
    report = month_report(context, month)
    return _summarised(context, report) if _holds_anything(report) else None


def month_preview(context: Context, month: BillingMonth) -> MonthPreview | None:
    """What a month would come to if it ended now; None for one in which nothing was written."""
    summary = month_summary(context, month)
    return None if summary is None else MonthPreview(summary=summary)


def month_revision(context: Context, month: BillingMonth, revision: int) -> MonthRevision:
    """What changed with a revision; the month's figures are those that stand now."""
    # Of a first close nothing differs: there is nothing before it.
    changed = differences(
        (line.result for line in context.uow.closes.lines(month, max(1, revision - 1))),
        (line.result for line in context.uow.closes.lines(month, revision)),
    )
    return MonthRevision(
        summary=_summarised(context, month_report(context, month)),
        revision=revision,
        changed_lines=len(changed),
        overpaid_lines=len(overpayments(changed, claims_of(context, month))),
    )


def close_reminder(context: Context, month: BillingMonth) -> CloseReminder | None:
    """Remind of a month that is not closed; None for one that is, or in which nothing happened."""
    report = month_report(context, month)
    (state,) = report.months
    if state.status is MonthStatus.CLOSED or not report.lines:
        return None
    return CloseReminder(
        month=month,
        status=state.status,
        billable_lines=report.totals.by_status[LineStatus.BILLABLE],
        blocked_lines=report.totals.by_status[LineStatus.BLOCKED],
    )


def month_xlsx(context: Context, month: BillingMonth, *, names: bool) -> FileContent:
    """A month's lines as a workbook; patients' names only where the practice wants them in Slack."""
    report = month_report(context, month)
    from services.exports.workbook import workbook  # noqa: PLC0415 - most of what sends messages writes no workbooks

    data = workbook(report, FileReaders(names=names))
    return FileContent(name=file_name(report.months, "xlsx"), data=data)


def month_csv(context: Context, month: BillingMonth, *, names: bool) -> FileContent:
    """A month's lines as CSV; patients' names only where the practice wants them in Slack."""
    report = month_report(context, month)
    data = csv_file(report, FileReaders(names=names))
    return FileContent(name=file_name(report.months, "csv"), data=data)


def _summarised(context: Context, report: MonthReport) -> MonthSummary:
    (state,) = report.months
    entries = context.uow.ledger.month(report.first.first_day, report.first.last_day)
    overpaid = overpaid_lines(context)
    return MonthSummary(
        state=state,
        made_at=report.made_at,
        totals=report.totals,
        completeness=report.completeness,
        blockers=_blocked(report),
        corrected_entries=sum(entry.corrected_at is not None for entry in entries),
        addenda=len(report.addenda),
        overpaid_lines=len(overpaid),
        return_by=overpaid[0].return_by if overpaid else None,
        head=noted_head(context),
    )


def _blocked(report: MonthReport) -> tuple[BlockedLines, ...]:
    found = Counter(
        row
        for line in report.lines
        if line.result.status is LineStatus.BLOCKED
        for row in {row_of(finding) for finding in line.result.blockers if open_to_all(finding)}
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0].code))
    return tuple(BlockedLines(row=row, lines=lines) for row, lines in ordered)


def _holds_anything(report: MonthReport) -> bool:
    return bool(report.lines or report.addenda or report.completeness.corrupt)
