"""What a supervisor's Home shows: who logs and who does not, late and held time, and whose months are at risk."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from billing.calendar import is_late, is_working_day, working_days_between
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.context import Context
from services.home.figures import ManagerMonth, MonthFigures, figures_of
from services.people.rights import WORKING, Action, needs
from storage.overviews import Work

#: Who has logged nothing on so many working days in a row is named; today counts only once it is over.
QUIET_WORKING_DAYS = 3
#: How far back somebody's last entry is looked for.
_LOOKED_BACK = timedelta(days=62)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMonth:
    """One person's month so far, as a supervisor sees it."""

    member: Member
    #: Patients in care whom they look after; and of these, those without any time this month.
    patients: int
    untouched: int
    #: Of their patients: whose minutes earn a code, whose line something blocks, who is near the next code.
    reached: int
    blocked: int
    near: int
    #: Whole seconds that they logged this month, and entries; those written late, those that are held.
    seconds: int
    entries: int
    late: int
    held: int
    held_seconds: int
    #: The local date of their last entry; None for none in the last two months.
    last_entry_on: date | None

    @property
    def at_risk(self) -> int:
        """Patients whose month may not be billed: reached and blocked, or without any time."""
        return self.blocked + self.untouched


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionHome:
    """The practice's people this month."""

    today: date
    figures: MonthFigures
    #: Care managers, and whoever else works or has patients; the most patients at risk first.
    people: tuple[PersonMonth, ...]
    #: Of these, who have patients and logged nothing on the last working days.
    quiet: tuple[PersonMonth, ...]
    #: Patients in care whom nobody looks after.
    unassigned: int
    working_days_left: int

    @property
    def month(self) -> BillingMonth:
        """This month."""
        return self.figures.month


@needs(Action.SEE_TIME_KEEPING)
def supervision_home(context: Context, actor: Member) -> SupervisionHome:
    """Who works for whom, and how the month stands."""
    today = context.today_of(actor)
    this = BillingMonth.of(today)
    (figures,) = figures_of(context, this, this)
    in_care = context.uow.overviews.in_care(today)
    patients: dict[int | None, set[int]] = defaultdict(set)
    for patient_id, manager in in_care.items():
        patients[manager].add(patient_id)
    worked = {patient for month in figures.managers.values() for patient in month.patients}
    work = _WorkOfAll(context, this, context.uow.overviews.work(today - _LOOKED_BACK, today))
    people = [
        work.person(member, patients.get(member.member_id, set()), worked, figures.managers)
        for member in context.uow.members.all()
        if _is_looked_at(member, patients, work)
    ]
    quiet_since = _working_days_ago(today, QUIET_WORKING_DAYS, context.days_off)
    return SupervisionHome(
        today=today,
        figures=figures,
        people=tuple(sorted(people, key=_most_at_risk)),
        quiet=tuple(
            one
            for one in sorted(people, key=_longest_quiet)
            if one.patients and (one.last_entry_on or date.min) < quiet_since
        ),
        unassigned=len(patients.get(None, ())),
        working_days_left=working_days_between(today, this.last_day, context.days_off)
        + is_working_day(today, context.days_off),
    )


class _WorkOfAll:
    """Everybody's work of late, by person."""

    def __init__(self, context: Context, month: BillingMonth, work: Iterable[Work]) -> None:
        self.last: dict[int, date] = {}
        self.month: dict[int, Counter[str]] = defaultdict(Counter)
        rules = context.rules_of(month)
        for one in work:
            self.last[one.member_id] = max(one.service_date, self.last.get(one.member_id, date.min))
            if one.service_date not in month:
                continue
            written = one.recorded_on or one.service_date
            is_late_work = is_late(one.service_date, written, rules.days_off, rules.late_after_business_days)
            self.month[one.member_id].update(
                seconds=one.seconds,
                entries=one.entries,
                late=one.entries if is_late_work else 0,
                held=one.held,
                held_seconds=one.held_seconds,
            )

    def person(
        self,
        member: Member,
        patients: set[int],
        worked: set[int],
        managers: Mapping[int | None, ManagerMonth],
    ) -> PersonMonth:
        """One of them."""
        own, lines = self.month[member.member_id], managers.get(member.member_id, ManagerMonth())
        return PersonMonth(
            member=member,
            patients=len(patients),
            untouched=len(patients - worked),
            reached=lines.reached,
            blocked=lines.blocked,
            near=lines.near,
            seconds=own["seconds"],
            entries=own["entries"],
            late=own["late"],
            held=own["held"],
            held_seconds=own["held_seconds"],
            last_entry_on=self.last.get(member.member_id),
        )


def _is_looked_at(member: Member, patients: Mapping[int | None, set[int]], work: _WorkOfAll) -> bool:
    """Care managers, whoever has patients still, and whoever worked this month."""
    if patients.get(member.member_id):
        return True
    if not member.active:
        return False
    works = not WORKING.isdisjoint(member.roles) and member.member_id in work.month
    return works or MemberRole.CARE_MANAGER in member.roles


def _working_days_ago(today: date, number: int, days_off: frozenset[date]) -> date:
    day, left = today, number
    while left:
        day -= _DAY
        left -= is_working_day(day, days_off)
    return day


def _most_at_risk(one: PersonMonth) -> tuple[int, str, int]:
    return -one.at_risk, one.member.display_name, one.member.member_id


def _longest_quiet(one: PersonMonth) -> tuple[date, str]:
    return one.last_entry_on or date.min, one.member.display_name
