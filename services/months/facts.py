"""Everything stored about one patient's month, put before the pure rules.

A receipt waits for this, so what cannot matter to the month is not read. `services.months.book` gathers the
same for all patients at once.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.clinical import Admission, Attestation, CaseReview, OtherService, Score, Statement
from billing.closing import MonthStatus, month_status
from billing.entries import TimeEntry
from billing.episodes import Episode, Program
from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.overlaps import Overlap, clock, find_overlaps
from billing.people import Patient
from billing.rules import RuleSet
from services.context import Context
from services.months.earlier import looks_back_to, with_initial_months
from services.months.rule_book import RuleBook

#: Reviews of so many months before are gathered too, so that the last one can be shown.
REVIEWS_SINCE_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedMonth:
    """A patient's month with what it was judged by."""

    facts: MonthFacts
    rules: RuleSet
    result: MonthResult


def evaluate_patient_month(context: Context, patient: Patient, month: BillingMonth) -> MonthResult:
    """Weigh one patient's month by everything stored so far."""
    return weigh(context, patient, month).result


def weigh(context: Context, patient: Patient, month: BillingMonth) -> WeighedMonth:
    """Weigh one patient's month, and say by what."""
    book = RuleBook(context)
    episodes = context.uow.episodes.of_patient(patient.patient_id)
    rules = book.rules(month, episodes)
    begin = looks_back_to(month, episodes, rules)
    known = context.uow.ledger.patient_month(patient.patient_id, begin.first_day, month.last_day)
    entries = known if begin == month else tuple(entry for entry in known if entry.service_date in month)
    gathering = _Gathering(
        context=context, patient=patient, month=month, episodes=episodes, rules=rules, entries=entries
    )
    facts = gathering.facts()
    if begin != month:
        facts = with_initial_months(facts, known, book)
    return WeighedMonth(facts=facts, rules=rules, result=evaluate_month(facts, rules))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathering:
    """One patient's month while its facts are gathered; each question goes to the database only where it matters."""

    context: Context
    patient: Patient
    month: BillingMonth
    episodes: tuple[Episode, ...]
    rules: RuleSet
    entries: tuple[TimeEntry, ...]

    @property
    def begun(self) -> tuple[Episode, ...]:
        """Episodes begun by the month's end."""
        return tuple(episode for episode in self.episodes if episode.starts_on <= self.month.last_day)

    @property
    def cocm(self) -> tuple[Episode, ...]:
        """Those of them that bill CoCM codes."""
        return tuple(episode for episode in self.begun if episode.program is Program.COCM)

    def facts(self) -> MonthFacts:
        """All that is known."""
        return MonthFacts(
            patient_id=self.patient.patient_id,
            month=self.month,
            entries=tuple(self.entries),
            episodes=tuple(self.episodes),
            reviews=self._reviews(),
            scores=self._scores(),
            statements=self._statements(),
            admissions=self._admissions(),
            attestations=self._attestations(),
            other_services=self._other_services(),
            referring_npi=self.patient.referring_npi,
            problems_recorded=bool(self.patient.problems),
            active_months=self._active_months(),
            overlaps=overlaps_of(self.context, self.entries),
            closed_at=closed_at(self.context, self.month),
        )

    def _reviews(self) -> tuple[CaseReview, ...]:
        if not self.cocm:
            return ()
        since = self.month.plus(-REVIEWS_SINCE_MONTHS).first_day
        return self.context.uow.reviews.of_patients(
            (self.patient.patient_id,), since, self.month.last_day
        ).get(self.patient.patient_id, ())

    def _scores(self) -> tuple[Score, ...]:
        """Looked for in the month that may bill 99492, since no other asks for them."""
        opens = any(
            episode.initial_assessment_on is not None and episode.initial_assessment_on in self.month
            for episode in self.cocm
        )
        if not opens and not self.rules.looks_back:
            return ()
        since = min((episode.starts_on for episode in self.cocm), default=date.max)
        return self.context.uow.scores.of_patients(
            (self.patient.patient_id,), since, self.month.last_day
        ).get(self.patient.patient_id, ())

    def _statements(self) -> tuple[Statement, ...]:
        wanted = any(episode.outside_therapist for episode in self.begun)
        wanted = wanted or self.rules.prior_auth_after_months is not None
        since = self.month.plus(-self.rules.practice.necessity_after_months)
        wanted = wanted or any(episode.starts_on <= since.last_day for episode in self.cocm)
        if not wanted:
            return ()
        return self.context.uow.statements.of_patients(
            (self.patient.patient_id,), since.first_day, self.month.last_day
        ).get(self.patient.patient_id, ())

    def _admissions(self) -> tuple[Admission, ...]:
        if not self.entries or self.rules.practice.inpatient_counts:
            return ()
        first, last = self.month.first_day, self.month.last_day
        return self.context.uow.admissions.of_patients((self.patient.patient_id,), first, last).get(
            self.patient.patient_id, ()
        )

    def _attestations(self) -> tuple[Attestation, ...]:
        """Looked for once a code can be reached at all: what earns nothing needs nobody's word."""
        least = min(
            rule.minimum_seconds for rule in (self.rules.initial, self.rules.subsequent, self.rules.half_hour)
        )
        if sum(max(entry.seconds, 0) for entry in self.entries) < least:
            return ()
        return self.context.uow.attestations.of_patients((self.patient.patient_id,), self.month).get(
            self.patient.patient_id, ()
        )

    def _other_services(self) -> tuple[OtherService, ...]:
        if not self.begun:
            return ()
        first, last = self.month.first_day, self.month.last_day
        return self.context.uow.other_services.of_patients((self.patient.patient_id,), first, last).get(
            self.patient.patient_id, ()
        )

    def _active_months(self) -> tuple[BillingMonth, ...]:
        if not gap_matters(self.month, self.episodes, self.rules.practice.episode_gap_months):
            return ()
        return self.context.uow.ledger.active_months((self.patient.patient_id,), self.month.last_day).get(
            self.patient.patient_id, ()
        )


def gap_matters(month: BillingMonth, episodes: Sequence[Episode], gap_months: int) -> bool:
    """Whether a gap in care can matter to a month: between episodes, or late in a long one."""
    if len(episodes) > 1:
        return True
    return any(month.months_since(BillingMonth.of(episode.starts_on)) > gap_months for episode in episodes)


def closed_at(context: Context, month: BillingMonth) -> datetime | None:
    """When a month was closed; None while it is open, a draft, or opened again."""
    if context.today <= month.last_day:
        return None
    closes = context.uow.closes.of(month)
    status = month_status(
        month, context.today, closes, context.uow.closes.reopenings(month) if closes else ()
    )
    return max(close.closed_at for close in closes) if status is MonthStatus.CLOSED else None


def overlaps_of(context: Context, entries: Sequence[TimeEntry]) -> tuple[Overlap, ...]:
    """Clock time of one patient's entries that belongs to another patient's; asked for each person and day."""
    spans: dict[tuple[int, date], list[tuple[datetime, datetime]]] = defaultdict(list)
    for entry in entries:
        span = clock(entry)
        if span is not None:
            spans[entry.performed_by, entry.service_date].append(span)
    if not spans:
        return ()
    known = {entry.entry_id: entry for entry in entries}
    for (member_id, _), own in spans.items():
        begin, end = min(start for start, _ in own), max(end for _, end in own)
        known |= {entry.entry_id: entry for entry in context.uow.ledger.overlapping(member_id, begin, end)}
    mine = {entry.entry_id for entry in entries}
    return tuple(overlap for overlap in find_overlaps(known.values()) if overlap.entry_id in mine)
