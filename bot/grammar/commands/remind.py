"""`remind 8:30 | off | snooze 1h | quiet 6pm-7am`: whether and when scheduled messages come."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cache

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.wordlists import words
from bot.grammar.when.clock_times import clock_range, clock_times
from bot.grammar.when.durations import duration_of
from services.messages.audience import QuietHours
from services.messages.requests import ReminderRequest

_WORKING_DAYS = later(r"\b(?:(?:on|every|each) )?(?:week|work|working ?)days?\b|\bevery ?day\b")
_FILLERS = words("me at in for the my please daily every all messages message reminders reminder come comes")
_PRACTICE = words("practice everyone everybody team clinic")
_SWITCH = {"off": False, "stop": False, "never": False, "on": True, "start": True}
_NOON = time(12)
_ONE = r"(?:\d{1,2}(?::?\d\d)?(?:\s?[ap]\.?m\.?|[ap])?|noon|midnight)"
_CLOCK = later(_ONE)
_RANGE = later(rf"(?:from |between )?{_ONE}\s?(?:-|to|until|till|and)\s?{_ONE}")
_SPAN = later(r"(\d{1,3})\s?(m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|weeks?)|an? (hour|day|week)")
_DURATION = later(patterns.DURATION)
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
#: Hours without am or pm before which nobody is at work, but may read what came in the morning.
_EARLIEST_MORNING = 5
_LONGEST_DAYS = 31
_NONE = words("off none no never end ends stop over")
_NO_QUIET = QuietHours(start=time.min, end=time.min)
_EXAMPLE = "remind 8:30"
_MESSAGE = (
    "{word} is not a time of day, on, off or a snooze. Say when the morning message is to come, "
    "or switch reminders: remind 8:30, remind off, remind snooze 1h."
)
_TOO_LONG = "Reminders can be put off for 31 days at most. Switch them off instead: remind off."
_ALL_AT_ONCE = (
    "Putting off and quiet hours are for all messages at once. Leave out which, or switch that one off."
)
_QUIET = (
    "Say from when to when it is to be quiet each day, with am and pm, and nothing else: remind quiet 6pm-7am. To end "
    "that: remind quiet off."
)
_AFTERNOON = (
    "The afternoon's reminder asks for the time since noon. Say a time from noon on: remind afternoon 3pm."
)
_WHICH = (
    "That would silence everybody for good. Say which message nobody is to get: remind practice morning off. "
    "For a while, put them off: remind practice snooze 2d."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindArguments(Arguments):
    """`remind 8:30`, `remind practice month-end 7am`; `remind` alone asks for what is set."""

    request: ReminderRequest = field(default_factory=ReminderRequest)


def read(call: Call) -> Parsed:
    """One choice, or none."""
    if len(call.lines) > 1:
        return _refused(call, _MESSAGE.format(word="More than one line"))
    said = _words(call.lines[0].plain.lower())
    named, rest = _named([word for word in said if word not in _PRACTICE])
    about = ReminderRequest(for_practice=not _PRACTICE.isdisjoint(said), kinds=named)
    choice = " ".join(rest)
    for verb, reading in (("snooze", _snooze), ("quiet", _quiet)):
        if verb in rest:
            if named or _named(rest[1:])[0]:
                return _refused(call, _ALL_AT_ONCE, example="remind snooze ___")
            return reading(call, about, choice.replace(verb, "", 1).strip())
    return _time_or_switch(call, about, choice) if choice else _understood(call, about)


def _time_or_switch(call: Call, about: ReminderRequest, choice: str) -> Parsed:
    on = _SWITCH.get(choice)
    if on is False and about.for_practice and not about.kinds:
        return _refused(call, _WHICH, example="remind practice ___ off")
    at = _time(choice, about.kinds)
    if on is None and at is None:
        return _refused(call, _MESSAGE.format(word=f"“{call.words}”"))
    if at is not None and at < _NOON and about.kinds == _names()["afternoon"]:
        return _refused(call, _AFTERNOON, example="remind afternoon ___")
    return _understood(call, replace(about, at=at, on=on))


def _words(text: str) -> list[str]:
    """What was said, without what changes nothing; `month-end` is two words, `6pm-7am` is one, 8.30 is 8:30."""
    plain = _WORKING_DAYS.sub(" ", re.sub(r"(?<=\d)\.(?=\d\d\b)", ":", text))
    apart = re.sub(r"(?<=[a-z])-(?=[a-z]{2,})", " ", plain)
    bare = (word.strip("!?,:") for word in apart.strip(" .").split())
    return [word for word in bare if word and word not in _FILLERS]


def _named(said: list[str]) -> tuple[frozenset[str], list[str]]:
    """Which kinds are named, at either end, and what else was said; the longest name goes first."""
    kinds = _names()
    for length in range(len(said), 0, -1):
        for name, rest in ((said[:length], said[length:]), (said[-length:], said[:-length])):
            if " ".join(name) in kinds:
                return kinds[" ".join(name)], rest
    return frozenset(), said


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """The kinds that each name stands for, by what is left of it once it was taken apart as a typed line is."""
    # What messages say is loaded with them, and the database's libraries; whoever reads other lines waits for neither.
    from services.messages.kinds import CALENDAR  # noqa: PLC0415 - see above

    kinds = {" ".join(_words(name)): kind.names for kind in CALENDAR for name in (kind.title, *kind.spoken)}
    headings = {
        " ".join(_words(name)): frozenset({heading.name})
        for kind in CALENDAR
        for heading in kind.headings
        for name in (heading.title, *heading.spoken)
    }
    return {**headings, **kinds}


def _snooze(call: Call, about: ReminderRequest, said: str) -> Parsed:
    if said in _NONE:
        return _understood(call, replace(about, snooze_seconds=0))
    seconds = _span(said or "1h")
    if seconds is None:
        return _refused(call, _MESSAGE.format(word=f"“{call.words}”"), example="remind snooze ___")
    if not 0 < seconds <= _LONGEST_DAYS * _SECONDS["d"]:
        return _refused(call, _TOO_LONG)
    return _understood(call, replace(about, snooze_seconds=seconds))


def _span(said: str) -> int | None:
    """Whole seconds; days and weeks of our own, shorter spans as in a line that logs time."""
    match = _SPAN.fullmatch(said)
    if match is not None:
        figures, unit, one = match.groups()
        return int(figures or 1) * _SECONDS[(unit or one)[0]]
    return duration_of(said).seconds if _DURATION.fullmatch(said) else None


def _quiet(call: Call, about: ReminderRequest, said: str) -> Parsed:
    asked = said.removeprefix("hours").strip()
    if asked in _NONE:
        return _understood(call, replace(about, quiet=_NO_QUIET))
    # Without an am or a pm nobody knows which of the two nights is meant.
    hours = clock_range(asked) if _RANGE.fullmatch(asked) else None
    if hours is None or hours.inferred or hours.start.minutes == hours.end.minutes:
        return _refused(call, _QUIET, example="remind quiet ___")
    start, end = (time(one.hour, one.minute) for one in (hours.start, hours.end))
    return _understood(call, replace(about, quiet=QuietHours(start=start, end=end)))


def _time(said: str, kinds: frozenset[str]) -> time | None:
    """A time of day; without am or pm, the one at which such a message would be read."""
    if not _CLOCK.fullmatch(said) or said in {"0", "00", "24"}:
        return None
    found = clock_times(said)
    moment = found[0] if len(found) == 1 else None
    if moment is None:
        return None
    if not moment.sure and kinds == _names()["afternoon"]:
        meant = moment.earlier_half().later_half()
    elif moment.sure or (moment.hour >= _EARLIEST_MORNING and kinds <= _names()["morning"]):
        meant = moment
    else:
        meant = moment.in_working_hours()
    return time(meant.hour, meant.minute)


def _understood(call: Call, request: ReminderRequest) -> Parsed:
    return Parsed(command=call.command.name, arguments=RemindArguments(request=request))


def _refused(call: Call, message: str, *, example: str = "remind ___") -> Parsed:
    return call.problem(ProblemCode.EXTRA_WORDS, message, example=example)


COMMAND = Command(
    name="remind",
    section=Section.MESSAGES,
    place=10,
    usage="remind [morning | afternoon | audit | ...] 8:30 | off | on | snooze 1h | quiet 6pm-7am",
    summary="Choose when the morning message and other reminders come, or switch them off",
    example=_EXAMPLE,
    topic=(
        "remind 8:30 sets the local time of your morning message. remind audit off leaves the weekly look at your "
        "entries out of it, remind true-up off the month's last days, remind pace off the forecast, remind digest off "
        "your patients. remind afternoon 3pm moves the afternoon's reminder, remind afternoon off silences it. "
        "remind off silences all, remind snooze 1h puts them off, remind snooze off ends that, remind quiet 6pm-7am "
        "keeps hours free. Without more, says what is set.\n"
        "Administrators set the same for everybody, and for the billing channel: remind practice digest 9:00, "
        "remind month-end 7am, remind preview off, remind practice quiet 6pm-7am, remind practice snooze 2d."
    ),
    read=read,
    aliases=("reminders",),
    keywords=words("digest reminder reminders snooze quiet afternoon preview"),
)
