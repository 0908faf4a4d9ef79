"""`settings set consultant_minutes exclude from 12/1`: what the practice has set, and from which day on."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.practice_settings import SETTINGS, read_value, setting_and_value
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import DATE, WEAK_DATE, scan
from bot.grammar.text.wordlists import words
from bot.grammar.when.dates import Doubt, date_of
from bot.grammar.when.months import nearest_month

_SET = re.compile(r"\s*(?:please )?(?:set|change|switch|make)\b")
_SHOW = re.compile(r"\s*(?:show|list|see|all)?\s*")
_FROM = re.compile(r"\b(?:from|starting|since|effective|beginning|as of)\b(?: on)?")
_EXAMPLE = "settings set consultant_minutes exclude"
_NO_DAY = (
    "From which day? {word} is not a date. Write from 12/1/2026, from december, or nothing for this month."
)
_WHAT = "Which setting, and which value? Write settings set time_rule midpoint. Settings: {names}."
_ONE_LINE = "One message changes one setting. Send the others one at a time."


class SettingsProblem(StrEnum):
    """What can be wrong with a setting besides `ProblemCode`."""

    NO_SUCH_SETTING = "no_such_setting"
    NO_SUCH_VALUE = "no_such_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsArguments(Arguments):
    """`settings` for all, `settings time_rule` for one, `settings set time_rule midpoint from december`."""

    #: Of the one that is to be shown; empty for all.
    name: str = ""
    #: `time rule midpoint`: what is to be set; empty where nothing is.
    wanted: str = ""
    #: None for the first day of the present month.
    from_day: date | None = None


def read(call: Call) -> Parsed:
    """What to show, or a setting, its value and its first day."""
    if any(line.plain.strip() for line in call.lines[1:]):
        return call.problem(ProblemCode.EXTRA_WORDS, _ONE_LINE, example=_EXAMPLE)
    said = call.lines[0].plain.strip(" .!?")
    verb = _SET.match(said)
    rest = said[verb.end() :] if verb else said[_show_end(said) :]
    if not rest.strip() and verb is None:
        return Parsed(command=call.command.name, arguments=SettingsArguments())
    read = _setting(call, rest, sets=verb is not None)
    return read if read.ok else meant_as_log(call) or read


def _show_end(said: str) -> int:
    match = _SHOW.match(said)
    return match.end() if match else 0


def _setting(call: Call, rest: str, *, sets: bool) -> Parsed:
    """One setting: shown, or set where a value follows."""
    marks = list(_FROM.finditer(rest))
    named = rest[: marks[-1].start()] if marks else rest
    if not named.strip():
        message = _WHAT.format(names=", ".join(SETTINGS))
        return call.problem(SettingsProblem.NO_SUCH_SETTING, message, example="settings set ___")
    try:
        setting, value = setting_and_value(named)
    except ValueError as error:
        return call.problem(SettingsProblem.NO_SUCH_SETTING, str(error), example="settings set ___")
    if not value and not sets and not marks:
        return Parsed(command=call.command.name, arguments=SettingsArguments(name=setting.name))
    try:
        value = read_value(setting, value)
    except ValueError as error:
        example = f"settings set {setting.name} ___"
        return call.problem(SettingsProblem.NO_SUCH_VALUE, str(error), example=example)
    day = _day(rest[marks[-1].end() :], call) if marks else None
    if marks and day is None:
        word = quoted(rest[marks[-1].end() :].strip() or marks[-1].group())
        example = f"settings set {setting.name} {value} from ___"
        return call.problem(ProblemCode.NO_DATE, _NO_DAY.format(word=word), example=example)
    return _understood(call, wanted=f"{setting.name} {value}".strip(), from_day=day)


def _understood(call: Call, *, wanted: str, from_day: date | None = None) -> Parsed:
    return Parsed(command=call.command.name, arguments=SettingsArguments(wanted=wanted, from_day=from_day))


def _day(words: str, call: Call) -> date | None:
    """A date, or the first day of a month; without a year the nearest. None for anything else."""
    now = call.context.local_now
    month = nearest_month(words, now.date())
    if month is not None and month.match.group().strip() == words.strip():
        return month.month.first_day if month.month else None
    items = [item for item in scan(words, None, several_days=False) if item.kind in {DATE, WEAK_DATE}]
    if len(items) != 1 or words[items[0].start : items[0].end].strip() != words.strip():
        return None
    reading = date_of(words.strip(), now)
    if reading.day is None or reading.doubt is not Doubt.SUPPLIED or reading.past_only:
        return reading.day
    days = (reading.day, *([reading.coming] if reading.coming else []), _year_later(reading.day))
    return min(days, key=lambda one: abs((one - now.date()).days))


def _year_later(day: date) -> date:
    """The same date a year later; of February 29, the last of February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


COMMAND = Command(
    name="settings",
    section=Section.PEOPLE,
    place=30,
    usage="settings [set <name> <value> [from <date>]]",
    summary="Show the practice's settings and since when they hold; administrators change them",
    example=_EXAMPLE,
    aliases=("setting",),
    keywords=words("configuration options policy midpoint strict"),
    topic=(
        "settings alone lists each setting with its value, since when it holds, who set it, and what is set for later. "
        "settings time_rule shows one.\n"
        "Administrators set one with settings set consultant_minutes exclude, or from a day on: settings set time_rule "
        "midpoint from january. Without a date it holds from the first day of this month. A month is judged as a whole "
        "by the settings of its last day; closed months stay as they are.\n"
        f"Settings: {', '.join(SETTINGS)}."
    ),
    read=read,
)
