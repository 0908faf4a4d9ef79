"""A payer's dated rules: which are in force on a day, and how they stand beside the practice's."""

from dataclasses import fields, replace
from datetime import date

import pytest

from billing.evaluate import evaluate_month
from billing.months import BillingMonth
from billing.payer import DatedRule, Grade, Payer, PayerTerms, rules_for, rules_on, stretches
from billing.payer_fields import FIELDS, USUAL_CODES
from billing.rules import (
    Clinic,
    ClinicRules,
    CodeRule,
    ConsultantMinutes,
    InitialPolicy,
    Limit99492,
    Modifier,
    PracticeRules,
    Psychotherapy,
    TimeRule,
)
from tests.support.coverage import changing
from tests.support.months import a_month
from tests.support.payers import CHECKED, a_payer, lakeside

MONTH = BillingMonth(2026, 11)
DAY = date(2026, 11, 16)
VALUES = {
    "time_rule": TimeRule.MIDPOINT,
    "covered_codes": frozenset({"99492", "99493", "99494", "G2214"}),
    "g2214_min_seconds": 1080,
    "g2214_clinics": False,
    "g0512": True,
    "g0512_first_min_seconds": 4140,
    "g0512_later_min_seconds": 3540,
    "max_99494": 4,
    "initial_policy": InitialPolicy.FIRST_MONTH_REACHED,
    "episode_gap_months": 3,
    "limit_99492": Limit99492.PER_CALENDAR_YEAR,
    "consultant_minutes": ConsultantMinutes.EXCLUDE,
    "inpatient_counts": True,
    "review_required": False,
    "diagnosis_required": True,
    "psychotherapy": Psychotherapy.ALLOWED,
    "prior_auth_after_months": 6,
    "authorized_months": 5,
    "timely_filing_months": 12,
    "modifiers": (Modifier(code="E/M", modifier="25"), Modifier(code="99492", modifier="HE")),
    "fee_schedule": "Blue Lake 2026",
}
BLUE_LAKE = a_payer("Blue Lake", verified_on=CHECKED, **VALUES)


@pytest.fixture(autouse=True)
def _work_out_rules_afresh() -> None:
    """Rule sets are kept once worked out; these tests are about working them out."""
    rules_for.cache_clear()


def built_in(field: str, value: object, **changes: object) -> DatedRule:
    """A rule that comes with the program, read by a person."""
    rule = DatedRule(field=field, value=value, source="a bulletin", grade=Grade.OFFICIAL, verified_on=CHECKED)
    return replace(rule, **changes)  # type: ignore[arg-type]  # whatever a test gives


def test_every_field_reaches_the_terms() -> None:
    """Each field of a file is one of the terms, and each term but the name is a field."""
    assert {one.attribute for one in FIELDS.values()} == {field.name for field in fields(PayerTerms)} - {
        "name"
    }
    assert BLUE_LAKE.on(DAY) == PayerTerms(name="Blue Lake", **VALUES)


def test_a_payers_rule_wins() -> None:
    """Each of a payer's own rules stands in the rule set; the practice's stand elsewhere."""
    rules = rules_for(MONTH, PracticeRules(long_entry_seconds=60, clinic=Clinic.RHC), BLUE_LAKE)
    assert (rules.time_rule, rules.initial.minimum_seconds) == (TimeRule.MIDPOINT, 36 * 60)
    assert rules.covered_codes == {"99492", "99493", "99494", "G2214"}
    assert (rules.half_hour.minimum_seconds, rules.max_99494) == (1080, 4)
    assert (rules.limit_99492, rules.psychotherapy) == (Limit99492.PER_CALENDAR_YEAR, Psychotherapy.ALLOWED)
    assert (rules.prior_auth_after_months, rules.authorized_months) == (6, 5)
    assert (rules.timely_filing_months, rules.modifiers) == (12, VALUES["modifiers"])
    assert rules.clinic == ClinicRules(
        initial=CodeRule(code="G0512", minimum_seconds=4140, full_seconds=4140),
        subsequent=CodeRule(code="G0512", minimum_seconds=3540, full_seconds=3540),
        half_hour=False,
    )
    assert (rules.payer, rules.payer_verified) == ("Blue Lake", True)
    assert (rules.unverified_own, rules.unverified_built_in, rules.by_coverage) == ((), (), ())
    assert rules.practice == PracticeRules(
        time_rule=TimeRule.MIDPOINT,
        initial_policy=InitialPolicy.FIRST_MONTH_REACHED,
        episode_gap_months=3,
        consultant_minutes=ConsultantMinutes.EXCLUDE,
        inpatient_counts=True,
        review_required=False,
        diagnosis_required=True,
        long_entry_seconds=60,
        clinic=Clinic.RHC,
    )


