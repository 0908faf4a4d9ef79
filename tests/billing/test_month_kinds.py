"""Which month is the first, and which bill nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.episodes import Consent, Episode, Program
from billing.month_kinds import MonthKind, WhySubsequent, episode_of, month_kind, place_month
from billing.months import BillingMonth
from billing.payer import rules_for
from billing.rules import InitialPolicy, Limit99492, PracticeRules, RuleSet


def rules(**changes: Any) -> RuleSet:
    return rules_for(BillingMonth(2024, 1), PracticeRules(**changes))


def episode(
    number: int = 1, assessed: str | None = None, ended: str | None = None, **changes: Any
) -> Episode:
    day = date.fromisoformat(assessed) if assessed else None
    end = date.fromisoformat(ended) if ended else None
    made = Episode(episode_id=number, patient_id=1, initial_assessment_on=day, discharged_on=end)
    return replace(made, **changes)


def kind(
    month: str, *episodes: Episode, active: str = "", initial: str = "", before: str = "", **practice: Any
) -> MonthKind:
    return month_kind(
        BillingMonth.parse(month),
        episodes,
        rules(**practice),
        [BillingMonth.parse(each) for each in active.split()],
        [BillingMonth.parse(each) for each in initial.split()],
        [date.fromisoformat(each) for each in before.split()],
    )


def test_without_an_episode_a_patient_is_not_enrolled() -> None:
    """No episode at all, or one that begins in a later month, is not enrolled."""
    assert kind("2024-01") is MonthKind.NOT_ENROLLED
    assert kind("2023-12", episode(assessed="2024-01-01")) is MonthKind.NOT_ENROLLED
    two = (episode(1, "2024-01-01"), episode(2, "2024-02-01"))
    assert kind("2023-12", *two) is MonthKind.NOT_ENROLLED


def test_the_assessments_month_is_the_first_and_later_ones_follow() -> None:
    """99492 belongs to the calendar month of the initial assessment, and only to it."""
    one = episode(assessed="2024-01-31")
    assert [kind(month, one) for month in ("2024-01", "2024-02", "2025-01")] == [
        MonthKind.INITIAL,
        MonthKind.SUBSEQUENT,
        MonthKind.SUBSEQUENT,
    ]


def test_months_before_the_assessment_bill_nothing() -> None:
    """Referred or enrolled in October, assessed in December: October and November come before."""
    referred = episode(assessed="2024-12-02", referred_on=date(2024, 10, 5), enrolled_on=date(2024, 11, 5))
    assert kind("2024-09", referred) is MonthKind.NOT_ENROLLED
    assert kind("2024-10", referred) is MonthKind.BEFORE_ASSESSMENT
    assert kind("2024-11", referred) is MonthKind.BEFORE_ASSESSMENT
    assert kind("2024-12", referred) is MonthKind.INITIAL


def test_without_an_assessment_a_month_waits_for_one() -> None:
    """Enrolled, never assessed: the month is unassessed."""
    assert kind("2024-10", episode(enrolled_on=date(2024, 10, 1))) is MonthKind.UNASSESSED


def test_an_episode_without_any_date_has_always_been_open() -> None:
    """An imported episode without dates is open, and its consent's date stands in where there is one."""
    assert kind("2024-10", episode()) is MonthKind.UNASSESSED
    consented = episode(consent=Consent(given_on=date(2024, 10, 2)))
    assert kind("2024-09", consented) is MonthKind.NOT_ENROLLED
    assert kind("2024-10", consented) is MonthKind.UNASSESSED
    assert kind("2024-10", episode(1), episode(2)) is MonthKind.UNASSESSED


def test_after_discharge_nothing_is_billed() -> None:
    """The month of discharge still bills; the next does not."""
    left = episode(assessed="2024-01-10", ended="2024-03-01")
    assert kind("2024-03", left) is MonthKind.SUBSEQUENT
    assert kind("2024-04", left) is MonthKind.AFTER_DISCHARGE
    last_day = episode(assessed="2024-01-10", ended="2024-03-31")
    assert kind("2024-04", last_day) is MonthKind.AFTER_DISCHARGE
    first_day = episode(assessed="2024-01-10", ended="2024-04-01")
    assert kind("2024-04", first_day) is MonthKind.SUBSEQUENT


