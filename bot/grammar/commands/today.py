"""`today`: what was logged today."""

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted


def read(call: Call) -> Parsed:
    """Nothing may follow."""
    if call.words or len(call.lines) > 1:
        line = call.lines[0] if call.words else call.lines[1]
        message = sentences.MORE_WORDS.format(
            command="today", takes="no more words", word=quoted(line.shown.strip())
        )
        return call.problem(ProblemCode.EXTRA_WORDS, message, example="today", line=line)
    return Parsed(command=call.command.name)


COMMAND = Command(
    name="today",
    section=Section.OVERVIEWS,
    place=10,
    usage="today",
    summary="Show what you logged today",
    example="today",
    topic="Lists today's entries in your own time zone, with their sum.",
    read=read,
)
