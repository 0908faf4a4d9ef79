"""Every patient's month at once: entries in one stream, patient by patient, and in bulk what matters to each.

It gathers what `services.months.facts` gathers for one, without a question to the database for each patient.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from billing.clinical import Admission, Attestation, CaseReview, OtherService, Score, Statement
from billing.entries import TimeEntry
from billing.episodes import Episode
from billing.evaluate import evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.overlaps import Overlap, find_overlaps
from billing.people import Patient
from billing.repetition import PLAIN_NOTE
from billing.rules import RuleSet
from services.context import Context
from services.months.earlier import looks_back_to, with_initial_months
from services.months.facts import REVIEWS_SINCE_MONTHS, WeighedMonth, gap_matters, overlaps_of
from services.months.rule_book import RuleBook
from storage import note_digest

#: Patients whose facts are held at a time.
_CHUNK = 500

#: Fingerprints of words that nobody typed: a review without a recommendation is not a cloned record.
_OUR_OWN_WORDS = frozenset({note_digest(PLAIN_NOTE)})

#: A patient's number, and their entries by month.
Group = tuple[int, dict[BillingMonth, list[TimeEntry]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheredMonth:
    """One patient's month, before it is weighed."""

    patient: Patient = field(repr=False)
    facts: MonthFacts
    rules: RuleSet

    def weighed(self) -> WeighedMonth:
        """The month with its result."""
        return WeighedMonth(facts=self.facts, rules=self.rules, result=evaluate_month(self.facts, self.rules))


class MonthBook:
    """The months of a practice from `first` to `last`, all patients of them who have entries."""

    def __init__(self, context: Context, first: BillingMonth, last: BillingMonth) -> None:
        self._context = context
        self._first = first
        self._last = last
        self.rules = RuleBook(context)
        self._overlaps: dict[int, list[Overlap]] = {}
        self._repeated: dict[BillingMonth, frozenset[str]] = {}

    def read(self, months: Collection[BillingMonth]) -> Iterator[GatheredMonth]:
        """Each patient's months of those asked for, the oldest first; to be read before the unit of work ends."""
        if not months:
            return
        self._look_across(months)
        groups = self._groups(months)
        while chunk := list(islice(groups, _CHUNK)):
            yield from self._chunk(chunk)

    def of_patients(self, month: BillingMonth, ids: Collection[int]) -> Iterator[GatheredMonth]:
        """A month of some patients, also of those without entries in it, by patient number.

        What is read is in proportion to these patients, not to the practice; so the same words again, which only
        all patients together show, are not looked for.
        """
        self._repeated.setdefault(month, frozenset())
        groups = ((patient_id, {month: self._own(patient_id, month)}) for patient_id in sorted(set(ids)))
        while chunk := list(islice(groups, _CHUNK)):
            yield from self._chunk(chunk)

    def _own(self, patient_id: int, month: BillingMonth) -> list[TimeEntry]:
        entries = self._context.uow.ledger.patient_month(patient_id, month.first_day, month.last_day)
        for overlap in overlaps_of(self._context, entries):
            self._overlaps.setdefault(overlap.entry_id, []).append(overlap)
        return list(entries)

    def entries(self, month: BillingMonth) -> Iterator[TimeEntry]:
        """Every entry of a month that can be read, patient by patient."""
        return self._context.uow.ledger.month(month.first_day, month.last_day)

    def _groups(self, months: Collection[BillingMonth]) -> Iterator[Group]:
        """Patients with their entries by month; those without any in the months asked for are left out."""
        named: dict[date, BillingMonth] = {}
        stream = self._context.uow.ledger.month_by_patient(self._first.first_day, self._last.last_day)
        for patient_id, entries in stream:
            by_month: dict[BillingMonth, list[TimeEntry]] = {}
            for entry in entries:
                day = entry.service_date
                month = named.get(day) or named.setdefault(day, BillingMonth.of(day))
                by_month.setdefault(month, []).append(entry)
            kept = {month: by_month[month] for month in sorted(by_month) if month in months}
            if kept:
                yield patient_id, kept

    def _look_across(self, months: Collection[BillingMonth]) -> None:
        """See what only all patients together show: one person's clock, and the same words again."""
        ledger = self._context.uow.ledger
        for overlap in find_overlaps(ledger.clocked(self._first.first_day, self._last.last_day)):
            self._overlaps.setdefault(overlap.entry_id, []).append(overlap)
        patients = self._context.settings.rules.repeated_words_patients
        self._repeated = {
            month: ledger.repeated_words(month.first_day, month.last_day, patients) - _OUR_OWN_WORDS
            for month in months
        }

    def _chunk(self, groups: Sequence[Group]) -> Iterator[GatheredMonth]:
        ids = [patient_id for patient_id, _ in groups]
        patients = self._context.uow.patients.many(ids)
        known = _Known.of(self._context, self.rules, ids, self._first, self._last)
        for patient_id, by_month in groups:
            for month, entries in by_month.items():
                yield self._gathered(patients[patient_id], month, entries, known)

    def _gathered(
        self, patient: Patient, month: BillingMonth, entries: Sequence[TimeEntry], known: "_Known"
    ) -> GatheredMonth:
        patient_id = patient.patient_id
        episodes = known.episodes.get(patient_id, ())
        rules = self.rules.rules(month, episodes)
        repeated = self._repeated[month]
        facts = MonthFacts(
            patient_id=patient_id,
            month=month,
            entries=tuple(entries),
            episodes=episodes,
            reviews=known.reviews.get(patient_id, ()),
            scores=known.scores.get(patient_id, ()),
            statements=known.statements.get(patient_id, ()),
            admissions=known.admissions.get(patient_id, ()),
            attestations=known.attestations[month].get(patient_id, ()),
            other_services=known.other_services.get(patient_id, ()),
            referring_npi=patient.referring_npi,
            problems_recorded=bool(patient.problems),
            active_months=tuple(one for one in known.active_months.get(patient_id, ()) if one <= month),
            overlaps=self._overlaps_of(entries),
            repeated_words=_used(repeated, entries) if repeated else frozenset(),
        )
        begin = looks_back_to(month, episodes, rules)
        if begin != month:
            before = self._context.uow.ledger.patient_month(
                patient_id, begin.first_day, month.plus(-1).last_day
            )
            facts = with_initial_months(facts, before, self.rules)
        return GatheredMonth(patient=patient, facts=facts, rules=rules)

    def _overlaps_of(self, entries: Iterable[TimeEntry]) -> tuple[Overlap, ...]:
        if not self._overlaps:
            return ()
        return tuple(overlap for entry in entries for overlap in self._overlaps.get(entry.entry_id, ()))