@pytest.mark.parametrize(
    ("assessed", "expected"),
    [
        ("2024-09-30", MonthKind.SUBSEQUENT),
        ("2024-10-01", MonthKind.INITIAL),
        ("2024-11-01", MonthKind.INITIAL),
    ],
)
def test_a_new_first_month_needs_six_whole_months_without_care(assessed: str, expected: MonthKind) -> None:
    """Discharged in March: April to September must be empty before October may bill 99492 again."""
    first, second = episode(1, "2024-01-10", "2024-03-05"), episode(2, assessed)
    assert kind(assessed[:7], second, first) is expected


def test_the_gap_is_a_setting() -> None:
    """With a gap of three months, July is a first month after a discharge in March; June is not."""
    first = episode(1, "2024-01-10", "2024-03-05")
    assert kind("2024-07", first, episode(2, "2024-07-01"), episode_gap_months=3) is MonthKind.INITIAL
    assert kind("2024-06", first, episode(2, "2024-06-01"), episode_gap_months=3) is MonthKind.SUBSEQUENT


def test_the_gap_counts_from_the_last_month_with_care() -> None:
    """Discharged on paper in June, last seen in January: an August assessment opens a first month."""
    first, second = episode(1, "2024-01-10", "2024-06-05"), episode(2, "2024-08-01")
    assert kind("2024-08", first, second) is MonthKind.SUBSEQUENT
    assert kind("2024-08", first, second, active="2024-01 2024-08") is MonthKind.INITIAL
    assert kind("2024-08", first, second, active="2024-01 2024-06 2024-08") is MonthKind.SUBSEQUENT
    assert kind("2024-08", first, second, active="2023-12 2024-01 2024-07") is MonthKind.INITIAL


def test_an_episode_left_open_ends_with_its_last_care() -> None:
    """Never discharged: without known care the older episode lasts until the newer one begins."""
    first, second = episode(1, "2024-01-10"), episode(2, "2024-10-01")
    assert kind("2024-10", first, second) is MonthKind.SUBSEQUENT
    assert kind("2024-10", first, second, active="2024-03 2024-10") is MonthKind.INITIAL
    assert kind("2024-10", first, second, active="2024-04 2024-10") is MonthKind.SUBSEQUENT


def test_a_reenrollment_too_soon_says_why_it_bills_later_codes() -> None:
    """Re-enrolled within the gap, assessed or not: its months are later months, and say so."""
    first = episode(1, "2024-01-10", "2024-03-05")
    for second in (episode(2, "2024-05-10"), episode(2, enrolled_on=date(2024, 5, 1))):
        place = place_month(BillingMonth(2024, 5), (first, second), rules())
        assert (place.kind, place.why_subsequent) == (MonthKind.SUBSEQUENT, WhySubsequent.WITHIN_GAP)
        assert place.episode == second


@pytest.mark.parametrize("ended", [None, "2024-08-05"])
def test_time_of_the_month_in_which_one_enrolls_again_is_the_earlier_episode_s_before_that_day(
    ended: str | None,
) -> None:
    """Care on August 4 is within the gap; time of the new episode alone is not, whatever ended when."""
    first, second = episode(1, "2024-01-05", ended=ended), episode(2, "2024-08-10")
    own = "2024-01 2024-08"
    assert kind("2024-08", first, second, active=own, before="2024-08-04") is MonthKind.SUBSEQUENT
    assert kind("2024-08", first, second, active=own, before="2024-08-05") is MonthKind.SUBSEQUENT
    for other in ("", "2024-07-09", "2024-08-10", "2024-08-11", "2024-01-04"):
        assert kind("2024-08", first, second, active=own, before=other) is MonthKind.INITIAL
    late = episode(2, "2024-09-02", enrolled_on=date(2024, 8, 10))
    assert kind("2024-09", first, late, active=own, before="2024-08-04") is MonthKind.SUBSEQUENT
    assert kind("2024-09", first, late, active=own) is MonthKind.INITIAL
    assert kind("2024-09", first, late, active=own, before="2024-08-04", initial="2024-08") is (
        MonthKind.SUBSEQUENT
    )


