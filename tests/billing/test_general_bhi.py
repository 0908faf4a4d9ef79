"""What CMS asks of a General BHI month."""

from dataclasses import replace
from datetime import date

import pytest

from billing.clinical import Score
from billing.counting import tally
from billing.episodes import Episode, Program, leading_up_to
from billing.evaluate import LineStatus
from billing.facts import MonthFacts
from billing.findings.finding import MonthCase, Rule, Severity
from billing.findings.general_bhi import bhi_assessment_missing, bhi_initiating_visit, bhi_scale_missing
from billing.findings.late_recorded import late_record_decides
from billing.findings.registry import message_of, row_of
from billing.month_kinds import place_month
from billing.payer import rules_for
from billing.rules import PracticeRules
from billing.thresholds import progress
from tests.support.findings import codes, enrolled, only, result
from tests.support.months import TEST_PAYER, a_month, a_review, a_score, an_entry, an_episode

NOV_2 = date(2026, 11, 2)


def bhi(**changes: object) -> tuple[Episode, ...]:
    return enrolled(**{"program": Program.BHI, **changes})


def test_a_whole_month_is_billed() -> None:
    """Consent, assessment, scale and visit are there; nobody asks for a review."""
    facts = a_month(20, episodes=bhi(), reviews=())
    assert (codes(facts), [charge.code for charge in result(facts).billable]) == ([], ["99484"])


@pytest.mark.parametrize("assessed", [None, date(2026, 12, 1)])
def test_an_assessment_is_asked_for(assessed: date | None) -> None:
    """None at all, or one of a later month."""
    facts = a_month(20, episodes=bhi(initial_assessment_on=assessed))
    found = only(facts)
    assert (found.code, found.severity, row_of(found).rule) == (
        "bhi_assessment_missing",
        Severity.BLOCKER,
        "R-327",
    )
    assert "99484" in message_of(found)
    assert result(facts).status is LineStatus.BLOCKED


def test_an_assessment_on_the_months_last_day_will_do() -> None:
    """It lies in the month."""
    assert codes(a_month(20, episodes=bhi(initial_assessment_on=date(2026, 11, 30)))) == []


