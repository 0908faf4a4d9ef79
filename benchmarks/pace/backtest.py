"""Forecasts a simulated practice's months on past mornings, and holds the forecasts against what came about."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.pace.practice import YEAR, Patient, Practice
from billing.calendar import is_working_day
from billing.months import BillingMonth
from billing.pace import COMPARED_MONTHS, EARLIER_MONTHS, CareDay, PatientCare, forecast, straight_line

#: Mornings on which so many working days are left; months take turns with them.
LEFT = ((15, 5), (10, 2))
_DAY = timedelta(days=1)
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Outcome:
    """One patient on one morning who had not reached their code."""

    month: BillingMonth
    left: int
    probability: float
    straight: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """What a person did on the days that were left on one morning, in hours, and what was forecast."""

    left: int
    done: float
    forecast: float
    straight: float
    needed: float


@dataclass(slots=True)
class Score:
    """What many forecasts came to."""

    outcomes: list[Outcome] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)


def backtest(
    practice: Practice, score: Score, months: int = 12, left: tuple[tuple[int, ...], ...] = LEFT
) -> None:
    """Forecast the first months of the year, and add up how it came out."""
    for manager in practice.managers:
        books = _Books([one for one in practice.patients if one.manager == manager.number])
        for number in range(1, months + 1):
            month = BillingMonth(YEAR, number)
            for few in left[number % len(left)]:
                books.look(month, few, score)


class _Books:
    """One person's patients, and their time as it was written down."""

    def __init__(self, patients: list[Patient]) -> None:
        self._patients = {one.number: one for one in patients}
        self._care = {
            one.number: [CareDay(each.day, each.written_on, each.seconds) for each in one.entries]
            for one in patients
        }
        self._all = [each for care in self._care.values() for each in care]

    def look(self, month: BillingMonth, left: int, score: Score) -> None:
        """Forecast a month on the morning with so many working days left."""
        days = [month.first_day + _DAY * step for step in range(month.last_day.day)]
        working = [day for day in days if is_working_day(day)]
        if left > len(working):
            return
        today = working[-left]
        begin = month.plus(-EARLIER_MONTHS).first_day
        own_days: dict[date, int] = {}
        for day, written_on, seconds in self._all:
            if begin <= day < today and written_on < today:
                own_days[day] = own_days.get(day, 0) + seconds
        cares = [
            self._known(one, begin, today)
            for one in self._patients.values()
            if one.since <= today and (one.until or today) >= begin
        ]
        found = forecast(today, cares, own_days)
        if found is None:
            return
        for chance in found.chances:
            if chance.needed_seconds:
                patient = self._patients[chance.patient_id]
                reached = patient.seconds.get(month, 0) >= patient.target(month)
                straight = straight_line(chance, today)
                score.outcomes.append(Outcome(month, left, chance.probability, straight, reached))
        if found.left_seconds is None:
            return
        done = sum(each.seconds for each in self._all if today <= each.day <= month.last_day)
        so_far = sum(seconds for day, seconds in own_days.items() if day in month)
        gone = len(working) - left
        score.hours.append(
            Hours(
                left=left,
                done=done / _HOUR,
                forecast=found.left_seconds / _HOUR,
                straight=so_far / gone * left / _HOUR if gone else 0.0,
                needed=found.pace.needed_seconds / _HOUR,
            )
        )

    def _known(self, one: Patient, begin: date, today: date) -> PatientCare:
        """A patient as the ledger had them that morning."""
        month = BillingMonth.of(today)
        care = [each for each in self._care[one.number] if each[1] < today and each[0] >= begin]
        # A discharge is known once it was.
        until = one.until if one.until is not None and one.until <= today else None
        months = [month.plus(-back) for back in range(COMPARED_MONTHS + 1)]
        targets = {
            each: one.target(each)
            for each in months
            if BillingMonth.of(one.since) <= each and (until is None or each < month)
        }
        plans = (each for each in reversed(one.entries) if each.planned_on and each.written_on < today)
        newest = next(plans, None)
        return PatientCare(
            patient_id=one.number,
            since=one.since,
            until=until,
            targets=targets,
            care=care,
            planned_on=None if newest is None else newest.planned_on,
        )
