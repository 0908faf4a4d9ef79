"""What a claim is made of, and from which day it holds (R-116)."""

from dataclasses import replace
from datetime import date

import pytest

from billing.claim_days import ClaimDay, claim_on, episode_on, on_file, payers_within, text_of, value_of
from billing.claim_facts import ClaimFact, ClaimFactKind, changes_within, in_force, of_kind, with_change
from billing.months import BillingMonth
from tests.support.months import ANA, GOOD_NPI, NOVEMBER, a_month, an_episode

PAYER = ClaimFactKind.PAYER
START = date(2026, 10, 5)
OTHER_NPI = "1306849450"


def a_fact(value: str, from_day: date, kind: ClaimFactKind = PAYER) -> ClaimFact:
    return ClaimFact(kind=kind, value=value, from_day=from_day)


def days_of(facts: tuple[ClaimFact, ...]) -> list[tuple[str, date]]:
    return [(fact.value, fact.from_day) for fact in facts]


CEDAR = a_fact("Cedar Health", START)
MEDICARE = a_fact("Medicare", date(2026, 11, 3))
NPI = a_fact(OTHER_NPI, date(2026, 11, 1), ClaimFactKind.REFERRING_NPI)


@pytest.mark.parametrize(
    ("day", "payer"),
    [
        (date(2026, 9, 1), "Cedar Health"),
        (START, "Cedar Health"),
        (date(2026, 11, 2), "Cedar Health"),
        (date(2026, 11, 3), "Medicare"),
        (date(2027, 1, 1), "Medicare"),
    ],
)
def test_a_fact_holds_from_its_day_until_the_next(day: date, payer: str) -> None:
    """The day itself counts; the first holds before its day, too. The order in which they come is no matter."""
    found = in_force([MEDICARE, NPI, CEDAR], PAYER, day)
    assert found is not None
    assert found.value == payer


def test_nothing_is_in_force_where_nothing_of_the_kind_is_known() -> None:
    """Other kinds say nothing of it."""
    assert in_force([NPI], PAYER, START) is None
    assert in_force([], PAYER, START) is None
    assert of_kind([MEDICARE, NPI, CEDAR], PAYER) == (CEDAR, MEDICARE)


def test_changes_within_a_month_are_those_after_its_first_day_to_another_value() -> None:
    """A change on the first day splits nothing, nor does the same value said twice."""
    again = a_fact("Medicare", date(2026, 11, 20))
    back = a_fact("Cedar Health", date(2026, 11, 25))
    known = [CEDAR, MEDICARE, again, back]
    assert changes_within(known, PAYER, NOVEMBER) == (date(2026, 11, 3), date(2026, 11, 25))
    assert changes_within(known, PAYER, BillingMonth(2026, 10)) == ()
    assert changes_within([CEDAR, a_fact("Medicare", date(2026, 11, 1))], PAYER, NOVEMBER) == ()


def test_a_change_leaves_earlier_days_alone() -> None:
    """From the day on the new value holds, and before it what held."""
    assert days_of(with_change((CEDAR,), MEDICARE)) == [
        ("Cedar Health", START),
        ("Medicare", date(2026, 11, 3)),
    ]


def test_a_change_holds_until_the_next_that_is_known() -> None:
    """A value between two others, and one said once more of an earlier day."""
    aetna = a_fact("Aetna", date(2026, 10, 20))
    assert days_of(with_change((CEDAR, MEDICARE), aetna)) == [
        ("Cedar Health", START),
        ("Aetna", date(2026, 10, 20)),
        ("Medicare", date(2026, 11, 3)),
    ]
    sooner = a_fact("Medicare", date(2026, 10, 20))
    assert days_of(with_change((CEDAR, MEDICARE), sooner)) == [
        ("Cedar Health", START),
        ("Medicare", date(2026, 10, 20)),
    ]


def test_a_value_of_the_same_day_takes_the_place_of_the_other() -> None:
    """A slip put right the same day leaves no trace in what holds."""
    assert days_of(with_change((CEDAR, MEDICARE), replace(MEDICARE, value="Aetna"))) == [
        ("Cedar Health", START),
        ("Aetna", date(2026, 11, 3)),
    ]
    assert with_change((CEDAR, MEDICARE), replace(MEDICARE, value="Cedar Health")) == (CEDAR,)
    assert with_change((), MEDICARE) == (MEDICARE,)


