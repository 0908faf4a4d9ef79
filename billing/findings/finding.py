"""The value of a finding, and the view of a month that the finding functions take."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntFlag, StrEnum

from billing.calendar import is_late
from billing.candidates import Candidate, SplitCoverage
from billing.charges import Charge
from billing.claim_days import ClaimDay, claim_on
from billing.clinical import AttestationKind, OtherService, StatementKind
from billing.counting import EntryVerdict, Exclusion, Tally
from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.facts import MonthFacts
from billing.late_records import LateRecord, late_records
from billing.month_kinds import MonthKind, MonthPlace
from billing.months import BillingMonth
from billing.portions import WHOLE, Portion
from billing.rules import PracticeRules, RuleSet
from billing.thresholds import Threshold


class Severity(StrEnum):
    """Whether a finding stops a line, wants a look, or only explains."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a biller should know about a month. What it means, and its words, are its code's registry row."""

    #: Stable word, `consent_missing`.
    code: str
    severity: Severity
    #: Ids of the entries concerned.
    entries: tuple[int, ...] = ()
    #: What fills in the row's sentence: name and value, as text, by name. Names no patient and no words of a note.
    parameters: tuple[tuple[str, str], ...] = ()


class Has(IntFlag):
    """What a month has that some rules look at, and without which they find nothing."""

    NOTHING = 0
    #: Time that does not count.
    EXCLUDED = 1
    #: Codes earned by minutes.
    EARNED = 2
    #: A reason why it is no first month.
    WHY_SUBSEQUENT = 4
    #: Services billed beside it.
    SERVICES = 8
    #: Words that stand in many patients' records.
    REPEATED_WORDS = 16
    #: A close.
    CLOSED = 32
    #: Reviews, consents, scores or assessments that were written down late.
    LATE_RECORDS = 64


@dataclass(frozen=True, kw_only=True)
class MonthCase:
    """A month with its time counted and weighed, before anybody has looked for findings."""

    facts: MonthFacts
    rules: RuleSet
    place: MonthPlace
    tally: Tally
    threshold: Threshold
    #: Codes as earned by minutes; none in a month of a kind that bills nothing.
    earned: tuple[Charge, ...]
    #: The line's date of service; the month's last day where nothing is earned. What a claim is made of holds on it.
    claim_day: date
    #: The days whose time the line may count, where the month could be claimed in more ways.
    portion: Portion = WHOLE
    #: What the time of the other program comes to, in a month in both; it bills nothing beside this line.
    other_program: Candidate | None = None
    #: Why a biller has to say whose the line is, where payers share the month.
    split: SplitCoverage | None = None
    #: The month's kind, and the episode that governs it.
    kind: MonthKind = field(init=False)
    episode: Episode | None = field(init=False)
    #: Whether the month bills, or could come to bill, CoCM codes.
    is_cocm: bool = field(init=False)
    #: Entries written later than the practice's business days after their date of service.
    late_entries: tuple[TimeEntry, ...] = field(init=False)
    #: What the claim is made of on its day.
    claim: ClaimDay = field(init=False)
    #: Reviews, consents, scores and assessments that the month rests on, written as late.
    late_records: tuple[LateRecord, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Forty rules ask for them.
        place = self.place
        late = _late(self.facts.entries, self.rules.practice)
        vars(self).update(
            kind=place.kind,
            episode=place.episode,
            is_cocm=place.kind in _COCM,
            late_entries=late,
            claim=claim_on(self.facts, self.claim_day),
            late_records=late_records(self.facts, place, self.rules),
        )

    @property
    def has(self) -> int:
        """What there is of `Has`."""
        facts = self.facts
        there = 1 if self.tally.excluded else 0
        if self.earned:
            there |= 2
        if self.place.why_subsequent is not None:
            there |= 4
        if facts.other_services:
            there |= 8
        if facts.repeated_words:
            there |= 16
        if self.late_records:
            there |= 64
        return there if facts.closed_at is None else there | 32

    @property
    def month_number(self) -> int:
        """1 for the calendar month in which the episode's first assessment (or the episode) lies."""
        if self.place.episode is None:
            return 0
        opened = self.place.episode.initial_assessment_on or self.place.episode.starts_on
        return self.facts.month.months_since(BillingMonth.of(opened)) + 1

    def entries_with_verdicts(self) -> Iterator[tuple[TimeEntry, EntryVerdict]]:
        """Each entry with what became of its seconds."""
        return zip(self.facts.entries, self.tally.verdicts, strict=True)

    def entries_excluded(self, *reasons: Exclusion) -> tuple[int, ...]:
        """Ids of the entries that lost time for one of the reasons."""
        if not any(reason in reasons for reason, _ in self.tally.excluded):
            return ()
        return tuple(
            verdict.entry_id
            for verdict in self.tally.verdicts
            if any(part.reason in reasons for part in verdict.excluded)
        )

    def services(self) -> Iterator[OtherService]:
        """Services billed beside Collaborative Care in the month."""
        return (service for service in self.facts.other_services if service.service_on in self.facts.month)

    def has_statement(self, kind: StatementKind) -> bool:
        """Whether a statement holds on some day of the month."""
        first, last = self.facts.month.first_day, self.facts.month.last_day
        return any(
            statement.kind is kind
            and statement.made_on <= last
            and (statement.valid_until is None or first <= statement.valid_until)
            for statement in self.facts.statements
        )

    def attested(self, kind: AttestationKind) -> bool:
        """Whether somebody has vouched for that kind of time in this month."""
        attestations = self.facts.attestations
        return bool(attestations) and any(attestation.kind is kind for attestation in attestations)


def _late(entries: Sequence[TimeEntry], practice: PracticeRules) -> tuple[TimeEntry, ...]:
    days_off, days = practice.days_off, practice.late_after_business_days
    # Most are written on the day itself, which needs no calendar.
    later = [
        (entry, keyed_on)
        for entry in entries
        if (keyed_on := entry.recorded_on or entry.recorded_at.date()) > entry.service_date
    ]
    return tuple(
        [entry for entry, keyed_on in later if is_late(entry.service_date, keyed_on, days_off, days)]
    )


_COCM = frozenset(
    {MonthKind.INITIAL, MonthKind.SUBSEQUENT, MonthKind.BEFORE_ASSESSMENT, MonthKind.UNASSESSED}
)

#: A rule: looks at a month and says what it finds, or nothing.
Rule = Callable[[MonthCase], Finding | None]
