"""The practice's settings: how they are named and written, and from which day each holds."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from billing.durations import HOUR, MINUTE
from billing.practice_settings import (
    DEFAULT,
    ELSEWHERE,
    SETTINGS,
    SettingChange,
    plain,
    read_value,
    rules_in_force,
    setting_and_value,
    standing,
    upcoming,
)
from billing.rules import Clinic, ConsultantMinutes, ConversionFactor, InitialPolicy, PracticeRules, TimeRule

BASE = PracticeRules()
AT = datetime(2026, 11, 18, 15, tzinfo=UTC)


def change(number: int, name: str, value: str, from_day: date) -> SettingChange:
    return SettingChange(setting_id=number, name=name, value=value, from_day=from_day, set_by=None, set_at=AT)


@pytest.mark.parametrize(
    ("text", "field", "value", "written"),
    [
        ("time_rule midpoint", "time_rule", TimeRule.MIDPOINT, "midpoint"),
        ("Time Rule: STRICT", "time_rule", TimeRule.STRICT, "strict"),
        ("rule full", "time_rule", TimeRule.STRICT, "strict"),
        ("time half", "time_rule", TimeRule.MIDPOINT, "midpoint"),
        ("threshold rule mid-point", "time_rule", TimeRule.MIDPOINT, "midpoint"),
        ("thresholds to midpoint", "time_rule", TimeRule.MIDPOINT, "midpoint"),
        ("initial policy first-month-reached", "initial_policy", InitialPolicy.FIRST_MONTH_REACHED, None),
        ("initial first month", "initial_policy", InitialPolicy.FIRST_MONTH_REACHED, "first_month_reached"),
        ("initial month first reached", "initial_policy", InitialPolicy.FIRST_MONTH_REACHED, None),
        ("99492 assessment", "initial_policy", InitialPolicy.ASSESSMENT_MONTH, "assessment_month"),
        ("episode_gap_months=9", "episode_gap_months", 9, "9"),
        ("episode gap 1 month", "episode_gap_months", 1, "1"),
        ("gap months 60 mos", "episode_gap_months", 60, "60"),
        ("gap is 7 mo", "episode_gap_months", 7, "7"),
        ("consultant minutes exclude", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant's minutes excluded", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultants minutes excludes", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant time do not count", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant don't count", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant no", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant off", "consultant_minutes", ConsultantMinutes.EXCLUDE, "exclude"),
        ("consultant counted", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("consultant counts", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("consultant include", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("consultant included", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("consultant yes", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("consultant on", "consultant_minutes", ConsultantMinutes.COUNT, "count"),
        ("inpatient counts yes", "inpatient_counts", True, "yes"),
        ("inpatient minutes count", "inpatient_counts", True, "yes"),
        ("inpatient days counts", "inpatient_counts", True, "yes"),
        ("inpatient time exclude", "inpatient_counts", False, "no"),
        ("inpatient do not count", "inpatient_counts", False, "no"),
        ("inpatient don't count", "inpatient_counts", False, "no"),
        ("review_required off", "review_required", False, "no"),
        ("case review required n", "review_required", False, "no"),
        ("case review not required", "review_required", False, "no"),
        ("reviews optional", "review_required", False, "no"),
        ("review required", "review_required", None, None),
        ("reviews required on", "review_required", True, "yes"),
        ("diagnosis required true", "diagnosis_required", True, "yes"),
        ("diagnosis required required", "diagnosis_required", True, "yes"),
        ("diagnoses required 1", "diagnosis_required", True, "yes"),
        ("diagnoses y", "diagnosis_required", True, "yes"),
        ("diagnosis false", "diagnosis_required", False, "no"),
        ("diagnosis 0", "diagnosis_required", False, "no"),
        ("diagnosis not required", "diagnosis_required", False, "no"),
        ("diagnosis optional", "diagnosis_required", False, "no"),
        ("late 0", "late_after_business_days", 0, "0"),
        ("late days 1 day", "late_after_business_days", 1, "1"),
        ("late after 2 business days", "late_after_business_days", 2, "2"),
        ("late after days 60 working days", "late_after_business_days", 60, "60"),
        ("late entries 3 days", "late_after_business_days", 3, "3"),
        ("long entry 3h", "long_entry_seconds", 3 * HOUR, "3h"),
        ("long entries 24 hours", "long_entry_seconds", 24 * HOUR, "24h"),
        ("long 1m", "long_entry_seconds", MINUTE, "1m"),
        ("long 1.5 hrs", "long_entry_seconds", 90 * MINUTE, "90m"),
        ("long 150 min", "long_entry_seconds", 150 * MINUTE, "150m"),
        ("long entry 120 minutes", "long_entry_seconds", 2 * HOUR, "2h"),
        ("repeated words 2", "repeated_words_patients", 2, "2"),
        ("repeated 999 patients", "repeated_words_patients", 999, "999"),
        ("just above 0", "just_above_seconds", 0, "0"),
        ("just above 29 minutes", "just_above_seconds", 29 * MINUTE, "29"),
        ("just_above_minutes 3m", "just_above_seconds", 3 * MINUTE, "3"),
        ("necessity after 1 month", "necessity_after_months", 1, "1"),
        ("medical necessity 120", "necessity_after_months", 120, "120"),
        ("necessity 9 months", "necessity_after_months", 9, "9"),
        ("clinic FQHC", "clinic", Clinic.FQHC, "fqhc"),
        ("clinic type rural health clinic", "clinic", Clinic.RHC, "rhc"),
        ("kind of clinic no", "clinic", Clinic.NONE, "none"),
        ("clinic neither", "clinic", Clinic.NONE, "none"),
        ("conversion factor qualifying APM", "conversion_factor", ConversionFactor.QUALIFYING_APM, None),
        ("factor apm", "conversion_factor", ConversionFactor.QUALIFYING_APM, "qualifying_apm"),
        ("factor qualifying", "conversion_factor", ConversionFactor.QUALIFYING_APM, "qualifying_apm"),
        ("factor other", "conversion_factor", ConversionFactor.OTHER, "other"),
    ],
)
def test_settings_are_named_and_written_as_people_do(
    text: str, field: str, value: object, written: str | None
) -> None:
    """Case, signs and a verb change nothing; what is kept is written one way."""
    setting, said = setting_and_value(text)
    assert setting.field == field
    if value is None:
        assert said == ""
        return
    kept = read_value(setting, said)
    assert kept == (written or kept)
    assert getattr(in_force(setting.name, kept), field) == value
    assert setting.of(in_force(setting.name, kept)) == kept
    assert read_value(setting, kept) == kept


def in_force(name: str, value: str) -> PracticeRules:
    return rules_in_force(BASE, (change(1, name, value, date(2026, 11, 1)),), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("time_rule", "midpont"),
        ("episode_gap_months", "0"),
        ("episode_gap_months", "61"),
        ("episode_gap_months", "6 days"),
        ("episode_gap_months", "six"),
        ("inpatient_counts", "perhaps"),
        ("late_after_business_days", "61"),
        ("late_after_business_days", "-1 day ago"),
        ("long_entry", "2"),
        ("long_entry", "0m"),
        ("long_entry", "0.5m"),
        ("long_entry", "1.01h"),
        ("long_entry", "25h"),
        ("long_entry", "1441m"),
        ("repeated_words_patients", "1"),
        ("repeated_words_patients", "1000"),
        ("just_above_minutes", "30"),
        ("just_above_minutes", "-3"),
        ("necessity_after_months", "-12"),
        ("necessity_after_months", "0"),
        ("necessity_after_months", "121"),
        ("clinic", "hospital"),
        ("conversion_factor", "none"),
    ],
)
def test_what_is_no_value_is_refused_with_those_there_are(name: str, text: str) -> None:
    """The sentence has the words as typed, and how to write a value."""
    setting = SETTINGS[name]
    with pytest.raises(ValueError, match=rf"is not a value of {name}\. Write ") as refused:
        read_value(setting, f" {text} ")
    assert str(refused.value) == f"“{text}” is not a value of {name}. Write {setting.values}."


def test_a_value_is_asked_for_where_there_is_none() -> None:
    """The setting is known, so only its values are said."""
    with pytest.raises(ValueError, match=r"^time_rule needs a value\. Write strict or midpoint\.$"):
        read_value(SETTINGS["time_rule"], "  ")


def test_default_stands_for_what_holds_where_nothing_is_set() -> None:
    """It is not a value of its own."""
    assert read_value(SETTINGS["long_entry"], "Default") == DEFAULT


def test_what_is_no_setting_is_refused_with_all_that_are() -> None:
    """A near name is offered; a far one is not; none at all is asked for."""
    names = ", ".join(SETTINGS)
    with pytest.raises(ValueError, match="is not a setting") as refused:
        setting_and_value("tme_rule to be midpoint")
    assert str(refused.value) == f"“tme rule to” is not a setting. Did you mean time_rule? Settings: {names}."
    with pytest.raises(ValueError, match="is not a setting") as refused:
        setting_and_value("quux 7")
    assert str(refused.value) == f"“quux 7” is not a setting. Settings: {names}."
    with pytest.raises(ValueError, match="is not a setting") as refused:
        setting_and_value("clnik 7")
    assert " Did you mean clinic? " in str(refused.value)
    with pytest.raises(ValueError, match="Which setting") as refused:
        setting_and_value(" ")
    assert str(refused.value) == f"Which setting? Settings: {names}."


def test_what_the_environment_gives_is_said_to_be_there() -> None:
    """With the variable that gives it, whatever value was wanted; a longer word is another name."""
    for name, variable in ELSEWHERE.items():
        with pytest.raises(ValueError, match=variable) as refused:
            setting_and_value(f"{name.replace('_', ' ')} 20")
        assert str(refused.value).startswith(f"{name} is not set here: ")
    with pytest.raises(ValueError, match="is not a setting") as refused:
        setting_and_value("timezones 20")
    assert "environment" not in str(refused.value)


def test_a_setting_keeps_a_value_that_ends_like_its_name() -> None:
    """`to` and `is` are no part of a value, and what only looks like them is."""
    assert setting_and_value("time rule is midpoint")[1] == "midpoint"
    assert setting_and_value("time rule to strict")[1] == "strict"
    assert setting_and_value("time rule tomorrow")[1] == "tomorrow"
    assert plain("  A_b--C: “d” ") == "a b c d"


def test_the_last_day_decides_and_earlier_days_stay() -> None:
    """A setting holds from its day on, and before it what held before."""
    changes = (
        change(1, "episode_gap_months", "7", date(2026, 10, 5)),
        change(2, "episode_gap_months", "9", date(2027, 1, 1)),
        change(3, "long_entry", "3h", date(2026, 10, 5)),
    )
    assert rules_in_force(BASE, changes, date(2026, 10, 4)) == BASE
    begun = replace(BASE, episode_gap_months=7, long_entry_seconds=3 * HOUR)
    assert rules_in_force(BASE, changes, date(2026, 10, 5)) == begun
    assert rules_in_force(BASE, changes, date(2026, 12, 31)) == begun
    assert rules_in_force(BASE, changes, date(2027, 1, 1)) == replace(begun, episode_gap_months=9)
    assert rules_in_force(BASE, (), date(2027, 1, 1)) is not None


def test_of_one_day_the_last_set_holds() -> None:
    """Whatever the order in which they come; a later day goes before a later number."""
    first = change(1, "time_rule", "midpoint", date(2026, 11, 1))
    second = change(2, "time_rule", "strict", date(2026, 11, 1))
    earlier = change(3, "time_rule", "midpoint", date(2026, 10, 1))
    for changes in ((first, second, earlier), (earlier, second, first)):
        found = rules_in_force(BASE, changes, date(2026, 11, 30))
        assert found.time_rule is TimeRule.STRICT
        assert standing(changes, "time_rule", date(2026, 11, 30)) is second
        assert standing(changes, "time_rule", date(2026, 10, 31)) is earlier
    assert standing((first,), "time_rule", date(2026, 10, 31)) is None
    assert standing((first,), "time_rule", date(2026, 11, 1)) is first
    assert standing((first,), "clinic", date(2026, 11, 30)) is None


def test_what_is_to_come_is_named_where_it_changes_something() -> None:
    """In the order of days; what says again what holds, or was replaced on its own day, is left out."""
    now = date(2026, 11, 30)
    again = change(1, "episode_gap_months", "6", date(2026, 12, 1))
    replaced = change(2, "time_rule", "midpoint", date(2027, 1, 1))
    stays = change(3, "time_rule", "strict", date(2027, 1, 1))
    gap = change(4, "episode_gap_months", "9", date(2027, 3, 1))
    clinic = change(5, "clinic", "rhc", date(2027, 2, 1))
    back = change(6, "episode_gap_months", "6", date(2027, 6, 1))
    held = change(7, "long_entry", "3h", now)
    changes = (again, replaced, stays, gap, clinic, back, held)
    assert upcoming(BASE, changes, now) == (clinic, gap, back)
    assert upcoming(BASE, changes, date(2026, 11, 29)) == (held, clinic, gap, back)
    twice = change(8, "episode_gap_months", "9", date(2027, 4, 1))
    assert upcoming(BASE, (twice, gap), now) == (gap,)


def test_each_field_of_the_practice_is_a_setting_but_the_days_off() -> None:
    """What the docs call a setting can be set; each names its rule and says what it does in a sentence."""
    assert {setting.field for setting in SETTINGS.values()} == {
        field.name for field in fields(PracticeRules)
    } - {"days_off"}
    for name, setting in SETTINGS.items():
        assert setting.name == name
        assert setting.rule.startswith("R-")
        assert setting.words.endswith(".")
        assert read_value(setting, setting.of(BASE)) == setting.of(BASE)
        assert setting_and_value(setting.field)[0] is setting


def test_settings_know_where_a_payer_may_say_otherwise() -> None:
    """Those are the fields that a payer has, too."""
    of_payers = {setting.field for setting in SETTINGS.values() if setting.of_payers}
    other = PracticeRules(
        time_rule=TimeRule.MIDPOINT,
        initial_policy=InitialPolicy.FIRST_MONTH_REACHED,
        episode_gap_months=9,
        consultant_minutes=ConsultantMinutes.EXCLUDE,
        inpatient_counts=True,
        review_required=False,
        diagnosis_required=True,
    )
    assert of_payers == {
        field.name for field in fields(BASE) if getattr(BASE, field.name) != getattr(other, field.name)
    }
