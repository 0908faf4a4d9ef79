"""The practice's settings: what each decides, how its value is written, and from which day it holds (R-118)."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from billing.durations import HOUR, MINUTE
from billing.rules import Clinic, ConsultantMinutes, ConversionFactor, InitialPolicy, PracticeRules, TimeRule

#: What the program is given at its start, by the environment variable that gives it.
ELSEWHERE: Final = MappingProxyType(
    {
        "days_off": "COCM_DAYS_OFF",
        "near_minutes": "COCM_NEAR_MINUTES",
        "backdate_days": "COCM_BACKDATE_DAYS",
        "max_entry_hours": "COCM_MAX_ENTRY_HOURS",
        "max_day_hours": "COCM_MAX_DAY_HOURS",
        "timezone": "COCM_TIMEZONE",
    }
)
#: Stands for the value that holds where nothing is set.
DEFAULT: Final = "default"

SettingValue: TypeAlias = StrEnum | bool | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of the practice."""

    #: As it is written: `consultant_minutes`.
    name: str
    #: The field of `PracticeRules` that it fills.
    field: str
    rule: str
    #: What it decides, in one plain sentence.
    words: str
    #: How a value is written: `count or exclude`.
    values: str
    #: A value from what somebody wrote, in lower case and with blanks for `_` and `-`; ValueError where it is none.
    read: Callable[[str], SettingValue]
    #: A value as it is written, so that `read` takes it.
    write: Callable[[Any], str]
    #: What else people call it.
    aliases: tuple[str, ...] = ()
    #: Whether a payer may have a rule of its own, which goes before it (R-111).
    of_payers: bool = False
    #: Whether months are judged by it; what is not may be dated back over closed ones.
    judges: bool = True

    def of(self, rules: PracticeRules) -> str:
        """The value that some rules have, as it is written."""
        return self.write(getattr(rules, self.field))


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """A setting of the practice from a day on."""

    setting_id: int
    name: str
    #: As `Setting.write` has it.
    value: str
    #: Local date from which it holds.
    from_day: date
    #: The member who set it; None where it came from the command line without a name.
    set_by: int | None
    #: Aware instant.
    set_at: datetime


@lru_cache(maxsize=4096)
def rules_in_force(base: PracticeRules, changes: tuple[SettingChange, ...], day: date) -> PracticeRules:
    """The practice's rules on a local date (R-118).

    Args:
        base: What holds where nothing is set.
        changes: Every setting on file, in any order; of one day the last set holds.
        day: A month is judged by those of its last day.
    """
    held = {one.name: one for one in sorted(changes, key=_by_day) if one.from_day <= day}
    values: dict[str, Any] = {
        SETTINGS[name].field: SETTINGS[name].read(plain(one.value)) for name, one in held.items()
    }
    return replace(base, **values)


def _by_day(change: SettingChange) -> tuple[date, int]:
    return change.from_day, change.setting_id


def upcoming(base: PracticeRules, changes: tuple[SettingChange, ...], day: date) -> tuple[SettingChange, ...]:
    """The changes after a day that make a setting otherwise than it is just before, the earliest first."""
    value = {name: setting.of(rules_in_force(base, changes, day)) for name, setting in SETTINGS.items()}
    last = {(one.name, one.from_day): one for one in sorted(changes, key=_by_day) if one.from_day > day}
    found = []
    for one in last.values():
        if value[one.name] != one.value:
            value[one.name] = one.value
            found.append(one)
    return tuple(found)


def standing(changes: Iterable[SettingChange], name: str, day: date) -> SettingChange | None:
    """What set a setting as it is on a local date; None where nothing did."""
    begun = [one for one in changes if one.name == name and one.from_day <= day]
    return max(begun, key=_by_day, default=None)


# -- what people write ---------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Lower case, with single blanks in the place of `_`, `-`, `=`, `:` and the like; a minus stays with its number."""
    return " ".join(_BETWEEN.sub(" ", text.casefold()).split())


_BETWEEN = re.compile(r"(?:(?!(?<!\w)-\d)[_\-=:'\"“”’`,;])+")


def setting_and_value(text: str) -> tuple[Setting, str]:
    """Read `consultant minutes exclude`: the setting, and the words of the value, which may be none.

    Raises:
        ValueError: naming the settings there are, or the one that was meant perhaps, or where it is set instead.
    """
    words = plain(text).split()
    for name, variable in ELSEWHERE.items():
        if f"{' '.join(words)} ".startswith(f"{plain(name)} "):
            raise ValueError(
                f"{name} is not set here: it is the environment variable {variable} of the server, set by "
                "whoever runs it."
            )
    for length in range(len(words), 0, -1):
        setting = _NAMES.get(" ".join(words[:length]))
        if setting is not None:
            rest = words[length:]
            return setting, " ".join(rest[1:] if rest[:1] in (["to"], ["is"]) else rest)
    raise ValueError(_unknown(" ".join(words)))


