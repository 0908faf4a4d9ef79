"""Makes a biller's worklist of a report: what is wrong with which line, who can fix it, and what it is worth."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from billing.charges import Charge
from billing.durations import minutes_of
from billing.evaluate import LineStatus
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of
from billing.findings.row import EXAMPLE_PATIENT
from billing.money import Estimate
from billing.months import BillingMonth
from billing.people import MemberRole, Patient
from billing.references import entry_reference
from services.exports.columns import Cell, CellForm, FileReaders, SheetColumn, spoken_charges
from services.exports.sheets import SheetLayout
from services.months.lines import ReportLine
from services.months.report import MonthReport
from services.months.unpriced import NOTHING_UNPRICED, Unpriced, together
from services.people.patients import shown_mrn
from services.people.rights import ROLE_NAMES

WORKLIST = SheetLayout(
    title="Worklist",
    columns=(
        SheetColumn(name="Who can fix it", width=25, form=CellForm.WRAPPED),
        SheetColumn(name="MRN", width=12),
        SheetColumn(name="First name", width=10),
        SheetColumn(name="Last name", width=14),
        SheetColumn(name="Month", width=9.5, form=CellForm.MONTH),
        SheetColumn(name="Blocks billing", width=13, form=CellForm.WRAPPED),
        SheetColumn(name="What is wrong", width=42, form=CellForm.WRAPPED),
        SheetColumn(name="What to do", width=50, form=CellForm.WRAPPED),
        SheetColumn(name="Minutes", width=10.5, form=CellForm.MINUTES),
        SheetColumn(name="Codes at stake", width=14, form=CellForm.WRAPPED),
        SheetColumn(name="Estimated USD at stake", width=13, form=CellForm.DOLLARS),
        SheetColumn(name="Entries", width=12),
        SheetColumn(name="Rule", width=8),
        SheetColumn(name="Finding", width=22, is_folded=True),
        SheetColumn(name="Payer", width=16, is_folded=True),
    ),
    pinned=2,
)


class Urgency(IntEnum):
    """What a finding does to its line's claim; in the order in which a biller works."""

    BLOCKS = 0
    #: A warning about codes that can be billed.
    WARNS = 1
    #: A blocker of a line whose minutes earn no code so far, or a warning about it.
    WOULD_BLOCK = 2
    WARNS_BELOW = 3
    #: Nobody has to do anything.
    INFORMS = 4


