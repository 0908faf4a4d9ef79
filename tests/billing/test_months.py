"""The calendar month."""

from datetime import date

import pytest

from billing.months import BillingMonth


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10_000, 1)])
def test_what_is_no_calendar_month_is_refused(year: int, month: int) -> None:
    """Months run from 1 to 12, years from 1 to 9999."""
    with pytest.raises(ValueError, match=f"^{year}-{month} is not a calendar month$"):
        BillingMonth(year, month)


def test_the_ends_of_the_calendar_are_months() -> None:
    """The first and the last month there are."""
    assert (BillingMonth(1, 1).first_day, BillingMonth(9999, 12).last_day) == (date.min, date.max)


def test_a_month_is_read_and_written() -> None:
    """`2026-11`, with outer spaces if need be."""
    assert BillingMonth.parse(" 2026-11 ") == BillingMonth(2026, 11)
    assert str(BillingMonth(26, 3)) == "0026-03"
    assert BillingMonth(2026, 11).name == "November"


@pytest.mark.parametrize("text", ["", "2026", "2026-1", "11-2026", "2026-11-01", "november"])
def test_other_text_is_refused_with_the_form_expected(text: str) -> None:
    """The sentence names the text and shows the form."""
    with pytest.raises(ValueError, match=f"^{text!r} is not a month. Write it as 2026-11.$"):
        BillingMonth.parse(text)


def test_days_of_a_month() -> None:
    """First and last day, leap years included; a day is in its month only."""
    february = BillingMonth.of(date(2024, 2, 10))
    assert (february.first_day, february.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert date(2024, 2, 29) in february
    assert date(2024, 3, 1) not in february
    assert date(2023, 2, 10) not in february


def test_months_are_counted() -> None:
    """Across year ends, forwards and backwards."""
    november = BillingMonth(2026, 11)
    assert [str(november.plus(count)) for count in (0, 1, 2, 14, -10, -11)] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2028-01",
        "2026-01",
        "2025-12",
    ]
    assert november.months_since(BillingMonth(2025, 12)) == 11
    assert november.months_since(BillingMonth(2027, 1)) == -2
    assert BillingMonth(2025, 12) < BillingMonth(2026, 1) < november