def read_value(setting: Setting, text: str) -> str:
    """A value as somebody wrote it, as it is kept; `DEFAULT` where that is what they wrote.

    Raises:
        ValueError: saying which values there are.
    """
    said = plain(text)
    if said == DEFAULT:
        return DEFAULT
    try:
        return setting.write(setting.read(said))
    except ValueError:
        start = (
            f"“{text.strip()}” is not a value of {setting.name}."
            if said
            else f"{setting.name} needs a value."
        )
        raise ValueError(f"{start} Write {setting.values}.") from None


def _unknown(words: str) -> str:
    first = " ".join(words.split()[:3])
    near = get_close_matches(first, _NAMES)
    meant = f" Did you mean {_NAMES[near[0]].name}?" if near else ""
    start = f"“{first}” is not a setting." if words else "Which setting?"
    return f"{start}{meant} Settings: {', '.join(SETTINGS)}."


def _one_of(choices: type[StrEnum], **also: str) -> Callable[[str], StrEnum]:
    """A reader of words; `also` are other ways to write one, blanks for its `_`."""
    known = {plain(choice.value): choice for choice in choices}
    known |= {plain(other): choices(value) for other, value in also.items()}

    def read(text: str) -> StrEnum:
        if text not in known:
            raise ValueError(text)
        return known[text]

    return read


def _yes_no(yes: str, no: str) -> Callable[[str], bool]:
    """A reader of yes and no; `yes` and `no` are other words for each, with `|` between."""
    known = dict.fromkeys(("yes", "y", "true", "on", "1", *yes.split("|")), True)
    known |= dict.fromkeys(("no", "n", "false", "off", "0", *no.split("|")), False)

    def read(text: str) -> bool:
        if text not in known:
            raise ValueError(text)
        return known[text]

    return read


