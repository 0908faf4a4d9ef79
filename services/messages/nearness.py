"""Loads what scheduled messages need about one person's patients, in bulk.

Digests go to a thousand people each morning, so sums and dates alone say who deserves a closer look; those
patients are judged as everybody is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from billing.claim_facts import ClaimFactKind
from billing.clinical import Direction, Score, Trend, trends
from billing.durations import MINUTE
from billing.episodes import Program
from billing.evaluate import MonthResult
from billing.findings.finding import Finding, Severity
from billing.findings.registry import row_of
from billing.findings.row import About
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.people import Member, Patient
from billing.rules import CLINIC_MONTH, RuleSet
from billing.thresholds import Threshold
from services.context import Context
from services.months.judge import JudgedMonth, judge
from services.months.rule_book import RuleBook
from services.months.standing import told_now
from services.people.members import consultants
from storage.caseloads import LookedAfter, MonthSum

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
    result: MonthResult
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
    def threshold(self) -> Threshold:
        """How far the month has come."""
        return self.result.threshold

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
class CaseloadNews:
    """One person's patients, as far as something may have to be said of them."""

    #: How many they look after.
    patients: int
    #: Those who deserved a closer look.
    months: tuple[PatientMonth, ...] = field(repr=False)
    untouched: tuple[Untouched, ...] = field(repr=False)


def caseload_of(context: Context, member: Member, today: date, book: RuleBook) -> CaseloadNews:
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
        return CaseloadNews(patients=0, months=(), untouched=())
    days = _Days.read(context, looked_after, today)
    looker = _Looker(context, book, days)
    close = [patient_id for patient_id, one in looked_after.items() if looker.deserves_a_look(one)]
    seen = {*close, *days.sums}
    idle = [patient_id for patient_id in looked_after if patient_id not in seen]
    last = days.last_contacts(context, [*close, *idle])
    patients = context.uow.patients.many({*close, *idle})
    judged = judge(context, [patients[one] for one in close], (days.month,), book)
    beside = _Close.read(context, member, days, last, close)
    return CaseloadNews(
        patients=len(looked_after),
        months=tuple(map(beside.month, judged)),
        untouched=tuple(Untouched(patient=patients[one], last_contact_on=last.get(one)) for one in idle),
    )


@dataclass(frozen=True, kw_only=True)
class _Days:
    """What the calendar says of some patients, by patient."""

    today: date
    #: Of this month.
    sums: Mapping[int, MonthSum]
    next_contacts: Mapping[int, date]
    reviewed: Mapping[int, date]
    scored: Mapping[int, date]
    #: Those whose payer changes this month, or later.
    payer_changes: frozenset[int]

    @classmethod
    def read(cls, context: Context, ids: Collection[int], today: date) -> "_Days":
        """Read it, a statement for each kind."""
        caseloads = context.uow.caseloads
        reviewed = caseloads.reviewed(ids, today)
        overdue = [one for one, day in reviewed.items() if today - day >= REVIEW_WITHIN]
        if overdue:
            doctors = consultants(context)
            reviewed |= caseloads.consulted(overdue, today - REVIEW_WITHIN, today, doctors)
        return cls(
            today=today,
            sums=caseloads.sums(ids, today.replace(day=1), today),
            next_contacts=caseloads.next_contacts(ids, today - _PLANS_BACK),
            reviewed=reviewed,
            scored=caseloads.scored(ids, today),
            payer_changes=context.uow.claim_facts.changed_since(
                ids, ClaimFactKind.PAYER, today.replace(day=1)
            ),
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
        if number in days.payer_changes:
            # Their payer is the latest; another one's rules may hold today.
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
        """Whether the payer authorizes care beforehand, or up to a month: asked for long before a code is near."""
        rules = self._rules(payer)
        return rules.prior_auth_after_months is not None or rules.authorized_months is not None

    def _rules(self, payer: str) -> RuleSet:
        if payer not in self._by_payer:
            month = self._days.month
            found = rules_for(month, self._context.rules_of(month), self._book.payer(payer))
            self._by_payer[payer] = found
        return self._by_payer[payer]

    def _floor(self, payer: str, program: str) -> int:
        """Seconds below which no code is within reach."""
        key = payer, program
        if key not in self._floors:
            settings = self._context.settings
            rules = self._rules(payer)
            clinic = rules.clinic
            asked = (clinic.initial, clinic.subsequent) if clinic is not None else ()
            codes = [rules.initial, rules.subsequent, rules.half_hour, *filter(None, asked)]
            if program != Program.COCM:
                codes = [rules.general]
            least = min(
                rule.minimum_seconds
                for rule in codes
                if rule.code in rules.covered_codes | {rules.initial.code, rules.general.code, CLINIC_MONTH}
            )
            self._floors[key] = max(0, least - settings.near_minutes * MINUTE)
        return self._floors[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Close:
    """The patients who deserve a closer look, judged as everybody is."""

    context: Context
    reader: Member
    days: _Days
    last: Mapping[int, date]
    scores: Mapping[int, tuple[Score, ...]]

    @classmethod
    def read(
        cls, context: Context, reader: Member, days: _Days, last: Mapping[int, date], ids: Collection[int]
    ) -> "_Close":
        """What is told of them beside their month."""
        scored = [one for one in ids if one in days.scored]
        since = days.today - _SCORES_BACK
        return cls(
            days=days,
            last=last,
            scores=context.uow.scores.of_patients(scored, since, days.today) if scored else {},
            context=context,
            reader=reader,
        )

    def month(self, judged: JudgedMonth) -> PatientMonth:
        """One of them."""
        patient_id = judged.patient.patient_id
        time = self.days.sums.get(patient_id)
        return PatientMonth(
            patient=judged.patient,
            result=judged.result,
            told=told_now(self.context, judged.result, self.reader, self.days.today),
            held=time.held if time is not None else 0,
            last_contact_on=self.last.get(patient_id),
            contact_due_on=self._contact_due(patient_id),
            review_due_since=self._review_due(judged),
            worse=self._worse(patient_id),
        )

    def _contact_due(self, patient_id: int) -> date | None:
        planned = self.days.next_contacts.get(patient_id)
        last = self.last.get(patient_id)
        if planned is None or planned > self.days.today or (last is not None and last >= planned):
            return None
        return planned

    def _review_due(self, judged: JudgedMonth) -> date | None:
        last = self.days.reviewed.get(judged.patient.patient_id)
        episode = judged.episode
        if episode is None or episode.program is not Program.COCM or last is None:
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
