"""Makes the morning digest, and the true-up list of a month's last working days."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from billing.calendar import is_working_day, working_days_between
from billing.durations import MINUTE
from billing.findings.registry import row_of
from billing.findings.row import When
from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.messages.nearness import PatientMonth, Untouched, caseload_of
from services.months.rule_book import RuleBook

_DAY = timedelta(days=1)
#: Up to this day of a month, patients without time in it are no news.
_QUIET_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A care manager's morning: who comes first. Each patient stands in the first list that fits."""

    #: The local date it is for the person.
    today: date
    #: Working days from today to the month's end, today included where it is one.
    working_days_left: int
    #: Due for contact or review, or whose score is worse.
    due: tuple[PatientMonth, ...] = field(repr=False)
    #: Within reach of their next code, nearest first.
    near: tuple[PatientMonth, ...] = field(repr=False)
    #: Something is missing that can still be put right.
    missing: tuple[PatientMonth, ...] = field(repr=False)
    #: Nothing logged this month.
    untouched: tuple[Untouched, ...] = field(repr=False)

    @property
    def month(self) -> BillingMonth:
        """The month told of."""
        return BillingMonth.of(self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueUp:
    """What a care manager can still put right before a month ends."""

    today: date
    working_days_left: int
    #: Patients of whom entries are held until their activity is confirmed.
    held: tuple[PatientMonth, ...] = field(repr=False)
    missing: tuple[PatientMonth, ...] = field(repr=False)
    #: Working days of the month, up to yesterday, on which the person did nothing that was logged.
    empty_days: tuple[date, ...]

    @property
    def month(self) -> BillingMonth:
        """The month that ends."""
        return BillingMonth.of(self.today)


def digest(context: Context, member: Member, today: date, book: RuleBook | None = None) -> Digest | None:
    """A member's morning; None when there is nothing to say.

    Args:
        context: where the use case works.
        member: a care manager.
        today: their local date.
        book: the practice's rules, where many are told at once.
    """
    caseload = caseload_of(context, member, today, book or RuleBook(context))
    aside = context.uow.set_aside.of(BillingMonth.of(today))
    months = [_as_set_aside(one) if one.patient.patient_id in aside else one for one in caseload.months]
    due = [one for one in months if one.contact_due_on or one.review_due_since or one.worse]
    told = {one.patient.patient_id for one in due}
    silent = told | aside
    near = [one for one in months if _is_near(one, context) and one.patient.patient_id not in silent]
    told |= {one.patient.patient_id for one in near}
    missing = [one for one in months if one.lacks_something and one.patient.patient_id not in told]
    untouched = [
        one for one in caseload.untouched if today.day > _QUIET_DAYS and one.patient.patient_id not in aside
    ]
    if not (due or near or missing or untouched):
        return None
    return Digest(
        today=today,
        working_days_left=_working_days_left(context, today),
        due=tuple(sorted(due, key=_longest_due)),
        near=tuple(sorted(near, key=_nearest)),
        missing=tuple(missing),
        untouched=tuple(sorted(untouched, key=_longest_unseen)),
    )


def true_up(context: Context, member: Member, today: date) -> TrueUp | None:
    """What a member can still put right this month; None when nothing is left."""
    caseload = caseload_of(context, member, today, RuleBook(context))
    held = tuple(one for one in caseload.months if one.held)
    missing = tuple(one for one in caseload.months if one.lacks_something and _is_in_reach(one, context))
    empty = _empty_days(context, member, today) if caseload.patients else ()
    if not (held or missing or empty):
        return None
    return TrueUp(
        today=today,
        working_days_left=_working_days_left(context, today),
        held=held,
        missing=missing,
        empty_days=empty,
    )


def _working_days_left(context: Context, today: date) -> int:
    days_off = context.days_off
    after = working_days_between(today, BillingMonth.of(today).last_day, days_off)
    return after + is_working_day(today, days_off)


def _empty_days(context: Context, member: Member, today: date) -> tuple[date, ...]:
    first = BillingMonth.of(today).first_day
    worked = {entry.service_date for entry in context.uow.ledger.member_days(member.member_id, first, today)}
    days = (first + _DAY * step for step in range((today - first).days))
    return tuple(day for day in days if day not in worked and is_working_day(day, context.days_off))


def _is_near(one: PatientMonth, context: Context) -> bool:
    needed = one.threshold.remaining_seconds
    return one.threshold.next_code is not None and needed <= context.settings.near_minutes * MINUTE


def _as_set_aside(one: PatientMonth) -> PatientMonth:
    """What is told of a patient who is not to reach a code: a code that is only near asks for nothing."""
    if one.threshold.reached:
        return one
    return replace(one, told=tuple(each for each in one.told if row_of(each).told is When.FROM_THE_START))


def _is_in_reach(one: PatientMonth, context: Context) -> bool:
    return bool(one.threshold.reached) or _is_near(one, context)


def _nearest(one: PatientMonth) -> tuple[int, int]:
    return one.threshold.remaining_seconds, one.patient.patient_id


def _longest_due(one: PatientMonth) -> tuple[date, int]:
    days = (day for day in (one.contact_due_on, one.review_due_since) if day is not None)
    return min(days, default=date.max), one.patient.patient_id


def _longest_unseen(one: Untouched) -> tuple[date, int]:
    return one.last_contact_on or date.min, one.patient.patient_id
