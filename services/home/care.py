"""What a care manager's Home shows: the day, what waits for a word of theirs, and their patients, worst first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from billing.calendar import is_working_day, working_days_between
from billing.durations import MINUTE
from billing.evaluate import LineStatus, MonthResult
from billing.months import BillingMonth
from billing.pace import Pace
from billing.people import Member, Patient
from billing.safety import SafetySignal
from services.care.safety import unseen
from services.context import Context
from services.entries import timers
from services.entries.overviews import DayView
from services.entries.receipts import views
from services.entries.timer_requests import RunningTimer
from services.home.waiting import Waiting, waiting_for, waits_since
from services.messages.nearness import PatientMonth, caseload_of
from services.months.judge import judge
from services.months.pace import pace_of
from services.months.rule_book import RuleBook
from services.people.rights import Action, needs

#: Patients who are listed with where they stand; a table of Slack's holds a hundred.
LISTED = 100


class CareNeed(IntEnum):
    """Why a patient comes before others, the most pressing first."""

    SAFETY = 1
    WORSE = 2
    CONTACT_DUE = 3
    REVIEW_DUE = 4
    NEAR = 5
    MISSING = 6
    HELD = 7
    UNTOUCHED = 8
    #: Time this month, and nothing to do about it today.
    NOTHING = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class CarePatient:
    """One patient of a caseload, and the first reason to look at them."""

    patient: Patient = field(repr=False)
    need: CareNeed
    #: Where the month stands; None for a patient without time in it.
    result: MonthResult | None
    #: What else is known of who deserves a closer look; None of all others.
    news: PatientMonth | None
    signal: SafetySignal | None
    last_contact_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareHome:
    """A care manager's day and caseload."""

    #: The local date it is for them.
    day: DayView
    waiting: Waiting
    #: How many patients they look after or worked for this month, and how many of them are listed.
    patients: int
    #: The most pressing first.
    listed: tuple[CarePatient, ...] = field(repr=False)
    #: How many are within reach of their next code, and how near that is.
    near: int
    near_seconds: int
    working_days_left: int
    pace: Pace | None
    #: The member's running timer, which is counted nowhere; None where none runs.
    timer: RunningTimer | None = None

    @property
    def month(self) -> BillingMonth:
        """The month shown."""
        return BillingMonth.of(self.day.day)

    @property
    def reached(self) -> int:
        """How many of those listed have reached a code."""
        return sum(one.result is not None and bool(one.result.earned) for one in self.listed)

    @property
    def blocked(self) -> int:
        """How many of those listed have reached a code that something blocks."""
        return sum(one.result is not None and one.result.status is LineStatus.BLOCKED for one in self.listed)

    @property
    def untouched(self) -> int:
        """How many of those listed have no time this month."""
        return sum(one.result is None for one in self.listed)

    @property
    def not_listed(self) -> int:
        """How many are left out."""
        return self.patients - len(self.listed)


@needs(Action.SEE_PATIENTS)
def care_home(context: Context, actor: Member) -> CareHome:
    """The member's day, what waits for them, and their patients of this month, the most pressing first."""
    today = context.today_of(actor)
    since = waits_since(context, today)
    entries = context.uow.ledger.member_days(actor.member_id, since, today)
    todays = [entry for entry in entries if entry.service_date == today]
    book = RuleBook(context)
    this = BillingMonth.of(today)
    worked = {entry.patient_id for entry in entries if entry.service_date in this}
    patients, found = _caseload(context, actor, today, book, worked)
    near = context.settings.near_minutes * MINUTE
    return CareHome(
        day=DayView(
            day=today, entries=views(context, todays), total_seconds=sum(entry.seconds for entry in todays)
        ),
        waiting=waiting_for(context, actor, entries, today),
        patients=patients,
        listed=tuple(sorted(found, key=_worst_first))[:LISTED],
        near=sum(_is_near(one.result, near) for one in found),
        near_seconds=near,
        working_days_left=working_days_between(today, this.last_day, context.days_off)
        + is_working_day(today, context.days_off),
        pace=pace_of(context, actor, today, book),
        timer=timers.running(context, actor),
    )


def _caseload(
    context: Context, actor: Member, today: date, book: RuleBook, worked: set[int]
) -> tuple[int, list[CarePatient]]:
    """How many patients there are, and as many of them as are listed at most, with whoever is pressing."""
    news = caseload_of(context, actor, today, book)
    near = context.settings.near_minutes * MINUTE
    looked_after = {one.patient_id for one in context.uow.caseloads.looked_after(actor.member_id, today)}
    everybody = looked_after | worked
    signals = unseen(context, everybody) if everybody else {}
    found = [_pressing(one, signals, near) for one in news.months]
    found += [
        CarePatient(
            patient=one.patient,
            need=CareNeed.SAFETY if one.patient.patient_id in signals else CareNeed.UNTOUCHED,
            result=None,
            news=None,
            signal=signals.get(one.patient.patient_id),
            last_contact_on=one.last_contact_on,
        )
        for one in news.untouched
    ]
    known = {one.patient.patient_id for one in found}
    others = sorted(everybody - known, key=lambda number: (number not in signals, number))
    found += _others(context, others[:LISTED], today, book, signals, near)
    return len(everybody | known), found


def _others(
    context: Context,
    numbers: Sequence[int],
    today: date,
    book: RuleBook,
    signals: Mapping[int, SafetySignal],
    near: int,
) -> list[CarePatient]:
    """Those of whom no message would speak."""
    if not numbers:
        return []
    patients = context.uow.patients.many(numbers)
    months = judge(context, [patients[number] for number in numbers], (BillingMonth.of(today),), book)
    found = []
    for judged in months:
        signal = signals.get(judged.patient.patient_id)
        last = max((entry.service_date for entry in judged.facts.entries), default=None)
        need = CareNeed.NEAR if _is_near(judged.result, near) else CareNeed.NOTHING
        found.append(
            CarePatient(
                patient=judged.patient,
                need=CareNeed.SAFETY if signal is not None else need,
                result=judged.result if last is not None else None,
                news=None,
                signal=signal,
                last_contact_on=last,
            )
        )
    return found


def _pressing(one: PatientMonth, signals: Mapping[int, SafetySignal], near: int) -> CarePatient:
    signal = signals.get(one.patient.patient_id)
    holds = {
        CareNeed.SAFETY: signal is not None,
        CareNeed.WORSE: one.worse is not None,
        CareNeed.CONTACT_DUE: one.contact_due_on is not None,
        CareNeed.REVIEW_DUE: one.review_due_since is not None,
        CareNeed.NEAR: _is_near(one.result, near),
        CareNeed.MISSING: one.lacks_something,
        CareNeed.HELD: bool(one.held),
    }
    return CarePatient(
        patient=one.patient,
        need=next((need for need, is_so in holds.items() if is_so), CareNeed.NOTHING),
        result=one.result,
        news=one,
        signal=signal,
        last_contact_on=one.last_contact_on,
    )


def _is_near(result: MonthResult | None, near: int) -> bool:
    if result is None:
        return False
    threshold = result.threshold
    return threshold.next_code is not None and threshold.remaining_seconds <= near


def _worst_first(one: CarePatient) -> tuple[CareNeed, int, date, int]:
    """By need; of those near the next code the nearest, of all others who has not been seen for longest."""
    needed = 0
    if one.need is CareNeed.NEAR and one.result is not None:
        needed = one.result.threshold.remaining_seconds
    return one.need, needed, one.last_contact_on or date.min, one.patient.patient_id
