"""Working days and late entries."""

from datetime import date

import pytest

from billing.calendar import (
    federal_holidays,
    is_late,
    is_working_day,
    month_end_is_near,
    working_days_between,
)


def test_federal_holidays_of_a_year() -> None:
    """Eleven holidays, and the weekdays on which those of a weekend are kept."""
    assert len(federal_holidays(2025)) == 11
    assert date(2026, 7, 3) in federal_holidays(2026)
    assert date(2026, 11, 26) in federal_holidays(2026)


def test_new_years_day_may_be_kept_in_the_year_before() -> None:
    """1 January 2022 was a Saturday, kept on Friday 31 December 2021."""
    assert date(2021, 12, 31) in federal_holidays(2021)
    assert date(2021, 12, 31) not in federal_holidays(2022)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 6), True),
        (date(2026, 11, 7), False),
        (date(2026, 11, 8), False),
        (date(2026, 11, 9), True),
        (date(2026, 11, 11), False),
    ],
)
def test_working_days(day: date, works: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Weekdays work, weekends and Veterans Day do not."""
    assert is_working_day(day) is works


def test_the_practices_days_off() -> None:
    """A practice may be closed on any other day."""
    day = date(2026, 11, 27)
    assert is_working_day(day)
    assert not is_working_day(day, {day})


def test_working_days_between_two_dates() -> None:
    """After the first, up to and with the last; none backwards."""
    assert working_days_between(date(2026, 11, 6), date(2026, 11, 9)) == 1
    assert working_days_between(date(2026, 11, 6), date(2026, 11, 6)) == 0
    assert working_days_between(date(2026, 11, 9), date(2026, 11, 6)) == 0
    assert working_days_between(date(2026, 11, 2), date(2026, 11, 13)) == 8
    assert working_days_between(date(2026, 11, 2), date(2026, 11, 13), {date(2026, 11, 4)}) == 7


@pytest.mark.parametrize(
    ("service", "keyed", "expected"),
    [
        (date(2026, 11, 3), date(2026, 11, 3), False),
        (date(2026, 11, 3), date(2026, 11, 4), False),
        (date(2026, 11, 3), date(2026, 11, 5), True),
        (date(2026, 11, 6), date(2026, 11, 9), False),
        (date(2026, 11, 6), date(2026, 11, 10), True),
        (date(2026, 11, 7), date(2026, 11, 9), False),
        (date(2026, 11, 10), date(2026, 11, 12), False),
        (date(2026, 11, 10), date(2026, 11, 13), True),
        (date(2026, 11, 5), date(2026, 11, 3), False),
    ],
)
def test_late_is_more_than_one_business_day(service: date, keyed: date, expected: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Friday's work may be keyed on Monday, and Tuesday's after Veterans Day on Thursday."""
    assert is_late(service, keyed) is expected


def test_how_many_days_and_days_off_are_settings() -> None:
    """Two business days allowed, or a day off between: not late."""
    tuesday, thursday = date(2026, 11, 3), date(2026, 11, 5)
    assert not is_late(tuesday, thursday, business_days=2)
    assert not is_late(tuesday, thursday, {date(2026, 11, 4)})
    assert is_late(tuesday, date(2026, 11, 4), business_days=0)


@pytest.mark.parametrize(
    ("today", "days_off", "near"),
    [
        (date(2026, 11, 24), set(), False),
        (date(2026, 11, 25), set(), True),
        (date(2026, 11, 24), {date(2026, 11, 27)}, True),
        (date(2026, 11, 30), set(), True),
        (date(2026, 12, 1), set(), True),
        (date(2026, 1, 2), set(), False),
    ],
)
def test_a_months_end_is_near_with_three_working_days_left(
    today: date,
    days_off: set[date],
    near: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """November 2026 ends on a Monday after Thanksgiving: today counts, weekends, holidays and days off do not."""
    assert month_end_is_near(date(2026, 11, 30), today, days_off) is near
