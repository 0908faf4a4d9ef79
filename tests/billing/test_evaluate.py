"""A patient's month from entries to codes."""

from datetime import date

from billing.charges import Charge
from billing.evaluate import LineStatus, evaluate_month
from billing.month_kinds import MonthKind
from billing.payers import rules_for
from billing.rules import PracticeRules
from tests.support.months import NOVEMBER, TEST_PAYER, a_first_month, a_month

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)


def test_a_clean_month_over_its_threshold_is_billable() -> None:
    """Consent, review, NPI and 62 minutes: 99493, billable, reached on the day that passed 60."""
    result = evaluate_month(a_month(30, 20, 12), RULES)
    assert (result.status, result.kind) == (LineStatus.BILLABLE, MonthKind.SUBSEQUENT)
    assert result.earned == result.billable == (Charge("99493"),)
    assert (result.threshold_met_on, result.date_of_service) == (date(2026, 11, 5), date(2026, 11, 5))
    assert result.findings == ()


def test_the_date_of_service_is_the_day_of_the_last_unit() -> None:
    """70 minutes on the 3rd, 30 more on the 4th, idle minutes after: met on the 3rd, serviced on the 4th."""
    result = evaluate_month(a_first_month(70, 30, 5), RULES)
    assert result.earned == (Charge("99492"), Charge("99494"))
    assert (result.threshold_met_on, result.date_of_service) == (date(2026, 11, 3), date(2026, 11, 4))


def test_a_short_month_is_below() -> None:
    """59 minutes of a later month earn nothing and are no fault."""
    result = evaluate_month(a_month(59), RULES)
    assert (result.status, result.earned, result.billable) == (LineStatus.BELOW, (), ())
    assert (result.threshold_met_on, result.date_of_service) == (None, None)


def test_a_patient_without_an_episode_is_not_enrolled() -> None:
    """Minutes are shown against the first month's 70, and nothing is billable."""
    result = evaluate_month(a_month(15, episodes=()), RULES)
    assert (result.kind, result.status, result.billable) == (MonthKind.NOT_ENROLLED, LineStatus.BELOW, ())
    assert (result.counted_seconds, result.threshold.target_seconds) == (900, 4200)
    assert [finding.code for finding in result.findings] == ["not_enrolled"]


def test_an_unenrolled_month_with_enough_minutes_is_blocked() -> None:
    """80 minutes without an episode would reach 99492, so the line is blocked, not just below."""
    result = evaluate_month(a_month(80, episodes=()), RULES)
    assert (result.status, result.earned, result.billable) == (LineStatus.BLOCKED, (), ())