def test_time_after_the_earlier_episode_s_discharge_is_none_of_its_care() -> None:
    """Discharged on August 3, time on the 4th, enrolled again on the 10th."""
    first, second = episode(1, "2024-01-05", ended="2024-08-03"), episode(2, "2024-08-10")
    assert kind("2024-08", first, second, active="2024-01", before="2024-08-04") is MonthKind.INITIAL
    assert kind("2024-08", first, second, active="2024-01", before="2024-08-03") is MonthKind.SUBSEQUENT


def test_care_in_an_earlier_episode_ends_where_the_newer_one_begins() -> None:
    """Discharged in September, enrolled again in August already: the gap counts from August."""
    first = episode(1, "2024-01-05", ended="2024-09-05")
    second = episode(2, "2025-03-01", enrolled_on=date(2024, 8, 10))
    assert kind("2025-03", first, second) is MonthKind.INITIAL
    assert kind("2025-02", first, replace(second, initial_assessment_on=date(2025, 2, 1))) is (
        MonthKind.SUBSEQUENT
    )


def test_a_reenrollment_after_the_gap_waits_for_its_own_assessment() -> None:
    """Enrolled again after the gap without an assessment: the old one does not stand in."""
    first = episode(1, "2024-01-10", "2024-03-05")
    assert kind("2024-12", first, episode(2, enrolled_on=date(2024, 12, 1))) is MonthKind.UNASSESSED
    later = episode(2, "2025-02-01", enrolled_on=date(2024, 12, 1))
    assert kind("2024-12", first, later) is MonthKind.BEFORE_ASSESSMENT


def test_an_earlier_episode_without_assessment_is_no_care() -> None:
    """Enrolled and never assessed in March, enrolled again and assessed in May: May is a first month."""
    first = episode(1, enrolled_on=date(2024, 3, 1), ended="2024-03-20")
    assert kind("2024-05", first, episode(2, "2024-05-10")) is MonthKind.INITIAL


def test_a_newer_episode_never_rewrites_older_months() -> None:
    """Whatever is enrolled later, January stays the first month and February a later one."""
    first, second = episode(1, "2024-01-10", "2024-02-20"), episode(2, "2024-10-05")
    for month, expected in (("2024-01", MonthKind.INITIAL), ("2024-02", MonthKind.SUBSEQUENT)):
        assert kind(month, first) is expected
        assert kind(month, first, second) is expected


def test_enrolled_again_in_the_month_of_its_own_first_assessment() -> None:
    """Assessed on the 3rd, discharged on the 5th, enrolled again on the 20th: still the first month."""
    first, second = episode(1, "2024-01-03", "2024-01-05"), episode(2, enrolled_on=date(2024, 1, 20))
    assert kind("2024-01", first, second) is MonthKind.INITIAL


def test_general_bhi_months_have_a_kind_of_their_own() -> None:
    """A BHI episode bills 99484 until its discharge, with or without assessment."""
    bhi = episode(enrolled_on=date(2024, 3, 1), program=Program.BHI, ended="2024-05-02")
    assert kind("2024-02", bhi) is MonthKind.NOT_ENROLLED
    assert kind("2024-05", bhi) is MonthKind.GENERAL_BHI
    assert kind("2024-06", bhi) is MonthKind.AFTER_DISCHARGE


def test_a_change_of_program_goes_by_the_newer_episode() -> None:
    """General BHI, then CoCM from June: June is a first month, and BHI's time is no CoCM care."""
    bhi = episode(1, enrolled_on=date(2024, 3, 1), program=Program.BHI, ended="2024-06-02")
    assert kind("2024-06", bhi, episode(2, "2024-06-03")) is MonthKind.INITIAL
    assert kind("2024-05", bhi, episode(2, "2024-06-03")) is MonthKind.GENERAL_BHI


def test_the_first_month_reached_is_the_other_policy() -> None:
    """99492 waits for the first month that reaches it; once earned, months are later ones."""
    one = episode(assessed="2024-01-10", enrolled_on=date(2023, 12, 1))
    policy = {"initial_policy": InitialPolicy.FIRST_MONTH_REACHED}
    assert kind("2023-12", one, **policy) is MonthKind.BEFORE_ASSESSMENT
    assert kind("2024-01", one, **policy) is MonthKind.INITIAL
    assert kind("2024-02", one, **policy) is MonthKind.INITIAL
    assert kind("2024-03", one, initial="2024-02", **policy) is MonthKind.SUBSEQUENT
    assert kind("2024-02", one, initial="2024-02", **policy) is MonthKind.INITIAL
    assert kind("2024-02", one, initial="2024-01", **policy) is MonthKind.SUBSEQUENT
    assert kind("2024-02", one, initial="2023-12", **policy) is MonthKind.INITIAL


