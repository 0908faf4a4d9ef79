"""`settings` and `rules`: what is asked for or set, from which day, and that every word means something."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from billing.months import BillingMonth
from bot.grammar import ParseContext, Parsed, parse
from bot.grammar.commands.rules import RulesArguments
from bot.grammar.commands.settings import SettingsArguments

CONTEXT = ParseContext(now=datetime(2026, 11, 18, 20, 30, tzinfo=UTC), zone=ZoneInfo("America/New_York"))


def read(text: str) -> Parsed:
    return parse(text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("settings", ""),
        ("setting", ""),
        ("settings show", ""),
        ("settings list.", ""),
        ("settings time rule", "time_rule"),
        ("settings show consultant minutes?", "consultant_minutes"),
        ("settings long_entry", "long_entry"),
    ],
)
def test_settings_are_shown(text: str, name: str) -> None:
    """All of them, or one by any of its names."""
    assert read(text).arguments == SettingsArguments(name=name)


@pytest.mark.parametrize(
    ("text", "wanted", "from_day"),
    [
        ("settings set consultant_minutes exclude", "consultant_minutes exclude", None),
        ("settings set time rule to midpoint", "time_rule midpoint", None),
        ("settings consultant minutes: exclude", "consultant_minutes exclude", None),
        ("settings change gap 7 months from january", "episode_gap_months 7", date(2027, 1, 1)),
        ("settings set gap 7 from november", "episode_gap_months 7", date(2026, 11, 1)),
        ("settings set gap 7 from october", "episode_gap_months 7", date(2026, 10, 1)),
        ("settings set gap 7 from next month", "episode_gap_months 7", date(2026, 12, 1)),
        ("settings set gap 7 from this month", "episode_gap_months 7", date(2026, 11, 1)),
        ("settings set gap 7 starting january 2028", "episode_gap_months 7", date(2028, 1, 1)),
        ("settings set gap 7 from 2027-02", "episode_gap_months 7", date(2027, 2, 1)),
        ("settings set gap 7 from 2027-02-15", "episode_gap_months 7", date(2027, 2, 15)),
        ("settings set gap 7 effective 12/15", "episode_gap_months 7", date(2026, 12, 15)),
        ("settings set gap 7 as of 11/1", "episode_gap_months 7", date(2026, 11, 1)),
        ("settings set gap 7 from 2/15/2027", "episode_gap_months 7", date(2027, 2, 15)),
        ("settings set gap 7 from today", "episode_gap_months 7", date(2026, 11, 18)),
        ("settings set gap default since 10/5", "episode_gap_months default", date(2026, 10, 5)),
        ("settings set long entry 2.5 hours", "long_entry 150m", None),
    ],
)
def test_a_setting_is_set_from_a_day_on(text: str, wanted: str, from_day: date | None) -> None:
    """A month is its first day; what has no year is the nearest, ahead or behind."""
    parsed = read(text)
    assert parsed.problems == ()
    assert parsed.arguments == SettingsArguments(wanted=wanted, from_day=from_day)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("settings set", "no_such_setting", "Which setting"),
        ("settings set from january", "no_such_setting", "Which setting"),
        ("settings set blah 7", "no_such_setting", "“blah 7” is not a setting."),
        ("settings tme rule midpoint", "no_such_setting", "Did you mean time_rule?"),
        ("settings set near minutes 7", "no_such_setting", "COCM_NEAR_MINUTES"),
        ("settings set time rule", "no_such_value", "time_rule needs a value."),
        ("settings set time rule half of it", "no_such_value", "Write strict or midpoint."),
        ("settings set gap 7 from then on", "no_date", "“then on” is not a date."),
        ("settings set gap 7 from", "no_date", "“from” is not a date."),
        ("settings set gap 7 from 13/45", "no_date", "is not a date."),
        ("settings set gap 7 from 11/1 or 12/1", "no_date", "is not a date."),
        ("settings set gap 7\nset late 2", "extra_words", "One message changes one setting."),
    ],
)
def test_what_cannot_be_set_is_said(text: str, code: str, said: str) -> None:
    """With what there is, and nothing of it is set."""
    parsed = read(text)
    assert parsed.arguments is None
    assert [problem.code for problem in parsed.problems] == [code]
    assert said in parsed.problems[0].message


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("rules", (2026, 11), (2026, 12)),
        ("rules diff", (2026, 11), (2026, 12)),
        ("rules diff december january", (2026, 12), (2027, 1)),
        ("rules diff 2026-12 2027-01", (2026, 12), (2027, 1)),
        ("rules diff october november", (2026, 10), (2026, 11)),
        ("rules between october and december", (2026, 10), (2026, 12)),
        ("rules diff dec to feb", (2026, 12), (2027, 2)),
        ("rules diff this month next month", (2026, 11), (2026, 12)),
        ("rules diff january 2026 january 2027", (2026, 1), (2027, 1)),
    ],
)
def test_two_months_are_compared(text: str, first: tuple[int, int], second: tuple[int, int]) -> None:
    """The nearest without a year, and the second after the first; without any, this one and the next."""
    parsed = read(text)
    assert parsed.problems == ()
    assert parsed.arguments == RulesArguments(first=BillingMonth(*first), second=BillingMonth(*second))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rules diff december", "two_months"),
        ("rules diff october november december", "two_months"),
        ("rules diff january 2027 december 2026", "two_months"),
        ("rules diff 2026-13 2027-01", "no_such_month"),
        ("rules diff december january for medicare", "extra_words"),
        ("rules diff december january\nrules", "extra_words"),
    ],
)
def test_what_cannot_be_compared_is_said(text: str, code: str) -> None:
    """And each word that means nothing."""
    parsed = read(text)
    assert parsed.arguments is None
    assert code in [problem.code for problem in parsed.problems]
