"""Makes the one message of a person's morning, whatever their roles: its headings, and who stands under each."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from billing.calendar import is_working_day, working_days_between
from billing.durations import MINUTE
from billing.evaluate import MonthResult
from billing.findings.registry import row_of
from billing.findings.row import When
from billing.months import BillingMonth
from billing.pace import Pace
from billing.people import Member, MemberRole
from services.context import Context
from services.messages import headings
from services.messages.days import FIRST_WORKING_DAY_OF_WEEK, LAST_THREE_WORKING_DAYS, last_week, monday_of
from services.messages.kind import Heading
from services.messages.nearness import caseload_of, months_of
from services.messages.office import Office, office
from services.messages.patient_month import CaseloadNews, PatientMonth, Untouched
from services.messages.reminders import WeekAudit, WeekAuditSummary, week_audit, week_audit_summary
from services.months.pace import pace_of
from services.months.rule_book import RuleBook

_DAY = timedelta(days=1)
#: Up to this day of a month, patients without time in it are no news.
_QUIET_DAYS = 7
#: The week's headings come with the first message that a person is sent within these days.
_WEEK_IS_NEWS = timedelta(days=4)


class Place(StrEnum):
    """The headings under which patients stand, in the order of the message."""

    FIRST = "first"
    NEAR = "near"
    MISSING = "missing"
    REVIEW = "review"


#: A patient under a heading.
Listed = PatientMonth | Untouched


@dataclass(frozen=True, slots=True, kw_only=True)
class Patients:
    """A care manager's patients, under the headings of the day."""

    #: Whose health or care asks for somebody today, the most pressing first.
    first: tuple[PatientMonth, ...] = field(default=(), repr=False)
    #: Everybody within reach of their next code, those named above, too; nearest first.
    near: tuple[PatientMonth, ...] = field(default=(), repr=False)
    #: Something blocks billing that can still be fixed, and neither heading above has said so.
    missing: tuple[PatientMonth, ...] = field(default=(), repr=False)
    #: Nothing logged this month, and nothing else to say; longest unseen first.
    untouched: tuple[Untouched, ...] = field(default=(), repr=False)
    #: How many are near and left out, as reaching out is not clinically indicated this month.
    set_aside: int = 0

    @property
    def are_named(self) -> bool:
        """Whether anybody stands under any heading."""
        return bool(self.first or self.near or self.missing or self.untouched)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeMonthEnds:
    """What the last working days of a month add: the person's days on which nothing was logged."""

    empty_days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What one person is told one morning; a heading of which nothing is to be said is empty or None."""

    #: The local date it is for the person.
    today: date
    #: Working days from today to the month's end, today included where it is one.
    working_days_left: int
    patients: Patients = field(default_factory=Patients)
    pace: Pace | None = None
    #: Who waits for the person's case review, the most pressing first.
    reviews: tuple[PatientMonth, ...] = field(default=(), repr=False)
    month_end: BeforeMonthEnds | None = None
    #: The person's own odd entries of last week, and everybody's in figures.
    week: WeekAudit | None = None
    team_week: WeekAuditSummary | None = None
    office: Office | None = None

    @property
    def month(self) -> BillingMonth:
        """The month told of."""
        return BillingMonth.of(self.today)

    def under(self, place: Place) -> tuple[Listed, ...]:
        """Who stands under a heading, in order; of whom nothing was logged comes after what is missing."""
        match place:
            case Place.FIRST:
                return self.patients.first
            case Place.NEAR:
                return self.patients.near
            case Place.MISSING:
                return (*self.patients.missing, *self.patients.untouched)
            case Place.REVIEW:
                return self.reviews

    @property
    def says_something(self) -> bool:
        """Whether anything but the pace is to be said, which is no reason to send a message."""
        told = (self.reviews, self.month_end, self.week, self.team_week, self.office)
        return self.patients.are_named or any(told)


def morning(context: Context, member: Member, today: date, book: RuleBook | None = None) -> Morning | None:
    """A member's morning; None when there is nothing to say.

    Args:
        context: where the use case works.
        member: whose it is; each of their roles adds its headings.
        today: their local date.
        book: the practice's rules, where many are told at once.
    """
    wanted = headings.wanted_by(context, member)
    rules = book or RuleBook(context)
    daily = headings.DAILY in wanted
    patients, month_end, judged = _of_care_manager(context, member, today, rules, wanted)
    monday = _starts_week(context, member, today, wanted)
    found = Morning(
        today=today,
        working_days_left=_working_days_left(context, today),
        patients=patients,
        pace=pace_of(context, member, today, rules, judged) if headings.PACE in wanted else None,
        reviews=_reviews(context, member, today, rules, patients) if daily else (),
        month_end=month_end,
        week=week_audit(context, member, monday) if monday and headings.AUDIT in wanted else None,
        team_week=week_audit_summary(context, monday)
        if monday and headings.AUDIT_SUMMARY in wanted
        else None,
        office=office(context) if daily and MemberRole.ADMIN in member.roles else None,
    )
    return found if found.says_something else None


def places_of(context: Context, one: PatientMonth, *, set_aside: bool) -> frozenset[Place]:
    """Under which headings of the day a patient belongs now."""
    told = _as_set_aside(one) if set_aside else one
    places = {
        Place.FIRST: told.comes_first,
        Place.NEAR: _is_near(told, context) and not set_aside,
        Place.MISSING: told.in_care and (told.can_be_fixed or not (told.has_time or set_aside)),
        Place.REVIEW: told.comes_first and _is_for_consultant(told),
    }
    return frozenset(place for place, belongs in places.items() if belongs)


def _of_care_manager(
    context: Context, member: Member, today: date, book: RuleBook, wanted: Collection[Heading]
) -> tuple[Patients, BeforeMonthEnds | None, dict[int, MonthResult]]:
    """Their patients under the headings of the day, what a month's last working days add, and who was judged."""
    daily = headings.DAILY in wanted and MemberRole.CARE_MANAGER in member.roles
    month_ends = headings.TRUE_UP in wanted and LAST_THREE_WORKING_DAYS.include(today, context.days_off)
    if not (daily or month_ends):
        return Patients(), None, {}
    caseload = caseload_of(context, member, today, book)
    patients = _patients(context, caseload, today) if daily else _to_true_up(context, caseload)
    judged = {one.patient.patient_id: one.result for one in caseload.months}
    if not (month_ends and caseload.patients):
        return patients, None, judged
    empty = _empty_days(context, member, today)
    return patients, BeforeMonthEnds(empty_days=empty) if empty else None, judged


