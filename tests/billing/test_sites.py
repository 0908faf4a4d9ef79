"""RHCs and FQHCs bill G0512 where the payer asks for it (R-114)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from billing.charges import Charge
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.evaluate import evaluate_month
from billing.explain import explain
from billing.facts import MonthFacts
from billing.history import may_reach_initial, takes_initial
from billing.payer import Payer, rules_for
from billing.rules import Clinic, InitialPolicy, PracticeRules, RuleSet, TimeRule
from billing.sites import is_clinic, rules_at, same_places
from tests.support.findings import enrolled
from tests.support.months import NOVEMBER, a_first_month, a_month, an_entry, an_episode
from tests.support.payers import lakeside

ASKS = lakeside(g0512=True, covered_codes=frozenset({"99492", "99493", "99494", "G2214", "99484"}))
G0512 = (Charge("G0512"),)


def rules(payer: Payer = ASKS, **practice: Any) -> RuleSet:
    return rules_for(NOVEMBER, PracticeRules(**practice), payer)


def at(place: str, *minutes: float, **changes: Any) -> MonthFacts:
    """A later month at a place of service."""
    return a_month(*minutes, episodes=enrolled(place_of_service=place), **changes)


@pytest.mark.parametrize(
    ("place", "practice", "clinic"),
    [
        ("50", Clinic.NONE, True),
        ("72", Clinic.NONE, True),
        ("50 - FQHC", Clinic.NONE, True),
        ("500", Clinic.NONE, False),
        ("11", Clinic.NONE, False),
        ("", Clinic.NONE, False),
        ("11", Clinic.RHC, True),
        ("", Clinic.FQHC, True),
    ],
)
def test_the_place_or_the_practice_says_what_a_clinic_is(place: str, practice: Clinic, clinic: bool) -> None:  # noqa: FBT001 - a column of the table
    """Places 50 and 72, or the practice's setting."""
    facts = at(place, 130)
    judged_by = rules(clinic=practice)
    assert is_clinic(judged_by, facts, NOVEMBER.last_day) is clinic
    earned = evaluate_month(facts, judged_by).earned
    assert earned == (G0512 if clinic else (Charge("99493"), Charge("99494", 2)))


def test_g0512_needs_its_full_time_and_stands_alone() -> None:
    """Not below 60 minutes, not by the midpoint, never with G2214 or 99494; nothing comes after it."""
    midpoint = lakeside(
        g0512=True, time_rule=TimeRule.MIDPOINT, covered_codes=ASKS.on(NOVEMBER.first_day).covered_codes
    )
    for payer in (ASKS, midpoint):
        below = evaluate_month(at("50", 59), rules(payer))
        assert (below.earned, below.threshold.next_code, below.threshold.remaining_seconds) == (
            (),
            "G0512",
            60,
        )
        assert below.threshold.counts_from is None
        reached = evaluate_month(at("50", 300), rules(payer))
        assert (reached.earned, reached.threshold.next_code, reached.threshold.capped_units) == (
            G0512,
            None,
            0,
        )


def test_a_first_month_has_its_own_minutes() -> None:
    """70 unless the payer says otherwise; each of the two fields by itself."""
    first = replace(
        a_first_month(69), episodes=(replace(a_first_month(69).episodes[0], place_of_service="50"),)
    )
    assert evaluate_month(first, rules()).earned == ()
    asks = lakeside(g0512=True, g0512_first_min_seconds=60 * 60)
    assert evaluate_month(first, rules(asks)).earned == G0512
    assert (
        evaluate_month(at("50", 59), rules(lakeside(g0512=True, g0512_later_min_seconds=59 * 60))).earned
        == G0512
    )


def test_a_payer_may_only_take_g2214_away() -> None:
    """Such clinics bill the usual codes then, and no half hour."""
    payer = lakeside(g2214_clinics=False, covered_codes=ASKS.on(NOVEMBER.first_day).covered_codes)
    assert evaluate_month(at("50", 30), rules(payer)).earned == ()
    assert evaluate_month(at("11", 30), rules(payer)).earned == (Charge("G2214"),)
    assert evaluate_month(at("50", 90), rules(payer)).earned == (Charge("99493"), Charge("99494"))


def test_rules_without_a_word_on_clinics_stay_as_they_are() -> None:
    """And so do those that were settled: asking twice changes nothing."""
    plain = rules(lakeside())
    facts = at("50", 60)
    assert rules_at(plain, facts, NOVEMBER.last_day) is plain
    asked = rules()
    assert rules_at(asked, at("11", 60), NOVEMBER.last_day) is asked
    settled = rules_at(asked, facts, NOVEMBER.last_day)
    assert rules_at(settled, facts, NOVEMBER.last_day) is settled
    assert settled.covered_codes == {"G0512", "99484"}
    taken = rules_at(rules(lakeside(g2214_clinics=False)), facts, NOVEMBER.last_day)
    assert rules_at(taken, facts, NOVEMBER.last_day) is taken


def moved(*places: tuple[str, date]) -> tuple[ClaimFact, ...]:
    return tuple(
        ClaimFact(kind=ClaimFactKind.PLACE_OF_SERVICE, value=place, from_day=day) for place, day in places
    )


