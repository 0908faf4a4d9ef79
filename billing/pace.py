"""At this pace: how many of a person's patients will reach a code by the month's end. Pure.

It describes what will come about if the days left go as such days usually go, and asks for nothing. How it is
reckoned, and how well that came out, stands in `docs/pace.md`.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import fsum
from typing import NamedTuple

from billing.calendar import is_working_day
from billing.chances import Calls, Correction, correction_of
from billing.durations import MINUTE
from billing.months import BillingMonth

#: Usual is what was so in the twelve weeks before.
LOOK_BACK = timedelta(weeks=12)
#: Earlier months whose time is looked at, and those of them that show how such forecasts come out.
EARLIER_MONTHS = 3
COMPARED_MONTHS = 2
#: Working days that have to be known before anything is said.
KNOWN_DAYS = 5

#: Where little is known, what is known is mixed with what is usual beyond: this many days, calls or weekdays of it.
_PRIOR_DAYS = 15.0
_PRIOR_CALLS = 3.0
_PRIOR_WEEKDAYS = 4.0
#: What stands in where nothing is known at all: a call of a quarter of an hour on one working day in eight.
_ANY_RATE = 1 / 8
_ANY_CALL = 15.0 * MINUTE
_ANY_SPREAD = 0.6
_ANY_WEIGHT = 10.0
_LEAST_SPREAD, _MOST_SPREAD = 0.25, 1.0
#: How often a planned contact comes about, and how much seldomer others are before one that is planned.
_PLANNED_COMES = 0.75
_BEFORE_PLANNED = 0.6
_DAY = timedelta(days=1)
_WEEKDAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A person's month as it will end if the days left go as their days usually go."""

    #: Patients looked at: those whose month can still bill a base code.
    patients: int
    #: Expected number that will have reached their base code, those who have already included; rounded.
    will_reach: int
    #: Patients who have not reached it and are within one usual call of it.
    within_one_call: int
    #: Whole seconds that those who have not reached it still lack together.
    needed_seconds: int
    #: Whole seconds that the person usually logs on the working days left; None where too little is known.
    left_seconds: int | None


class CareDay(NamedTuple):
    """Time for one patient that counts."""

    #: Local date of the work.
    day: date
    #: Local date on which it was written down.
    written_on: date
    #: Whole seconds.
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCare:
    """What a forecast knows of one patient."""

    patient_id: int
    #: Local date from which they are in care.
    since: date
    #: Local date to which they were, once discharged.
    until: date | None = None
    #: Whole seconds at which the base code is reached, by month; months that can bill none are left out.
    targets: Mapping[BillingMonth, int]
    #: Their time of the last months, in any order.
    care: Sequence[CareDay]
    #: Whole seconds of this month that count, where it was judged; None is what `care` adds up to.
    counted_seconds: int | None = None
    #: The next planned contact.
    planned_on: date | None = None
    #: Whether reaching out was said to be not indicated this month.
    set_aside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Where one patient stands, and how likely their month reaches its base code."""

    patient_id: int
    so_far_seconds: int
    target_seconds: int
    #: From 0 to 1; 1 for who has reached it.
    probability: float
    #: Whole seconds of a usual contact with them.
    call_seconds: int
    set_aside: bool = False

    @property
    def needed_seconds(self) -> int:
        """Whole seconds that are still lacking."""
        return max(0, self.target_seconds - self.so_far_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A person's month, patient by patient in the order of their numbers."""

    chances: tuple[Chance, ...]
    left_seconds: int | None

    @property
    def pace(self) -> Pace:
        """The same in figures."""
        open_ = [one for one in self.chances if one.needed_seconds and not one.set_aside]
        return Pace(
            patients=len(self.chances),
            will_reach=int(fsum(one.probability for one in self.chances) + 0.5),
            within_one_call=sum(one.needed_seconds <= one.call_seconds for one in open_),
            needed_seconds=sum(one.needed_seconds for one in open_),
            left_seconds=self.left_seconds,
        )


