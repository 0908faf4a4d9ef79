"""What changes between two days, field by field, whatever fields rules have."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from billing.money import FeeSchedule, Rate
from billing.months import BillingMonth
from billing.payer import DatedRule, Payer, rules_for
from billing.payer_fields import FIELDS
from billing.places import Site
from billing.practice_settings import SettingChange
from billing.rule_changes import (
    NOTHING,
    About,
    RuleChange,
    code_changes,
    in_order,
    judging,
    payer_changes,
    rate_changes,
    setting_changes,
)
from billing.rules import ConversionFactor, PracticeRules

PRACTICE = PracticeRules()
JANUARY = BillingMonth(2027, 1)


def dated(field: str, text: str, first_day: date, last_day: date | None = None) -> DatedRule:
    """A built-in rule that somebody read."""
    return DatedRule(
        field=field,
        value=FIELDS[field].read(text),
        first_day=first_day,
        last_day=last_day,
        source=f"bulletin of {first_day}",
        verified_on=date(2026, 1, 2),
    )


CAPS = Payer(
    name="Cedar Health",
    rules=(
        dated("max_99494", "2", date.min, date(2026, 11, 15)),
        dated("max_99494", "4", date(2026, 11, 16)),
        dated("time_rule", "midpoint", date(2026, 12, 1), date(2026, 12, 31)),
    ),
)


def test_a_payer_s_rule_that_changes_is_named_with_both_values_day_and_source() -> None:
    """Also one that begins and one that ends, each on its day, in order."""
    found = payer_changes(CAPS, date(2026, 10, 31), date(2027, 1, 31))
    assert [(one.what, one.day, one.source) for one in found] == [
        ("max 99494", date(2026, 11, 16), "bulletin of 2026-11-16"),
        ("time rule", date(2026, 12, 1), "bulletin of 2026-12-01"),
        ("time rule", date(2027, 1, 1), "bulletin of 2026-12-01"),
    ]
    assert {(one.about, one.whose) for one in found} == {(About.PAYER, "Cedar Health")}
    cap, begins, ends = found
    assert (cap.old, cap.new) == (CAPS.rules[0].words, CAPS.rules[1].words)
    assert (begins.old, begins.new) == (NOTHING, CAPS.rules[2].words)
    assert (ends.old, ends.new) == (CAPS.rules[2].words, NOTHING)


def test_only_changes_after_the_first_day_and_up_to_the_last_are_named() -> None:
    """What holds on both days is no change, and a rule said again by another source is none."""
    assert payer_changes(CAPS, date(2026, 11, 16), date(2026, 11, 30)) == ()
    assert len(payer_changes(CAPS, date(2026, 11, 15), date(2026, 11, 16))) == 1
    again = Payer(
        name="Cedar Health",
        rules=(
            dated("max_99494", "4", date.min, date(2026, 11, 15)),
            dated("max_99494", "4", date(2026, 11, 16)),
        ),
    )
    assert payer_changes(again, date(2026, 10, 31), date(2026, 12, 31)) == ()


def test_a_payer_on_file_without_rules_changes_nothing() -> None:
    """A row without a field only says that the practice's own rules apply."""
    bare = Payer(name="B", rules=(DatedRule(field="", value=None, first_day=date(2026, 11, 3), source=""),))
    assert payer_changes(bare, date(2026, 10, 31), date(2026, 12, 31)) == ()


def test_codes_that_come_into_force() -> None:
    """With the day since when, and who says so; nothing where they stay."""
    assert code_changes(date(2021, 1, 1), date(2025, 12, 31)) == ()
    (found,) = code_changes(date(2020, 12, 31), date(2021, 1, 31))
    assert found == RuleChange(
        about=About.CODES,
        whose="",
        what="codes in force",
        old="99484, 99492, 99493, 99494",
        new="99484, 99492, 99493, 99494, G2214",
        day=date(2021, 1, 1),
        source="CMS CY 2021 PFS final rule (G2214)",
    )
    (found,) = code_changes(date(2017, 12, 31), date(2018, 1, 1))
    assert (found.old, found.day) == ("none", date(2018, 1, 1))


def test_the_apcm_add_ons_come_into_force() -> None:
    """Codes stay as they are, and lines of patients in APCM are held from then on."""
    (found,) = code_changes(date(2025, 12, 31), date(2026, 1, 1))
    assert (found.what, found.whose, found.day) == ("patients in APCM", "", date(2026, 1, 1))
    assert found.new == "these codes, or G0568, G0569 or G0570 beside APCM: a biller chooses"
    assert code_changes(date(2025, 12, 30), date(2025, 12, 31)) == ()
    assert code_changes(date(2026, 1, 1), date(2026, 1, 31)) == ()
    both = code_changes(date(2020, 12, 31), date(2026, 1, 31))
    assert [one.what for one in both] == ["codes in force", "patients in APCM"]


def test_settings_that_change_from_month_to_month() -> None:
    """With the day that was set, which may lie within the month, and the rule that they belong to."""
    at = datetime(2026, 11, 18, 15, tzinfo=UTC)
    on_file = tuple(
        SettingChange(setting_id=number, name=name, value=value, from_day=day, set_by=None, set_at=at)
        for number, (name, value, day) in enumerate(
            (
                ("time_rule", "midpoint", date(2027, 1, 15)),
                ("long_entry", "3h", date(2026, 12, 1)),
                ("late_after_business_days", "1", date(2027, 1, 1)),
            )
        )
    )
    months = (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31))
    assert setting_changes(PRACTICE, on_file, months) == (
        RuleChange(
            about=About.SETTING,
            whose="",
            what="long_entry",
            old="2h",
            new="3h",
            day=date(2026, 12, 1),
            source="the practice (R-406)",
        ),
        RuleChange(
            about=About.SETTING,
            whose="",
            what="time_rule",
            old="strict",
            new="midpoint",
            day=date(2027, 1, 15),
            source="the practice (R-103)",
        ),
    )
    assert setting_changes(PRACTICE, on_file, months[1:2]) == ()


