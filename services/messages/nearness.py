"""Loads what the morning message needs about one person's patients, in bulk.

Digests go to a thousand people each morning, so sums and dates alone say who deserves a closer look; those
patients are judged as everybody is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from billing.claim_facts import ClaimFactKind
from billing.clinical import Score
from billing.durations import MINUTE
from billing.episodes import Program
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.people import Member, Patient
from billing.reliable_change import Rise, rise_of
from billing.rules import CLINIC_MONTH, RuleSet
from billing.safety import SafetySignal
from services.care.safety import unseen
from services.context import Context
from services.messages.patient_month import CaseloadNews, PatientMonth, Untouched
from services.months.judge import JudgedMonth, judge
from services.months.rule_book import RuleBook
from services.months.standing import told_now
from services.people.covering import in_hands
from services.people.members import consultants
from storage.caseloads import LookedAfter, MonthSum

#: A review this long ago is due again.
REVIEW_WITHIN = timedelta(days=28)
#: Caseloads are reviewed weekly, so a new patient has had a first review by then.
FIRST_REVIEW_WITHIN = timedelta(days=7)
#: A score is news for so long.
_SCORE_NEWS = timedelta(days=14)
#: Plans, and scores to compare with, are looked for this far back.
_PLANS_BACK = timedelta(days=90)
_SCORES_BACK = timedelta(days=180)


def caseload_of(context: Context, member: Member, today: date, book: RuleBook) -> CaseloadNews:
    """The month so far of a member's patients: whom they look after, and whom else they worked for this month.

    These are the patients of `services.months.caseload.caseload`. Whom they do not look after today is judged, too,
    for a code may be near; the caller says of those nothing else.

    Args:
        context: where the use case works.
        member: a care manager.
        today: their local date; its month is the one told of.
        book: the practice's rules, shared by all who are told at once.
    """
    caseloads, first = context.uow.caseloads, today.replace(day=1)
    hands = in_hands(context, member, today)
    looked_after = _by_patient(one for manager in hands for one in caseloads.looked_after(manager, first))
    others = caseloads.worked_for(member.member_id, first, today) - looked_after.keys()
    if member.member_id not in hands:
        # Away: their own patients are a colleague's news.
        others -= {one.patient_id for one in caseloads.looked_after(member.member_id, first)}
    if not (looked_after or others):
        return CaseloadNews(patients=0, months=(), untouched=())
    mine = [one for one, episodes in looked_after.items() if _episode_in_care(episodes, today)]
    looked_after |= dict.fromkeys(others, ())
    days = _Days.read(context, looked_after, mine, today)
    looker = _Looker(context, book, days)
    close = [one for one in looked_after if looker.deserves_a_look(one)]
    seen = {*close, *days.sums}
    idle = [patient_id for patient_id in mine if patient_id not in seen]
    last = days.last_contacts(context, [*close, *idle])
    months = _judged(context, member, days, last, close, book, others=idle)
    return CaseloadNews(
        patients=len(mine),
        months=tuple(months.judged),
        untouched=tuple(
            Untouched(patient=months.patients[one], last_contact_on=last.get(one)) for one in idle
        ),
    )


def months_of(
    context: Context,
    reader: Member,
    ids: Collection[int],
    today: date,
    book: RuleBook,
    *,
    pressing: bool = False,
) -> tuple[PatientMonth, ...]:
    """The month so far of some patients, whoever looks after them, as a member is told of it.

    Args:
        context: where the use case works.
        reader: who is told.
        ids: the patients.
        today: the reader's local date.
        book: the practice's rules.
        pressing: leave out those whose health and reviews ask for nobody; judging them would be in vain.
    """
    if not ids:
        return ()
    episodes = _by_patient(context.uow.caseloads.episodes_of(ids, today.replace(day=1)))
    wanted = {one: episodes.get(one, ()) for one in ids}
    mine = [one for one, found in wanted.items() if _episode_in_care(found, today)]
    days = _Days.read(context, wanted, mine, today)
    close = [one for one in wanted if not pressing or days.presses(one)]
    last = days.last_contacts(context, close)
    return tuple(_judged(context, reader, days, last, close, book).judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    judged: Iterable[PatientMonth]
    patients: Mapping[int, Patient]


def _judged(
    context: Context,
    reader: Member,
    days: "_Days",
    last: Mapping[int, date],
    close: Collection[int],
    book: RuleBook,
    *,
    others: Collection[int] = (),
) -> _Judged:
    """Judge those who deserve it, and load the names of others beside them."""
    patients = context.uow.patients.many({*close, *others})
    judged = judge(context, [patients[one] for one in close], (days.month,), book)
    beside = _Close.read(context, reader, days, last, close)
    return _Judged(judged=map(beside.month, judged), patients=patients)


def _by_patient(found: Iterable[LookedAfter]) -> dict[int, tuple[LookedAfter, ...]]:
    episodes: dict[int, tuple[LookedAfter, ...]] = {}
    for one in found:
        episodes[one.patient_id] = (*episodes.get(one.patient_id, ()), one)
    return episodes


def _episode_in_care(episodes: Iterable[LookedAfter], today: date) -> LookedAfter | None:
    """The episode that a patient is in today; of several, the latest."""
    return next((one for one in reversed(tuple(episodes)) if one.is_in_care(today)), None)


@dataclass(frozen=True, kw_only=True)
class _Days:
    """What the calendar says of some patients, by patient."""

    today: date
    #: This month's episodes; none for those who are only worked for.
    episodes: Mapping[int, tuple[LookedAfter, ...]]
    #: The episode of those who are in care today.
    in_care: Mapping[int, LookedAfter]
    #: Of this month.
    sums: Mapping[int, MonthSum]
    next_contacts: Mapping[int, date]
    reviewed: Mapping[int, date]
    scored: Mapping[int, date]
    signals: Mapping[int, SafetySignal]
    #: Those whose payer changes this month, or later.
    payer_changes: frozenset[int]

    @classmethod
    def read(
        cls,
        context: Context,
        episodes: Mapping[int, tuple[LookedAfter, ...]],
        mine: Collection[int],
        today: date,
    ) -> "_Days":
        """Read it, a statement for each kind; what is only said of those in care is read of them alone."""
        caseloads, first = context.uow.caseloads, today.replace(day=1)
        found = ((one, _episode_in_care(episodes[one], today)) for one in mine)
        in_care = {one: episode for one, episode in found if episode is not None}
        return cls(
            today=today,
            episodes=episodes,
            in_care=in_care,
            sums=caseloads.sums(episodes, first, BillingMonth.of(today).last_day),
            next_contacts=caseloads.next_contacts(mine, today - _PLANS_BACK) if mine else {},
            reviewed=_reviewed(context, in_care, today),
            scored=caseloads.scored(mine, today) if mine else {},
            signals=unseen(context, mine) if mine else {},
            payer_changes=context.uow.claim_facts.changed_since(episodes, ClaimFactKind.PAYER, first),
        )

    def review_due(self, patient_id: int) -> date | None:
        """The last review, where the next is due."""
        last = self.reviewed.get(patient_id)
        if last is None or not self._is_reviewed(patient_id):
            return None
        return last if self.today - last >= REVIEW_WITHIN else None

    def unreviewed(self, patient_id: int) -> date | None:
        """When the episode began of a patient who should have been reviewed since then, and was not."""
        if not self._is_reviewed(patient_id) or patient_id in self.reviewed:
            return None
        since = self.in_care[patient_id].since
        return since if since is not None and self.today - since >= FIRST_REVIEW_WITHIN else None

    def presses(self, patient_id: int) -> bool:
        """Whether the health or the reviews of somebody in care ask for somebody."""
        return (
            patient_id in self.signals
            or self.has_news(patient_id)
            or self.review_due(patient_id) is not None
            or self.unreviewed(patient_id) is not None
        )

    def has_news(self, patient_id: int) -> bool:
        """Whether a score is new enough to be told."""
        return self.today - self.scored.get(patient_id, date.min) <= _SCORE_NEWS

    def _is_reviewed(self, patient_id: int) -> bool:
        """Whether a psychiatric consultant reviews such patients."""
        episode = self.in_care.get(patient_id)
        return episode is not None and episode.program == Program.COCM

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


def _reviewed(context: Context, in_care: Mapping[int, LookedAfter], today: date) -> dict[int, date]:
    """When each was last reviewed within the episode, be it by an entry alone; others are left out."""
    if not in_care:
        return {}
    caseloads = context.uow.caseloads
    began = {one: episode.since or date.min for one, episode in in_care.items()}
    on_file = caseloads.reviewed(in_care, today)
    reviewed = {one: day for one, day in on_file.items() if day >= began[one]}
    # An entry for a review counts, too, and is only looked for where nothing newer is on file.
    doubted = [one for one in in_care if one not in reviewed or today - reviewed[one] >= REVIEW_WITHIN]
    if not doubted:
        return reviewed
    since = min(today - REVIEW_WITHIN, *(began[one] for one in doubted))
    consulted = caseloads.consulted(doubted, since, today, consultants(context))
    for one, day in consulted.items():
        if day >= began[one]:
            reviewed[one] = max(day, reviewed.get(one, day))
    return reviewed


class _Looker:
    """Tells who may have to be spoken of, from sums and dates alone; looks at whoever is in doubt."""

    def __init__(self, context: Context, book: RuleBook, days: _Days) -> None:
        self._context = context
        self._book = book
        self._days = days
        self._floors: dict[tuple[str, str], int] = {}
        self._by_payer: dict[str, RuleSet] = {}

    def deserves_a_look(self, number: int) -> bool:
        """Whether anything but silence is possible.

        What is told only near a code needs time, and is found by the sum; what is told from the start does not.
        """
        days, episodes = self._days, self._days.episodes[number]
        if not episodes or number in days.payer_changes:
            # Nobody's patient, or their payer is the latest; another one's rules may hold today.
            return True
        if number in days.in_care and self._is_due(number, days.in_care[number]):
            return True
        time = days.sums.get(number)
        if time is not None and time.held > 0:
            return True
        seconds = 0 if time is None else time.seconds
        return any(seconds >= self._floor(one.payer, one.program) for one in episodes)

    def _is_due(self, number: int, episode: LookedAfter) -> bool:
        """Whether something is to be said of somebody in care, whatever their time."""
        return (
            not (episode.consent and episode.assessed)
            or self._asks_first(episode.payer)
            or self._days.presses(number)
            or self._days.next_contacts.get(number, date.max) <= self._days.today
        )

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
        days, patient_id = self.days, judged.patient.patient_id
        time = days.sums.get(patient_id)
        ended = [one.discharged_on for one in days.episodes[patient_id] if one.discharged_on is not None]
        in_care = patient_id in days.in_care
        return PatientMonth(
            patient=judged.patient,
            result=judged.result,
            told=told_now(self.context, judged.result, self.reader, days.today),
            held=time.held if time is not None else 0,
            last_contact_on=self.last.get(patient_id),
            contact_due_on=self._contact_due(patient_id),
            review_due_since=days.review_due(patient_id),
            unreviewed_since=days.unreviewed(patient_id),
            worse=self._worse(patient_id),
            signal=days.signals.get(patient_id),
            has_time=time is not None,
            discharged_on=max(ended, default=None) if not in_care else None,
            in_care=in_care,
        )

    def _contact_due(self, patient_id: int) -> date | None:
        planned = self.days.next_contacts.get(patient_id)
        last = self.last.get(patient_id)
        if planned is None or planned > self.days.today or (last is not None and last >= planned):
            return None
        return planned

    def _worse(self, patient_id: int) -> Rise | None:
        news = self.days.today - _SCORE_NEWS
        rise = rise_of(self.scores.get(patient_id, ()))
        return rise if rise is not None and rise.last.measured_on >= news else None
