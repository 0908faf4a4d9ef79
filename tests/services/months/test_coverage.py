"""The rules of a month in which coverage changes."""

from datetime import date

from billing.months import BillingMonth
from billing.payer import Payer, rules_for
from billing.rules import Limit99492, PracticeRules, RuleSet, TimeRule
from services.months.coverage import rules_by_coverage
from services.months.open_month import rules_by_day

NOVEMBER = BillingMonth(2026, 11)
FIRST = date(2026, 11, 1)
PAYERS = {
    "medicare": Payer(name="Medicare", time_rule=TimeRule.MIDPOINT),
    "mcr b": Payer(name="Medicare", time_rule=TimeRule.MIDPOINT),
    "yearly": Payer(name="Yearly", limit_99492=Limit99492.PER_CALENDAR_YEAR),
}


def rules_of(name: str) -> RuleSet:
    return rules_for(NOVEMBER, PracticeRules(), PAYERS.get(name.casefold()))


def test_one_payer_is_one_set_of_rules() -> None:
    """Nothing is split where nothing changes, nor where only the spelling does."""
    medicare = rules_of("Medicare")
    assert rules_by_coverage(NOVEMBER, [(FIRST, "Medicare")], rules_of) == medicare
    day = date(2026, 11, 16)
    for spelling in ("MEDICARE ", "MCR B"):
        assert rules_by_coverage(NOVEMBER, [(FIRST, spelling), (day, "Medicare")], rules_of) == medicare


def test_each_stretch_of_days_has_its_own_payer_s_rules() -> None:
    """In order, to the month's last day, whose rules stand on top."""
    stretches = [(FIRST, "Cedar"), (date(2026, 11, 3), "Medicare"), (date(2026, 11, 16), "Oak")]
    rules = rules_by_coverage(NOVEMBER, stretches, rules_of)
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
    rules = rules_by_coverage(NOVEMBER, [(FIRST, "Cedar"), (date(2026, 11, 16), "")], rules_of)
    assert [one.payer for one in rules.by_coverage] == ["Cedar", ""]
    assert rules_by_day(rules_of("Cedar")) == (rules_of("Cedar"),)


def test_a_month_looks_back_where_one_of_its_payers_does() -> None:
    """Whichever days it covers."""
    assert rules_by_coverage(
        NOVEMBER, [(FIRST, "Yearly"), (date(2026, 11, 16), "Cedar")], rules_of
    ).looks_back
    assert not rules_by_coverage(
        NOVEMBER, [(FIRST, "Oak"), (date(2026, 11, 16), "Cedar")], rules_of
    ).looks_back
