"""Reads what a person's pace is made of, and forecasts their month."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.charges import base_rule
from billing.claim_facts import ClaimFact
from billing.episodes import Episode, in_order
from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind, place_month
from billing.months import BillingMonth
from billing.pace import COMPARED_MONTHS, EARLIER_MONTHS, CareDay, Pace, PatientCare, forecast
from billing.people import Member, Role
from billing.rules import ConsultantMinutes, InitialPolicy, RuleSet
from billing.sites import rules_at
from services.context import Context
from services.months.judge import judge
from services.months.rule_book import RuleBook
from services.people.covering import days_away
from storage.care_time import WorkedTime

_DAY = timedelta(days=1)
#: Plans are looked for this far back.
_PLANS_BACK = timedelta(days=90)
#: What was written down later came with a file, or in a great clearing up: nobody knows when it would have been.
_LATEST = timedelta(days=21)
_BILLS_NOTHING = frozenset({MonthKind.NOT_ENROLLED, MonthKind.AFTER_DISCHARGE})


def pace_of(
    context: Context,
    member: Member,
    today: date,
    book: RuleBook,
    judged: Mapping[int, MonthResult] | None = None,
) -> Pace | None:
    """A member's month as it will end at their usual pace; None where too little is known to say.

    Args:
        context: where the use case works.
        member: a care manager.
        today: their local date; its month is the one forecast.
        book: the practice's rules, shared by all who are told at once.
        judged: this month's results by patient, as far as they are known already. Whoever seems to have reached a
            code and is not among them is judged here; others are not asked about, so that the pace is the same
            wherever it is read.
    """
    month = BillingMonth.of(today)
    first = month.plus(-EARLIER_MONTHS).first_day
    ids = context.uow.care_time.looked_after_since(member.member_id, first)
    if not ids:
        return None
    time = context.uow.care_time.by_day(ids, first, today, without=left_out(context, month))
    if not time:
        return None
    caseload = Caseload.read(context, member.member_id, ids, book)
    known = caseload.as_of(today, time, context.uow.caseloads.next_contacts(ids, today - _PLANS_BACK))
    aside = context.uow.set_aside.of(month)
    if aside:
        known = [replace(one, set_aside=one.patient_id in aside) for one in known]
    found = forecast(
        today,
        caseload.judged(known, month, judged),
        own_days(time, member.member_id, today),
        context.days_off,
        days_away(context, member, today, month.last_day),
    )
    return None if found is None else found.pace


def left_out(context: Context, month: BillingMonth) -> str:
    """The role whose minutes the practice does not count; empty where it counts all."""
    excludes = context.rules_of(month).consultant_minutes is ConsultantMinutes.EXCLUDE
    return Role.CONSULTANT.value if excludes else ""


def own_days(time: Iterable[WorkedTime], member_id: int, today: date) -> dict[date, int]:
    """Whole seconds that a member worked on each local date before today."""
    found: dict[date, int] = defaultdict(int)
    for one in time:
        if one.performed_by == member_id and one.day < today:
            found[one.day] += one.seconds
    return found


@dataclass(frozen=True, kw_only=True)
class Caseload:
    """The patients whom a member looks after or looked after lately, as far as a forecast asks."""

    context: Context
    member_id: int
    book: RuleBook
    episodes: Mapping[int, Sequence[Episode]]
    claim_facts: Mapping[int, tuple[ClaimFact, ...]]

    @classmethod
    def read(cls, context: Context, member_id: int, ids: Collection[int], book: RuleBook) -> "Caseload":
        """Read it, a statement for each kind."""
        return cls(
            context=context,
            member_id=member_id,
            book=book,
            episodes=context.uow.episodes.of_patients(ids),
            claim_facts=context.uow.claim_facts.of_many(ids),
        )

    def as_of(
        self, today: date, time: Iterable[WorkedTime], planned: Mapping[int, date]
    ) -> list[PatientCare]:
        """What a forecast knows of each on a local date, of the time that was written down by then."""
        month = BillingMonth.of(today)
        care: dict[int, list[CareDay]] = defaultdict(list)
        for patient_id, day, written_on, _, seconds in time:
            late = written_on is None or written_on - day > _LATEST
            care[patient_id].append(CareDay(day, day if late or written_on is None else written_on, seconds))
        found = []
        for patient_id, episodes in self.episodes.items():
            own = [one for one in in_order(episodes) if one.care_manager == self.member_id]
            if not own or own[0].starts_on > today:
                continue
            # A discharge of a day to come is not known yet, or its day still counts.
            until = own[-1].discharged_on
            until = until if until is not None and until < today else None
            days = care.get(patient_id, ())
            found.append(
                PatientCare(
                    patient_id=patient_id,
                    since=own[0].starts_on,
                    until=until,
                    targets=self._targets(patient_id, month, days, goes_on=until is None),
                    care=days,
                    planned_on=planned.get(patient_id),
                )
            )
        return found

    def _targets(
        self, patient_id: int, month: BillingMonth, days: Sequence[CareDay], *, goes_on: bool
    ) -> dict[BillingMonth, int]:
        """Seconds at which each month's base code is reached, this month's and those that it is compared with."""
        found = {}
        for back in range(0 if goes_on else 1, COMPARED_MONTHS + 1):
            one = month.plus(-back)
            target = self._target(patient_id, one, days)
            if target is not None:
                found[one] = target
        return found

    def _target(self, patient_id: int, month: BillingMonth, days: Sequence[CareDay]) -> int | None:
        episodes, facts = self.episodes[patient_id], self.claim_facts.get(patient_id, ())
        last = month.last_day
        begun = [one for one in episodes if one.starts_on <= last]
        if not begun:
            return None
        rules = self._rules_at(patient_id, month, self.book.rules(month, begun, facts))
        earlier = _took_initial(month, begun, rules, days) if rules.looks_back else ()
        kind = place_month(month, begun, rules, (), earlier).kind
        return None if kind in _BILLS_NOTHING else _seconds_of(kind, rules)

    def _rules_at(self, patient_id: int, month: BillingMonth, rules: RuleSet) -> RuleSet:
        """The rules with the codes that the payer asks of the place where care is given."""
        if rules.clinic is None:
            return rules
        facts = MonthFacts(
            patient_id=patient_id,
            month=month,
            episodes=tuple(self.episodes[patient_id]),
            claim_facts=self.claim_facts.get(patient_id, ()),
        )
        return rules_at(rules, facts, month.last_day)

    def judged(
        self, known: Sequence[PatientCare], month: BillingMonth, results: Mapping[int, MonthResult] | None
    ) -> list[PatientCare]:
        """The same with what the month's judge says of those whom it was asked about."""
        given = results or {}
        there = [one for one in known if _seems_there(one, month)]
        results = {one.patient_id: given[one.patient_id] for one in there if one.patient_id in given}
        results |= self._judge([one for one in there if one.patient_id not in results], month)
        return [
            self._as_judged(one, month, results[one.patient_id]) if one.patient_id in results else one
            for one in known
        ]

    def _judge(self, asked: Sequence[PatientCare], month: BillingMonth) -> dict[int, MonthResult]:
        if not asked:
            return {}
        patients = self.context.uow.patients.many({one.patient_id for one in asked})
        found = judge(self.context, tuple(patients.values()), (month,), self.book)
        return {one.patient.patient_id: one.result for one in found}

    def _as_judged(self, one: PatientCare, month: BillingMonth, result: MonthResult) -> PatientCare:
        if month not in one.targets:
            return one
        begun = [each for each in self.episodes[one.patient_id] if each.starts_on <= month.last_day]
        facts = self.claim_facts.get(one.patient_id, ())
        rules = self._rules_at(one.patient_id, month, result.rules_of(self.book.rules(month, begun, facts)))
        target = None if result.kind in _BILLS_NOTHING else _seconds_of(result.kind, rules)
        targets = {each: seconds for each, seconds in one.targets.items() if each != month}
        if target is not None:
            targets[month] = target
        return replace(one, targets=targets, counted_seconds=result.counted_seconds)


