"""`remind 8:30 | off | snooze 1h`: when messages come unasked, and whether."""

import re
from datetime import time

from bot.grammar.arguments import RemindArguments
from bot.grammar.call import Call, Command
from bot.grammar.clock_times import clock_times
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.wordlists import words

_FILLERS = words("me at in for the digest reminders please daily every morning day")
_SWITCH = {"off": False, "stop": False, "never": False, "on": True, "start": True}
_CLOCK = re.compile(r"(?:\d{1,2}(?::?\d\d)?(?:\s?[ap]\.?m\.?|[ap])?|noon)")
_SPAN = re.compile(r"(\d{1,3})\s?(m|min|mins|minutes?|h|hr|hrs|hours?|d|days?)|an? (hour|day)")
_SECONDS = {"m": 60, "h": 3_600, "d": 86_400}
_LONGEST_DAYS = 31
_EXAMPLE = "remind 8:30"
_MESSAGE = (
    "{word} is no time of day, no on or off, and nothing to snooze for. Say when the morning messages are to come, "
    "or switch them: remind 8:30, remind off, remind snooze 1h."
)
_TOO_LONG = "Reminders can be put off for 31 days at most. Switch them off instead: remind off."


def read(call: Call) -> Parsed:
    """One choice, or none."""
    said = " ".join(word for word in call.lines[0].plain.lower().split() if word not in _FILLERS)
    said = said.strip(" .!?,:")
    if len(call.lines) > 1:
        return _refused(call, _MESSAGE.format(word="More than one line"))
    if not said:
        return Parsed(command=call.command.name, arguments=RemindArguments())
    if said in _SWITCH:
        return Parsed(command=call.command.name, arguments=RemindArguments(on=_SWITCH[said]))
    snoozed = said.removeprefix("snooze").strip()
    if snoozed != said:
        return _snooze(call, snoozed)
    at = _time(said)
    if at is None:
        return _refused(call, _MESSAGE.format(word=f"“{call.words}”"))
    return Parsed(command=call.command.name, arguments=RemindArguments(at=at))


def _snooze(call: Call, said: str) -> Parsed:
    match = _SPAN.fullmatch(said or "1h")
    if match is None:
        return _refused(call, _MESSAGE.format(word=f"“{call.words}”"))
    figures, unit, one = match.groups()
    seconds = int(figures or 1) * _SECONDS[(unit or one)[0]]
    if not 0 < seconds <= _LONGEST_DAYS * _SECONDS["d"]:
        return _refused(call, _TOO_LONG)
    return Parsed(command=call.command.name, arguments=RemindArguments(snooze_seconds=seconds))


def _time(said: str) -> time | None:
    """A time of day; `4:30` without more is in the afternoon, for nobody is asked at night."""
    if not _CLOCK.fullmatch(said):
        return None
    found = clock_times(said)
    moment = found[0] if len(found) == 1 else None
    if moment is None:
        return None
    meant = moment if moment.sure else moment.in_working_hours()
    return time(meant.hour, meant.minute)


def _refused(call: Call, message: str) -> Parsed:
    return call.problem(ProblemCode.EXTRA_WORDS, message, example=_EXAMPLE)


COMMAND = Command(
    name="remind",
    usage="remind 8:30 | off | on | snooze 1h",
    summary="Choose when the morning digest comes, or switch reminders off",
    example=_EXAMPLE,
    topic=(
        "Sets the local time of your morning messages, switches all your reminders off and on, or puts them off for a "
        "while: remind snooze 1h. Without more, says what is set."
    ),
    read=read,
    keywords=words("digest reminder reminders snooze"),
)
