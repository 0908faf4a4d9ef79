"""`timer`: whether one runs, since when and for whom; `timer start MRN123` and the like do as the verb alone does."""

import re

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.timer_words import with_verb
from bot.grammar.parsed import Intent, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words

_VERB = re.compile(r"\s*(start|stop|switch|cancel|on|off)\b[:,]?")
_VERBS = {"on": "start", "off": "stop"}
_FILLERS = words("show my the status please is it running what now any")


def read(call: Call) -> Parsed:
    """A verb behind it is that verb's call; nothing else may follow."""
    line = call.lines[0]
    verb = _VERB.match(line.plain)
    if verb is not None and call.commands:
        return with_verb(call, _VERBS.get(verb[1], verb[1]), verb.end())
    more = [word for word in call.words.casefold().split() if word.strip(",.!?:") not in _FILLERS]
    if more or len(call.lines) > 1:
        word = quoted(call.words if more else call.lines[1].shown)
        message = sentences.MORE_WORDS.format(command="timer", takes="no more words", word=word)
        example = _example(call) if more else "timer"
        at = line if more else call.lines[1]
        return call.problem(ProblemCode.EXTRA_WORDS, message, example=example, line=at)
    return Parsed(command=call.command.name, intent=Intent.QUESTION)


def _example(call: Call) -> str:
    """The words behind `start`, where they begin a timer there; else what `start` would suggest instead of them."""
    started = f"start {call.words}"
    if not call.commands:
        return started
    found = with_verb(call, "start", 0)
    if found.problems:
        return found.problems[0].example
    return started if found.command == "start" else "timer"


COMMAND = Command(
    name="timer",
    section=Section.ENTRIES,
    place=16,
    usage="timer",
    summary="Show your running timer",
    example="timer",
    topic=(
        "Shows the timer that runs, with buttons to stop, switch and cancel it. It is also on your Home tab, and "
        "keeps running when programs restart. None of it counts until you stop it."
    ),
    read=read,
)
