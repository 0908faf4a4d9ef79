"""Laws of a forecast, whatever is known."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.calendar import is_working_day
from billing.chances import Calls, correction_of
from billing.durations import MINUTE
from billing.months import BillingMonth
from billing.pace import CareDay, Forecast, PatientCare, forecast, straight_line

NOVEMBER = BillingMonth(2026, 11)
BEGIN, END = date(2026, 8, 3), NOVEMBER.last_day
_DAY = timedelta(days=1)
#: Sums over hundreds of numbers of calls differ that little.
_EXACT = 1e-6


def days_to(day: date) -> st.SearchStrategy[date]:
    return st.dates(BEGIN, day - _DAY)


@st.composite
def some_care(draw: st.DrawFn, today: date) -> list[CareDay]:
    """Calls since August, written down on their day or within the week."""
    days = draw(st.lists(days_to(today), max_size=12))
    return [
        CareDay(day, min(day + _DAY * draw(st.integers(0, 6)), today), draw(st.integers(1, 45 * MINUTE)))
        for day in days
    ]


@st.composite
def a_patient(draw: st.DrawFn, number: int, today: date) -> PatientCare:
    target = draw(st.sampled_from([20, 31, 36, 60, 70])) * MINUTE
    return PatientCare(
        patient_id=number,
        since=draw(st.dates(date(2026, 5, 1), today)),
        targets={NOVEMBER.plus(-back): target for back in range(3)},
        care=draw(some_care(today)),
        planned_on=draw(st.none() | st.dates(today, date(2026, 12, 20))),
        set_aside=draw(st.integers(0, 9)) == 0,
    )


@st.composite
def a_caseload(draw: st.DrawFn) -> tuple[date, list[PatientCare], dict[date, int]]:
    today = draw(st.dates(NOVEMBER.first_day, END))
    patients = [draw(a_patient(number, today)) for number in range(draw(st.integers(1, 6)))]
    own: dict[date, int] = {}
    for patient in patients:
        for day, _, seconds in patient.care:
            own[day] = own.get(day, 0) + seconds
    return today, patients, own


def forecast_of(caseload: tuple[date, list[PatientCare], dict[date, int]]) -> Forecast | None:
    return forecast(*caseload)


@given(a_caseload())
def test_chances_are_chances_and_whoever_is_there_is_certain(
    caseload: tuple[date, list[PatientCare], dict[date, int]],
) -> None:
    """Each is from 0 to 1; 1 for who has reached the code; and the figures agree with one another."""
    found = forecast_of(caseload)
    if found is None:
        return
    assert all(0 <= one.probability <= 1 for one in found.chances)
    assert all(one.probability == 1 for one in found.chances if not one.needed_seconds)
    pace = found.pace
    reached = sum(not one.needed_seconds for one in found.chances)
    open_ = [one for one in found.chances if one.needed_seconds and not one.set_aside]
    assert reached <= pace.will_reach <= pace.patients == len(caseload[1])
    assert pace.will_reach <= reached + len(open_)
    assert pace.within_one_call <= len(open_)
    assert pace.needed_seconds == sum(one.needed_seconds for one in open_)
    assert pace.left_seconds is None or pace.left_seconds >= 0


@given(a_caseload(), st.randoms(use_true_random=False))
def test_the_order_of_patients_and_of_their_time_is_nothing(
    caseload: tuple[date, list[PatientCare], dict[date, int]], chance: Random
) -> None:
    """The same people in another order have the same forecast, to the last digit."""
    today, patients, own = caseload
    shuffled = [replace(one, care=chance.sample(one.care, len(one.care))) for one in patients]
    chance.shuffle(shuffled)
    assert forecast(today, shuffled, own) == forecast(today, patients, own)


@given(a_caseload(), st.data())
def test_more_time_so_far_never_lowers_a_chance(
    caseload: tuple[date, list[PatientCare], dict[date, int]], data: st.DataObject
) -> None:
    """Of the patient whose it is, and of nobody else: what one is given is taken from no one."""
    today, patients, own = caseload
    if today == NOVEMBER.first_day:
        return
    chosen = data.draw(st.sampled_from(patients))
    day = data.draw(st.dates(max(NOVEMBER.first_day, chosen.since), today))
    more = CareDay(min(day, today - _DAY), today, data.draw(st.integers(1, 3600)))
    richer = [replace(one, care=[*one.care, more]) if one is chosen else one for one in patients]
    before, after = forecast(today, patients, own), forecast(today, richer, own)
    if before is None:
        return
    assert after is not None
    assert all(
        later.probability >= earlier.probability - _EXACT
        for earlier, later in zip(before.chances, after.chances, strict=True)
    )


@given(a_caseload())
def test_where_no_working_day_is_left_and_nothing_planned_nobody_else_arrives(
    caseload: tuple[date, list[PatientCare], dict[date, int]],
) -> None:
    """The last working day is over: what is lacking stays lacking."""
    today, patients, own = caseload
    off = frozenset(today + _DAY * step for step in range((END - today).days + 1))
    found = forecast(today, [replace(one, planned_on=None) for one in patients], own, off)
    if found is None:
        return
    assert {one.probability for one in found.chances} <= {0.0, 1.0}
    assert found.left_seconds in {0, None}


def test_too_little_known_is_said_by_nothing() -> None:
    """No time at all, four working days, or no month that can bill: no forecast."""
    day = date(2026, 11, 3)
    patient = PatientCare(patient_id=1, since=BEGIN, targets={NOVEMBER: 3600}, care=[CareDay(day, day, 600)])
    assert forecast(date(2026, 11, 9), [patient], {day: 600}) is not None
    assert forecast(date(2026, 11, 6), [patient], {day: 600}) is None
    assert forecast(date(2026, 11, 9), [replace(patient, care=[])], {day: 600}) is None
    assert forecast(date(2026, 11, 9), [replace(patient, targets={})], {day: 600}) is None
    assert forecast(date(2026, 11, 9), [], {}) is None


def test_a_person_who_never_logged_has_no_hours_left_to_name() -> None:
    """Others' time for the patients is no pace of one's own."""
    day = date(2026, 11, 3)
    patient = PatientCare(patient_id=1, since=BEGIN, targets={NOVEMBER: 3600}, care=[CareDay(day, day, 600)])
    found = forecast(date(2026, 11, 9), [patient], {})
    assert found is not None
    assert found.pace.left_seconds is None


def test_the_hours_left_are_those_of_the_weekdays_left() -> None:
    """Two hours on each Tuesday and none on other days: one Tuesday left is worth most of two hours."""
    own = {}
    day = BEGIN
    while day < date(2026, 11, 24):
        if day.weekday() == 1 and is_working_day(day):
            own[day] = 7200
        day += _DAY
    care = [CareDay(each, each, 7200) for each in own]
    patient = PatientCare(patient_id=1, since=BEGIN, targets={NOVEMBER: 3600}, care=care)
    found = forecast(date(2026, 11, 24), [patient], own)
    assert found is not None
    left = found.pace.left_seconds
    assert left is not None
    # Thanksgiving is no working day; Wednesday, Friday and Monday have little.
    assert 5400 < left < 3 * 3600


@given(
    shape=st.floats(0.01, 60),
    scale=st.floats(0, 5),
    more=st.floats(0, 5),
    seconds=st.floats(60, 3600),
    spread=st.floats(0.25, 1),
    comes=st.sampled_from([0.0, 0.75]),
    needed=st.integers(-10, 7200),
)
def test_more_calls_longer_days_and_less_to_do_never_lower_a_chance(
    shape: float, scale: float, more: float, seconds: float, spread: float, comes: float, needed: int
) -> None:
    """Each alone makes it likelier, or as likely."""
    calls = Calls(shape=shape, scale=scale, seconds=seconds, spread=spread, comes=comes)
    chance = calls.reach(needed)
    assert 0 <= chance <= 1
    for better in (replace(calls, shape=shape + more), replace(calls, scale=scale + more)):
        assert better.reach(needed) >= chance - _EXACT
    assert calls.reach(needed - 60) >= chance - _EXACT


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_putting_right_keeps_more_at_more(seen: list[tuple[float, bool]], one: float, other: float) -> None:
    """None stays none, certainty certainty, and the likelier of two the likelier, whatever was seen."""
    correction = correction_of(seen)
    lower, higher = (correction.of(each) for each in sorted((one, other)))
    assert 0 <= lower <= higher <= 1
    assert correction.of(0) == 0
    assert correction.of(1) == 1


def test_forecasts_that_came_out_lower_are_put_right_downwards() -> None:
    """Of many that were given four in five, half came: the next such is given less."""
    correction = correction_of([(0.8, number % 2 == 0) for number in range(200)])
    assert 0.45 < correction.of(0.8) < 0.6
    assert correction_of([]).of(0.5) == pytest.approx(0.5)


def test_a_ruler_draws_on_what_was_so_far() -> None:
    """Ten minutes after two of nineteen working days are 95; after ten they are 19."""
    day = date(2026, 11, 2)
    patient = PatientCare(patient_id=1, since=BEGIN, targets={NOVEMBER: 3600}, care=[CareDay(day, day, 600)])
    for today, reaches in ((date(2026, 11, 4), True), (date(2026, 11, 17), False)):
        found = forecast(
            today, [replace(patient, care=[*patient.care, CareDay(BEGIN, BEGIN, 60)])], {day: 600}
        )
        assert found is not None
        assert straight_line(found.chances[0], today) is reaches
