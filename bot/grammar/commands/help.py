"""`help [topic]`: what this person can do in groups, one group, one command, or everything."""

from dataclasses import dataclass
from enum import StrEnum

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.text.phrases import quoted
from bot.grammar.text.typos import nearest
from bot.grammar.text.wordlists import words

_FILLERS = words("me with on about the a please how to do i for using my and")
_EVERYTHING = words("all everything full")
#: Words of a group's title by which it is found; those that name a command mean the command.
_GROUPS = {
    **dict.fromkeys(("logging", "entries", "correcting"), Section.ENTRIES),
    **dict.fromkeys(("standing", "overview", "overviews", "lists"), Section.OVERVIEWS),
    **dict.fromkeys(("messages", "reminders", "digests"), Section.MESSAGES),
    **dict.fromkeys(("care", "patient", "patients", "clinical"), Section.CARE),
    **dict.fromkeys(("billing", "month-end", "claims"), Section.CLOSING),
    **dict.fromkeys(("practice", "people", "administration", "admin"), Section.PEOPLE),
}
_UNKNOWN_TOPIC = "There is no help on {word}. Topics are: {topics}."


class HelpProblem(StrEnum):
    """What can be wrong with a topic besides `ProblemCode`."""

    UNKNOWN_TOPIC = "unknown_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArguments(Arguments):
    """`help dates`; without anything, the groups of what the person can do."""

    topic: str | None = None
    group: Section | None = None
    #: Every command there is, whoever may use it.
    everything: bool = False


def read(call: Call) -> Parsed:
    """A topic is the name of a command, of a group, or `all`."""
    words = [word for word in call.words.lower().split() if word not in _FILLERS]
    if not words:
        return Parsed(command=call.command.name, arguments=HelpArguments())
    topics = {word: command.name for command in call.commands for word in command.keywords}
    topics |= {word: command.name for command in call.commands for word in command.words}
    asked = words[0].strip("`'\"<>.,:;")
    if len(words) == 1 and asked in _EVERYTHING:
        return Parsed(command=call.command.name, arguments=HelpArguments(everything=True))
    topic = topics.get(asked) if len(words) == 1 else None
    group = None if topic else _GROUPS.get("-".join(words))
    if group is not None:
        return Parsed(command=call.command.name, arguments=HelpArguments(group=group))
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
    usage="help [<command>|all]",
    summary="Show what you can do, or explain one command",
    example="help log",
    aliases=("?", "commands"),
    topic=(
        "help shows what your roles can do, in groups that open on a tap; help log explains one command; help all "
        "lists every command there is."
    ),
    read=read,
)
