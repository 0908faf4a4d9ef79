"""Reads a person's patients of the month, where each stands, and who is near the next code."""

from dataclasses import dataclass, field
from datetime import date

from billing.calendar import is_working_day, working_days_between
from billing.durations import MINUTE
from billing.evaluate import LineStatus
from billing.months import BillingMonth
from billing.people import Member
from services.context import Context
from services.months.judge import JudgedMonth, judge
from services.months.standing import Standing, standing_of
from services.people.covering import in_hands
from services.people.rights import Action, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadLine:
    """One patient's month."""

    standing: Standing
    #: Local date of the month's last entry by anybody; None without one.
    last_entry_on: date | None

    @property
    def needed_seconds(self) -> int | None:
        """Seconds that the next code still needs; None when no more can be reached."""
        threshold = self.standing.result.threshold
        return None if threshold.next_code is None else threshold.remaining_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """A person's patients in one month, those nearest to their next code first, those without time last."""

    month: BillingMonth
    #: The local date it is for the person.
    today: date
    #: Working days from today to the month's end, today included where it is one.
    working_days_left: int
    lines: tuple[CaseloadLine, ...] = field(repr=False)
    #: How near the practice calls near.
    near_seconds: int

    @property
    def near(self) -> tuple[CaseloadLine, ...]:
        """Those within reach of the next code."""
        return tuple(line for line in self.lines if self._is_near(line))

    @property
    def held_up(self) -> tuple[CaseloadLine, ...]:
        """Those who have reached a code, are not near another, and whose line something blocks."""
        return tuple(
            line
            for line in self.lines
            if line.standing.result.status is LineStatus.BLOCKED and not self._is_near(line)
        )

    def _is_near(self, line: CaseloadLine) -> bool:
        return line.needed_seconds is not None and line.needed_seconds <= self.near_seconds

    def count(self, status: LineStatus) -> int:
        """How many patients' months stand like that."""
        return sum(line.standing.result.status is status for line in self.lines)

    @property
    def untouched(self) -> int:
        """How many have no entry in the month."""
        return sum(line.last_entry_on is None for line in self.lines)


@needs(Action.SEE_PATIENTS)
def caseload(context: Context, actor: Member) -> Caseload:
    """The member's patients this month: those assigned to them, and those they worked for."""
    today = context.today_of(actor)
    month = BillingMonth.of(today)
    worked = {
        entry.patient_id for entry in context.uow.ledger.member_days(actor.member_id, month.first_day, today)
    }
    numbers = worked | _assigned(context, actor, today)
    patients = context.uow.patients.many(numbers).values() if numbers else ()
    lines = [_line(context, actor, judged) for judged in judge(context, tuple(patients), (month,))]
    days_off = context.days_off
    return Caseload(
        month=month,
        today=today,
        working_days_left=working_days_between(today, month.last_day, days_off)
        + is_working_day(today, days_off),
        lines=tuple(sorted(lines, key=_nearest_first)),
        near_seconds=context.settings.near_minutes * MINUTE,
    )


def _assigned(context: Context, actor: Member, today: date) -> set[int]:
    managers = dict.fromkeys((actor.member_id, *in_hands(context, actor, today)))
    return {
        episode.patient_id
        for manager in managers
        for episode in context.uow.episodes.of_care_manager(manager)
        if episode.discharged_on is None or episode.discharged_on >= today.replace(day=1)
    }


def _line(context: Context, actor: Member, judged: JudgedMonth) -> CaseloadLine:
    facts = judged.facts
    return CaseloadLine(
        standing=standing_of(context, actor, judged.patient, judged.result),
        last_entry_on=max((entry.service_date for entry in facts.entries), default=None),
    )


def _nearest_first(line: CaseloadLine) -> tuple[bool, bool, int, int]:
    needed = line.needed_seconds
    return line.last_entry_on is None, needed is None, needed or 0, line.standing.patient.patient_id
