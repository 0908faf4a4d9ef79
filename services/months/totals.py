"""Adds up a report's lines, and proves that they hold everything that was read."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from billing.counting import Exclusion
from billing.evaluate import LineStatus
from billing.facts import MonthFacts
from billing.findings.finding import Finding, Severity
from billing.findings.registry import open_to_all, row_of
from billing.money import RateGap, joined_gaps, spoken_gaps
from billing.months import BillingMonth
from billing.payer_names import payer_key
from billing.people import Member, Patient, Role
from billing.shares import time_shares
from services.months.lines import ReportLine
from services.months.unpriced import NOTHING_UNPRICED, Unpriced, together


@dataclass(frozen=True, slots=True, kw_only=True)
class CorruptEntry:
    """A damaged entry: counted nowhere, and named."""

    entry_id: int
    patient: Patient | None = field(repr=False)
    month: BillingMonth | None
    #: What is wrong with it, without words of its note.
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """What was read, and what became of it: read is counted and all of excluded together, in both units."""

    #: Patients with a line.
    patients: int
    entries_read: int
    #: Entries of which at least some time counts.
    entries_counted: int
    #: Entries of which none does, by reason.
    entries_excluded: Mapping[str, int]
    seconds_read: int
    seconds_counted: int
    seconds_excluded: Mapping[str, int]
    #: Damaged entries, each also among the excluded.
    corrupt: tuple[CorruptEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PayerTotals:
    """One payer's lines."""

    #: Empty for lines without one.
    payer: str
    lines: int
    billable_lines: int
    #: Billable units by code.
    units: Mapping[str, int]
    #: Of the units that have a rate.
    estimated_usd: Decimal
    unpriced: Unpriced = NOTHING_UNPRICED

    @property
    def estimated(self) -> str:
        """`estimated $206.42`, or what it lacks."""
        return self.unpriced.estimated(self.estimated_usd, self.billable_lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingTotals:
    """How many lines have a finding."""

    code: str
    severity: Severity
    rule: str
    lines: int
    supervisors_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over all lines. Dollars and billable units are of lines that can be claimed."""

    patients: int
    lines: int
    by_status: Mapping[LineStatus, int]
    counted_seconds: int
    #: Units by code: as earned by minutes, and as billable.
    earned: Mapping[str, int]
    billable: Mapping[str, int]
    #: Units earned by billable lines, and not billed until somebody vouches for their time.
    held: Mapping[str, int]
    #: Of the units that have a rate.
    estimated_usd: Decimal
    #: Billable codes that had no rate on some date of service: the amount lacks them.
    without_rate: tuple[str, ...]
    #: How many lines and units those are, and why.
    unpriced: Unpriced = NOTHING_UNPRICED
    late_entries: int
    #: By payer's name.
    payers: tuple[PayerTotals, ...]
    #: The most frequent first.
    findings: tuple[FindingTotals, ...]

    @property
    def estimated(self) -> str:
        """`estimated $206.42`, or what it lacks."""
        return self.unpriced.estimated(self.estimated_usd, self.by_status[LineStatus.BILLABLE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One person's counted time in one role, and its estimated share of what is billable."""

    member: Member
    role: Role
    seconds: int
    #: Of the units that have a rate.
    estimated_usd: Decimal
    #: `no Medicare rate for 2027 on file`: what the amount lacks; empty where it lacks nothing.
    estimate_lacks: str = ""


class Sums:
    """Adds up lines as they come, so that none has to be kept."""

    def __init__(self, name_of: Callable[[str], str]) -> None:
        """`name_of` gives a payer's usual name, by which totals have it once."""
        self._name_of = name_of
        #: The key in `_payers` of each name that lines have.
        self._keys: dict[str, str] = {}
        self._patients: set[int] = set()
        self._lines = 0
        self._by_status: Counter[LineStatus] = Counter()
        self._seconds = 0
        self._earned: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._without_rate: set[str] = set()
        self._late_entries = 0
        self._payers: dict[str, _PayerSums] = defaultdict(_PayerSums)
        self._findings: Counter[tuple[str, Severity]] = Counter()

    def add(self, line: ReportLine) -> None:
        """Take in a line."""
        result = line.result
        self._patients.add(line.patient.patient_id)
        self._lines += 1
        self._by_status[result.status] += 1
        self._seconds += result.counted_seconds
        self._without_rate.update(line.estimate.without_rate)
        self._late_entries += line.late_entries
        for charge in result.earned:
            self._earned[charge.code] += charge.units
        for charge in result.held:
            self._held[charge.code] += charge.units
        for finding in result.findings:
            self._findings[finding.code, finding.severity] += 1
        self._payers[self._payer(line.payer)].add(line)

    def _payer(self, written: str) -> str:
        """The name under which a payer stands in the totals; of one unknown the way it was first written."""
        if written not in self._keys:
            name = self._name_of(written)
            spelled = {payer_key(known): known for known in self._payers}
            self._keys[written] = spelled.get(payer_key(name), name)
        return self._keys[written]

    def totals(self) -> Totals:
        """What the lines so far come to."""
        payers = [self._payers[payer].totals(payer) for payer in sorted(self._payers)]
        billable: Counter[str] = Counter()
        for one in payers:
            billable.update(one.units)
        return Totals(
            patients=len(self._patients),
            lines=self._lines,
            by_status={status: self._by_status[status] for status in LineStatus},
            counted_seconds=self._seconds,
            earned=dict(sorted(self._earned.items())),
            billable=dict(sorted(billable.items())),
            held=dict(sorted(self._held.items())),
            estimated_usd=sum((one.estimated_usd for one in payers), _NO_DOLLARS),
            without_rate=tuple(sorted(self._without_rate)),
            unpriced=together(one.unpriced for one in payers),
            late_entries=self._late_entries,
            payers=tuple(payers),
            findings=self._finding_totals(),
        )

    def _finding_totals(self) -> tuple[FindingTotals, ...]:
        ordered = sorted(self._findings.items(), key=lambda item: (-item[1], item[0]))
        found = [(Finding(code=code, severity=severity), count) for (code, severity), count in ordered]
        return tuple(
            FindingTotals(
                code=finding.code,
                severity=finding.severity,
                rule=row_of(finding).rule,
                lines=count,
                supervisors_only=not open_to_all(finding),
            )
            for finding, count in found
        )


class _PayerSums:
    """One payer's lines."""

    def __init__(self) -> None:
        self._lines = self._billable_lines = 0
        self._units: Counter[str] = Counter()
        self._usd = _NO_DOLLARS
        self._unpriced = NOTHING_UNPRICED

    def add(self, line: ReportLine) -> None:
        self._lines += 1
        self._billable_lines += line.result.status is LineStatus.BILLABLE
        for charge in line.result.billable:
            self._units[charge.code] += charge.units
        self._usd += line.estimate.amount
        if line.estimate.unpriced:
            self._unpriced = together((self._unpriced, Unpriced.of(line.estimate, line.result.billable)))

    def totals(self, payer: str) -> PayerTotals:
        return PayerTotals(
            payer=payer,
            lines=self._lines,
            billable_lines=self._billable_lines,
            units=dict(sorted(self._units.items())),
            estimated_usd=self._usd,
            unpriced=self._unpriced,
        )


_NO_DOLLARS = Decimal("0.00")


class AuditTotals:
    """Follows every entry of a report, so that none is lost on the way."""

    def __init__(self) -> None:
        self._patients: set[int] = set()
        self._read = self._counted = 0
        self._excluded: Counter[str] = Counter()
        self._seconds_read = self._seconds_counted = 0
        self._seconds_excluded: Counter[str] = Counter()
        self._corrupt: list[CorruptEntry] = []
        #: Seconds and dollars by role and member.
        self._shares: dict[tuple[Role, int], tuple[int, Decimal]] = {}
        #: What those dollars lack.
        self._gaps: dict[tuple[Role, int], tuple[RateGap, ...]] = defaultdict(tuple)

    def follow(self, line: ReportLine, facts: MonthFacts) -> None:
        """Take in a line and the facts behind it."""
        self._patients.add(line.patient.patient_id)
        self._seconds_read += line.result.read_seconds
        self._seconds_counted += line.result.counted_seconds
        for reason, seconds in line.result.excluded:
            self._seconds_excluded[reason] += seconds
        for verdict in line.result.verdicts:
            self._read += 1
            if verdict.counted or not verdict.excluded:
                self._counted += 1
                continue
            reason = verdict.excluded[0].reason
            self._excluded[reason] += 1
            if reason in _DAMAGED:
                self._corrupt.append(
                    CorruptEntry(
                        entry_id=verdict.entry_id,
                        patient=line.patient,
                        month=line.month,
                        message=reason.label,
                    )
                )
        for share in time_shares(facts, line.result, line.estimate.amount):
            key = share.role, share.member_id
            seconds, amount = self._shares.get(key, (0, _NO_DOLLARS))
            self._shares[key] = seconds + share.seconds, amount + share.amount
            if line.estimate.gaps and share.seconds:
                self._gaps[key] = joined_gaps((*self._gaps[key], *line.estimate.gaps))

    @property
    def entries_read(self) -> int:
        """How many entries the lines so far were made of."""
        return self._read

    def name_unreadable(self, entry: CorruptEntry, *, is_new: bool) -> None:
        """Take in an entry of which not even a line can be made; one not new was counted before."""
        if is_new:
            self._read += 1
            self._excluded[Exclusion.CORRUPT] += 1
        self._corrupt.append(entry)

    def completeness(self) -> Completeness:
        """What was read, and what became of it."""
        return Completeness(
            patients=len(self._patients),
            entries_read=self._read,
            entries_counted=self._counted,
            entries_excluded=_by_reason(self._excluded),
            seconds_read=self._seconds_read,
            seconds_counted=self._seconds_counted,
            seconds_excluded=_by_reason(self._seconds_excluded),
            corrupt=tuple(self._corrupt),
        )

    def transfers(self, members: Mapping[int, Member]) -> tuple[Transfer, ...]:
        """Each person's time and share, by role, department and name."""
        found = [
            Transfer(
                member=members[member_id],
                role=role,
                seconds=seconds,
                estimated_usd=amount,
                estimate_lacks=spoken_gaps(self._gaps[role, member_id]),
            )
            for (role, member_id), (seconds, amount) in self._shares.items()
        ]
        return tuple(
            sorted(found, key=lambda one: (one.role, one.member.department, one.member.display_name))
        )


_DAMAGED = frozenset({Exclusion.CORRUPT, Exclusion.OTHER_MONTH})


def _by_reason(found: Counter[str]) -> dict[str, int]:
    return {reason: found[reason] for reason in Exclusion if reason in found}
