"""The practice's month as billers, supervisors and administrators review it and close it as they saw it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from billing.closing import MonthStatus
from billing.evaluate import LineStatus
from billing.findings.consultant_decisive import held_units
from billing.findings.registry import ROWS, row_of
from billing.findings.row import Fix, Row
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.months.attested import Figures
from services.months.claims import claims_of
from services.months.close import prepared_close
from services.months.fix_rights import FIX_RIGHTS
from services.months.line_changes import LineChange, coming_changes
from services.months.overpaid import Overpaid, overpaid_lines
from services.months.report import MonthReport, month_report
from services.months.state import MonthState, month_state
from services.months.time_keeping import ManagerFinding
from services.once.outcomes import by_name
from services.people.rights import Action, allowed, needs

by_name("findings", {row.code: row for row in ROWS}, lambda row: row.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFix:
    """Lines whose minutes earn a code, or units of one, that one kind of finding keeps from being billed."""

    row: Row
    patients: tuple[Patient, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReview:
    """A month's report with what its reader can do about it."""

    report: MonthReport
    state: MonthState
    #: The kind that holds most lines first.
    to_fix: tuple[ToFix, ...]
    #: Lines that differ from the last revision; none unless the month was reopened.
    changes: tuple[LineChange, ...]
    #: Lines that bill less than was submitted, the most urgent first; and how many lines were submitted.
    overpaid: tuple[Overpaid, ...]
    submitted_lines: int
    #: Who closed the last revision, and on which local date of the practice; None for a month never closed.
    closed_by: Member | None
    closed_on: date | None
    #: What care managers' lines show about how time is kept; empty for a reader who is no supervisor.
    manager_findings: tuple[ManagerFinding, ...]
    #: What the reader may settle by a form.
    may_fix: frozenset[Fix]
    #: Whether the reader may close the month now.
    may_close: bool
    #: The figures shown, so that nothing else is closed: see `Figures`.
    seen: str

    @property
    def month(self) -> BillingMonth:
        """The month reviewed."""
        return self.state.month

    @property
    def blocked_lines(self) -> int:
        """Lines whose minutes earn a code that cannot be billed yet."""
        return self.report.totals.by_status[LineStatus.BLOCKED]


@needs(Action.REPORT)
def review(context: Context, actor: Member, month: BillingMonth | None = None) -> MonthReview:
    """Report a month; without one, the last until it is closed, then this one.

    Raises:
        NotAllowed: for anybody but billers, supervisors and administrators.
    """
    return _review(context, actor, month or _due(context))


@needs(Action.CLOSE)
def before_close(context: Context, actor: Member, month: BillingMonth) -> MonthReview:
    """The report of a month that the reader is about to close.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        CannotChangeMonth: while the month runs, or when it is closed.
    """
    prepared_close(context, actor, month)
    return _review(context, actor, month)


def _due(context: Context) -> BillingMonth:
    this = BillingMonth.of(context.today)
    last = this.plus(-1)
    return this if month_state(context, last).status is MonthStatus.CLOSED else last


def _review(context: Context, actor: Member, month: BillingMonth) -> MonthReview:
    report = month_report(context, month)
    state = report.months[0]
    last = state.last_close
    open_for_closing = state.status in {MonthStatus.DRAFT, MonthStatus.REOPENED}
    return MonthReview(
        report=report,
        state=state,
        to_fix=_to_fix(report),
        closed_by=context.uow.members.by_id(last.closed_by) if last else None,
        closed_on=last.closed_at.astimezone(context.settings.zone).date() if last else None,
        overpaid=overpaid_lines(context, month) if state.revision else (),
        submitted_lines=_submitted(context, month) if state.revision else 0,
        changes=coming_changes(context, month) if state.status is MonthStatus.REOPENED else (),
        manager_findings=report.manager_findings if allowed(context, actor, Action.SEE_TIME_KEEPING) else (),
        may_fix=frozenset(fix for fix, action in FIX_RIGHTS.items() if allowed(context, actor, action)),
        may_close=open_for_closing and allowed(context, actor, Action.CLOSE),
        seen=str(Figures.of(line.result for line in report.lines)),
    )


def _submitted(context: Context, month: BillingMonth) -> int:
    return sum(claim.is_submitted for claim in claims_of(context, month).values())


def _to_fix(report: MonthReport) -> tuple[ToFix, ...]:
    found: dict[Row, list[Patient]] = defaultdict(list)
    for line in report.lines:
        result = line.result
        holding = result.blockers if result.status is LineStatus.BLOCKED else ()
        if result.held:
            holding = tuple(one for one in result.findings if held_units(one))
        for finding in holding:
            found[row_of(finding)].append(line.patient)
    kinds = (ToFix(row=row, patients=tuple(patients)) for row, patients in found.items())
    return tuple(sorted(kinds, key=lambda kind: (-len(kind.patients), kind.row.code)))