_WORDS = {
    Urgency.BLOCKS: "yes",
    Urgency.WARNS: "no, a warning",
    Urgency.WOULD_BLOCK: "once a code is earned",
    Urgency.WARNS_BELOW: "no, a warning",
    Urgency.INFORMS: "no, a note",
}
_NO_DOLLARS = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAtStake:
    """Of one line what its tasks have in common; holds no entries and no verdicts, for there are many."""

    patient: Patient
    month: BillingMonth
    seconds: int
    codes: tuple[Charge, ...]
    estimate: Estimate
    payer: str
    #: The number of the patient's care manager on the date of service.
    manager: int | None

    @property
    def spoken_codes(self) -> str:
        """The codes, and those that the amount leaves out: `99493 99494 (no rate: 99494)`."""
        lacking = self.estimate.without_rate
        partly = lacking and len(lacking) < len(self.codes)
        return spoken_charges(self.codes) + (f" (no rate: {' '.join(lacking)})" if partly else "")

    @property
    def usd(self) -> Decimal | str | None:
        """What the codes may pay; what is not on file where none has a rate; None where nothing is at stake."""
        if not self.codes:
            return None
        return self.estimate.amount or Unpriced.of(self.estimate, self.codes).words or self.estimate.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One finding of one line as something to do."""

    line: LineAtStake
    finding: Finding
    urgency: Urgency
    #: The first of those who can fix it; None where there is nothing to fix.
    fixer: MemberRole | None

    @property
    def whose(self) -> tuple[MemberRole | None, int | None]:
        """Who is asked: a care manager by number, everybody else by role."""
        return self.fixer, self.line.manager if self.fixer is MemberRole.CARE_MANAGER else None


class BlockedTotals:
    """Adds up lines that earn codes and are blocked, each once however much is wrong with it."""

    def __init__(self) -> None:
        self.lines = self.seconds = 0
        self._usd = _NO_DOLLARS
        #: What the amount leaves out.
        self.lacks = NOTHING_UNPRICED
        self._units: Counter[str] = Counter()

    def add(self, line: LineAtStake) -> None:
        """Take in a line."""
        self.lines += 1
        self.seconds += line.seconds
        self._usd += line.estimate.amount
        for charge in line.codes:
            self._units[charge.code] += charge.units
        if line.estimate.unpriced:
            self.lacks = together((self.lacks, Unpriced.of(line.estimate, line.codes)))

    @property
    def codes(self) -> tuple[Charge, ...]:
        """What they would bill."""
        return tuple(Charge(code=code, units=units) for code, units in sorted(self._units.items()))

    @property
    def usd(self) -> Decimal | str:
        """What they may come to; what is not on file where nothing has a rate."""
        return self._usd or self.lacks.words or self._usd


class Worklist:
    """Takes in a report's lines as they come, and puts what is to be done about them in order."""

    def __init__(self, audience: FileReaders) -> None:
        self._audience = audience
        self._tasks: list[Task] = []
        self.blocked = BlockedTotals()

    def add(self, line: ReportLine) -> None:
        """Take in a line."""
        findings = self._audience.findings(line)
        if not findings:
            return
        kept = LineAtStake(
            patient=line.patient,
            month=line.month,
            seconds=line.result.counted_seconds,
            codes=line.result.earned,
            estimate=line.at_stake,
            payer=line.payer,
            manager=line.claim.care_manager,
        )
        if line.result.status is LineStatus.BLOCKED:
            self.blocked.add(kept)
        for finding in findings:
            fixed_by = row_of(finding).fixed_by
            self._tasks.append(
                Task(
                    line=kept,
                    finding=finding,
                    urgency=_urgency(finding, kept),
                    fixer=fixed_by[0] if fixed_by else None,
                )
            )

    def totals(self) -> Iterator[Sequence[Cell]]:
        """What all blocked lines come to; a line with two blockers counts once, as no sum of the column does."""
        blocked = self.blocked
        count = f"{blocked.lines:,} blocked line{'s' * (blocked.lines != 1)}"
        said: dict[str, Cell] = {
            "What to do": f"Total of {count}, each counted once",
            "Minutes": minutes_of(blocked.seconds),
            "Codes at stake": spoken_charges(blocked.codes),
            "Estimated USD at stake": blocked.usd,
        }
        yield tuple(said.get(column.name) for column in WORKLIST.columns)
        if blocked.lacks.lines:
            lacks = f"The estimate leaves out {blocked.lacks.extent}: {blocked.lacks.words}."
            yield tuple(lacks if column.name == "What to do" else None for column in WORKLIST.columns)

    def rows(self, report: MonthReport) -> Iterator[Sequence[Cell]]:
        """What blocks billing first, then each person's together, those first with whom the most dollars lie."""
        managers = self._of_managers(report)
        for task in self._ordered(report):
            if task.urgency > Urgency.WARNS and managers:
                yield from managers
                managers = []
            yield self._row(task, report)
        yield from managers

    def _ordered(self, report: MonthReport) -> list[Task]:
        usd: dict[tuple[object, ...], dict[int, Decimal]] = defaultdict(dict)
        for task in self._tasks:
            usd[task.urgency, *task.whose][id(task.line)] = task.line.estimate.amount
        most = {group: sum(amounts.values(), _NO_DOLLARS) for group, amounts in usd.items()}

        def place(task: Task) -> tuple[object, ...]:
            line = task.line
            return (
                task.urgency,
                -most[task.urgency, *task.whose],
                _who(task, report),
                -line.estimate.amount,
                line.patient.mrn,
                line.month,
                row_of(task.finding).place,
            )

        return sorted(self._tasks, key=place)

    def _row(self, task: Task, report: MonthReport) -> Sequence[Cell]:
        line, finding, row = task.line, task.finding, row_of(task.finding)
        names = self._audience.names
        return (
            _who(task, report),
            line.patient.mrn,
            line.patient.first_name if names else "",
            line.patient.last_name if names else "",
            line.month.first_day,
            _WORDS[task.urgency],
            row.message(finding),
            # Without the marks that only Slack understands.
            row.to_do_for(shown_mrn(line.patient.mrn), line.month).replace("`", ""),
            minutes_of(line.seconds),
            line.spoken_codes,
            line.usd,
            " ".join(entry_reference(entry_id) for entry_id in finding.entries),
            row.rule,
            finding.code,
            line.payer,
        )

    def _of_managers(self, report: MonthReport) -> list[Sequence[Cell]]:
        """What supervisors are told of care managers' time."""
        return [
            (
                *("Supervisor", "", "", "", report.first.first_day, _WORDS[Urgency.WARNS]),
                f"{one.member.display_name}: {row_of(one.finding).message(one.finding)}",
                row_of(one.finding).to_do_for(EXAMPLE_PATIENT, report.first).replace("`", ""),
                *(None, "", None, "", row_of(one.finding).rule, one.finding.code, ""),
            )
            for one in self._audience.manager_findings(report)
        ]


def _urgency(finding: Finding, line: LineAtStake) -> Urgency:
    if not row_of(finding).fixed_by:
        return Urgency.INFORMS
    if finding.severity is Severity.BLOCKER:
        return Urgency.BLOCKS if line.codes else Urgency.WOULD_BLOCK
    if finding.severity is Severity.NOTE:
        return Urgency.INFORMS
    return Urgency.WARNS if line.codes else Urgency.WARNS_BELOW


def _who(task: Task, report: MonthReport) -> str:
    """`Care manager Ana Flores`."""
    if task.fixer is None:
        return "Nothing to fix"
    role = ROLE_NAMES[task.fixer].capitalize()
    if task.fixer is not MemberRole.CARE_MANAGER:
        return role
    manager = task.line.manager
    return f"{role} (none on file)" if manager is None else f"{role} {report.names[manager]}"
