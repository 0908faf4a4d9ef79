"""How well the pace of closed months was forecast: on past mornings, from the ledger as it was known on them.

Nothing was stored for it. The ledger keeps every version of every entry, so what a morning knew can be read again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import fsum

from billing.calendar import is_working_day
from billing.months import BillingMonth
from billing.pace import EARLIER_MONTHS, Forecast, forecast, straight_line
from services.context import Context
from services.months.judge import JudgedMonth
from services.months.pace import Caseload, left_out, own_days
from services.months.rule_book import RuleBook
from storage.care_time import SaidOfEntry, WorkedTime

#: The mornings looked at are those with so many working days left.
MORNINGS = (15, 10, 5, 2)
#: When a morning is: what was written down before is known.
_MORNING = time(8, 30)
_DAY = timedelta(days=1)
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceRecord:
    """How a closed month came out, beside what its mornings forecast and what two rules of thumb would have."""

    month: BillingMonth
    #: Care managers looked at, how many there were, and mornings of theirs on which something was forecast.
    people: int
    of_people: int
    mornings: int
    #: Forecasts of patients who had not reached their code yet, and how many of these came true that they would.
    forecasts: int
    reached: int
    #: What was expected: the sum of their chances.
    expected: float
    #: Mean squared difference of forecast and outcome, 0 at best: ours, "all will" and the straight line.
    brier: float
    brier_all: float
    brier_line: float
    #: Mean hours by which the time left was off, a morning: ours, what all lacked, and the straight line.
    hours_off: float
    hours_off_all: float
    hours_off_line: float


class Reached:
    """Who reached their base code in closed months, collected while a report is made."""

    def __init__(self, months: Iterable[BillingMonth], people: int) -> None:
        self._people = people
        self._reached: dict[BillingMonth, set[int]] = {month: set() for month in months}

    def follow(self, judged: JudgedMonth) -> None:
        """Note one patient's month."""
        month, result = judged.facts.month, judged.result
        codes = {charge.code for charge in result.threshold.reached} - {judged.judging.half_hour.code}
        if month in self._reached and codes:
            self._reached[month].add(judged.patient.patient_id)

    def records(self, context: Context, book: RuleBook) -> tuple[PaceRecord, ...]:
        """The record of each month of which anything was forecast, the first first."""
        months = sorted(self._reached.items())
        found = (pace_record(context, month, ids, book, self._people) for month, ids in months)
        return tuple(one for one in found if one is not None)