def forecast(
    today: date,
    patients: Sequence[PatientCare],
    own_days: Mapping[date, int],
    days_off: AbstractSet[date] = frozenset(),
    away: AbstractSet[date] = frozenset(),
) -> Forecast | None:
    """A person's month as it will end at their usual pace; None where too little is known to say.

    Args:
        today: Their local date; what is left of its month, today included, is forecast.
        patients: Those whom they look after, and those whom they looked after in the months before.
        own_days: Whole seconds that they worked, by local date, before today.
        days_off: Days on which the practice is closed.
        away: Local dates on which a colleague looks after the patients: no hours of the person's own are left on them.
    """
    month = BillingMonth.of(today)
    known = sorted(patients, key=lambda one: one.patient_id)
    first = _first_known(known, own_days, month)
    days = _Days.of(first, month, own_days, days_off)
    nothing = not any(one.care for one in known) or not any(month in one.targets for one in known)
    if nothing or days.worked_before(today) < KNOWN_DAYS:
        return None
    correction = _correction(known, days, today)
    morning = _Morning(today, known, days)
    chances = tuple(morning.chance(one, correction) for one in known if month in one.targets)
    return Forecast(chances=chances, left_seconds=days.usual_seconds(today, away) if own_days else None)


def straight_line(chance: Chance, today: date, days_off: AbstractSet[date] = frozenset()) -> bool:
    """Whether a patient's time, drawn on in a straight line, reaches the code: what a ruler would forecast."""
    month = BillingMonth.of(today)
    off = frozenset(days_off)
    worked = _working_days(month.first_day, today - _DAY, off)
    in_all = worked + _working_days(today, month.last_day, off)
    return bool(worked) and chance.so_far_seconds * in_all >= chance.target_seconds * worked


@lru_cache(maxsize=256)
def _working_days(first: date, last: date, days_off: frozenset[date]) -> int:
    days = (first + _DAY * step for step in range((last - first).days + 1))
    return sum(is_working_day(day, days_off) for day in days)