def _seconds_of(kind: MonthKind, rules: RuleSet) -> int | None:
    base = base_rule(kind, rules)
    return base.minimum_seconds if base.code in rules.covered_codes else None


def _seems_there(one: PatientCare, month: BillingMonth) -> bool:
    """Whether a patient's time adds up to the code; what of it counts is for the month's judge to say."""
    target = one.targets.get(month)
    return target is not None and sum(care.seconds for care in one.care if care.day in month) >= target


def _took_initial(
    month: BillingMonth, begun: Sequence[Episode], rules: RuleSet, days: Sequence[CareDay]
) -> tuple[BillingMonth, ...]:
    """Earlier months that will have taken 99492: by their time where it is known, by the assessment before that."""
    first_known = month.plus(-EARLIER_MONTHS)
    sums: dict[BillingMonth, int] = defaultdict(int)
    for day, _, seconds in days:
        sums[BillingMonth.of(day)] += seconds
    found = {each for each, seconds in sums.items() if seconds >= rules.initial.minimum_seconds}
    opened = [BillingMonth.of(one.initial_assessment_on) for one in begun if one.initial_assessment_on]
    if rules.practice.initial_policy is InitialPolicy.FIRST_MONTH_REACHED:
        found |= {each for each in opened if each < first_known}
    else:
        found = {each for each in opened if each < month}
    return tuple(sorted(each for each in found if each < month))