def _used(repeated: frozenset[str], entries: Iterable[TimeEntry]) -> frozenset[str]:
    return repeated.intersection(entry.note_digest for entry in entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is on record beside time of some patients, by patient."""

    episodes: dict[int, tuple[Episode, ...]]
    reviews: dict[int, tuple[CaseReview, ...]]
    scores: dict[int, tuple[Score, ...]]
    statements: dict[int, tuple[Statement, ...]]
    admissions: dict[int, tuple[Admission, ...]]
    #: By month, then by patient.
    attestations: dict[BillingMonth, dict[int, tuple[Attestation, ...]]]
    other_services: dict[int, tuple[OtherService, ...]]
    active_months: dict[int, tuple[BillingMonth, ...]]

    @classmethod
    def of(
        cls, context: Context, book: RuleBook, ids: Sequence[int], first: BillingMonth, last: BillingMonth
    ) -> "_Known":
        """Read it, a statement for each kind."""
        uow = context.uow
        begin, end = first.first_day, last.last_day
        reviews_since = first.plus(-REVIEWS_SINCE_MONTHS).first_day
        statements_since = first.plus(-context.settings.rules.necessity_after_months).first_day
        months = [first.plus(step) for step in range(last.months_since(first) + 1)]
        episodes = uow.episodes.of_patients(ids)
        gapped = [
            patient_id
            for patient_id, own in episodes.items()
            if gap_matters(last, own, book.rules(last, own).practice.episode_gap_months)
        ]
        return cls(
            episodes=episodes,
            reviews=uow.reviews.of_patients(ids, reviews_since, end),
            scores=uow.scores.of_patients(ids, date.min, end),
            statements=uow.statements.of_patients(ids, statements_since, end),
            admissions=uow.admissions.of_patients(ids, begin, end),
            attestations={month: uow.attestations.of_patients(ids, month) for month in months},
            other_services=uow.other_services.of_patients(ids, begin, end),
            active_months=uow.ledger.active_months(gapped, end) if gapped else {},
        )