def _first_known(patients: Sequence[PatientCare], own_days: Mapping[date, int], month: BillingMonth) -> date:
    """From which local date on there is anything; the month's first day at the latest."""
    first = min(own_days, default=month.first_day)
    for one in patients:
        for day, _, _ in one.care:
            first = min(first, day)
    return min(first, month.first_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Days:
    """The working days from the first one known to the month's end, each by how much of a usual day it is."""

    #: In order.
    days: tuple[date, ...]
    #: Up to each, itself not included; one more than there are days.
    sums: tuple[float, ...]
    #: Seconds that the person works on a usual Monday, Tuesday and so on.
    by_weekday: tuple[float, ...]

    @classmethod
    def of(
        cls, first: date, month: BillingMonth, own_days: Mapping[date, int], days_off: AbstractSet[date]
    ) -> "_Days":
        """Weigh each by what the person did on its weekday."""
        steps = range((month.last_day - first).days + 1)
        days = tuple(day for day in (first + _DAY * step for step in steps) if is_working_day(day, days_off))
        weights, by_weekday = _week(days, own_days, month)
        sums = [0.0]
        for day in days:
            sums.append(sums[-1] + weights[day.weekday()])
        return cls(days=days, sums=tuple(sums), by_weekday=by_weekday)

    def between(self, first: date, end: date) -> float:
        """Usual days from `first` up to `end`, that day not included."""
        places = bisect_left(self.days, first), bisect_left(self.days, end)
        return max(0.0, self.sums[places[1]] - self.sums[places[0]])

    def worked_before(self, day: date) -> int:
        """Working days before one."""
        return bisect_left(self.days, day)

    def left_in(self, month: BillingMonth, day: date) -> int:
        """Working days of a month from one of its days on, that day included."""
        return bisect_left(self.days, month.last_day + _DAY) - bisect_left(self.days, day)

    def with_left(self, month: BillingMonth, left: int) -> date | None:
        """The working day of a month on whose morning so many are left; None where it has fewer or is not known."""
        end = bisect_left(self.days, month.last_day + _DAY)
        if not 0 < left <= end:
            return None
        day = self.days[end - left]
        return day if day in month else None

    def usual_seconds(self, today: date, away: AbstractSet[date]) -> int:
        """What the person usually works from a local date to the end, but for the days on which they are away."""
        left = (day for day in self.days if day >= today and day not in away)
        return round(fsum(self.by_weekday[day.weekday()] for day in left))


def _week(
    days: Sequence[date], own_days: Mapping[date, int], month: BillingMonth
) -> tuple[list[float], tuple[float, ...]]:
    """What each weekday is of a usual one, by earlier months; and how long the person works on it, by all days."""
    before, ever = [(0, 0)] * _WEEKDAYS, [(0, 0)] * _WEEKDAYS
    last = max(own_days, default=date.min)
    for day in days:
        if day > last:
            break
        seconds, weekday = own_days.get(day, 0), day.weekday()
        count, so_far = ever[weekday]
        ever[weekday] = count + 1, so_far + seconds
        if day < month.first_day:
            count, so_far = before[weekday]
            before[weekday] = count + 1, so_far + seconds
    shares = _usual_by_weekday(before)
    mean = fsum(shares) / _WEEKDAYS
    weights = [share / mean for share in shares] if mean else [1.0] * _WEEKDAYS
    return weights, _usual_by_weekday(ever)


def _usual_by_weekday(found: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """Seconds on each weekday, drawn to the mean of all where few of them are known."""
    days = sum(count for count, _ in found)
    mean = sum(seconds for _, seconds in found) / days if days else 0.0
    return tuple((seconds + _PRIOR_WEEKDAYS * mean) / (count + _PRIOR_WEEKDAYS) for count, seconds in found)


class _Known(NamedTuple):
    """One patient's care as it was known on a morning."""

    #: Days with care in the weeks looked back on, and how many usual working days these weeks had.
    contacts: int
    days: float
    #: Of the days with care before the month: how many, their seconds, and the squares of these.
    calls: int
    seconds: int
    squares: int
    #: Whole seconds of the month, as known then and as known now.
    so_far: int
    in_the_end: int


class _Morning:
    """What is known of some patients on one morning, and what is usual for all of them together."""

    def __init__(
        self, today: date, patients: Sequence[PatientCare], days: _Days, *, past: bool = False
    ) -> None:
        self._today = today
        self._month = BillingMonth.of(today)
        self._days = days
        self._past = past
        self._begin = max(today - LOOK_BACK, days.days[0]) if days.days else today
        self._known = {one.patient_id: self._look(one) for one in patients if one.since <= today}
        self._learn()
        self._left = days.between(today, self._month.last_day + _DAY)

    def _look(self, one: PatientCare) -> _Known:
        """One patient's care in the weeks before, as it was written down by then."""
        first, end, begin = self._month.first_day, self._month.last_day, self._begin
        so_far = in_the_end = 0
        by_day: dict[date, int] = {}
        for day, written_on, seconds in one.care:
            if first <= day <= end:
                in_the_end += seconds
            if self._past and (written_on >= self._today or day >= self._today):
                continue
            if first <= day <= end:
                so_far += seconds
            if day >= begin:
                by_day[day] = by_day.get(day, 0) + seconds
        earlier = [seconds for day, seconds in by_day.items() if day < first]
        until = self._today if one.until is None else min(self._today, one.until + _DAY)
        return _Known(
            contacts=len(by_day),
            days=self._days.between(max(begin, one.since), until),
            calls=len(earlier),
            seconds=sum(earlier),
            squares=sum(seconds * seconds for seconds in earlier),
            so_far=so_far,
            in_the_end=in_the_end,
        )

    def _learn(self) -> None:
        """What is usual for all patients together, drawn to what is usual anywhere where little is known."""
        known = self._known.values()
        contacts, days = sum(one.contacts for one in known), fsum(one.days for one in known)
        calls, seconds = sum(one.calls for one in known), sum(one.seconds for one in known)
        self._rate = (contacts + _ANY_WEIGHT * _ANY_RATE) / (days + _ANY_WEIGHT)
        self._call = (seconds + _ANY_WEIGHT * _ANY_CALL) / (calls + _ANY_WEIGHT)
        spread = _ANY_SPREAD**2
        if calls:
            mean = seconds / calls
            variance = max(0.0, sum(one.squares for one in known) / calls - mean * mean)
            spread = (variance / (mean * mean) * calls + spread * _ANY_WEIGHT) / (calls + _ANY_WEIGHT)
        self._spread = min(max(spread**0.5, _LEAST_SPREAD), _MOST_SPREAD)

    def chance(self, one: PatientCare, correction: Correction) -> Chance:
        """How likely a patient's month reaches its base code."""
        known = self._known.get(one.patient_id) or self._look(one)
        so_far = known.so_far if one.counted_seconds is None else one.counted_seconds
        target, call = one.targets[self._month], self._call_of(known)
        return Chance(
            patient_id=one.patient_id,
            so_far_seconds=so_far,
            target_seconds=target,
            probability=self._probability(one, known, target - so_far, correction),
            call_seconds=round(call),
            set_aside=one.set_aside and so_far < target,
        )

    def _probability(self, one: PatientCare, known: _Known, needed: int, correction: Correction) -> float:
        if needed <= 0:
            return 1.0
        if one.set_aside:
            return 0.0
        return correction.of(self._uncorrected(one, known, needed))

    def _uncorrected(self, one: PatientCare, known: _Known, needed: int) -> float:
        """By the calls that are usual with this patient on the days left, and the one that is planned."""
        left, planned = self._left, one.planned_on
        comes = 0.0
        if planned is not None and planned >= self._today and not self._past:
            # Until then there is less reason to call; who waits for next month is seldom called in this one.
            left -= (1 - _BEFORE_PLANNED) * min(left, self._days.between(self._today, planned))
            comes = _PLANNED_COMES if planned in self._month else 0.0
        calls = Calls(
            shape=known.contacts + _PRIOR_DAYS * self._rate,
            scale=left / (known.days + _PRIOR_DAYS),
            seconds=self._call_of(known),
            spread=self._spread,
            comes=comes,
        )
        return calls.reach(needed)

    def _call_of(self, known: _Known) -> float:
        return (known.seconds + _PRIOR_CALLS * self._call) / (known.calls + _PRIOR_CALLS)

    def outcomes(self, patients: Sequence[PatientCare]) -> list[tuple[float, bool]]:
        """Of those who were in care and had not reached it: what the forecast was, and whether they did."""
        found = []
        for one in patients:
            target = one.targets.get(self._month)
            known = self._known.get(one.patient_id)
            if target is None or known is None or (one.until is not None and one.until < self._today):
                continue
            if known.so_far < target:
                forecast_ = self._uncorrected(one, known, target - known.so_far)
                found.append((forecast_, known.in_the_end >= target))
        return found


def _correction(patients: Sequence[PatientCare], days: _Days, today: date) -> Correction:
    """How forecasts on such a morning came out in the months before: with as many working days left."""
    month = BillingMonth.of(today)
    left = days.left_in(month, today)
    found: list[tuple[float, bool]] = []
    for back in range(1, COMPARED_MONTHS + 1):
        morning = days.with_left(month.plus(-back), left)
        if morning is not None and days.worked_before(morning) >= KNOWN_DAYS:
            found += _Morning(morning, patients, days, past=True).outcomes(patients)
    return correction_of(found)