def rate(code: str, first: date, last: date | None, usd: str, basis: str = "") -> Rate:
    return Rate(code=code, first_day=first, last_day=last, amount=Decimal(usd), basis=basis)


YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def rates(*given: Rate) -> tuple[tuple[str, str, str, date, str], ...]:
    schedule = FeeSchedule(name="Oak Plan", rates=given, source="its letter")
    found = rate_changes(schedule, date(2026, 12, 31), date(2027, 1, 31))
    assert all((one.about, one.whose) == (About.RATES, "Oak Plan") for one in found)
    return tuple((one.what, one.old, one.new, one.day, one.source) for one in found)


def test_rates_that_change_are_named_with_both_amounts() -> None:
    """With the first day of the new one and what it follows from; those that stay are left out."""
    old = rate("99492", *YEAR, "160.32")
    stays = rate("99493", date(2026, 1, 1), None, "144.96")
    new = rate("99492", date(2027, 1, 1), None, "165.00", "4.8 x 34")
    found = ("rate of 99492", "$160.32", "$165.00", date(2027, 1, 1), "its letter: 4.8 x 34")
    assert rates(old, stays, new) == (found,)
    assert rates(stays) == ()
    again = replace(new, amount=Decimal("160.32"))
    assert rates(old, stays, again) == ()


def test_of_two_rates_that_hold_the_newer_counts() -> None:
    """As estimates take it."""
    base = rate("99493", date(2026, 1, 1), None, "144.96")
    newer = rate("99493", date(2027, 1, 10), None, "150.00")
    assert rates(newer, base) == (("rate of 99493", "$144.96", "$150.00", date(2027, 1, 10), "its letter"),)


def test_a_rate_that_runs_out_and_one_that_is_new() -> None:
    """`no rate on file` stands in the place of the amount."""
    gone = rate("99492", *YEAR, "160.32")
    stays = rate("99493", date(2026, 1, 1), None, "144.96")
    new = rate("G2214", date(2027, 1, 5), None, "60.00")
    assert rates(gone, stays, new) == (
        ("rate of 99492", "$160.32", "none on file", date(2027, 1, 1), "its letter"),
        ("rate of G2214", "none on file", "$60.00", date(2027, 1, 5), "its letter"),
    )


def test_one_rate_that_becomes_several_is_compared_with_each() -> None:
    """By conversion factor, and back; what holds for all practices is not said to be gone."""
    old = rate("99492", *YEAR, "145.24")
    new = rate("99492", date(2027, 1, 1), None, "160.32")
    other = replace(new, conversion=ConversionFactor.OTHER)
    model = replace(new, conversion=ConversionFactor.QUALIFYING_APM, amount=Decimal("161.12"))
    assert [found[:3] for found in rates(old, other, model)] == [
        ("rate of 99492 other", "$145.24", "$160.32"),
        ("rate of 99492 qualifying_apm", "$145.24", "$161.12"),
    ]
    before = (replace(one, first_day=YEAR[0], last_day=YEAR[1]) for one in (other, model))
    assert [
        found[:3] for found in rates(*before, replace(old, first_day=date(2027, 1, 1), last_day=None))
    ] == [
        ("rate of 99492 other", "$160.32", "$145.24"),
        ("rate of 99492 qualifying_apm", "$161.12", "$145.24"),
    ]
    elsewhere = replace(model, site=Site.FACILITY)
    assert [found[:3] for found in rates(old, elsewhere)] == [
        ("rate of 99492", "$145.24", "none on file"),
        ("rate of 99492 facility qualifying_apm", "none on file", "$161.12"),
    ]


def test_a_schedule_that_runs_out_is_one_change() -> None:
    """From the first day on which a rate is missing; a schedule of one rate names it."""
    early = rate("99493", date(2026, 1, 1), date(2027, 1, 9), "144.96")
    gone = rate("99492", *YEAR, "160.32")
    never = rate("99494", date(2020, 1, 1), date(2020, 12, 31), "50.00")
    assert rates(early, gone, never) == (
        ("all rates", "2 on file", "none on file", date(2027, 1, 1), "its letter"),
    )
    assert rates(gone, never) == (
        ("rate of 99492", "$160.32", "none on file", date(2027, 1, 1), "its letter"),
    )
    assert rates(never) == ()


def test_changes_come_by_day_and_then_by_what_they_are_about() -> None:
    """Codes, payers by name, settings, rates."""

    def one(about: About, whose: str, day: int) -> RuleChange:
        return RuleChange(about=about, whose=whose, what="", old="", new="", day=date(2027, 1, day))

    wanted = (
        one(About.CODES, "", 1),
        one(About.PAYER, "aetna", 1),
        one(About.PAYER, "Blue Lake", 1),
        one(About.SETTING, "", 1),
        one(About.RATES, "A", 1),
        one(About.CODES, "", 2),
    )
    assert in_order(reversed(wanted)) == wanted


def test_rules_judge_another_month_without_their_own_stretches() -> None:
    """Days of January are none of December's."""
    rules = rules_for(BillingMonth(2026, 11), PRACTICE, CAPS)
    assert len(rules.by_coverage) == 2
    assert judging(rules) == rules.by_coverage[-1].rules
