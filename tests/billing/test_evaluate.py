"""A patient's month from entries to codes."""

from datetime import date

from billing.charges import Charge
from billing.episodes import Program
from billing.evaluate import LineStatus, evaluate_month
from billing.month_kinds import MonthKind
from billing.payer import rules_for
from billing.people import Role
from billing.rules import PracticeRules
from tests.support.months import NOVEMBER, TEST_PAYER, a_first_month, a_month, an_entry, an_episode

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


def test_a_code_is_met_on_the_day_of_its_last_second() -> None:
    """59:59 on the 3rd, in two entries, and one second on the 4th: met on the 4th."""
    made = (
        an_entry(1, 30, date(2026, 11, 3)),
        an_entry(2, day=date(2026, 11, 3), seconds=1799),
        an_entry(3, day=date(2026, 11, 4), seconds=1),
    )
    found = evaluate_month(a_month(entries=made), RULES)
    assert (found.threshold_met_on, found.episode_id) == (date(2026, 11, 4), 1)
    assert evaluate_month(a_month(60, episodes=()), RULES).episode_id is None
    both = evaluate_month(
        a_month(entries=(an_entry(1, 30), an_entry(2, 30), an_entry(3, 5, date(2026, 11, 9)))), RULES
    )
    assert both.threshold_met_on == date(2026, 11, 3)


def test_each_further_unit_moves_the_date_of_service() -> None:
    """60 minutes on the 3rd, 30 each on the 4th, 5th and 6th, five idle: serviced on the 6th."""
    found = evaluate_month(a_month(60, 30, 30, 30, 5), RULES)
    assert found.earned == (Charge("99493"), Charge("99494", 3))
    assert (found.threshold_met_on, found.date_of_service) == (date(2026, 11, 3), date(2026, 11, 6))
    assert found.threshold.reached_seconds == 150 * 60
    assert evaluate_month(a_month(5), RULES).threshold.reached_seconds == 0


def test_a_general_bhi_month_counts_staff_time_only() -> None:
    """19 minutes of staff and 10 of the consultant are 19 towards 99484."""
    bhi = (an_episode(program=Program.BHI),)
    cho = an_entry(2, 10, role=Role.CONSULTANT)
    found = evaluate_month(a_month(entries=(an_entry(1, 19), cho), episodes=bhi), RULES)
    assert (found.counted_seconds, found.excluded_seconds, found.earned) == (1140, 600, ())
    assert found.threshold.remaining_seconds == 60