@pytest.mark.parametrize(
    ("scores", "missing"),
    [
        ((), True),
        ((a_score(date(2026, 10, 4)),), True),
        ((a_score(date(2026, 10, 5)),), False),
        ((a_score(date(2026, 11, 30)),), False),
        ((a_score(date(2026, 12, 1)),), True),
    ],
)
def test_a_scale_is_asked_for(
    scores: tuple[Score, ...],
    missing: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """Of any day from the first of care to the month's last."""
    facts = a_month(20, episodes=bhi(), scores=scores)
    assert codes(facts) == (["bhi_scale_missing"] if missing else [])
    if missing:
        assert (only(facts).severity, row_of(only(facts)).rule) == (Severity.BLOCKER, "R-327")


@pytest.mark.parametrize(
    ("needed", "visit", "enrolled_on", "expected"),
    [
        (None, None, NOV_2, ["bhi_visit_unknown"]),
        (None, None, date(2026, 10, 5), []),
        (False, None, NOV_2, []),
        (True, None, NOV_2, ["bhi_visit_missing"]),
        (True, None, date(2026, 10, 5), ["bhi_visit_missing"]),
        (True, date(2026, 11, 30), NOV_2, []),
        (True, date(2026, 12, 1), NOV_2, ["bhi_visit_missing"]),
        (True, date(2025, 11, 1), NOV_2, []),
        (True, date(2025, 10, 31), NOV_2, ["bhi_visit_missing"]),
        (None, date(2025, 10, 31), NOV_2, ["bhi_visit_unknown"]),
    ],
)
def test_an_initiating_visit(
    needed: bool | None,  # noqa: FBT001 - a parameter of the table
    visit: date | None,
    enrolled_on: date,
    expected: list[str],
) -> None:
    """As for CoCM: unknown warns in the first month; needed and missing, or over a year old, blocks."""
    episodes = bhi(
        enrolled_on=enrolled_on,
        initial_assessment_on=enrolled_on,
        initiating_visit_needed=needed,
        initiating_visit_on=visit,
    )
    facts = a_month(20, episodes=episodes, scores=(a_score(enrolled_on),))
    assert codes(facts) == expected
    severity = {"bhi_visit_unknown": Severity.WARNING, "bhi_visit_missing": Severity.BLOCKER}
    for each in result(facts).findings:
        assert (each.severity, row_of(each).rule) == (severity[each.code], "R-327")


def after_cocm(**changes: object) -> tuple[Episode, ...]:
    """Collaborative Care since October, and General BHI since November 4."""
    before = an_episode(**{"episode_id": 1, "discharged_on": date(2026, 11, 3), **changes})
    newer = an_episode(
        episode_id=2,
        program=Program.BHI,
        enrolled_on=date(2026, 11, 4),
        initial_assessment_on=None,
        initiating_visit_on=None,
    )
    return (newer, before)


def test_who_comes_from_cocm_is_not_assessed_again() -> None:
    """Assessment, scale and visit of the care that led up to it stand, and the visit is not asked about."""
    since = (an_entry(1, 20, date(2026, 11, 5)),)
    assert codes(a_month(entries=since, episodes=after_cocm())) == []
    assert codes(a_month(entries=since, episodes=after_cocm(initiating_visit_on=None))) == []
    unassessed = after_cocm(initial_assessment_on=None)
    assert codes(a_month(entries=since, episodes=unassessed)) == ["bhi_assessment_missing"]


def test_care_of_long_ago_leads_up_to_nothing() -> None:
    """Ended more than the gap before: assessed, scored and seen again."""
    long_ago = after_cocm(
        enrolled_on=date(2025, 1, 5), initial_assessment_on=date(2025, 1, 5), discharged_on=date(2026, 4, 30)
    )
    facts = a_month(20, episodes=long_ago, scores=(a_score(date(2026, 3, 5)),))
    assert codes(facts) == ["bhi_assessment_missing", "bhi_scale_missing", "bhi_visit_unknown"]


@pytest.mark.parametrize(
    ("discharged", "leads"),
    [(None, True), (date(2026, 5, 1), True), (date(2026, 4, 30), False)],
)
def test_what_leads_up_to_an_episode(
    discharged: date | None,
    leads: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """Six whole months without care are a gap, as for R-253; care still open is none."""
    earlier = an_episode(
        episode_id=1, enrolled_on=date(2026, 1, 5), initial_assessment_on=None, discharged_on=discharged
    )
    newer = an_episode(episode_id=2, enrolled_on=NOV_2, initial_assessment_on=None)
    assert leading_up_to(newer, (newer, earlier), 6) == ((earlier, newer) if leads else (newer,))


def test_it_leads_up_step_by_step() -> None:
    """Each episode leads up to the next; one that begins later leads up to nothing."""
    first = an_episode(
        episode_id=1,
        enrolled_on=date(2025, 1, 5),
        initial_assessment_on=None,
        discharged_on=date(2025, 8, 1),
    )
    second = an_episode(
        episode_id=2,
        enrolled_on=date(2026, 2, 1),
        initial_assessment_on=None,
        discharged_on=date(2026, 6, 1),
    )
    third = an_episode(episode_id=3, enrolled_on=NOV_2, initial_assessment_on=None)
    later = an_episode(episode_id=4, enrolled_on=date(2026, 12, 2), initial_assessment_on=None)
    everything = (later, third, first, second)
    assert leading_up_to(third, everything, 6) == (first, second, third)
    assert leading_up_to(third, everything, 5) == (second, third)
    assert leading_up_to(third, everything, 4) == (third,)
    assert leading_up_to(later, everything, 6) == (first, second, third, later)


@pytest.mark.parametrize("rule", [bhi_assessment_missing, bhi_scale_missing, bhi_initiating_visit])
def test_another_month_is_not_asked(rule: Rule) -> None:
    """Each rule knows its kind of month by itself, whoever asks it."""
    for episodes, expected in ((enrolled(initial_assessment_on=None), False), (bhi(), True)):
        bare = (replace(episodes[0], initial_assessment_on=None, initiating_visit_needed=True),)
        bare = (replace(bare[0], initiating_visit_on=None),)
        assert (rule(case_of(a_month(20, episodes=bare, scores=()))) is not None) is expected


def case_of(facts: MonthFacts) -> MonthCase:
    """A month before anybody has looked for findings, of which nothing is earned."""
    rules = rules_for(facts.month, PracticeRules(), TEST_PAYER)
    place = place_month(facts.month, facts.episodes, rules)
    counts = tally(facts, rules, place.kind)
    return MonthCase(
        facts=facts,
        rules=rules,
        place=place,
        tally=counts,
        threshold=progress(counts.counted, place.kind, rules),
        earned=(),
        claim_day=facts.month.last_day,
    )


def test_of_nothing_earned_no_late_record_decides() -> None:
    """The rule says so by itself."""
    late = (a_review(date(2026, 11, 3), recorded_on=date(2026, 11, 9)),)
    assert late_record_decides(case_of(a_month(60, reviews=late))) is None


def test_of_two_episodes_of_one_day_the_first_leads_up_to_the_second() -> None:
    """Enrolled in both programs on one day, a patient is in one episode of care."""
    one, other = an_episode(discharged_on=None), an_episode(episode_id=2, program=Program.BHI)
    assert leading_up_to(other, (other, one), 6) == (one, other)