def test_a_value_with_an_end_gives_way_to_what_held_before() -> None:
    """What begins in between goes; what begins later stays."""
    aetna = a_fact("Aetna", date(2026, 10, 20))
    assert days_of(with_change((CEDAR, MEDICARE), aetna, until=date(2026, 10, 25))) == [
        ("Cedar Health", START),
        ("Aetna", date(2026, 10, 20)),
        ("Cedar Health", date(2026, 10, 25)),
        ("Medicare", date(2026, 11, 3)),
    ]
    assert days_of(with_change((CEDAR, MEDICARE), aetna, until=date(2026, 11, 10))) == [
        ("Cedar Health", START),
        ("Aetna", date(2026, 10, 20)),
        ("Medicare", date(2026, 11, 10)),
    ]
    assert days_of(with_change((), aetna, until=date(2026, 11, 10))) == [("Aetna", date(2026, 10, 20))]
    until = with_change((CEDAR,), aetna, until=date(2026, 10, 25))
    assert until == (CEDAR, aetna, a_fact("Cedar Health", date(2026, 10, 25)))


def test_without_changes_the_episode_says_what_a_claim_is_made_of() -> None:
    """And the patient, for the referring practitioner."""
    episode = an_episode(billing_npi=OTHER_NPI, place_of_service="11", apcm=True)
    assert claim_on(a_month(60, episodes=(episode,)), date(2026, 11, 3)) == ClaimDay(
        payer="Lakeside Health",
        referring_npi=GOOD_NPI,
        billing_npi=OTHER_NPI,
        diagnosis_codes=("F32.1",),
        place_of_service="11",
        apcm=True,
        care_manager=ANA,
    )


def test_what_changed_goes_before_what_the_episode_says() -> None:
    """Each kind for itself, as of the day."""
    day = date(2026, 11, 10)
    changes = (
        a_fact("Medicare", day),
        a_fact(OTHER_NPI, day, ClaimFactKind.REFERRING_NPI),
        a_fact("", START, ClaimFactKind.BILLING_NPI),
        a_fact(GOOD_NPI, day, ClaimFactKind.BILLING_NPI),
        a_fact("F33.1 F41.1", day, ClaimFactKind.DIAGNOSIS_CODES),
        a_fact("02", day, ClaimFactKind.PLACE_OF_SERVICE),
        a_fact("no", START, ClaimFactKind.APCM),
        a_fact("yes", day, ClaimFactKind.APCM),
        a_fact("12", START, ClaimFactKind.CARE_MANAGER),
        a_fact("", day, ClaimFactKind.CARE_MANAGER),
    )
    facts = a_month(60, claim_facts=(CEDAR, *changes))
    assert claim_on(facts, day) == ClaimDay(
        payer="Medicare",
        referring_npi=OTHER_NPI,
        billing_npi=GOOD_NPI,
        diagnosis_codes=("F33.1", "F41.1"),
        place_of_service="02",
        apcm=True,
        care_manager=None,
    )
    before = claim_on(facts, date(2026, 11, 9))
    assert (before.payer, before.billing_npi, before.apcm, before.care_manager) == (
        "Cedar Health",
        "",
        False,
        12,
    )


def test_an_episode_s_facts_hold_from_its_first_day() -> None:
    """The day before belongs to the earlier one; days before all episodes to the first."""
    first = an_episode(episode_id=2, payer="Cedar Health", discharged_on=date(2026, 11, 14))
    second = an_episode(
        episode_id=1,
        payer="Medicare",
        enrolled_on=date(2026, 11, 16),
        initial_assessment_on=date(2026, 11, 16),
        billing_npi=OTHER_NPI,
    )
    facts = a_month(60, episodes=(second, first))
    assert [claim_on(facts, date(2026, 11, day)).payer for day in (1, 15, 16)] == [
        "Cedar Health",
        "Cedar Health",
        "Medicare",
    ]
    assert episode_on((second, first), date(2026, 1, 1)) == first
    assert episode_on((), date(2026, 1, 1)) is None
    assert claim_on(replace(facts, month=BillingMonth(2026, 10)), date(2026, 11, 16)).billing_npi == ""


def test_of_two_episodes_of_one_day_the_later_number_holds() -> None:
    """As everywhere else."""
    one, other = an_episode(payer="Cedar Health"), an_episode(episode_id=2, payer="Medicare")
    assert episode_on((other, one), START) == other


def test_a_patient_who_is_not_enrolled_has_the_referring_npi_alone() -> None:
    """Recorded on the patient, with its days."""
    facts = a_month(60, episodes=())
    assert claim_on(facts, START) == ClaimDay(referring_npi=GOOD_NPI)
    assert claim_on(replace(facts, claim_facts=(NPI,)), START) == ClaimDay(referring_npi=OTHER_NPI)
    later = an_episode(enrolled_on=date(2026, 12, 1), initial_assessment_on=None)
    assert claim_on(replace(facts, episodes=(later,)), START) == ClaimDay(referring_npi=GOOD_NPI)


