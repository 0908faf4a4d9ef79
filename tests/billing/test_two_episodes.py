"""Months of two episodes, and months judged over again without some of their facts."""

from dataclasses import replace
from datetime import date

from billing.candidates import choose
from billing.charges import Charge, codes_of, less
from billing.counting import tally
from billing.episodes import Consent, Program, holding_on
from billing.evaluate import evaluate_month
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind
from billing.payer import rules_for
from billing.people import Role
from billing.portions import Portion
from billing.rules import PracticeRules, TimeRule
from tests.support.coverage import changing
from tests.support.findings import codes, enrolled, result
from tests.support.months import DR_CHO, NOVEMBER, TEST_PAYER, a_month, a_review, an_entry, an_episode
from tests.support.payers import a_payer, lakeside

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
TURN = date(2026, 11, 20)
GENERAL = an_episode(
    episode_id=2,
    program=Program.BHI,
    enrolled_on=TURN,
    initial_assessment_on=None,
    consent=Consent(given_on=TURN),
)
LATE = {"recorded_on": date(2026, 11, 27)}


def has_two_programs(facts: MonthFacts) -> bool:
    return choose(facts, RULES).other_program is not None


def test_a_month_is_weighed_by_both_programs_once_both_are_on_file() -> None:
    """Not where both episodes are of one program, nor where the second begins after the month."""
    ended = an_episode(discharged_on=date(2026, 11, 19))
    assert has_two_programs(a_month(60, episodes=(ended, GENERAL)))
    assert not has_two_programs(a_month(60, episodes=(ended, replace(GENERAL, program=Program.COCM))))
    assert has_two_programs(a_month(60, episodes=(an_episode(discharged_on=date(2026, 10, 31)), GENERAL)))
    assert not has_two_programs(
        a_month(60, episodes=(ended, replace(GENERAL, enrolled_on=date(2026, 12, 1))))
    )
    assert has_two_programs(a_month(60, episodes=(ended, replace(GENERAL, enrolled_on=NOVEMBER.last_day))))


def test_consent_to_another_program_is_no_consent_to_this_one() -> None:
    """On the day of the change, which belongs to both."""
    without = an_episode(consent=None, discharged_on=TURN)
    facts = a_month(entries=(an_entry(1, 60, TURN),), episodes=(without, GENERAL))
    assert choose(facts, RULES).line.earned == (Charge("99493"),)
    assert "consent_missing" in codes(facts)
    with_consent = replace(facts, episodes=(replace(without, consent=an_episode().consent), GENERAL))
    assert "consent_missing" not in codes(with_consent)


def test_rules_hold_on_the_day_from_which_they_do() -> None:
    """The midpoint, in force from the 10th on, is reached on that very day."""
    midpoint = lakeside(time_rule=TimeRule.MIDPOINT)
    changed = changing(NOVEMBER, [(NOVEMBER.first_day, TEST_PAYER), (date(2026, 11, 10), midpoint)])
    entries = (an_entry(1, 25), an_entry(2, 10, date(2026, 11, 10)))
    line = evaluate_month(a_month(entries=entries), changed)
    assert (line.earned, line.date_of_service) == ((Charge("99493"),), date(2026, 11, 10))


def test_time_above_a_payers_cap_decides_nothing() -> None:
    """One unit is paid with or without the late half hour, and whatever of it a late review was."""
    capped = lakeside(max_99494=1)
    late_time = a_month(entries=(an_entry(1, 125), an_entry(2, 30, **LATE)))
    assert "late_decisive" in codes(late_time)
    assert "late_decisive" not in codes(late_time, capped)
    cho = an_entry(2, 30, role=Role.CONSULTANT, performed_by=DR_CHO)
    assert "consultant_decisive" in codes(a_month(entries=(an_entry(1, 125), cho)))
    assert "consultant_decisive" not in codes(a_month(entries=(an_entry(1, 125), cho)), capped)
    reviews = (a_review(), a_review(date(2026, 11, 11), review_id=2, recorded_on=TURN))
    late_review = a_month(95, 30, reviews=reviews)
    assert "late_recorded" in codes(late_review, capped)
    assert "late_record_decides" not in codes(late_review, capped)