def test_where_a_payer_is_silent_the_practice_decides() -> None:
    """A payer on file without a rule changes nothing but the name; G2214's time is the time rule's."""
    practice = PracticeRules(time_rule=TimeRule.MIDPOINT, review_required=False, episode_gap_months=2)
    rules = rules_for(MONTH, practice, a_payer("Humana"))
    assert rules == replace(rules_for(MONTH, practice), payer="Humana")
    assert (rules.practice, rules.half_hour.minimum_seconds) == (practice, 960)
    assert not rules.payer_verified
    assert rules_for(MONTH, practice, a_payer("Humana", verified_on=CHECKED)).payer_verified
    assert rules_for(MONTH, PracticeRules()).time_rule is TimeRule.STRICT


def test_no_payer_covers_a_code_before_it_existed() -> None:
    """G2214 covered by a payer still begins in 2021."""
    assert "G2214" not in rules_for(BillingMonth(2020, 12), PracticeRules(), BLUE_LAKE).covered_codes


@pytest.mark.parametrize(
    ("day", "cap"),
    [
        (date(2024, 6, 30), None),
        (date(2024, 7, 1), 2),
        (date(2024, 12, 31), 2),
        (date(2025, 1, 1), 4),
        (date(2030, 1, 1), 4),
    ],
)
def test_a_rule_holds_from_its_first_day_to_its_last(day: date, cap: int | None) -> None:
    """Both days are included; a rule without a last day goes on."""
    first = built_in("max_99494", 2, first_day=date(2024, 7, 1), last_day=date(2024, 12, 31))
    then = built_in("max_99494", 4, first_day=date(2025, 1, 1))
    assert Payer(name="A", rules=(first, then)).on(day).max_99494 == cap


def test_a_payer_of_whom_nothing_holds_is_one_without_rules() -> None:
    """Before its first rule a payer is judged as one that is not on file."""
    payer = a_payer("Humana", verified_on=CHECKED, first_day=date(2027, 1, 1), max_99494=1)
    assert rules_for(MONTH, PracticeRules(), payer) == rules_for(MONTH, PracticeRules())
    assert rules_for(BillingMonth(2027, 1), PracticeRules(), payer).payer == "Humana"


def test_rules_that_change_within_a_month_cut_it() -> None:
    """Each stretch of days has its rules; those of the last day are the month's."""
    payer = Payer(
        name="Humana",
        rules=(
            built_in("max_99494", 2, last_day=date(2026, 11, 9)),
            built_in("max_99494", 4, first_day=date(2026, 11, 10), last_day=date(2026, 11, 19)),
            built_in("fee_schedule", "X", first_day=date(2026, 11, 15)),
        ),
    )
    rules = rules_for(MONTH, PracticeRules(), payer)
    assert [(days.first_day.day, days.last_day.day, days.rules.max_99494) for days in rules.by_coverage] == [
        (1, 9, 2),
        (10, 19, 4),
        (20, 30, None),
    ]
    assert rules.max_99494 is None
    assert {days.rules.payer for days in rules.by_coverage} == {"Humana"}
    assert all(not days.rules.by_coverage for days in rules.by_coverage)
    assert rules_for(BillingMonth(2026, 10), PracticeRules(), payer).by_coverage == ()


def test_the_last_day_of_all_may_be_a_rules_last_day() -> None:
    """Files write December 31, 9999 for what does not end."""
    payer = a_payer("A", verified_on=CHECKED, last_day=date.max, max_99494=2)
    assert rules_for(MONTH, PracticeRules(), payer).max_99494 == 2


def test_some_days_of_a_month_are_cut_alike() -> None:
    """A payer that covers a part of the month is asked about those days alone."""
    payer = Payer(name="A", rules=(built_in("max_99494", 2, first_day=date(2026, 11, 10)),))
    (only,) = stretches(date(2026, 11, 10), date(2026, 11, 12), PracticeRules(), payer)
    assert (only.first_day, only.last_day) == (date(2026, 11, 10), date(2026, 11, 12))
    assert only.rules == rules_on(date(2026, 11, 11), PracticeRules(), payer)
    first, second = stretches(date(2026, 11, 9), date(2026, 11, 10), PracticeRules(), payer)
    assert (first.last_day, second.first_day) == (date(2026, 11, 9), date(2026, 11, 10))
    (nobody,) = stretches(date(2026, 11, 9), date(2026, 11, 10), PracticeRules(), None)
    assert nobody.rules == rules_on(date(2026, 11, 9), PracticeRules())


def test_a_change_that_changes_nothing_cuts_no_stretch() -> None:
    """Wherever in the month it stands."""
    rules = (
        built_in("max_99494", 2, last_day=date(2026, 11, 9)),
        built_in("max_99494", 4, first_day=date(2026, 11, 10), last_day=date(2026, 11, 19)),
        built_in("max_99494", 3, first_day=date(2026, 11, 20), last_day=date(2026, 11, 24)),
        built_in("max_99494", 3, first_day=date(2026, 11, 25)),
    )
    found = stretches(MONTH.first_day, MONTH.last_day, PracticeRules(), Payer(name="A", rules=rules))
    assert [(one.first_day.day, one.last_day.day, one.rules.max_99494) for one in found] == [
        (1, 9, 2),
        (10, 19, 4),
        (20, 30, 3),
    ]