def test_payers_within_a_month_are_named_with_their_first_days() -> None:
    """From the month's first day on, and none that begins after it."""
    episode = (an_episode(),)
    assert payers_within(NOVEMBER, episode, ()) == ((date(2026, 11, 1), "Lakeside Health"),)
    assert payers_within(NOVEMBER, episode, (CEDAR, MEDICARE)) == (
        (date(2026, 11, 1), "Cedar Health"),
        (date(2026, 11, 3), "Medicare"),
    )
    assert payers_within(BillingMonth(2026, 10), episode, (CEDAR, MEDICARE)) == (
        (date(2026, 10, 1), "Cedar Health"),
    )
    assert payers_within(BillingMonth(2026, 12), episode, (CEDAR, MEDICARE)) == (
        (date(2026, 12, 1), "Medicare"),
    )
    first_day = a_fact("Medicare", date(2026, 11, 1))
    assert payers_within(NOVEMBER, episode, (CEDAR, first_day)) == ((date(2026, 11, 1), "Medicare"),)
    last_day = a_fact("Medicare", date(2026, 11, 30))
    assert payers_within(NOVEMBER, episode, (CEDAR, last_day))[-1] == (date(2026, 11, 30), "Medicare")
    assert payers_within(NOVEMBER, (), ()) == ()
    again = a_fact("Cedar Health", date(2026, 11, 20))
    assert payers_within(NOVEMBER, episode, (CEDAR, again)) == ((date(2026, 11, 1), "Cedar Health"),)


def test_two_episodes_of_one_month_are_two_coverages_only_where_their_payers_differ() -> None:
    """The second holds from its first day."""
    first = an_episode(payer="Cedar Health")
    second = an_episode(
        episode_id=2, payer="Medicare", enrolled_on=date(2026, 11, 16), initial_assessment_on=None
    )
    assert payers_within(NOVEMBER, (second, first), ()) == (
        (date(2026, 11, 1), "Cedar Health"),
        (date(2026, 11, 16), "Medicare"),
    )
    same = replace(second, payer="Cedar Health")
    assert payers_within(NOVEMBER, (first, same), ()) == ((date(2026, 11, 1), "Cedar Health"),)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (PAYER, "Lakeside Health", "Lakeside Health"),
        (ClaimFactKind.REFERRING_NPI, GOOD_NPI, GOOD_NPI),
        (ClaimFactKind.BILLING_NPI, OTHER_NPI, OTHER_NPI),
        (ClaimFactKind.DIAGNOSIS_CODES, "F32.1 F41.1", ("F32.1", "F41.1")),
        (ClaimFactKind.PLACE_OF_SERVICE, "11", "11"),
        (ClaimFactKind.APCM, "yes", True),
        (ClaimFactKind.CARE_MANAGER, "11", 11),
    ],
)
def test_a_fact_is_text_and_its_column_s_value(kind: ClaimFactKind, text: str, value: object) -> None:
    """Either way round."""
    episode = an_episode()
    if kind is not ClaimFactKind.REFERRING_NPI:
        episode = replace(episode, **{kind.value: value})
    assert text_of(kind, episode, GOOD_NPI) == text
    assert value_of(kind, text) == value


def test_nothing_is_text_too() -> None:
    """Nobody's patient, no APCM, no diagnosis."""
    bare = an_episode(care_manager=None, diagnosis_codes=())
    assert text_of(ClaimFactKind.CARE_MANAGER, bare, "") == ""
    assert value_of(ClaimFactKind.CARE_MANAGER, "") is None
    assert text_of(ClaimFactKind.APCM, bare, "") == "no"
    assert value_of(ClaimFactKind.APCM, "no") is False
    assert text_of(ClaimFactKind.DIAGNOSIS_CODES, bare, "") == ""


def test_what_is_on_file_is_what_changed_or_what_the_episodes_say() -> None:
    """Episode by episode, each from its first day; one that says the same adds nothing."""
    first = an_episode(payer="Cedar Health")
    second = an_episode(
        episode_id=2, payer="Medicare", enrolled_on=date(2026, 11, 16), initial_assessment_on=None
    )
    assert on_file(PAYER, (second, first), "", ()) == (CEDAR, a_fact("Medicare", date(2026, 11, 16)))
    assert on_file(PAYER, (second, first), "", (NPI, MEDICARE, CEDAR)) == (CEDAR, MEDICARE)
    npi = on_file(ClaimFactKind.REFERRING_NPI, (second, first), GOOD_NPI, (CEDAR,))
    assert days_of(npi) == [(GOOD_NPI, START)]
