"""Where codes begin and end, to the second."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from billing.charges import Charge
from billing.month_kinds import MonthKind
from billing.rules import RuleSet, TimeRule, rule_set
from billing.thresholds import progress

BANDS = list(
    csv.DictReader((Path(__file__).parent.parent / "data/minutes_to_codes.csv").read_text().splitlines())
)
DAY = date(2026, 11, 1)


def rules_of(time_rule: str) -> RuleSet:
    return rule_set(TimeRule(time_rule), DAY, half_hour=True)


def codes_of(band: dict[str, str]) -> tuple[Charge, ...]:
    base = (Charge(band["base_code"]),) if band["base_code"] else ()
    units = int(band["addon_99494_units"])
    return (*base, Charge("99494", units)) if units else base


def kind_of(band: dict[str, str]) -> MonthKind:
    return MonthKind.GENERAL_BHI if band["month_kind"] == "any" else MonthKind(band["month_kind"])


def test_the_table_of_bands_is_whole() -> None:
    """The table has every band of both rules and both month kinds."""
    assert len(BANDS) == 30


@pytest.mark.parametrize(
    "band", BANDS, ids=lambda band: f"{band['time_rule']}-{band['month_kind']}-{band['min_minutes']}"
)
def test_a_band_begins_at_its_first_second_and_ends_before_the_next(band: dict[str, str]) -> None:
    """A band is [min, next min) to the second: -1 s is the band before, 0 and +1 s are in it."""
    rules, kind, start = rules_of(band["time_rule"]), kind_of(band), int(band["min_minutes"]) * 60
    expected = codes_of(band)
    assert progress(start, kind, rules, 4).reached == expected
    assert progress(start + 1, kind, rules, 4).reached == expected
    if start:
        assert progress(start - 1, kind, rules, 4).reached != expected
    if band["max_minutes"]:
        end = (int(band["max_minutes"]) + 1) * 60
        assert progress(end - 1, kind, rules, 4).reached == expected
        assert progress(end, kind, rules, 4).reached != expected


@pytest.mark.parametrize(
    "band", BANDS, ids=lambda band: f"{band['time_rule']}-{band['month_kind']}-{band['min_minutes']}"
)
def test_the_target_shown_is_the_next_band(band: dict[str, str]) -> None:
    """What is still needed leads exactly to the first second of the next band."""
    rules, kind, start = rules_of(band["time_rule"]), kind_of(band), int(band["min_minutes"]) * 60
    shown = progress(start, kind, rules, 4)
    if not band["max_minutes"]:
        assert (shown.next_code, shown.target_seconds, shown.remaining_seconds) == (None, None, 0)
        return
    following = (int(band["max_minutes"]) + 1) * 60
    assert (shown.target_seconds, shown.remaining_seconds) == (following, following - start)
    assert shown.next_code == progress(following, kind, rules, 4).reached[-1].code


def test_without_the_half_hour_code_a_short_month_reaches_nothing() -> None:
    """G2214 is a payer's exception: by default 59:59 of a later month reaches no code and aims at 99493."""
    shown = progress(3599, MonthKind.SUBSEQUENT, rule_set(TimeRule.STRICT, DAY), None)
    assert (shown.reached, shown.next_code, shown.remaining_seconds) == ((), "99493", 1)


def test_fifty_two_of_sixty() -> None:
    """52 minutes of a later month: 8 more reach 99493."""
    shown = progress(52 * 60, MonthKind.SUBSEQUENT, rule_set(TimeRule.STRICT, DAY), None)
    assert (shown.counted_seconds, shown.target_seconds, shown.next_code) == (3120, 3600, "99493")
    assert shown.remaining_seconds == 480


def test_without_a_cap_units_go_on() -> None:
    """Without a cap the add-on goes on by one unit per 30 minutes."""
    shown = progress((60 + 30 * 7) * 60, MonthKind.SUBSEQUENT, rule_set(TimeRule.STRICT, DAY), None)
    assert shown.reached == (Charge("99493"), Charge("99494", 7))
    assert (shown.next_code, shown.remaining_seconds, shown.capped_units) == ("99494", 1800, 0)


def test_units_above_the_cap_are_named() -> None:
    """Above the payer's cap units are lost, counted, and nothing more is aimed at."""
    shown = progress((60 + 30 * 7) * 60, MonthKind.SUBSEQUENT, rule_set(TimeRule.STRICT, DAY), 4)
    assert shown.reached == (Charge("99493"), Charge("99494", 4))
    assert (shown.next_code, shown.target_seconds, shown.capped_units) == (None, None, 3)


def test_a_cap_of_none_at_all_leaves_the_base() -> None:
    """A cap of zero units leaves the base code alone."""
    shown = progress(120 * 60, MonthKind.SUBSEQUENT, rule_set(TimeRule.STRICT, DAY), 0)
    assert (shown.reached, shown.capped_units) == ((Charge("99493"),), 2)