def test_a_month_of_general_bhi_is_judged_again_by_staff_time() -> None:
    """Late minutes of the care manager decide it: the consultant's do not count, and do not stand in for them."""
    at_once = {"started_at": an_entry().recorded_at}
    made = (
        an_entry(1, 18, **at_once),
        an_entry(2, 5, **LATE),
        an_entry(3, 20, role=Role.CONSULTANT, performed_by=DR_CHO),
        an_entry(4, 2, **at_once),
    )
    general = enrolled(program=Program.BHI, initial_assessment_on=None)
    found = codes(a_month(entries=made, episodes=general))
    assert "late_decisive" in found


def test_codes_are_told_with_their_units() -> None:
    """One unit is the code alone."""
    assert codes_of((Charge("99493"), Charge("99494", 2))) == "99493 + 2×99494"
    assert codes_of((Charge("99492"), Charge("99494"))) == "99492 + 99494"


def test_the_day_of_a_change_belongs_to_the_two_episodes_that_meet_on_it() -> None:
    """And to no third one, which begins later."""
    one = an_episode(discharged_on=TURN)
    third = an_episode(episode_id=3, enrolled_on=date(2026, 12, 1), initial_assessment_on=None)
    assert holding_on(TURN, (one, GENERAL, third)) == (one, GENERAL)


def test_a_programs_time_is_consented_to_by_its_own_consent() -> None:
    """On the day of a change the other program's consent does not stand in for one that was revoked."""
    revoked = Consent(given_on=date(2026, 10, 5), revoked_on=date(2026, 11, 10))
    left = an_episode(consent=revoked, discharged_on=TURN)
    facts = a_month(entries=(an_entry(1, 60, TURN),), episodes=(left, GENERAL))
    counts = {
        program: tally(facts, RULES, MonthKind.SUBSEQUENT, portion=Portion(program=program)).counted
        for program in Program
    }
    assert counts == {Program.COCM: 0, Program.BHI: 3600}


def test_units_that_are_held_are_taken_from_the_add_on() -> None:
    """None, some or all of them."""
    earned = (Charge("99493"), Charge("99494", 3))
    assert less(earned, 0) == earned
    assert less(earned, 1) == (Charge("99493"), Charge("99494", 2))
    assert less(earned, 3) == (Charge("99493"),)


def test_a_correction_is_weighed_against_what_was_first_keyed() -> None:
    """To the second, from nothing on; an entry whose length came back to the first is none of those made longer."""
    longer = an_entry(2, 10, first_seconds=0)
    again = an_entry(3, 1 / 60, first_seconds=1)
    facts = a_month(entries=(an_entry(1, 3598 / 60), longer, again))
    found = next(each for each in result(facts).findings if each.code == "correction_decisive")
    assert found.entries == (2,)


def test_where_neither_program_reaches_a_code_the_newest_is_the_line() -> None:
    """Begun by the month's last day, that included; of three episodes it is the third."""
    left = an_episode(discharged_on=NOVEMBER.last_day)
    last_day = replace(GENERAL, enrolled_on=NOVEMBER.last_day, consent=Consent(given_on=NOVEMBER.last_day))
    assert choose(a_month(5, episodes=(left, last_day)), RULES).line.place.kind is MonthKind.GENERAL_BHI
    first = an_episode(discharged_on=date(2026, 11, 9))
    between = replace(
        GENERAL, enrolled_on=date(2026, 11, 10), discharged_on=date(2026, 11, 19), consent=first.consent
    )
    third = an_episode(episode_id=3, enrolled_on=TURN, initial_assessment_on=None)
    assert choose(a_month(5, episodes=(first, between, third)), RULES).line.place.episode == third


def test_of_three_payers_the_one_whose_own_days_reach_a_code_has_the_line() -> None:
    """Its days alone are counted."""
    payers = [
        (NOVEMBER.first_day, TEST_PAYER),
        (date(2026, 11, 10), a_payer("Cedar Health", max_99494=1)),
        (TURN, a_payer("Birch Health", max_99494=2)),
    ]
    facts = a_month(entries=(an_entry(1, 60, date(2026, 11, 12)), an_entry(2, 5)))
    found = choose(facts, changing(NOVEMBER, payers))
    assert found.split is None
    assert found.line.portion.days == {date(2026, 11, day) for day in range(10, 20)}