def test_the_place_in_force_on_the_date_of_service_counts() -> None:
    """Care moved into a clinic after the hour was reached is billed as before, and the reverse."""
    hour = (an_entry(1, 60, date(2026, 11, 10)),)
    into = moved(("11", date.min), ("50", date(2026, 11, 11)))
    out_of = moved(("50", date.min), ("11", date(2026, 11, 11)))
    assert evaluate_month(a_month(entries=hour, claim_facts=into), rules()).earned == (Charge("99493"),)
    assert evaluate_month(a_month(entries=hour, claim_facts=out_of), rules()).earned == G0512
    on_time = moved(("11", date.min), ("50", date(2026, 11, 10)))
    assert evaluate_month(a_month(entries=hour, claim_facts=on_time), rules()).earned == G0512
    short = (an_entry(1, 10, date(2026, 11, 10)),)
    waiting = evaluate_month(a_month(entries=short, claim_facts=into), rules())
    assert (waiting.date_of_service, waiting.threshold.next_code) == (None, "G0512")


def test_a_place_that_comes_after_the_date_of_service_does_not_count() -> None:
    """Half an hour in an office bills G2214, though the month ends in a clinic that takes none before an hour."""
    into = moved(("11", date.min), ("50", date(2026, 11, 30)))
    half = (an_entry(1, 30, date(2026, 11, 10)),)
    found = evaluate_month(a_month(entries=half, claim_facts=into), rules())
    assert (found.earned, found.date_of_service) == ((Charge("G2214"),), date(2026, 11, 10))
    on_the_day = (an_entry(1, 30, date(2026, 11, 30)),)
    assert evaluate_month(a_month(entries=on_the_day, claim_facts=into), rules()).earned == ()


def test_a_clinic_left_before_g0512_is_reached_leaves_the_usual_codes() -> None:
    """They are met on the first day with time elsewhere, and not at all without such time."""
    asks = lakeside(g0512=True, time_rule=TimeRule.MIDPOINT, g0512_later_min_seconds=60 * 60)
    out_of = moved(("50", date.min), ("11", date(2026, 11, 11)))
    first = an_entry(1, 45, date(2026, 11, 10))
    found = evaluate_month(
        a_month(entries=(first, an_entry(2, 20, date(2026, 11, 20))), claim_facts=out_of), rules(asks)
    )
    assert (found.earned, found.date_of_service) == ((Charge("99493"),), date(2026, 11, 20))
    alone = evaluate_month(a_month(entries=(first,), claim_facts=out_of), rules(asks))
    assert (alone.earned, alone.threshold.next_code) == ((), "G0512")


def test_a_month_is_one_stretch_unless_what_the_payer_asks_of_its_places_changes() -> None:
    """Another clinic is a clinic, and another office an office; an episode brings its own place."""
    whole = [(NOVEMBER.first_day, NOVEMBER.last_day)]
    assert same_places(rules(), a_month(60)) == whole
    for one, other in (("50", "72"), ("11", "02")):
        facts = a_month(60, claim_facts=moved((one, date.min), (other, date(2026, 11, 11))))
        assert same_places(rules(), facts) == whole
    for day in (date(2026, 11, 1), date(2026, 12, 1)):
        facts = a_month(60, claim_facts=moved(("11", date.min), ("50", day)))
        assert same_places(rules(), facts) == whole
    there = moved(("11", date.min), ("50", date(2026, 11, 11)), ("11", date(2026, 11, 21)))
    assert same_places(rules(), a_month(60, claim_facts=there)) == [
        (date(2026, 11, 1), date(2026, 11, 10)),
        (date(2026, 11, 11), date(2026, 11, 20)),
        (date(2026, 11, 21), date(2026, 11, 30)),
    ]
    again = (
        *enrolled(place_of_service="11"),
        an_episode(
            episode_id=2,
            enrolled_on=date(2026, 11, 20),
            initial_assessment_on=None,
            place_of_service="50",
        ),
    )
    assert same_places(rules(), a_month(60, episodes=again)) == [
        (date(2026, 11, 1), date(2026, 11, 19)),
        (date(2026, 11, 20), date(2026, 11, 30)),
    ]


def test_why_tells_of_g0512() -> None:
    """The entry with which it was reached says so, as the line does."""
    facts = at("50", 40, 40)
    judged_by = rules()
    told = explain(facts, evaluate_month(facts, judged_by), judged_by)
    assert [entry.reached for entry in told.entries] == [(), G0512]
    assert told.payer == "Lakeside Health"
    into = moved(("11", date.min), ("50", date(2026, 11, 11)))
    before = a_month(entries=(an_entry(1, 60, date(2026, 11, 10)),), claim_facts=into)
    told = explain(before, evaluate_month(before, judged_by), judged_by)
    assert [entry.reached for entry in told.entries] == [(Charge("99493"),)]
    unreached = at("50", 40)
    assert explain(unreached, evaluate_month(unreached, judged_by), judged_by).entries[0].reached == ()


def test_a_first_month_of_g0512_takes_the_first_month() -> None:
    """Later months are later ones for a clinic, too; G0512 of a later month takes nothing."""
    first = replace(
        a_first_month(70), episodes=(replace(a_first_month(70).episodes[0], place_of_service="50"),)
    )
    judged_by = rules(initial_policy=InitialPolicy.FIRST_MONTH_REACHED)
    assert takes_initial(evaluate_month(first, judged_by), judged_by)
    later = at("50", 70)
    assert not takes_initial(evaluate_month(later, rules()), rules())
    assert not takes_initial(evaluate_month(at("11", 70), rules()), rules())


@pytest.mark.parametrize(
    ("minutes", "least", "may"),
    [(60, 60, True), (59, 60, False), (69, 80, False), (70, 80, True), (69, None, False)],
)
def test_less_time_than_99492_may_do_for_a_clinic(minutes: int, least: int | None, may: bool) -> None:  # noqa: FBT001 - a column of the table
    """A payer's own minutes of G0512 may lie below 70, or above."""
    seconds = {} if least is None else {"g0512_first_min_seconds": least * 60}
    assert may_reach_initial(a_first_month(minutes), rules(lakeside(g0512=True, **seconds))) is may
