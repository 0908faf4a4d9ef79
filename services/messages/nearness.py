"""Everything that scheduled messages need of one person's patients, read in bulk and weighed lightly.

A thousand people are told each morning, so nothing is asked of the database patient by patient, and of the rules
only what such a message can say.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from billing.clinical import Admission, CaseReview, Direction, Score, Trend, trends
from billing.counting import tally, tally_plain
from billing.durations import MINUTE
from billing.entries import TimeEntry
from billing.episodes import Episode, Program
from billing.facts import MonthFacts
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.registry import row_of
from billing.findings.row import About
from billing.month_kinds import place_month
from billing.months import BillingMonth
from billing.overlaps import Overlap, find_overlaps
from billing.payers import rules_for
from billing.people import Member, Patient
from billing.rules import RuleSet
from billing.thresholds import Threshold, progress
from services.context import Context
from services.months.book import MonthBook
from services.months.earlier import looks_back_to, with_initial_months
from services.months.rule_book import RuleBook
from services.months.standing import told_now
from storage.caseloads import LookedAfter, Sum

T = TypeVar("T")

#: A review this long ago is due again.
REVIEW_WITHIN = timedelta(days=28)
#: A score is news for so long.
_SCORE_NEWS = timedelta(days=14)
#: Plans, and scores to compare with, are looked for this far back.
_PLANS_BACK = timedelta(days=90)
_SCORES_BACK = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMonth:
    """Where one patient stands this month, as far as their care manager can act on it."""

    patient: Patient = field(repr=False)
    threshold: Threshold
    #: What of the month's findings the care manager is told today, blockers first.
    told: tuple[Finding, ...]
    #: Entries that are held until their activity is confirmed.
    held: int
    #: Local date on which the patient was last worked for; None where they never were.
    last_contact_on: date | None
    #: Planned, its day come, and not kept yet.
    contact_due_on: date | None
    #: The last review, where it lies so long ago that the next is due.
    review_due_since: date | None
    #: A scale that got worse lately.
    worse: Trend | None

    @property
    def lacks_something(self) -> bool:
        """Whether something that is told blocks the month, or is about more than time that does not count."""
        return any(
            finding.severity is Severity.BLOCKER or row_of(finding).about is not About.TIME
            for finding in self.told
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Untouched:
    """A patient without any time this month, of whom nothing else is to be said."""

    patient: Patient = field(repr=False)
    last_contact_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """One person's patients, as far as something may have to be said of them."""

    #: How many they look after.
    patients: int
    #: Those who deserved a closer look.
    months: tuple[PatientMonth, ...] = field(repr=False)
    untouched: tuple[Untouched, ...] = field(repr=False)


def caseload_of(context: Context, member: Member, today: date, book: RuleBook) -> Caseload:
    """The month so far of the patients whom a member looks after today.

    Args:
        context: where the use case works.
        member: a care manager.
        today: their local date; its month is the one told of.
        book: the practice's rules, shared by all who are told at once.
    """
    looked_after = {
        one.patient_id: one for one in context.uow.caseloads.looked_after(member.member_id, today)
    }
    if not looked_after:
        return Caseload(patients=0, months=(), untouched=())
    days = _Days.read(context, looked_after, today)
    looker = _Looker(context, book, days)
    close = [patient_id for patient_id, one in looked_after.items() if looker.deserves_a_look(one)]
    seen = {*close, *days.sums}
    idle = [patient_id for patient_id in looked_after if patient_id not in seen]
    last = days.last_contacts(context, [*close, *idle])
    patients = context.uow.patients.many({*close, *idle})
    gathered = _Gathered.read(context, book, days, last, [patients[one] for one in close], member)
    return Caseload(
        patients=len(looked_after),
        months=gathered.months(),
        untouched=tuple(Untouched(patient=patients[one], last_contact_on=last.get(one)) for one in idle),
    )


@dataclass(frozen=True, kw_only=True)
class _Days:
    """What the calendar says of some patients, by patient."""

    today: date
    #: Of this month.
    sums: Mapping[int, Sum]
    next_contacts: Mapping[int, date]
    reviewed: Mapping[int, date]
    scored: Mapping[int, date]

    @classmethod
    def read(cls, context: Context, ids: Collection[int], today: date) -> "_Days":
        """Read it, a statement for each kind."""
        caseloads = context.uow.caseloads
        reviewed = caseloads.reviewed(ids, today)
        overdue = [one for one, day in reviewed.items() if today - day >= REVIEW_WITHIN]
        if overdue:
            reviewed |= caseloads.consulted(overdue, today - REVIEW_WITHIN, today)
        return cls(
            today=today,
            sums=caseloads.sums(ids, today.replace(day=1), today),
            next_contacts=caseloads.next_contacts(ids, today - _PLANS_BACK),
            reviewed=reviewed,
            scored=caseloads.scored(ids, today),
        )

    @cached_property
    def month(self) -> BillingMonth:
        """This month."""
        return BillingMonth.of(self.today)

    @property
    def first(self) -> date:
        """Its first day."""
        return self.today.replace(day=1)

    def last_contacts(self, context: Context, ids: Collection[int]) -> dict[int, date]:
        """The last local date on which each was worked for; only who has no time this month is looked for."""
        known = {one: self.sums[one].last_day for one in ids if one in self.sums}
        others = [one for one in ids if one not in known]
        return known | context.uow.caseloads.last_days(others, self.today) if others else known

    def clocked(self, context: Context) -> tuple[TimeEntry, ...]:
        """This month's entries that may stand in each other's clock time."""
        some = [one for one, time in self.sums.items() if time.clocked]
        # A clock time by itself meets no other.
        if sum(self.sums[one].clocked for one in some) < 2:  # noqa: PLR2004 - see above
            return ()
        return context.uow.caseloads.clocked(some, self.first, self.today)