def test_a_month_looks_back_when_a_stretch_of_it_does() -> None:
    """A yearly limit that ends within the month still asks about earlier months."""
    yearly = built_in("limit_99492", Limit99492.PER_CALENDAR_YEAR, last_day=date(2026, 11, 9))
    assert rules_for(MONTH, PracticeRules(), Payer(name="A", rules=(yearly,))).looks_back


def test_a_built_in_rule_that_nobody_read_judges_nothing() -> None:
    """It stands there, and is named, until the practice says what holds."""
    unread = built_in("max_99494", 1, verified_on=None)
    read = built_in("max_99494", 3)
    for known in ((unread,), (read, unread), (unread, read)):
        rules = rules_for(MONTH, PracticeRules(), Payer(name="A", rules=known))
        assert rules.max_99494 == (3 if read in known else None)
        assert (rules.payer, rules.payer_verified) == ("A", False)
        assert (rules.unverified_own, rules.unverified_built_in) == ((), ("max_99494=1",))


def test_what_a_practice_imports_goes_before_what_is_built_in() -> None:
    """Field by field: a cap of the practice's leaves the built-in midpoint, and ends what was said of the cap."""
    known = Payer(
        name="Medicare",
        aliases=("MCR",),
        rules=(
            built_in("time_rule", TimeRule.MIDPOINT),
            built_in("max_99494", 4),
            built_in("max_99494", 9, verified_on=None),
        ),
    )
    own = a_payer("medicare", aliases=("MB",), max_99494=3)
    merged = own.over(known)
    assert (merged.name, merged.aliases) == ("Medicare", ("MCR", "MB"))
    rules = rules_for(MONTH, PracticeRules(), merged)
    assert (rules.time_rule, rules.max_99494) == (TimeRule.MIDPOINT, 3)
    assert (rules.payer_verified, rules.unverified_own, rules.unverified_built_in) == (
        False,
        ("max_99494=3",),
        (),
    )
    checked = a_payer("Medicare", verified_on=CHECKED, max_99494=3).over(known)
    assert rules_for(MONTH, PracticeRules(), checked).payer_verified


def test_a_practices_rule_gives_way_on_days_of_which_it_says_nothing() -> None:
    """Outside its days the built-in rule holds."""
    own = a_payer(
        "A", verified_on=CHECKED, first_day=date(2026, 12, 1), last_day=date(2026, 12, 31), max_99494=3
    )
    merged = own.over(Payer(name="A", rules=(built_in("max_99494", 4),)))
    assert [merged.on(date(2026, month, 30)).max_99494 for month in (11, 12)] == [4, 3]
    assert merged.on(date(2027, 1, 1)).max_99494 == 4


def test_clinics_may_be_asked_for_nothing_but_g2214() -> None:
    """A payer that pays them no G2214 leaves them the usual codes; without a word nothing is asked of them."""
    assert rules_on(DAY, PracticeRules(), a_payer("A", g2214_clinics=False)).clinic == ClinicRules(
        half_hour=False
    )
    assert rules_on(DAY, PracticeRules(), a_payer("A", max_99494=1)).clinic is None
    asked = rules_on(DAY, PracticeRules(), a_payer("A", g0512=True)).clinic
    assert asked is not None
    assert asked.initial == CodeRule(code="G0512", minimum_seconds=4200, full_seconds=4200)
    assert asked.subsequent == CodeRule(code="G0512", minimum_seconds=3600, full_seconds=3600)


def test_a_rule_is_told_in_words_and_as_files_have_it() -> None:
    """The pseudo rule of a payer without rules says that the practice's own apply."""
    rule = built_in("max_99494", None)
    assert (rule.text, rule.words) == ("none", "no cap on 99494")
    bare = a_payer("A").rules[0]
    assert (bare.text, bare.words, bare.judges) == ("", "the practice's own rules apply", True)
    assert PayerTerms().covered_codes == USUAL_CODES


def test_each_day_of_a_month_has_its_payers_rules() -> None:
    """First and last day included; a day that no other payer covers has the month's own."""
    one, other = lakeside(), a_payer("Cedar Health", max_99494=1)
    plain = rules_for(MONTH, PracticeRules(), one)
    assert plain.on(MONTH.first_day) is plain
    changed = changing(MONTH, [(MONTH.first_day, one), (date(2026, 11, 16), other)])
    assert [changed.on(date(2026, 11, day)).payer for day in (1, 15, 16, 30)] == [
        "Lakeside Health",
        "Lakeside Health",
        "Cedar Health",
        "Cedar Health",
    ]
    assert changed.on(date(2026, 12, 1)) is changed


def test_a_line_kept_without_its_day_of_judging_is_one_rule_sets() -> None:
    """As before days of a month could have rules of their own."""
    changed = changing(
        MONTH, [(MONTH.first_day, lakeside()), (date(2026, 11, 16), a_payer("B", max_99494=1))]
    )
    line = evaluate_month(a_month(30, 30), changed)
    assert line.rules_of(changed) is not changed
    assert replace(line, ruled_on=None).rules_of(changed) is changed
