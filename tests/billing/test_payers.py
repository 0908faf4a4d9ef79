"""A payer's own rules, read from text and put in place of the practice's."""

from dataclasses import fields, replace
from datetime import date

import pytest

from billing import payer as payers
from billing.known_payers import KNOWN_PAYERS
from billing.months import BillingMonth
from billing.payer import FIELDS, Payer, PayerProblem, parse_payer, payer_named, rules_for
from billing.rules import (
    ConsultantMinutes,
    InitialPolicy,
    Limit99492,
    Modifier,
    PracticeRules,
    Psychotherapy,
    TimeRule,
)

MONTH = BillingMonth(2026, 11)
FULL = {
    "name": " Blue Lake ",
    "time_rule": "Midpoint",
    "covered_codes": "99492, 99493;99494 g2214",
    "g2214_min": "16",
    "max_99494": "4",
    "initial_policy": "first_month_reached",
    "episode_gap_months": "3",
    "limit_99492": "per calendar year",
    "consultant_minutes": "exclude",
    "inpatient_counts": "yes",
    "review_required": "no",
    "diagnosis_required": "TRUE",
    "psychotherapy": "allowed",
    "prior_auth_after_months": "6",
    "modifiers": "E/M:25;99492:he",
    "fee_schedule": "Blue Lake 2026",
    "source": "letter of 2026-03-01",
    "verified_on": "2026-03-02",
}
BLUE_LAKE = Payer(
    name="Blue Lake",
    time_rule=TimeRule.MIDPOINT,
    covered_codes=frozenset({"99492", "99493", "99494", "G2214"}),
    g2214_min_seconds=960,
    max_99494=4,
    initial_policy=InitialPolicy.FIRST_MONTH_REACHED,
    episode_gap_months=3,
    limit_99492=Limit99492.PER_CALENDAR_YEAR,
    consultant_minutes=ConsultantMinutes.EXCLUDE,
    inpatient_counts=True,
    review_required=False,
    diagnosis_required=True,
    psychotherapy=Psychotherapy.ALLOWED,
    prior_auth_after_months=6,
    modifiers=(Modifier(code="E/M", modifier="25"), Modifier(code="99492", modifier="HE")),
    fee_schedule="Blue Lake 2026",
    source="letter of 2026-03-01",
    verified_on=date(2026, 3, 2),
)


@pytest.fixture(autouse=True)
def _work_out_rules_afresh() -> None:
    """Rule sets are kept once worked out; these tests are about working them out."""
    rules_for.cache_clear()


def test_a_payer_is_read_from_its_fields() -> None:
    """Every field of a payer can be written as text."""
    assert parse_payer(FULL) == BLUE_LAKE
    assert {attribute for attribute, _ in FIELDS.values()} == {field.name for field in fields(Payer)}


def test_a_name_is_enough() -> None:
    """Empty and absent fields keep what is usual: no G2214, no cap, the practice's own rules."""
    assert parse_payer({"name": "Humana", "time_rule": "  ", "max_99494": ""}) == Payer(name="Humana")
    assert Payer(name="Humana").covered_codes == {"99492", "99493", "99494", "99484"}


