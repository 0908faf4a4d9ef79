"""The rules of a month in which coverage changes."""

from datetime import date

from billing.months import BillingMonth
from billing.payer import rules_for, stretches
from billing.payer_names import KnownPayers
from billing.rules import CoveredDays, Limit99492, PracticeRules, RuleSet, TimeRule
from services.months.coverage import PayersWithin, rules_by_coverage
from services.months.open_month import rules_by_day
from tests.support.payers import a_payer

NOVEMBER = BillingMonth(2026, 11)
FIRST = date(2026, 11, 1)
SIXTEENTH = date(2026, 11, 16)
KNOWN = KnownPayers.of(
    (
        a_payer("Medicare", aliases=("MCR B",), time_rule=TimeRule.MIDPOINT),
        a_payer("Yearly", limit_99492=Limit99492.PER_CALENDAR_YEAR),
        a_payer("Newly", first_day=SIXTEENTH, time_rule=TimeRule.MIDPOINT),
    ),
    (),
    (),
)


def rules_of(name: str) -> RuleSet:
    return rules_for(NOVEMBER, PracticeRules(), KNOWN.named(name))


def days_of(first_day: date, last_day: date, name: str) -> tuple[CoveredDays, ...]:
    return stretches(first_day, last_day, PracticeRules(), KNOWN.named(name))


def covered(*within: tuple[date, str]) -> RuleSet:
    return rules_by_coverage(NOVEMBER, PayersWithin(within), KNOWN.names.name_of, days_of)


def test_one_payer_is_one_set_of_rules() -> None:
    """Nothing is split where nothing changes, nor where only the spelling does."""
    medicare = rules_of("Medicare")
    assert covered((FIRST, "Medicare")) == medicare
    for spelling in ("MEDICARE ", "MCR B"):
        assert covered((FIRST, spelling), (SIXTEENTH, "Medicare")) == medicare


def test_each_stretch_of_days_has_its_own_payer_s_rules() -> None:
    """In order, to the month's last day, whose rules stand on top."""
    rules = covered((FIRST, "Cedar"), (date(2026, 11, 3), "Medicare"), (SIXTEENTH, "Oak"))
    assert [(one.first_day.day, one.last_day.day, one.payer) for one in rules.by_coverage] == [
        (1, 2, "Cedar"),
        (3, 15, "Medicare"),
        (16, 30, "Oak"),
    ]
    assert rules.time_rule is TimeRule.STRICT
    assert [rules.on(date(2026, 11, day)).time_rule for day in (2, 3, 15, 16)] == [
        TimeRule.STRICT,
        TimeRule.MIDPOINT,
        TimeRule.MIDPOINT,
        TimeRule.STRICT,
    ]
    assert len(rules_by_day(rules)) == 3


def test_payers_without_rules_are_still_two_coverages() -> None:
    """Both go by the practice's rules, and a line goes to one of them."""
    rules = covered((FIRST, "Cedar"), (SIXTEENTH, ""))
    assert [one.payer for one in rules.by_coverage] == ["Cedar", ""]
    assert rules_by_day(rules_of("Cedar")) == (rules_of("Cedar"),)


def test_a_month_looks_back_where_one_of_its_payers_does() -> None:
    """Whichever days it covers."""
    assert covered((FIRST, "Yearly"), (SIXTEENTH, "Cedar")).looks_back
    assert not covered((FIRST, "Oak"), (SIXTEENTH, "Cedar")).looks_back


def test_a_payer_whose_rules_change_within_its_days_has_a_stretch_for_each() -> None:
    """Under one name, so that the whole time is judged under each."""
    rules = covered((FIRST, "Cedar"), (date(2026, 11, 10), "Newly"))
    assert [(one.first_day.day, one.last_day.day, one.payer) for one in rules.by_coverage] == [
        (1, 9, "Cedar"),
        (10, 15, "Newly"),
        (16, 30, "Newly"),
    ]
    assert [one.rules.time_rule for one in rules.by_coverage] == [
        TimeRule.STRICT,
        TimeRule.STRICT,
        TimeRule.MIDPOINT,
    ]
