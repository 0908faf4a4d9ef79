"""The month report: every patient's line, what it may pay, and the proof that nothing was left out."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from billing.closing import MonthStatus
from billing.evaluate import MonthResult
from billing.findings.finding import Finding
from billing.months import BillingMonth
from billing.people import Patient
from billing.rules import TimeRule
from services.context import Context
from services.months.addenda import Addendum, Held, addenda_of, held
from services.months.book import MonthBook
from services.months.facts import WeighedMonth
from services.months.lines import ReportLine, report_line
from services.months.prices import Prices
from services.months.state import MonthState, month_state
from services.months.time_keeping import ManagerFinding, manager_findings
from services.months.totals import Audit, Completeness, CorruptEntry, Totals, Transfer, totals_of

#: Frozen lines whose patients are looked up at a time.
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """One or more months of a practice."""

    first: BillingMonth
    last: BillingMonth
    #: Aware instant (UTC).
    made_at: datetime
    #: The practice's own; a payer's rule wins, and each line names its rule set.
    time_rule: TimeRule
    #: Where each month stands, the first first.
    months: tuple[MonthState, ...]
    #: By MRN, and of each patient the newest month first.
    lines: tuple[ReportLine, ...] = field(repr=False)
    completeness: Completeness
    totals: Totals
    transfers: tuple[Transfer, ...]
    #: For supervisors only: no file or message for anybody else has them.
    manager_findings: tuple[ManagerFinding, ...]
    #: What was written about closed months since: in no total.
    addenda: tuple[Addendum, ...]


def month_report(context: Context, first: BillingMonth, last: BillingMonth | None = None) -> MonthReport:
    """Report the months from `first` to `last`, both included.

    Months that are closed come as they were frozen; what was written since is in `addenda`. All others are
    weighed by everything stored so far. A patient without entries in a month has no line in it.

    Raises:
        ValueError: when `last` is before `first`.
    """
    last = last or first
    if last < first:
        raise ValueError(f"{last} is before {first}. Write the earlier month first.")
    return _Report(context, first, last).made()


class _Report:
    """A report while it is made."""

    def __init__(self, context: Context, first: BillingMonth, last: BillingMonth) -> None:
        self._context = context
        self._first, self._last = first, last
        self._book = MonthBook(context, first, last)
        self._prices = Prices(context)
        self._audit = Audit()
        self._lines: list[ReportLine] = []
        self._frozen: set[int] = set()
        self._findings: dict[Finding, Finding] = {}

    def made(self) -> MonthReport:
        """Read, weigh, add up."""
        span = self._last.months_since(self._first) + 1
        states = tuple(month_state(self._context, self._first.plus(step)) for step in range(span))
        closed = [state for state in states if state.status is MonthStatus.CLOSED]
        addenda: list[Addendum] = []
        for state in closed:
            addenda += self._add_frozen(state)
        self._add_live({state.month for state in states} - {state.month for state in closed})
        self._name_damaged()
        self._lines.sort(key=_by_mrn)
        members = {member.member_id: member for member in self._context.uow.members.all()}
        return MonthReport(
            first=self._first,
            last=self._last,
            made_at=self._context.now,
            time_rule=self._context.settings.rules.time_rule,
            months=states,
            lines=tuple(self._lines),
            completeness=self._audit.completeness(),
            totals=totals_of(self._lines),
            transfers=self._audit.transfers(members),
            manager_findings=manager_findings(self._lines, members, self._context.settings.rules),
            addenda=tuple(addenda),
        )

    def _add_live(self, months: set[BillingMonth]) -> None:
        for gathered in self._book.read(months):
            self._add(gathered.patient, gathered.weighed(), None)

    def _name_damaged(self) -> None:
        """Count and name entries that cannot be read, so that no report is short of them in silence."""
        damaged = self._context.uow.ledger.damaged(self._first.first_day, self._last.last_day)
        patients = self._context.uow.patients.many({entry.patient_id for entry in damaged})
        for entry in damaged:
            self._audit.name_unreadable(
                CorruptEntry(
                    entry_id=entry.entry_id,
                    patient=patients.get(entry.patient_id),
                    month=None,
                    message="it has no date of service that could be read"
                    if entry.undated
                    else "it cannot be read",
                ),
                # One that was frozen while it was sound has been counted with its line.
                is_new=entry.entry_id not in self._frozen,
            )

    def _add_frozen(self, state: MonthState) -> tuple[Addendum, ...]:
        """Add a closed month's lines as they were frozen; returns what was written since."""
        revision = state.revision
        frozen: dict[int, Held] = {}
        lines = self._context.uow.closes.lines(state.month, revision)
        while chunk := list(islice(lines, _CHUNK)):
            patients = self._context.uow.patients.many([line.facts.patient_id for line in chunk])
            for line in chunk:
                weighed = WeighedMonth(facts=line.facts, rules=line.rules, result=line.result)
                self._add(patients[line.facts.patient_id], weighed, revision)
                frozen |= held(line.facts.entries)
        self._frozen |= frozen.keys()
        return addenda_of(self._context, state.month, frozen, self._book.entries(state.month))

    def _add(self, patient: Patient, weighed: WeighedMonth, revision: int | None) -> None:
        schedule = self._prices.schedule(self._book.rules.payer(weighed.rules.payer))
        line = report_line(patient, weighed, schedule, revision)
        self._audit.follow(line, weighed.facts)
        self._lines.append(replace(line, result=self._slim(line.result)))

    def _slim(self, result: MonthResult) -> MonthResult:
        """The result as tens of thousands of lines keep it: like findings once, entries' verdicts followed already."""
        findings = tuple(self._findings.setdefault(finding, finding) for finding in result.findings)
        return replace(result, findings=findings, verdicts=())


def _by_mrn(line: ReportLine) -> tuple[str, int, int]:
    return line.patient.mrn.casefold(), -line.month.year, -line.month.month
