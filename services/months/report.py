"""Makes the month report: every patient's line, what it may pay, and the proof that nothing was left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from billing.closing import FrozenLine, MonthStatus
from billing.findings.finding import Finding
from billing.months import BillingMonth
from billing.people import Patient
from billing.rules import TimeRule
from services.anchors import noted_head
from services.context import Context
from services.months.addenda import Addendum, Held, addenda_of, held
from services.months.filing import Filing
from services.months.gather import EVERYBODY, GatheredMonth, groups_of
from services.months.judge import JudgedMonth
from services.months.lines import ReportLine, report_line
from services.months.pace_record import PaceRecord, Reached
from services.months.prices import Prices
from services.months.rule_book import RuleBook
from services.months.state import MonthState, month_state
from services.months.time_keeping import Keeping, ManagerFinding
from services.months.totals import AuditTotals, Completeness, CorruptEntry, Sums, Totals, Transfer
from storage import Head

#: Patients whose frozen lines are held at a time.
_CHUNK = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """One or more months of a practice."""

    first: BillingMonth
    last: BillingMonth
    #: Aware instant (UTC).
    made_at: datetime
    #: The practice's own in the last month; a payer's rule wins, and each line names its rule set.
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
    #: Everybody's name by number.
    names: Mapping[int, str] = field(default_factory=dict, repr=False)
    #: How well the pace of each closed month was forecast, where that was asked for.
    pace: tuple[PaceRecord, ...] = ()
    #: The end of the audit chain as it was made; None before there is one.
    head: Head | None = None

    def ended(self) -> "MonthReport":
        """Itself: its lines are all there."""
        return self


def month_report(
    context: Context, first: BillingMonth, last: BillingMonth | None = None, *, pace: int = 0
) -> MonthReport:
    """Report the months from `first` to `last`, both included; with how well the pace of so many people was forecast.

    Months that are closed come as they were frozen; what was written since is in `addenda`. All others are
    judged by everything stored so far. A patient without entries in a month has no line in it.

    Raises:
        ValueError: when `last` is before `first`.
    """
    streamed = ReportStream(context, first, last, pace=pace)
    lines = tuple(_slimmed(streamed.lines))
    return replace(streamed.ended(), lines=lines)


def _slimmed(lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
    """Lines as tens of thousands may be kept: like findings once, and without the verdicts followed already."""
    known: dict[Finding, Finding] = {}
    for line in lines:
        findings = tuple(known.setdefault(finding, finding) for finding in line.result.findings)
        yield replace(line, result=replace(line.result, findings=findings, verdicts=()))


class ReportStream:
    """A month report whose lines are made as they are read, so that a file of any length can be written of them.

    To be read within the unit of work, once.
    """

    def __init__(
        self, context: Context, first: BillingMonth, last: BillingMonth | None = None, *, pace: int = 0
    ) -> None:
        """As `month_report`, which raises the same."""
        last = last or first
        if last < first:
            raise ValueError(f"{last} is before {first}. Write the earlier month first.")
        self._context = context
        self.first, self.last = first, last
        self.made_at = context.now
        self.head = noted_head(context)
        self.time_rule = context.rules_of(last).time_rule
        span = last.months_since(first) + 1
        self.months = tuple(month_state(context, first.plus(step)) for step in range(span))
        #: By MRN, and of each patient the newest month first; what is read is gone.
        self.lines: Iterator[ReportLine] = self._made()
        self._closed = {state.month: state for state in self.months if state.status is MonthStatus.CLOSED}
        self._book = RuleBook(context)
        self._prices = Prices(context)
        self._filing = Filing(context, self._book)
        self._audit, self._sums, self._keeping = AuditTotals(), Sums(self._book.name_of), Keeping()
        self._reached = Reached(self._closed, pace) if pace else None
        self._end: MonthReport | None = None
        self._frozen: dict[BillingMonth, dict[int, Held]] = {month: {} for month in self._closed}

    def ended(self) -> MonthReport:
        """Everything but the lines, once they all were read."""
        if self._end is None:
            self._end = self._ended()
        return self._end

    def _ended(self) -> MonthReport:
        self._name_damaged()
        context = self._context
        members = {member.member_id: member for member in context.uow.members.all()}
        return MonthReport(
            first=self.first,
            last=self.last,
            made_at=self.made_at,
            time_rule=self.time_rule,
            months=self.months,
            lines=(),
            completeness=self._audit.completeness(),
            totals=self._sums.totals(),
            transfers=self._audit.transfers(members),
            manager_findings=self._keeping.findings(members, context.rules_of(self.last)),
            addenda=tuple(
                addendum
                for month, frozen in self._frozen.items()
                for addendum in addenda_of(
                    context, month, frozen, context.uow.ledger.month(month.first_day, month.last_day)
                )
            ),
            names={member_id: member.display_name for member_id, member in members.items()},
            pace=self._reached.records(context, self._book) if self._reached is not None else (),
            head=self.head,
        )

    def _made(self) -> Iterator[ReportLine]:
        closes = self._context.uow.closes
        live = [state.month for state in self.months if state.month not in self._closed]
        frozen = {
            patient_id
            for month, state in self._closed.items()
            for patient_id in closes.patients(month, state.revision)
        }
        groups = groups_of(self._context, EVERYBODY, live, self._book, words=True, beside=frozen)
        while chunk := list(islice(groups, _CHUNK)):
            ids = [patient.patient_id for patient, _ in chunk]
            lines = {
                month: closes.lines_of(month, state.revision, ids) for month, state in self._closed.items()
            }
            for patient, gathered in chunk:
                yield from self._of_patient(patient, gathered, lines)

    def _of_patient(
        self,
        patient: Patient,
        gathered: Sequence[GatheredMonth],
        frozen: Mapping[BillingMonth, Mapping[int, FrozenLine]],
    ) -> Iterator[ReportLine]:
        """One patient's lines, the newest month first."""
        judged = {one.facts.month: JudgedMonth.of(one) for one in gathered}
        for month, lines in frozen.items():
            line = lines.get(patient.patient_id)
            if line is not None:
                judged[month] = JudgedMonth(
                    patient=patient, facts=line.facts, rules=line.rules, result=line.result
                )
                self._frozen[month] |= held(line.facts.entries)
        for month in sorted(judged, reverse=True):
            state = self._closed.get(month)
            yield self._line(judged[month], state.revision if state is not None else None)

    def _line(self, judged: JudgedMonth, revision: int | None) -> ReportLine:
        schedule = self._prices.schedule(self._book.terms(judged.judging.payer, judged.result.claim_day))
        line = report_line(judged, schedule, revision, self._filing.finding(judged))
        self._audit.follow(line, judged.facts)
        self._sums.add(line)
        self._keeping.add(line)
        if self._reached is not None:
            self._reached.follow(judged)
        return line

    def _name_damaged(self) -> None:
        """Count and name entries that cannot be read, so that no report is short of them in silence."""
        # Of a closed month, what was frozen was read, and not what stands now.
        readable = None if self._closed else self._audit.entries_read
        damaged = self._context.uow.ledger.damaged(self.first.first_day, self.last.last_day, readable)
        patients = self._context.uow.patients.many({entry.patient_id for entry in damaged})
        frozen = {entry_id for held_then in self._frozen.values() for entry_id in held_then}
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
                is_new=entry.entry_id not in frozen,
            )
