"""Months that depend on earlier ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from billing.activities import Activity, ActivitySource
from billing.charges import Charge
from billing.clinical import Admission
from billing.counting import tally
from billing.episodes import Consent, Program
from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.history import evaluate_months, has_care, may_reach_initial
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.overlaps import Overlap
from billing.payer import Payer, rules_for
from billing.people import Role
from billing.rules import ClinicRules, InitialPolicy, Limit99492, PracticeRules, RuleSet, TimeRule
from tests.support.coverage import changing
from tests.support.months import NOVEMBER, TEST_PAYER, a_first_month, a_month, an_entry, an_episode
from tests.support.payers import CHECKED, a_payer, lakeside

FIRST_REACHED = PracticeRules(initial_policy=InitialPolicy.FIRST_MONTH_REACHED)
YEARLY = lakeside(limit_99492=Limit99492.PER_CALENDAR_YEAR)


def months(
    minutes: dict[str, float], practice: PracticeRules | None = None, payer: Payer = TEST_PAYER
) -> list[tuple[MonthFacts, RuleSet]]:
    made = []
    for text, length in minutes.items():
        month = BillingMonth.parse(text)
        entries = (an_entry(1, length, month.first_day),) if length else ()
        episode = an_episode(
            enrolled_on=date(2026, 1, 1), initial_assessment_on=date(2026, 1, 1), consent=None
        )
        facts = a_month(month=month, entries=entries, episodes=(episode,))
        made.append((facts, rules_for(month, practice or PracticeRules(), payer)))
    return made


def earned(results: tuple[MonthResult, ...]) -> list[list[str]]:
    return [[charge.code for charge in result.earned] for result in results]


def test_the_first_month_that_reaches_it_bills_99492_once() -> None:
    """50, 75, 75 minutes: February bills 99492 and March 99493, whatever the order given."""
    given = months({"2026-03": 75, "2026-01": 50, "2026-02": 75}, FIRST_REACHED)
    assert earned(evaluate_months(given)) == [[], ["99492"], ["99493"]]
    assert earned(evaluate_months(months({"2026-01": 50, "2026-02": 75}))) == [[], ["99493"]]


def test_what_is_known_of_other_months_is_kept() -> None:
    """99492 earned in a month that is not given still counts."""
    facts, rules = months({"2026-03": 75}, FIRST_REACHED)[0]
    known = replace(facts, initial_months=(BillingMonth(2026, 2),))
    assert evaluate_months([(known, rules)])[0].earned == (Charge("99493"),)
    assert evaluate_months([(facts, rules)])[0].earned == (Charge("99492"),)


def test_months_with_time_keep_an_episode_alive() -> None:
    """Time in January, none until November: the episode has lapsed; with time in June it has not."""
    quiet = evaluate_months(months({"2026-01": 75, "2026-06": 0, "2026-11": 60}))
    assert "episode_lapsed" in {each.code for each in quiet[-1].findings}
    busy = evaluate_months(months({"2026-01": 75, "2026-06": 5, "2026-11": 60}))
    assert "episode_lapsed" not in {each.code for each in busy[-1].findings}
    facts, rules = months({"2026-11": 60})[0]
    known = replace(facts, active_months=(BillingMonth(2026, 1),))
    assert "episode_lapsed" in {each.code for each in evaluate_months([(known, rules)])[0].findings}


def test_only_some_rules_look_back() -> None:
    """Under the usual rules a month stands by itself."""
    assert not rules_for(NOVEMBER, PracticeRules(), TEST_PAYER).looks_back
    assert rules_for(NOVEMBER, FIRST_REACHED, TEST_PAYER).looks_back
    assert rules_for(NOVEMBER, PracticeRules(), YEARLY).looks_back


def test_only_counted_cocm_time_keeps_an_episode_alive() -> None:
    """Clerical, held, General BHI, discharged and unconsented time moves no gap; a minute of care does."""
    facts = a_month(10)
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    (entry,) = facts.entries
    assert has_care(facts, rules)
    episode = facts.episodes[0]
    without = (
        replace(facts, entries=()),
        replace(facts, entries=(replace(entry, activity=Activity.ADMIN),)),
        replace(
            facts,
            entries=(replace(entry, activity=Activity.CRISIS, activity_source=ActivitySource.INFERRED),),
        ),
        replace(facts, episodes=(replace(episode, program=Program.BHI),)),
        replace(facts, episodes=(replace(episode, discharged_on=date(2026, 11, 2)),)),
        replace(facts, episodes=(replace(episode, consent=Consent(given_on=date(2026, 11, 4))),)),
        replace(facts, episodes=()),
    )
    assert [has_care(one, rules) for one in without] == [False] * len(without)
    assert has_care(replace(facts, entries=(replace(entry, seconds=1),)), rules)
    start = datetime(2026, 11, 3, 15, tzinfo=UTC)
    clocked = replace(facts, entries=(replace(entry, started_at=start),))
    shared = Overlap(
        entry_id=entry.entry_id,
        kept_by=9,
        kept_for=2,
        started_at=start,
        ended_at=start + timedelta(hours=1),
    )
    assert tally(replace(clocked, overlaps=(shared,)), rules, MonthKind.SUBSEQUENT).counted == 0
    assert has_care(replace(clocked, overlaps=(shared,)), rules)
    stay = Admission(admission_id=1, patient_id=1, admitted_on=NOVEMBER.first_day)
    assert not has_care(replace(facts, admissions=(stay,)), rules)
    assert has_care(
        replace(facts, admissions=(stay,)), rules_for(NOVEMBER, PracticeRules(inpatient_counts=True))
    )
    cho = replace(facts, entries=(replace(entry, role=Role.CONSULTANT),))
    assert has_care(cho, rules)
    quiet = evaluate_months(
        [
            *months({"2026-01": 75}),
            *[
                (
                    replace(
                        one, entries=tuple(replace(each, activity=Activity.ADMIN) for each in one.entries)
                    ),
                    rule,
                )
                for one, rule in months({"2026-06": 30})
            ],
            *months({"2026-11": 60}),
        ]
    )
    assert "episode_lapsed" in {each.code for each in quiet[-1].findings}


def test_which_months_may_take_99492_is_known_before_they_are_judged() -> None:
    """Enough time in a first month, by the laxest rules of its days; a later program does not hide it."""
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    assert may_reach_initial(a_first_month(70), rules)
    assert not may_reach_initial(a_first_month(69), rules)
    assert may_reach_initial(a_first_month(70, -2), rules)
    assert not may_reach_initial(a_month(120), rules)
    half = a_payer("Cedar", verified_on=CHECKED, time_rule=TimeRule.MIDPOINT)
    changed = changing(NOVEMBER, [(NOVEMBER.first_day, TEST_PAYER), (date(2026, 11, 16), half)])
    assert may_reach_initial(a_first_month(36), changed)
    assert not may_reach_initial(a_first_month(35), changed)
    left = replace(a_first_month(70).episodes[0], discharged_on=date(2026, 11, 19))
    general = an_episode(
        episode_id=2, program=Program.BHI, enrolled_on=date(2026, 11, 20), initial_assessment_on=None
    )
    assert may_reach_initial(a_first_month(70, episodes=(left, general)), rules)


def test_what_is_known_of_earlier_months_decides_who_may_take_99492() -> None:
    """The last second; 99492 earlier in the year; a gap in care; and a clinic's own code."""
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    first = a_first_month(70)
    (entry,) = first.entries
    short = replace(entry, seconds=entry.seconds - 1)
    assert may_reach_initial(replace(first, entries=(short, replace(entry, entry_id=2, seconds=1))), rules)
    yearly = rules_for(NOVEMBER, PracticeRules(), YEARLY)
    assert may_reach_initial(first, yearly)
    assert not may_reach_initial(replace(first, initial_months=(BillingMonth(2026, 2),)), yearly)
    opened = date(2026, 1, 5)
    earlier = an_episode(
        episode_id=9, enrolled_on=opened, initial_assessment_on=opened, discharged_on=date(2026, 10, 1)
    )
    again = replace(first, episodes=(earlier, *first.episodes))
    assert not may_reach_initial(again, rules)
    assert may_reach_initial(replace(again, active_months=(BillingMonth(2026, 4),)), rules)
    sixty = replace(rules.initial, minimum_seconds=3600)
    assert may_reach_initial(a_first_month(60), replace(rules, clinic=ClinicRules(initial=sixty)))
    assert not may_reach_initial(a_first_month(60), replace(rules, clinic=ClinicRules()))


def test_a_second_of_care_is_care_and_counts_towards_99492() -> None:
    """Time is read to the second, both where it keeps an episode alive and where it reaches a code."""
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    assert has_care(a_month(1 / 60), rules)
    assert may_reach_initial(a_first_month(69, 59 / 60, 1 / 60), rules)


def test_a_month_may_not_take_99492_when_an_earlier_one_did_or_care_never_paused() -> None:
    """Under the yearly limit the year's first month has it; a second episode has it after a pause alone."""
    yearly = rules_for(NOVEMBER, PracticeRules(), YEARLY)
    assert may_reach_initial(a_first_month(70), yearly)
    assert not may_reach_initial(a_first_month(70, initial_months=(BillingMonth(2026, 2),)), yearly)
    earlier = an_episode(
        episode_id=9,
        enrolled_on=date(2026, 1, 5),
        initial_assessment_on=date(2026, 1, 5),
        discharged_on=date(2026, 9, 5),
    )
    again = a_first_month(70)
    again = replace(again, episodes=(earlier, *again.episodes))
    rules = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
    assert not may_reach_initial(again, rules)
    assert may_reach_initial(replace(again, active_months=(BillingMonth(2026, 2),)), rules)
