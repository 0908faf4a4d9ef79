"""The payers that come with the program, and the names that others go by."""

from datetime import date

import pytest

from billing.payer import Payer
from billing.payer_names import payer_key
from billing.rules import ConsultantMinutes, Limit99492, Psychotherapy, TimeRule
from services.months.built_in import built_in_payers, payers_without_rules
from services.months.rule_book import payers_of
from tests.support.payers import a_payer

NAMES = [
    "BCBS ND",
    "BCBSM",
    "Medicare",
    "Michigan Medicaid",
    "NC Medicaid",
    "Texas Medicaid",
    "Virginia DMAS",
]


def named(name: str) -> Payer:
    found = payers_of(()).named(name)
    assert found is not None
    return found


def test_every_file_is_a_payer() -> None:
    """Each rule has its source and its grade; what nobody read has no day."""
    assert [payer.name for payer in built_in_payers()] == NAMES
    rules = [rule for payer in built_in_payers() for rule in payer.rules]
    assert all(rule.source and rule.grade and not rule.is_own for rule in rules)
    assert {rule.field for rule in rules if not rule.judges} == {
        "prior_auth_after_months",
        "authorized_months",
    }


def test_no_name_stands_for_two_payers() -> None:
    """Neither among the payers with rules nor among the others."""
    names = [
        (payer_key(name), payer.name)
        for payer in (*built_in_payers(), *payers_without_rules())
        for name in (payer.name, *payer.aliases)
    ]
    assert len({key for key, _ in names}) == len(names)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mcr b", "Medicare"),
        (" Medicare  Part B ", "Medicare"),
        ("MCR", "Medicare"),
        ("UHC", "UnitedHealthcare"),
        ("united healthcare", "UnitedHealthcare"),
        ("Virginia Medicaid", "Virginia DMAS"),
        ("Blue Cross Blue Shield of Michigan", "BCBSM"),
        ("Cedar  Health", "Cedar Health"),
        ("Medicare Advantage", "Medicare Advantage"),
    ],
)
def test_payers_go_by_several_names(written: str, name: str) -> None:
    """In any case, and with any spaces; what is nobody's name stays as it is."""
    assert payers_of(()).names.name_of(written) == name


def test_medicare_as_it_ships() -> None:
    """R-112, before and after its dates."""
    medicare = named("Medicare")
    now = medicare.on(date(2026, 11, 3))
    assert (now.time_rule, now.max_99494, now.psychotherapy) == (TimeRule.MIDPOINT, 4, Psychotherapy.ALLOWED)
    assert (now.inpatient_counts, now.g2214_min_seconds, now.timely_filing_months) == (True, 1800, 12)
    assert ("G2214" in now.covered_codes, now.g0512, now.fee_schedule) == (True, False, "Medicare")
    then = medicare.on(date(2020, 12, 31))
    assert ("G2214" in then.covered_codes, then.g0512) == (False, True)
    assert (then.g0512_first_min_seconds, then.g0512_later_min_seconds) == (4200, 3600)
    assert medicare.on(date(2025, 12, 31)).g0512
    assert not medicare.on(date(2026, 1, 1)).g0512


def test_the_others_as_they_ship() -> None:
    """What each says, and from when on."""
    day = date(2026, 11, 3)
    assert named("BCBS ND").on(day).time_rule is TimeRule.MIDPOINT
    carolina = named("NC Medicaid")
    assert [carolina.on(one).max_99494 for one in (date(2024, 6, 30), date(2024, 7, 1))] == [2, 4]
    assert ["G2214" in carolina.on(one).covered_codes for one in (date(2022, 2, 28), date(2022, 3, 1))] == [
        False,
        True,
    ]
    assert (carolina.on(day).g0512_first_min_seconds, carolina.on(day).g0512_later_min_seconds) == (
        3600,
        3600,
    )
    michigan = named("Michigan Medicaid")
    assert (michigan.on(day).prior_auth_after_months, michigan.on(day).authorized_months) == (6, 6)
    assert [rule.text for rule in michigan.unverified_on(day)] == ["12", "12"]
    bcbsm = named("BCBSM").on(day)
    assert (bcbsm.consultant_minutes, bcbsm.limit_99492) == (
        ConsultantMinutes.COUNT,
        Limit99492.PER_CALENDAR_YEAR,
    )
    assert ("G2214" in bcbsm.covered_codes, bcbsm.g2214_clinics) == (True, False)
    texas = named("Texas Medicaid")
    assert [texas.on(one).g0512 for one in (date(2025, 2, 28), date(2025, 3, 1))] == [False, True]
    assert texas.on(day).inpatient_counts
    assert named("Virginia DMAS").on(day).covered_codes == {"99492", "99493", "99494"}
    assert payers_of(()).named("MICMT") is None


def test_a_practices_payer_stands_before_the_built_in_one() -> None:
    """Whatever name the practice has for it, and with the practice's other names."""
    payers = payers_of((a_payer("MCR B", aliases=("Gov",), verified_on=date(2026, 1, 2), max_99494=3),))
    for name in ("Medicare", "mcr b", "GOV"):
        found = payers.named(name)
        assert found is not None
        assert found.name == "Medicare"
        terms = found.on(date(2026, 11, 3))
        assert (terms.max_99494, terms.time_rule) == (3, TimeRule.MIDPOINT)
    assert payers.named("Oak Plan") is None


def test_a_practices_name_goes_before_another_payers_alias() -> None:
    """A payer that the practice calls `Cigna PPO` and gives rules is found by that name, under its usual one."""
    payers = payers_of((a_payer("Oak Plan", aliases=("UHC",), max_99494=1),))
    assert payers.names.name_of("uhc") == "Oak Plan"