def _said(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "yes" if value else "no"


def _whole(least: int, most: int, unit: str, each: int = 1) -> Callable[[str], int]:
    """A reader of whole numbers in some unit, which may follow; the value is `each` of them."""
    shape = re.compile(rf"(\d{{1,4}}) ?(?:{unit})?", re.ASCII)

    def read(text: str) -> int:
        match = shape.fullmatch(text)
        if match is None or not least <= int(match[1]) <= most:
            raise ValueError(text)
        return int(match[1]) * each

    return read


_LONG = re.compile(r"(\d{1,4}(?:\.\d{1,2})?) ?(?:(h|hrs?|hours?)|(?:m|mins?|minutes?))", re.ASCII)


def _long(text: str) -> int:
    """`2h`, `150 minutes`: seconds, of a whole number of minutes, up to a day."""
    match = _LONG.fullmatch(text)
    seconds = float(match[1]) * (HOUR if match[2] else MINUTE) if match else 0
    if not MINUTE <= seconds <= 24 * HOUR or seconds % MINUTE:
        raise ValueError(text)
    return int(seconds)


def _long_text(seconds: int) -> str:
    return f"{seconds // MINUTE}m" if seconds % HOUR else f"{seconds // HOUR}h"


def _minutes_text(seconds: int) -> str:
    return str(seconds // MINUTE)


#: A false claim can be sued over for so long (31 U.S.C. 3731(b)), and Medicare plans keep records for so long (42 CFR
#: 422.504(d)): notes that are gone sooner would be missing as evidence.
LEAST_YEARS: Final = 10
_FOREVER: Final = "forever"
_MOST_YEARS = 100
_YEARS = re.compile(r"(\d{1,3}) ?(?:y|yrs?|years?)?", re.ASCII)


def _years(text: str) -> int | None:
    """`10 years`; None for forever."""
    if text in {_FOREVER, "never", "always", "no", "none", "for ever"}:
        return None
    match = _YEARS.fullmatch(text)
    if match is None or not LEAST_YEARS <= int(match[1]) <= _MOST_YEARS:
        raise ValueError(text)
    return int(match[1])


def _years_text(years: int | None) -> str:
    return _FOREVER if years is None else str(years)


_MONTHS = r"mo|mos|months?"
_TABLE: Final = (
    Setting(
        name="time_rule",
        field="time_rule",
        rule="R-103",
        words="How much time a code needs: all of it (strict), or more than its half (midpoint).",
        values="strict or midpoint",
        read=_one_of(TimeRule, full="strict", half="midpoint", mid_point="midpoint"),
        write=str,
        aliases=("rule", "time", "threshold rule", "thresholds"),
        of_payers=True,
    ),
    Setting(
        name="initial_policy",
        field="initial_policy",
        rule="R-251",
        words="Which month can bill 99492: that of the initial assessment, or the first that reaches its time.",
        values="assessment_month or first_month_reached",
        read=_one_of(
            InitialPolicy,
            assessment="assessment_month",
            first_reached="first_month_reached",
            first_month="first_month_reached",
        ),
        write=str,
        aliases=("initial", "initial month", "99492"),
        of_payers=True,
    ),
    Setting(
        name="episode_gap_months",
        field="episode_gap_months",
        rule="R-253",
        words="How many months without Collaborative Care must pass before 99492 can be billed again.",
        values="a whole number of months from 1 to 60, such as 6",
        read=_whole(1, 60, _MONTHS),
        write=str,
        aliases=("episode gap", "gap months", "gap"),
        of_payers=True,
    ),
    Setting(
        name="consultant_minutes",
        field="consultant_minutes",
        rule="R-202",
        words="Whether the psychiatric consultant's minutes count towards the Collaborative Care codes.",
        values="count or exclude",
        read=_one_of(
            ConsultantMinutes,
            **dict.fromkeys(("counts", "counted", "include", "included", "yes", "on"), "count"),
            **dict.fromkeys(("excluded", "excludes", "no", "off", "do_not_count", "don_t_count"), "exclude"),
        ),
        write=str,
        aliases=("consultant", "consultants minutes", "consultant s minutes", "consultant time"),
        of_payers=True,
    ),
    Setting(
        name="inpatient_counts",
        field="inpatient_counts",
        rule="R-206",
        words="Whether time on days in a hospital or facility counts.",
        values="yes or no",
        read=_yes_no("count|counts", "exclude|do not count|don t count"),
        write=_said,
        aliases=("inpatient", "inpatient minutes", "inpatient time", "inpatient days"),
        of_payers=True,
    ),
    Setting(
        name="review_required",
        field="review_required",
        rule="R-309",
        words="Whether a month without the consultant's case review is blocked.",
        values="yes or no",
        read=_yes_no("required", "not required|optional"),
        write=_said,
        aliases=("review", "reviews", "case review", "case review required", "reviews required"),
        of_payers=True,
    ),
    Setting(
        name="diagnosis_required",
        field="diagnosis_required",
        rule="R-311",
        words="Whether a month without a diagnosis or problem list is blocked, and not only warned about.",
        values="yes or no",
        read=_yes_no("required", "not required|optional"),
        write=_said,
        aliases=("diagnosis", "diagnoses", "diagnoses required"),
        of_payers=True,
    ),
    Setting(
        name="late_after_business_days",
        field="late_after_business_days",
        rule="R-401",
        words="How many business days after the day of the work an entry is still in time.",
        values="a whole number of business days from 0 to 60, such as 1",
        read=_whole(0, 60, r"(?:business |working )?days?"),
        write=str,
        aliases=("late after days", "late after", "late days", "late", "late entries"),
    ),
    Setting(
        name="long_entry",
        field="long_entry_seconds",
        rule="R-406",
        words="The length above which an entry carries a warning.",
        values="hours or minutes up to 24 hours with their unit, such as 2h or 150m",
        read=_long,
        write=_long_text,
        aliases=("long entries", "long"),
    ),
    Setting(
        name="repeated_words_patients",
        field="repeated_words_patients",
        rule="R-407",
        words="For how many patients one person must write the same words before supervisors see a warning.",
        values="a whole number of patients from 2 to 999, such as 3",
        read=_whole(2, 999, r"patients?"),
        write=str,
        aliases=("repeated words", "repeated"),
    ),
    Setting(
        name="just_above_minutes",
        field="just_above_seconds",
        rule="R-408",
        words="How many minutes above its code's time a month is just above it, which supervisors see.",
        values="a whole number of minutes from 0 to 29, such as 2",
        read=_whole(0, 29, r"m|mins?|minutes?", MINUTE),
        write=_minutes_text,
        aliases=("just above",),
    ),
    Setting(
        name="necessity_after_months",
        field="necessity_after_months",
        rule="R-324",
        words="After how many months of care a statement of medical necessity is asked for.",
        values="a whole number of months from 1 to 120, such as 12",
        read=_whole(1, 120, _MONTHS),
        write=str,
        aliases=("necessity after", "necessity", "medical necessity"),
    ),
    Setting(
        name="clinic",
        field="clinic",
        rule="R-114",
        words="Whether the practice is a rural health clinic (rhc) or a federally qualified one (fqhc).",
        values="none, rhc or fqhc",
        read=_one_of(Clinic, no="none", neither="none", rural_health_clinic="rhc"),
        write=str,
        aliases=("clinic type", "kind of clinic"),
    ),
    Setting(
        name="conversion_factor",
        field="conversion_factor",
        rule="R-604",
        words="Which of Medicare's conversion factors estimates use: a qualifying APM's, or the other.",
        values="other or qualifying_apm",
        read=_one_of(ConversionFactor, apm="qualifying_apm", qualifying="qualifying_apm"),
        write=str,
        aliases=("factor",),
    ),
    Setting(
        name="keep_notes_years",
        field="keep_notes_years",
        rule="R-121",
        words="For how many years notes are kept; older ones of closed months are removed then, their minutes never.",
        values=(
            f"forever, or a whole number of years from {LEAST_YEARS} to 100, such as 10: notes are the evidence of "
            "claims, which can be asked about for ten years"
        ),
        read=_years,
        write=_years_text,
        aliases=("keep notes", "notes years", "notes", "note retention", "retention", "retention of notes"),
        judges=False,
    ),
)
#: Every setting with dates, by its name.
SETTINGS: Final[Mapping[str, Setting]] = MappingProxyType({setting.name: setting for setting in _TABLE})
_NAMES: Final = {
    plain(name): setting for setting in _TABLE for name in (setting.name, setting.field, *setting.aliases)
}