def test_none_is_no_limit() -> None:
    """A cap or a number of months may be `none`."""
    written = {"name": "A", "max_99494": "none", "prior_auth_after_months": "None"}
    assert parse_payer(written) == Payer(name="A")


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("0", False), ("False", False)])
def test_yes_and_no_have_several_spellings(text: str, value: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """Spreadsheets write TRUE and 0."""
    assert parse_payer({"name": "A", "inpatient_counts": text}) == Payer(name="A", inpatient_counts=value)


def test_all_problems_are_named_at_once() -> None:
    """Each field that cannot be read has its sentence, with what to write instead."""
    found = parse_payer(
        {
            "name": "",
            "time_rule": "halves",
            "covered_codes": "99492 99999 11111",
            "max_99494": "-1",
            "g2214_min": "²",
            "review_required": "maybe",
            "modifiers": "25",
            "verified_on": "March",
            "color": "blue",
        }
    )
    assert isinstance(found, tuple)
    assert {problem.field: problem.message for problem in found} == {
        "color": f"color is not a payer field. Fields: {', '.join(FIELDS)}.",
        "time_rule": "time_rule: 'halves' is not known. Write one of: strict, midpoint.",
        "covered_codes": "covered_codes: 11111, 99999 is not billed here. "
        "Write some of: 99484 99492 99493 99494 G2214.",
        "g2214_min": "g2214_min: '²' is not a whole number. Write 4.",
        "max_99494": "max_99494: '-1' is not a whole number. Write 4.",
        "review_required": "review_required: 'maybe' is neither yes nor no.",
        "modifiers": "modifiers: '25' is not a modifier. Write E/M:25 99492:HE.",
        "verified_on": "verified_on: 'March' is not a date. Write 2026-11-22.",
        "name": "name: a payer needs a name.",
    }


@pytest.mark.parametrize("text", ["99492:H", "99492:H25", "99999:HE", "99492:H!", "99492", ":25", "99492:²5"])
def test_a_modifier_is_two_characters_on_a_code(text: str) -> None:
    """Modifiers are two letters or digits on a code that is billed here, or on the visit."""
    found = parse_payer({"name": "A", "modifiers": text})
    assert isinstance(found, tuple)
    assert [problem.field for problem in found] == ["modifiers"]


def test_a_payers_rule_wins() -> None:
    """Each of a payer's own rules stands in the rule set; the practice's stand elsewhere."""
    rules = rules_for(MONTH, PracticeRules(long_entry_seconds=60), BLUE_LAKE)
    assert (rules.time_rule, rules.initial.minimum_seconds) == (TimeRule.MIDPOINT, 36 * 60)
    assert rules.covered_codes == {"99492", "99493", "99494", "G2214"}
    assert (rules.half_hour.minimum_seconds, rules.max_99494) == (960, 4)
    assert (rules.limit_99492, rules.psychotherapy) == (Limit99492.PER_CALENDAR_YEAR, Psychotherapy.ALLOWED)
    assert (rules.prior_auth_after_months, rules.modifiers) == (6, BLUE_LAKE.modifiers)
    assert (rules.payer, rules.payer_verified) == ("Blue Lake", True)
    assert rules.practice == PracticeRules(
        time_rule=TimeRule.MIDPOINT,
        initial_policy=InitialPolicy.FIRST_MONTH_REACHED,
        episode_gap_months=3,
        consultant_minutes=ConsultantMinutes.EXCLUDE,
        inpatient_counts=True,
        review_required=False,
        diagnosis_required=True,
        long_entry_seconds=60,
    )


def test_where_a_payer_is_silent_the_practice_decides() -> None:
    """A payer with a name only changes nothing but the name; G2214's time is the time rule's."""
    practice = PracticeRules(time_rule=TimeRule.MIDPOINT, review_required=False, episode_gap_months=2)
    rules = rules_for(MONTH, practice, Payer(name="Humana"))
    assert rules == replace(rules_for(MONTH, practice), payer="Humana")
    assert (rules.practice, rules.half_hour.minimum_seconds) == (practice, 960)
    assert not rules.payer_verified
    assert rules_for(MONTH, PracticeRules()).time_rule is TimeRule.STRICT


def test_no_payer_covers_a_code_before_it_existed() -> None:
    """G2214 covered by a payer still begins in 2021."""
    assert "G2214" not in rules_for(BillingMonth(2020, 12), PracticeRules(), BLUE_LAKE).covered_codes


def test_payers_are_found_by_name() -> None:
    """Case and outer spaces do not matter."""
    assert payer_named(" medicare ", KNOWN_PAYERS) == KNOWN_PAYERS[0]
    assert payer_named("Medi", KNOWN_PAYERS) is None


def test_known_payers_say_where_their_rules_come_from() -> None:
    """Each known payer has a source; Medicare's, seen at second hand only, ships unverified."""
    assert len({payer.name.casefold() for payer in KNOWN_PAYERS}) == len(KNOWN_PAYERS)
    assert all(payer.source for payer in KNOWN_PAYERS)
    assert [payer.name for payer in KNOWN_PAYERS if payer.verified_on is None] == ["Medicare"]
    by_name = {payer.name: payer for payer in KNOWN_PAYERS}
    assert (by_name["Medicare"].time_rule, by_name["Medicare"].max_99494) == (TimeRule.MIDPOINT, 4)
    assert by_name["BCBS ND"].time_rule is TimeRule.MIDPOINT
    assert by_name["NC Medicaid"].max_99494 == 4
    assert by_name["Michigan Medicaid"].prior_auth_after_months == 6
    assert by_name["MICMT"].limit_99492 is Limit99492.PER_CALENDAR_YEAR


def test_a_problem_names_its_field() -> None:
    """A missing name is a problem of the name."""
    assert parse_payer({}) == (PayerProblem(field="name", message="name: a payer needs a name."),)


@pytest.mark.parametrize("text", ["First_Month reached", "first month reached", "FIRST_MONTH_REACHED"])
def test_choices_may_be_written_with_spaces(text: str) -> None:
    """Underscores, spaces and case do not matter in a choice."""
    assert payers._one_of(InitialPolicy)(text) is InitialPolicy.FIRST_MONTH_REACHED
    with pytest.raises(ValueError, match=r"^'half' is not known. Write one of: strict, midpoint.$"):
        payers._one_of(TimeRule)("half")
