"""Adds up a practice's months in one pass over their lines, for those who look over all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from billing.durations import MINUTE
from billing.evaluate import LineStatus
from billing.findings.consultant_decisive import held_units
from billing.findings.registry import row_of
from billing.findings.row import Row
from billing.months import BillingMonth
from services.context import Context
from services.months.lines import ReportLine
from services.months.report import ReportStream
from services.months.rule_book import RuleBook
from services.months.state import MonthState
from services.months.totals import Sums, Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """Lines whose minutes earn a code, or units of one, that one kind of finding keeps from being billed."""

    row: Row
    lines: int


@dataclass(slots=True)
class ManagerMonth:
    """The lines of one care manager's patients."""

    #: With time in the month.
    patients: set[int] = field(default_factory=set)
    #: By what their minutes earn, and of these those that something blocks.
    reached: int = 0
    blocked: int = 0
    #: Within the practice's nearness of the next code.
    near: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """One month of a practice, added up."""

    state: MonthState
    totals: Totals
    #: The kind that holds most lines first.
    blocked: tuple[Blocked, ...]
    #: Lines whose last day for filing with their payer is near or over.
    to_file: int
    #: By care manager; None for lines without one.
    managers: Mapping[int | None, ManagerMonth]

    @property
    def month(self) -> BillingMonth:
        """The month added up."""
        return self.state.month


def figures_of(context: Context, first: BillingMonth, last: BillingMonth) -> tuple[MonthFigures, ...]:
    """Add up the months from `first` to `last`, both included, the first first."""
    stream = ReportStream(context, first, last)
    book = RuleBook(context)
    sums = {state.month: _Sums(context, book) for state in stream.months}
    for line in stream.lines:
        sums[line.month].add(line)
    return tuple(sums[state.month].figures(state) for state in stream.months)


class _Sums:
    """One month's lines as they come, so that none has to be kept."""

    def __init__(self, context: Context, book: RuleBook) -> None:
        self._sums = Sums(book.name_of)
        self._blocked: Counter[Row] = Counter()
        self._to_file = 0
        self._managers: dict[int | None, ManagerMonth] = defaultdict(ManagerMonth)
        self._near = context.settings.near_minutes * MINUTE

    def add(self, line: ReportLine) -> None:
        """Take in a line."""
        self._sums.add(line)
        self._to_file += line.filing is not None
        result = line.result
        holding = result.blockers if result.status is LineStatus.BLOCKED else ()
        if result.held:
            holding = tuple(one for one in result.findings if held_units(one))
        self._blocked.update(map(row_of, holding))
        own = self._managers[line.claim.care_manager]
        own.patients.add(line.patient.patient_id)
        own.reached += bool(result.earned)
        own.blocked += result.status is LineStatus.BLOCKED
        threshold = result.threshold
        own.near += threshold.next_code is not None and threshold.remaining_seconds <= self._near

    def figures(self, state: MonthState) -> MonthFigures:
        """What the lines so far come to."""
        kinds = sorted(self._blocked.items(), key=lambda kind: (-kind[1], kind[0].code))
        return MonthFigures(
            state=state,
            totals=self._sums.totals(),
            blocked=tuple(Blocked(row=row, lines=lines) for row, lines in kinds),
            to_file=self._to_file,
            managers=self._managers,
        )
