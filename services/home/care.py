"""What a care manager's Home shows: the day, what waits for a word of theirs, and their patients, worst first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from billing.calendar import is_working_day, working_days_between
from billing.durations import MINUTE
from billing.evaluate import LineStatus, MonthResult
from billing.months import BillingMonth
from billing.pace import Pace
from billing.people import Member, Patient
from services.context import Context
from services.entries import timers
from services.entries.overviews import DayView
from services.entries.receipts import views
from services.entries.timer_requests import RunningTimer
from services.home.waiting import Waiting, waiting_for, waits_since
from services.messages.morning import Place, places_of
from services.messages.nearness import caseload_of
from services.messages.patient_month import PatientMonth
from services.months.judge import judge
from services.months.pace import pace_of
from services.months.rule_book import RuleBook
from services.people.covering import looked_after as looked_after_by
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
        return sum(one.result is None or not (one.news is None or one.news.has_time) for one in self.listed)

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
    aside = context.uow.set_aside.of(BillingMonth.of(today))
    found = [_pressing(context, one, set_aside=one.patient.patient_id in aside) for one in news.months]
    found += [
        CarePatient(
            patient=one.patient,
            need=CareNeed.NOTHING if one.patient.patient_id in aside else CareNeed.UNTOUCHED,
            result=None,
            news=None,
            last_contact_on=one.last_contact_on,
        )
        for one in news.untouched
    ]
    looked_after = {one.patient_id for one in looked_after_by(context, actor, today) if one.is_in_care(today)}
    known = {one.patient.patient_id for one in found}
    others = sorted((looked_after | worked) - known)
    found += _others(context, others[:LISTED], today, book, near)
    return len(looked_after | worked | known), found


def _others(
    context: Context, numbers: Sequence[int], today: date, book: RuleBook, near: int
) -> list[CarePatient]:
    """Those of whom no message would speak."""
    if not numbers:
        return []
    patients = context.uow.patients.many(numbers)
    months = judge(context, [patients[number] for number in numbers], (BillingMonth.of(today),), book)
    found = []
    for judged in months:
        last = max((entry.service_date for entry in judged.facts.entries), default=None)
        found.append(
            CarePatient(
                patient=judged.patient,
                need=CareNeed.NEAR if _is_near(judged.result, near) else CareNeed.NOTHING,
                result=judged.result if last is not None else None,
                news=None,
                last_contact_on=last,
            )
        )
    return found


def _pressing(context: Context, one: PatientMonth, *, set_aside: bool) -> CarePatient:
    """A patient with the first reason of those for which the morning message names them."""
    places = places_of(context, one, set_aside=set_aside)
    first, missing = Place.FIRST in places, Place.MISSING in places
    holds = {
        CareNeed.SAFETY: first and one.signal is not None,
        CareNeed.WORSE: first and one.worse is not None,
        CareNeed.CONTACT_DUE: first and one.contact_due_on is not None,
        CareNeed.REVIEW_DUE: first and one.asks_for_review,
        CareNeed.NEAR: Place.NEAR in places,
        CareNeed.MISSING: missing and one.lacks_something,
        CareNeed.HELD: missing and one.held > 0,
        CareNeed.UNTOUCHED: missing and not one.has_time,
    }
    return CarePatient(
        patient=one.patient,
        need=next((need for need, is_so in holds.items() if is_so), CareNeed.NOTHING),
        result=one.result,
        news=one,
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