@pytest.mark.parametrize("kind", [MonthKind.NOT_ENROLLED, MonthKind.UNASSESSED, MonthKind.BEFORE_ASSESSMENT])
def test_months_that_bill_nothing_are_shown_against_the_first_month(kind: MonthKind) -> None:
    """Without enrollment or assessment the minutes are shown against 70 and 99492."""
    shown = progress(15 * 60, kind, rule_set(TimeRule.STRICT, DAY), None)
    assert (shown.target_seconds, shown.next_code, shown.reached) == (4200, "99492", ())


def test_after_discharge_nothing_is_aimed_at() -> None:
    """A month after discharge has no target."""
    shown = progress(15 * 60, MonthKind.AFTER_DISCHARGE, rule_set(TimeRule.STRICT, DAY), None)
    assert (shown.target_seconds, shown.next_code, shown.remaining_seconds) == (None, None, 0)


def test_codes_that_a_payer_does_not_cover_are_neither_reached_nor_aimed_at() -> None:
    """Without 99494 a month stops at its base; without the base only G2214 is left."""
    rules = rules_of("strict")
    no_add_on = replace(rules, covered_codes=rules.covered_codes - {"99494"})
    shown = progress(200 * 60, MonthKind.INITIAL, no_add_on, None)
    assert (shown.reached, shown.next_code) == ((Charge("99492"),), None)
    only_half = replace(rules, covered_codes=frozenset({"G2214", "99494"}))
    shown = progress(200 * 60, MonthKind.INITIAL, only_half, None)
    assert (shown.reached, shown.next_code) == ((Charge("G2214"),), None)
    assert progress(29 * 60, MonthKind.INITIAL, only_half, None).next_code == "G2214"


def test_before_2018_there_is_no_code() -> None:
    """In December 2017 nothing is covered; from January 2018 the CoCM codes are, G2214 from 2021."""
    nothing = progress(200 * 60, MonthKind.INITIAL, rule_set(TimeRule.STRICT, date(2017, 12, 31)), None)
    assert (nothing.reached, nothing.next_code) == ((), None)
    assert rule_set(TimeRule.STRICT, date(2018, 1, 1), half_hour=True).covered_codes == {
        "99492",
        "99493",
        "99494",
        "99484",
    }
    assert "G2214" not in rule_set(TimeRule.STRICT, date(2020, 12, 31), half_hour=True).covered_codes
    assert "G2214" in rule_set(TimeRule.STRICT, date(2021, 1, 1), half_hour=True).covered_codes
    assert "G2214" not in rule_set(TimeRule.STRICT, date(2021, 1, 1)).covered_codes


def test_a_rule_set_names_itself_with_its_date() -> None:
    """A report names the rule set by rule, date and, where it has its own, payer."""
    rules = rule_set(TimeRule.MIDPOINT, DAY)
    assert rules.name == "midpoint 2021-01-01"
    assert replace(rules, payer="Medicare").name == "midpoint 2021-01-01 · Medicare"
    assert rules.source
    assert rules.verified_on == date(2026, 11, 22)


def test_nothing_is_lost_below_a_cap() -> None:
    """Short of the base, and after discharge, no unit is lost."""
    rules = rule_set(TimeRule.STRICT, DAY)
    for kind in (MonthKind.SUBSEQUENT, MonthKind.AFTER_DISCHARGE):
        assert progress(60, kind, rules, 4).capped_units == 0


def test_two_covered_codes_are_enough() -> None:
    """A payer that covers 99493 and 99494 only has both."""
    rules = replace(rules_of("strict"), covered_codes=frozenset({"99493", "99494"}))
    assert progress(60 * 60, MonthKind.SUBSEQUENT, rules, None).next_code == "99494"


def test_g2214_is_no_general_bhi_code() -> None:
    """Where only G2214 is covered a General BHI month reaches nothing."""
    rules = replace(rules_of("strict"), covered_codes=frozenset({"G2214"}))
    assert progress(60 * 60, MonthKind.GENERAL_BHI, rules, None).reached == ()


def test_a_rule_set_cites_time_and_codes() -> None:
    """The source names where the times come from, and where the codes do."""
    assert rule_set(TimeRule.MIDPOINT, DAY).source == (
        "CPT time rule (a unit is attained when its midpoint is passed); BCBS ND policy NDRP-GC-017; "
        "CMS CY 2021 PFS final rule (G2214)"
    )


@pytest.mark.parametrize(
    ("time_rule", "kind", "counts_from"),
    [
        ("strict", MonthKind.INITIAL, None),
        ("strict", MonthKind.SUBSEQUENT, None),
        ("midpoint", MonthKind.INITIAL, (36 * 60, 70 * 60)),
        ("midpoint", MonthKind.SUBSEQUENT, (31 * 60, 60 * 60)),
        ("midpoint", MonthKind.UNASSESSED, (36 * 60, 70 * 60)),
        ("midpoint", MonthKind.GENERAL_BHI, None),
    ],
)
def test_a_code_that_counts_before_its_full_time_is_said(
    time_rule: str, kind: MonthKind, counts_from: tuple[int, int] | None
) -> None:
    """From where on it counts and what its full time is; nothing where both are the same (R-104)."""
    assert progress(0, kind, rules_of(time_rule)).counts_from == counts_from
    uncovered = replace(rules_of(time_rule), covered_codes=frozenset({"99484"}))
    assert progress(0, kind, uncovered).counts_from is None
