"""`help [topic]`: list the commands, or explain one."""

from dataclasses import dataclass
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.phrases import quoted
from bot.grammar.text.typos import nearest
from bot.grammar.text.wordlists import words

_FILLERS = words("me with on about the a please how to do i for using")
_UNKNOWN_TOPIC = "There is no help on {word}. Topics are: {topics}."


class HelpProblem(StrEnum):
    """What can be wrong with a topic besides `ProblemCode`."""

    UNKNOWN_TOPIC = "unknown_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArguments(Arguments):
    """`help dates`; without a topic, the overview."""

    topic: str | None = None


def read(call: Call) -> Parsed:
    """A topic is the name of a command."""
    words = [word for word in call.words.lower().split() if word not in _FILLERS]
    if not words:
        return Parsed(command=call.command.name, arguments=HelpArguments())
    topics = {word: command.name for command in call.commands for word in command.keywords}
    topics |= {word: command.name for command in call.commands for word in command.words}
    asked = words[0].strip("`'\"<>.,:;")
    topic = topics.get(asked) if len(words) == 1 else None
    if topic is None:
        near = topics.get(nearest(asked, topics, 2) or "")
        names = ", ".join(command.name for command in call.commands)
        message = _UNKNOWN_TOPIC.format(word=quoted(call.words), topics=names)
        return call.problem(HelpProblem.UNKNOWN_TOPIC, message, example=f"help {near}" if near else "help")
    return Parsed(command=call.command.name, arguments=HelpArguments(topic=topic))


COMMAND = Command(
    name="help",
    section=Section.HELP,
    place=10,
    usage="help [<command>]",
    summary="List the commands, or explain one",
    example="help log",
    aliases=("?", "commands"),
    topic="help lists every command; help log explains one.",
    read=read,
)
