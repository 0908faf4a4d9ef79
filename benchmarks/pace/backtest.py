"""Forecasts a simulated practice's months on past mornings, and holds the forecasts against what came about."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from benchmarks.pace.practice import YEAR, Patient, Practice
from billing.calendar import is_working_day
from billing.months import BillingMonth
from billing.pace import COMPARED_MONTHS, EARLIER_MONTHS, CareDay, PatientCare, forecast, straight_line

#: Mornings on which so many working days are left.
LEFT = (15, 10, 5, 2)
_DAY = timedelta(days=1)


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


def backtest(practice: Practice, score: Score, months: int = 12, left: tuple[int, ...] = LEFT) -> None:
    """Forecast the first months of the year, and add up how it came out."""
    for manager in practice.managers:
        own = [one for one in practice.patients if one.manager == manager.number]
        days: dict[date, list[tuple[date, int]]] = defaultdict(list)
        for patient in own:
            for entry in patient.entries:
                days[entry.day].append((entry.written_on, entry.seconds))
        for number in range(1, months + 1):
            month = BillingMonth(YEAR, number)
            for few in left:
                today = _morning(month, few)
                if today is not None:
                    _look(own, days, today, few, score)


def _morning(month: BillingMonth, left: int) -> date | None:
    days = [day for day in _days(month) if is_working_day(day)]
    return days[-left] if left <= len(days) else None


def _days(month: BillingMonth) -> Iterator[date]:
    return (month.first_day + _DAY * step for step in range((month.last_day - month.first_day).days + 1))


def _look(
    own: list[Patient],
    days: dict[date, list[tuple[date, int]]],
    today: date,
    left: int,
    score: Score,
) -> None:
    """One person's morning."""
    month = BillingMonth.of(today)
    begin = month.plus(-EARLIER_MONTHS).first_day
    own_days = {
        day: sum(seconds for written_on, seconds in written if written_on < today)
        for day, written in days.items()
        if begin <= day < today
    }
    cares = [_care(one, begin, today) for one in own if one.since <= today and (one.until or today) >= begin]
    found = forecast(today, cares, own_days)
    if found is None:
        return
    by_number = {one.number: one for one in own}
    for chance in found.chances:
        if chance.needed_seconds:
            patient = by_number[chance.patient_id]
            reached = patient.seconds_in(month) >= patient.target(month)
            score.outcomes.append(
                Outcome(month, left, chance.probability, straight_line(chance, today), reached)
            )
    if found.left_seconds is None:
        return
    done = sum(
        seconds for day, written in days.items() if today <= day <= month.last_day for _, seconds in written
    )
    worked = [day for day in _days(month) if day < today and is_working_day(day)]
    so_far = sum(own_days.get(day, 0) for day in _days(month) if day < today)
    straight = so_far / len(worked) * left if worked else 0
    score.hours.append(
        Hours(
            left=left,
            done=done / 3600,
            forecast=found.left_seconds / 3600,
            straight=straight / 3600,
            needed=found.pace.needed_seconds / 3600,
        )
    )


def _care(patient: Patient, begin: date, today: date) -> PatientCare:
    """A patient as the ledger had them that morning."""
    month = BillingMonth.of(today)
    known = [one for one in patient.entries if one.written_on < today and one.day >= begin]
    # A discharge is known once it was.
    until = patient.until if patient.until is not None and patient.until <= today else None
    months = [month.plus(-back) for back in range(COMPARED_MONTHS + 1)]
    targets = {
        each: patient.target(each)
        for each in months
        if BillingMonth.of(patient.since) <= each and (until is None or each < month)
    }
    plans = [one for one in known if one.planned_on is not None]
    planned = max(plans, key=lambda one: one.day).planned_on if plans else None
    return PatientCare(
        patient_id=patient.number,
        since=patient.since,
        until=until,
        targets=targets,
        care=[CareDay(one.day, one.written_on, one.seconds) for one in known],
        planned_on=planned,
    )