def pace_record(
    context: Context, month: BillingMonth, reached: Collection[int], book: RuleBook, people: int
) -> PaceRecord | None:
    """How well a month was forecast; None where too little was known on its mornings to forecast anything.

    Args:
        context: where the use case works.
        month: one that is over.
        reached: the patients who reached their base code in it.
        book: the practice's rules.
        people: of how many care managers at most, chosen evenly.
    """
    first = month.plus(-EARLIER_MONTHS).first_day
    time_ = context.uow.care_time
    past = _Past.read(time_.said_of(first, month.last_day, without=left_out(context, month)))
    score = _Score(reached=reached, days_off=context.days_off)
    managers = time_.care_managers(month.first_day)
    for member_id in managers[:: -(-len(managers) // people) or 1]:
        member = context.uow.members.by_id(member_id)
        zone = context.zone_of(member) if member is not None else context.settings.zone
        ids = time_.looked_after_since(member_id, first)
        caseload = Caseload.read(context, member_id, ids, book)
        for today in _mornings(context, month):
            known = past.known_at(datetime.combine(today, _MORNING, zone).astimezone(UTC))
            time_then = known.of(ids)
            own = own_days(time_then, member_id, today)
            cares = caseload.as_of(today, time_then, known.planned)
            found = forecast(today, cares, own, context.days_off)
            if found is not None:
                score.people.add(member_id)
                score.add(today, found)
                score.add_hours(today, found, past.worked(member_id, ids, today), own)
    return score.record(month, len(managers))


def _mornings(context: Context, month: BillingMonth) -> list[date]:
    days = (month.first_day + _DAY * step for step in range(month.last_day.day))
    working = [day for day in days if is_working_day(day, context.days_off)]
    return [working[-left] for left in MORNINGS if left <= len(working)]


@dataclass(frozen=True, kw_only=True)
class _Known:
    """The time that can count as it was known at an instant, and the contacts that were planned."""

    by_patient: Mapping[int, Sequence[WorkedTime]]
    planned: Mapping[int, date]

    def of(self, ids: Collection[int]) -> list[WorkedTime]:
        """That of some patients."""
        return [one for patient_id in ids for one in self.by_patient.get(patient_id, ())]


@dataclass(kw_only=True)
class _Past:
    """Every version of some months' entries, the first of each first."""

    entries: Sequence[Sequence[SaidOfEntry]]
    _known: dict[datetime, _Known] = field(default_factory=dict)

    @classmethod
    def read(cls, said: Iterable[SaidOfEntry]) -> "_Past":
        """Put versions together by entry."""
        found: dict[int, list[SaidOfEntry]] = defaultdict(list)
        for one in said:
            found[one.entry_id].append(one)
        return cls(entries=list(found.values()))

    def known_at(self, instant: datetime) -> _Known:
        """What was known at an instant."""
        if instant not in self._known:
            by_patient: dict[int, list[WorkedTime]] = defaultdict(list)
            plans: dict[int, tuple[date, int, date]] = {}
            for one in self._standing(instant):
                patient_id, day = one.worked.patient_id, one.worked.day
                if one.counts:
                    by_patient[patient_id].append(one.worked)
                if one.next_contact is not None:
                    plan = (day, one.entry_id, one.next_contact)
                    plans[patient_id] = max(plans.get(patient_id, plan), plan)
            planned = {patient_id: plan[2] for patient_id, plan in plans.items()}
            self._known[instant] = _Known(by_patient=by_patient, planned=planned)
        return self._known[instant]

    def _standing(self, instant: datetime) -> Iterator[SaidOfEntry]:
        """Of each entry what its last version by then says."""
        for versions in self.entries:
            if versions[-1].at < instant:
                yield versions[-1]
            elif versions[0].at < instant:
                yield next(one for one in reversed(versions) if one.at < instant)

    def worked(self, member_id: int, ids: Collection[int], since: date) -> int:
        """Seconds that a member worked for some patients on a local date or later, as it is known in the end."""
        last = self.known_at(datetime.max.replace(tzinfo=UTC))
        return sum(one.seconds for one in last.of(ids) if one.performed_by == member_id and one.day >= since)


@dataclass(kw_only=True)
class _Score:
    """Adds up how a month's forecasts came out."""

    #: Patients who reached their base code.
    reached: Collection[int]
    days_off: frozenset[date]
    people: set[int] = field(default_factory=set)
    mornings: int = 0
    came: int = 0
    chances: list[float] = field(default_factory=list)
    #: Squared differences, and hours off: ours, "all will", the straight line.
    squares: list[tuple[float, float, float]] = field(default_factory=list)
    hours: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, today: date, found: Forecast) -> None:
        """The patients of a morning who were not there yet."""
        self.mornings += 1
        for one in found.chances:
            if one.needed_seconds:
                came, line = one.patient_id in self.reached, straight_line(one, today, self.days_off)
                self.came += came
                self.chances.append(one.probability)
                self.squares.append(((one.probability - came) ** 2, 1.0 - came, float(line != came)))

    def add_hours(self, today: date, found: Forecast, done: int, own: Mapping[date, int]) -> None:
        """The hours that were left on a morning, where they were forecast, and what was done in them."""
        if found.left_seconds is None:
            return
        month = BillingMonth.of(today)
        days = (month.first_day + _DAY * step for step in range(month.last_day.day))
        working = [day for day in days if is_working_day(day, self.days_off)]
        gone = sum(day < today for day in working)
        so_far = sum(seconds for day, seconds in own.items() if day in month)
        line = so_far / gone * (len(working) - gone) if gone else 0.0
        forecasts = (found.left_seconds, found.pace.needed_seconds, line)
        ours, all_, straight = (abs(each - done) / _HOUR for each in forecasts)
        self.hours.append((ours, all_, straight))

    def record(self, month: BillingMonth, of_people: int) -> PaceRecord | None:
        """What it comes to; None where nothing was forecast."""
        if not self.squares:
            return None
        ours, all_, line = (_mean(each) for each in zip(*self.squares, strict=True))
        hours = [_mean(each) for each in zip(*self.hours, strict=True)] or [0.0, 0.0, 0.0]
        return PaceRecord(
            month=month,
            people=len(self.people),
            of_people=of_people,
            mornings=self.mornings,
            forecasts=len(self.squares),
            reached=self.came,
            expected=fsum(self.chances),
            brier=ours,
            brier_all=all_,
            brier_line=line,
            hours_off=hours[0],
            hours_off_all=hours[1],
            hours_off_line=hours[2],
        )


def _mean(figures: Sequence[float]) -> float:
    return fsum(figures) / len(figures)