def test_a_yearly_limit_makes_a_second_first_month_a_later_one() -> None:
    """99492 once per calendar year: earned in January, a new episode in October bills 99493."""
    first, second = episode(1, "2024-01-10", "2024-02-20"), episode(2, "2024-10-05")
    yearly = replace(rules(), limit_99492=Limit99492.PER_CALENDAR_YEAR)
    october, january = BillingMonth(2024, 10), BillingMonth(2024, 1)
    place = place_month(october, (first, second), yearly, (), (january,))
    assert (place.kind, place.why_subsequent) == (MonthKind.SUBSEQUENT, WhySubsequent.CALENDAR_YEAR)
    assert place.episode == second
    assert month_kind(october, (first, second), rules(), (), (january,)) is MonthKind.INITIAL
    assert month_kind(october, (first, second), yearly, (), ()) is MonthKind.INITIAL
    assert month_kind(october, (first, second), yearly, (), (october,)) is MonthKind.INITIAL
    assert month_kind(october, (first, second), yearly, (), (BillingMonth(2023, 10),)) is MonthKind.INITIAL


def test_only_three_kinds_bill() -> None:
    """First, later and General BHI months bill; the others do not."""
    assert [each for each in MonthKind if each.bills] == [
        MonthKind.INITIAL,
        MonthKind.SUBSEQUENT,
        MonthKind.GENERAL_BHI,
    ]


def test_the_newest_episode_of_a_month_names_the_payer() -> None:
    """The episode that began last by the month's end; none before the first."""
    first, second = episode(1, "2024-01-10", "2024-02-20"), episode(2, "2024-10-31")
    both = (second, first)
    assert episode_of(BillingMonth(2023, 12), both) is None
    assert episode_of(BillingMonth(2024, 9), both) == first
    assert episode_of(BillingMonth(2024, 10), both) == second


def test_every_place_names_its_episode() -> None:
    """Before the assessment and after discharge, too, the episode is known."""
    waiting = episode(assessed="2024-12-02", enrolled_on=date(2024, 11, 5))
    assert place_month(BillingMonth(2024, 11), (waiting,), rules()).episode == waiting
    left = episode(assessed="2024-01-10", ended="2024-03-01")
    assert place_month(BillingMonth(2024, 4), (left,), rules()).episode == left


def test_care_in_the_month_an_older_episode_began_is_its_care() -> None:
    """Last seen in the very month it began: the gap counts from there."""
    first, second = episode(1, "2024-01-10"), episode(2, "2024-08-01")
    assert kind("2024-08", first, second, active="2024-01") is MonthKind.INITIAL


def test_first_and_general_months_name_their_episode() -> None:
    """A first month and a General BHI month know the episode that governs them."""
    first = episode(assessed="2024-01-10")
    assert place_month(BillingMonth(2024, 1), (first,), rules()).episode == first
    bhi = episode(enrolled_on=date(2024, 3, 1), program=Program.BHI)
    assert place_month(BillingMonth(2024, 3), (bhi,), rules()).episode == bhi
    waits = rules(initial_policy=InitialPolicy.FIRST_MONTH_REACHED)
    assert place_month(BillingMonth(2024, 2), (first,), waits).episode == first


def test_an_open_episode_lasts_to_the_newest() -> None:
    """However many began in between: care two months before the newest episode is no pause."""
    first = episode(1, "2024-01-10")
    between = episode(2, enrolled_on=date(2024, 3, 1))
    newest = episode(3, "2025-11-03")
    assert kind("2025-11", first, between, newest, active="2024-01 2025-09") is MonthKind.SUBSEQUENT
    assert kind("2025-11", first, between, newest, active="2024-01") is MonthKind.INITIAL


def test_a_pause_is_one_after_every_earlier_episode() -> None:
    """The second of three ended two months ago, whatever became of the first."""
    first = episode(1, "2023-01-10", "2023-03-01")
    second = episode(2, "2025-05-10", "2025-09-01")
    assert kind("2025-11", first, second, episode(3, "2025-11-03")) is MonthKind.SUBSEQUENT
