"""Whole seconds from minutes, and their words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.durations import (
    minutes_of,
    minutes_up,
    seconds_from_minutes,
    split_evenly,
    spoken,
    whole_minutes,
)


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [
        ("131.26", 7876),
        ("135.317", 8119),
        ("0.0083", 0),
        ("0.025", 2),
        ("0.0416", 2),
        ("15", 900),
        ("-1.5", -90),
    ],
)
def test_fractional_minutes_are_rounded_half_even_to_the_second(minutes: str, seconds: int) -> None:
    """131.26 minutes are 7,876 seconds; a half second goes to the even one."""
    assert seconds_from_minutes(Decimal(minutes)) == seconds


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(figure: str) -> None:
    """NaN from a spreadsheet is no number of minutes."""
    with pytest.raises(ValueError, match=f"^{Decimal(figure)} is not a number of minutes$"):
        seconds_from_minutes(Decimal(figure))


def test_seconds_as_minutes() -> None:
    """Two decimals for columns; sums floor, promises round up."""
    assert (minutes_of(7876), minutes_of(3), minutes_of(9)) == (
        Decimal("131.27"),
        Decimal("0.05"),
        Decimal("0.15"),
    )
    assert minutes_of(27) == Decimal("0.45")
    assert (whole_minutes(3599), whole_minutes(3600)) == (59, 60)
    assert (minutes_up(0), minutes_up(1), minutes_up(60), minutes_up(61)) == (0, 1, 1, 2)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (150, "2 min 30 s"),
        (3600, "1 h"),
        (3900, "1 h 5 min"),
        (3661, "1 h 1 min 1 s"),
        (-900, "-15 min"),
        (-3900, "-1 h 5 min"),
    ],
)
def test_durations_are_spoken(seconds: int, words: str) -> None:
    """As people read them, a damaged entry's too."""
    assert spoken(seconds) == words


def test_time_is_shared_out_evenly() -> None:
    """30 minutes over three are ten each; an odd second goes to the first."""
    assert split_evenly(1800, 3) == (600, 600, 600)
    assert split_evenly(8, 3) == (3, 3, 2)
    assert split_evenly(2, 3) == (1, 1, 0)


@given(st.integers(0, 100_000), st.integers(1, 50))
def test_shared_time_adds_up(seconds: int, parts: int) -> None:
    """No second is lost or made, and no two parts differ by more than one."""
    shares = split_evenly(seconds, parts)
    assert (sum(shares), len(shares)) == (seconds, parts)
    assert max(shares) - min(shares) <= 1
