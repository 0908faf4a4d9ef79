"""What is made once, when the program starts: made again, it reads, writes and tells the same."""

import pytest

from billing import kinds_of_work, uncounted_words
from billing.durations import MINUTE
from billing.medicare_rates import MEDICARE, _rates
from billing.payer_fields import _answer, _choice, _number, _time
from billing.practice_settings import _one_of, _whole, _yes_no
from billing.rules import Clinic, InitialPolicy


def test_medicares_rates_are_reckoned_alike() -> None:
    """Units times factor, rounded to the cent, for the factor's own days."""
    assert tuple(_rates()) == MEDICARE.rates


def test_words_of_notes_are_looked_for_alike() -> None:
    """Whole words only, each under the name of its kind."""
    assert kinds_of_work._compiled(kinds_of_work._WHOLE_NOTE) == kinds_of_work._WHOLE_NOTES
    assert uncounted_words._compiled(uncounted_words._CLERICAL_WORDS) == uncounted_words._CLERICAL


def test_a_field_of_choices() -> None:
    """Case and `_` do not matter; what is none of them is refused with all of them."""
    words = {InitialPolicy.ASSESSMENT_MONTH: "a", InitialPolicy.FIRST_MONTH_REACHED: "b"}
    made = _choice("initial_policy", InitialPolicy, words)
    assert (made.name, made.attribute) == ("initial_policy", "initial_policy")
    for text in ("First_Month reached", "first month reached", "FIRST_MONTH_REACHED"):
        value = made.read(text)
        assert value is InitialPolicy.FIRST_MONTH_REACHED
        assert (made.write(value), made.words(value)) == ("first_month_reached", "b")
    with pytest.raises(ValueError, match=r"^'never' is not known. Write one of: assessment_month, first_mon"):
        made.read("never")


def test_a_field_of_yes_and_no_one_of_numbers_and_one_of_minutes() -> None:
    """Each with its name, its attribute and its words."""
    answer = _answer("g0512", "with", "without")
    assert (answer.name, answer.attribute, answer.read("yes"), answer.write(False)) == (
        "g0512",
        "g0512",
        True,
        "no",
    )
    assert (answer.words(True), answer.words(False)) == ("with", "without")
    number = _number("max_99494", 99, lambda value: f"at most {value}")
    assert (number.name, number.attribute, number.read("4"), number.write(None), number.words(4)) == (
        "max_99494",
        "max_99494",
        4,
        "none",
        "at most 4",
    )
    time = _time("g2214_min", "G2214")
    assert (time.name, time.attribute, time.read("16"), time.write(17 * MINUTE), time.words(16 * MINUTE)) == (
        "g2214_min",
        "g2214_min_seconds",
        16 * MINUTE,
        "17",
        "G2214 from 16 min",
    )
    assert _time("g0512_first_min", "G0512", " at first").words(MINUTE) == "G0512 at first from 1 min"


def test_a_setting_of_choices() -> None:
    """By their values, with blanks for `_`, and by other words; nothing else."""
    read = _one_of(Clinic, no="none", rural_health_clinic="rhc")
    words = ("none", "rhc", "fqhc", "no", "rural health clinic")
    assert [read(text) for text in words] == [Clinic.NONE, Clinic.RHC, Clinic.FQHC, Clinic.NONE, Clinic.RHC]
    assert _one_of(InitialPolicy)("assessment month") is InitialPolicy.ASSESSMENT_MONTH
    for text in ("rural_health_clinic", "hospital"):
        with pytest.raises(ValueError, match=f"^{text}$"):
            read(text)


def test_a_setting_of_yes_and_no() -> None:
    """In the usual words and those of its own."""
    read = _yes_no("count|counts", "exclude|do not count")
    assert {read(text) for text in ("yes", "y", "true", "on", "1", "count", "counts")} == {True}
    assert {read(text) for text in ("no", "n", "false", "off", "0", "exclude", "do not count")} == {False}
    with pytest.raises(ValueError, match=r"^perhaps$"):
        read("perhaps")


def test_a_setting_of_whole_numbers() -> None:
    """From the least to the most, with or without the unit, in whatever it is kept."""
    read = _whole(0, 29, "m|mins?|minutes?", MINUTE)
    assert [read(text) for text in ("0", "1 min", "29m", "2 minutes")] == [0, MINUTE, 29 * MINUTE, 2 * MINUTE]
    assert _whole(1, 60, "days?")("60 days") == 60
    for text in ("30", "-1", "2 hours", "two", "²", "12345", "٣", "1 min ago"):
        with pytest.raises(ValueError, match=f"^{text}$"):
            read(text)
    with pytest.raises(ValueError, match=r"^0$"):
        _whole(1, 60, "days?")("0")
