"""Where a month stands, in the one form that every screen uses."""

import pytest

from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.rules import PracticeRules
from billing.thresholds import progress as weigh
from bot.screens.standings import progress

RULES = rules_for(BillingMonth(2026, 11), PracticeRules())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 of 60 min · 60 to 99493"),
        (51 * 60, "51 of 60 min · 9 to 99493"),
        (60 * 60 - 1, "59 of 60 min · 1 to 99493"),
        (60 * 60, "60 of 90 min · 99493 reached · 30 to 99494"),
        (90 * 60, "90 of 120 min · 99493 + 99494 reached · 30 to another 99494"),
    ],
)
def test_minutes_target_and_what_is_left(seconds: int, said: str) -> None:
    """Whole minutes so far, and rounded up what the next code needs."""
    assert progress(weigh(seconds, MonthKind.SUBSEQUENT, RULES)) == said


def test_a_month_that_can_reach_no_more_says_so() -> None:
    """No target, no sum to go."""
    assert progress(weigh(130 * 60, MonthKind.SUBSEQUENT, RULES, cap=1)) == "130 min · 99493 + 99494 reached"