class _Looker:
    """Tells who may have to be spoken of, from sums and dates alone; looks at whoever is in doubt."""

    def __init__(self, context: Context, book: RuleBook, days: _Days) -> None:
        self._context = context
        self._book = book
        self._days = days
        self._today = days.today
        self._floors: dict[tuple[str, str], int] = {}
        self._by_payer: dict[str, RuleSet] = {}

    def deserves_a_look(self, one: LookedAfter) -> bool:
        """Whether anything but silence is possible.

        What is told only near a code needs time, and is found by the sum; what is told from the start does not.
        """
        number, today, days = one.patient_id, self._today, self._days
        if not (one.consent and one.assessed) or self._asks_first(one.payer):
            return True
        if days.next_contacts.get(number, date.max) <= today:
            return True
        if today - days.reviewed.get(number, today) >= REVIEW_WITHIN:
            return True
        if today - days.scored.get(number, date.min) <= _SCORE_NEWS:
            return True
        time = days.sums.get(number)
        return time is not None and (time.held > 0 or time.seconds >= self._floor(one.payer, one.program))

    def _asks_first(self, payer: str) -> bool:
        """Whether the payer authorizes care beforehand, which is asked for long before a code is near."""
        return self._rules(payer).prior_auth_after_months is not None

    def _rules(self, payer: str) -> RuleSet:
        if payer not in self._by_payer:
            found = rules_for(self._days.month, self._context.settings.rules, self._book.payer(payer))
            self._by_payer[payer] = found
        return self._by_payer[payer]

    def _floor(self, payer: str, program: str) -> int:
        """Seconds below which no code is within reach."""
        key = payer, program
        if key not in self._floors:
            settings = self._context.settings
            rules = self._rules(payer)
            codes = [rules.initial, rules.subsequent, rules.half_hour]
            if program != Program.COCM:
                codes = [rules.general]
            least = min(
                rule.minimum_seconds
                for rule in codes
                if rule.code in rules.covered_codes | {rules.initial.code, rules.general.code}
            )
            self._floors[key] = max(0, least - settings.near_minutes * MINUTE)
        return self._floors[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """What is on record of some patients, by patient."""

    context: Context
    book: RuleBook
    days: _Days
    last: Mapping[int, date]
    patients: Sequence[Patient]
    episodes: Mapping[int, tuple[Episode, ...]]
    #: By entry.
    overlaps: Mapping[int, list[Overlap]]
    #: Patients with clock times that may meet another's, or each other on one day.
    shared: AbstractSet[int]
    reviews: Mapping[int, tuple[CaseReview, ...]]
    scores: Mapping[int, tuple[Score, ...]]
    admissions: Mapping[int, tuple[Admission, ...]]
    active_months: Mapping[int, tuple[BillingMonth, ...]]
    told: Mapping[int, tuple[Finding, ...]]

    @classmethod
    def read(
        cls,
        context: Context,
        book: RuleBook,
        days: _Days,
        last: Mapping[int, date],
        patients: Sequence[Patient],
        reader: Member,
    ) -> "_Gathered":
        """Read it, a statement for each kind."""
        uow, today = context.uow, days.today
        ids = [patient.patient_id for patient in patients]
        first = days.first
        episodes = uow.episodes.of_patients(ids)
        scored = [one for one in ids if one in days.scored]
        reviewed = [one for one in ids if days.reviewed.get(one, date.min) >= first]
        returned = [patient_id for patient_id, own in episodes.items() if len(own) > 1]
        clocked = days.clocked(context)
        overlaps = _by(find_overlaps(clocked), lambda overlap: overlap.entry_id)
        by_day = Counter((entry.patient_id, entry.service_date) for entry in clocked)
        return cls(
            context=context,
            book=book,
            days=days,
            last=last,
            patients=patients,
            episodes=episodes,
            overlaps=overlaps,
            shared={entry.patient_id for entry in clocked if entry.entry_id in overlaps}.union(
                patient_id for (patient_id, _), times in by_day.items() if times > 1
            ),
            reviews=uow.reviews.of_patients(reviewed, first, today) if reviewed else {},
            scores=uow.scores.of_patients(scored, today - _SCORES_BACK, today) if scored else {},
            admissions=uow.admissions.of_patients(ids, first, today),
            active_months=uow.ledger.active_months(returned, today) if returned else {},
            told=_told(context, reader, today, ids),
        )

    def months(self) -> tuple[PatientMonth, ...]:
        """Each patient's month; only where its sum does not say enough are its entries read."""
        months = {patient.patient_id: self._month(patient, None) for patient in self.patients}
        unclear = [patient_id for patient_id, month in months.items() if month is None]
        if unclear:
            found = self.context.uow.caseloads.entries(unclear, self.days.first, self.days.today)
            entries = _by(found, lambda entry: entry.patient_id)
            for patient in self.patients:
                if months[patient.patient_id] is None:
                    months[patient.patient_id] = self._month(patient, entries.get(patient.patient_id, []))
        return tuple(month for month in months.values() if month is not None)

    def _month(self, patient: Patient, entries: list[TimeEntry] | None) -> PatientMonth | None:
        patient_id = patient.patient_id
        time = self.days.sums.get(patient_id)
        if entries is None and time is not None and not self._says_enough(patient_id, time):
            return None
        case = self._case(patient_id, entries, time)
        if case is None:
            return None
        return PatientMonth(
            patient=patient,
            threshold=case.threshold,
            told=self.told.get(patient_id, ()),
            held=time.held if time is not None else 0,
            last_contact_on=self.last.get(patient_id),
            contact_due_on=self._contact_due(patient_id),
            review_due_since=self._review_due(case),
            worse=self._worse(patient_id),
        )

    def _case(self, patient_id: int, entries: list[TimeEntry] | None, time: Sum | None) -> MonthCase | None:
        """The month weighed by its entries; without them by its sum, or None where that does not do."""
        month = self.days.month
        episodes = self.episodes.get(patient_id, ())
        rules = self.book.rules(month, episodes)
        facts = MonthFacts(
            patient_id=patient_id,
            month=month,
            entries=tuple(entries or ()),
            episodes=episodes,
            reviews=self.reviews.get(patient_id, ()),
            admissions=self.admissions.get(patient_id, ()),
            active_months=self.active_months.get(patient_id, ()),
            overlaps=self._overlaps(entries or ()),
        )
        begin = looks_back_to(month, episodes, rules)
        if begin != month:
            before = self.context.uow.ledger.patient_month(
                patient_id, begin.first_day, month.plus(-1).last_day
            )
            facts = with_initial_months(facts, before, self.book)
        place = place_month(month, episodes, rules, facts.active_months, facts.initial_months)
        if entries is None:
            counts = tally_plain(time.seconds if time is not None else 0, facts, rules)
        else:
            counts = tally(facts, rules, place.kind)
        if counts is None:
            return None
        threshold = progress(counts.counted, place.kind, rules, rules.max_99494)
        earned = threshold.reached if place.kind.bills else ()
        return MonthCase(
            facts=facts, rules=rules, place=place, tally=counts, threshold=threshold, earned=earned
        )

    def _says_enough(self, patient_id: int, time: Sum) -> bool:
        return not time.special and patient_id not in self.shared

    def _overlaps(self, entries: Iterable[TimeEntry]) -> tuple[Overlap, ...]:
        if not self.overlaps:
            return ()
        return tuple(overlap for entry in entries for overlap in self.overlaps.get(entry.entry_id, ()))

    def _contact_due(self, patient_id: int) -> date | None:
        planned = self.days.next_contacts.get(patient_id)
        last = self.last.get(patient_id)
        if planned is None or planned > self.days.today or (last is not None and last >= planned):
            return None
        return planned

    def _review_due(self, case: MonthCase) -> date | None:
        last = self.days.reviewed.get(case.facts.patient_id)
        if case.episode is None or case.episode.program is not Program.COCM or last is None:
            return None
        return last if self.days.today - last >= REVIEW_WITHIN else None

    def _worse(self, patient_id: int) -> Trend | None:
        if patient_id not in self.scores:
            return None
        news = self.days.today - _SCORE_NEWS
        return next(
            (
                trend
                for trend in trends(self.scores[patient_id])
                if trend.latest is Direction.WORSE and trend.scores[-1].measured_on >= news
            ),
            None,
        )


def _told(
    context: Context, reader: Member, today: date, ids: Collection[int]
) -> dict[int, tuple[Finding, ...]]:
    """What the care manager is told of each patient's month, judged by all its facts."""
    month = BillingMonth.of(today)
    judged = MonthBook(context, month, month).of_patients(month, ids) if ids else ()
    return {one.patient.patient_id: told_now(context, one.weighed().result, reader, today) for one in judged}


def _by(found: Iterable[T], key: Callable[[T], int]) -> dict[int, list[T]]:
    gathered: dict[int, list[T]] = defaultdict(list)
    for one in found:
        gathered[key(one)].append(one)
    return gathered
