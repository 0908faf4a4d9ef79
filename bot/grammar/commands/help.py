"""`help [topic]`: made from the registry."""

from bot.grammar import sentences
from bot.grammar.call.command import Call, Command
from bot.grammar.parsed import HelpArguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.typos import nearest
from bot.grammar.text.wordlists import words

_FILLERS = words("me with on about the a please how to do i for using")


def read(call: Call) -> Parsed:
    """A topic is the name of a command."""
    words = [word for word in call.words.lower().split() if word not in _FILLERS]
    if not words:
        return Parsed(command=call.command.name, arguments=HelpArguments())
    topics = {word: command.name for command in call.commands for word in (*command.words, *command.keywords)}
    asked = words[0].strip("`'\"<>.,:;")
    topic = topics.get(asked) if len(words) == 1 else None
    if topic is None:
        near = topics.get(nearest(asked, topics, 2) or "")
        names = ", ".join(command.name for command in call.commands)
        message = sentences.UNKNOWN_TOPIC.format(word=sentences.quoted(call.words), topics=names)
        return call.problem(ProblemCode.UNKNOWN_TOPIC, message, example=f"help {near}" if near else "help")
    return Parsed(command=call.command.name, arguments=HelpArguments(topic=topic))


COMMAND = Command(
    name="help",
    usage="help [<command>]",
    summary="List what can be said, or explain one command",
    example="help log",
    aliases=("?", "commands"),
    topic="help lists every command; help log explains one.",
    read=read,
)