def _to_true_up(context: Context, caseload: CaseloadNews) -> Patients:
    """What is held, and codes that lack something, for those who hear of patients only when a month ends."""
    return Patients(
        missing=tuple(
            one
            for one in caseload.months
            if one.in_care and (one.held or (one.lacks_something and _is_in_reach(one, context)))
        )
    )


def _patients(context: Context, caseload: CaseloadNews, today: date) -> Patients:
    aside = context.uow.set_aside.of(BillingMonth.of(today))
    months = [_as_set_aside(one) if one.patient.patient_id in aside else one for one in caseload.months]
    first = [one for one in months if one.comes_first]
    reached = [one for one in months if _is_near(one, context)]
    near = [one for one in reached if one.patient.patient_id not in aside]
    named = {one.patient.patient_id for one in (*first, *near)}
    missing = [
        one for one in months if one.in_care and one.can_be_fixed and one.patient.patient_id not in named
    ]
    untouched = [
        one for one in caseload.untouched if today.day > _QUIET_DAYS and one.patient.patient_id not in aside
    ]
    return Patients(
        first=tuple(sorted(first, key=_most_pressing)),
        near=tuple(sorted(near, key=_nearest)),
        missing=tuple(missing),
        untouched=tuple(sorted(untouched, key=_longest_unseen)),
        set_aside=len(reached) - len(near),
    )


def _reviews(
    context: Context, member: Member, today: date, book: RuleBook, told: Patients
) -> tuple[PatientMonth, ...]:
    """Who waits for a consultant's review; of their own patients, those not named above."""
    if MemberRole.CONSULTANT not in member.roles:
        return ()
    waiting = context.uow.caseloads.of_consultant(member.member_id, today)
    months = months_of(context, member, waiting, today, book, pressing=True)
    named = {one.patient.patient_id for one in told.first}
    found = [one for one in months if one.comes_first and one.patient.patient_id not in named]
    return tuple(sorted((one for one in found if _is_for_consultant(one)), key=_most_pressing))


def _is_for_consultant(one: PatientMonth) -> bool:
    """A contact that was planned is the care manager's."""
    return one.signal is not None or one.worse is not None or one.asks_for_review


def _starts_week(context: Context, member: Member, today: date, wanted: Collection[Heading]) -> date | None:
    """The Monday of last week, in the first message that a person is sent this week; None in every other."""
    if not {headings.AUDIT, headings.AUDIT_SUMMARY} & set(wanted):
        return None
    monday = today - _DAY * today.weekday()
    begun = FIRST_WORKING_DAY_OF_WEEK.include(today, context.days_off)
    if not begun:
        if today - monday > _WEEK_IS_NEWS:
            return None
        days = [monday + _DAY * step for step in range((today - monday).days)]
        if not days or context.uow.deliveries.was_sent(
            [f"{headings.MESSAGE}:{day}" for day in days], f"member:{member.member_id}"
        ):
            return None
    return monday_of(last_week(today))


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


def _is_in_reach(one: PatientMonth, context: Context) -> bool:
    return bool(one.threshold.reached) or _is_near(one, context)


def _as_set_aside(one: PatientMonth) -> PatientMonth:
    """What is told of a patient who is not to reach a code: a code that is only near asks for nothing."""
    if one.threshold.reached:
        return one
    return replace(one, told=tuple(each for each in one.told if row_of(each).told is When.FROM_THE_START))


def _nearest(one: PatientMonth) -> tuple[int, int]:
    return one.threshold.remaining_seconds, one.patient.patient_id


def _most_pressing(one: PatientMonth) -> tuple[bool, bool, date, int]:
    """Safety, then scores that rose, then what is longest overdue."""
    days = (one.contact_due_on, one.review_due_since, one.unreviewed_since)
    oldest = min((day for day in days if day is not None), default=date.max)
    return one.signal is None, one.worse is None, oldest, one.patient.patient_id


def _longest_unseen(one: Untouched) -> tuple[date, int]:
    return one.last_contact_on or date.min, one.patient.patient_id
