"""Reads commands that take no more words."""

from bot.grammar.call import sentences
from bot.grammar.call.command import Call
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words

_FILLERS = words("me my mine please show list the patients")


def read_bare(call: Call) -> Parsed:
    """Nothing may follow that could mean more."""
    more = [word for word in call.words.lower().split() if word.strip(":,.!?") not in _FILLERS]
    if not more and len(call.lines) == 1:
        return Parsed(command=call.command.name)
    if log := meant_as_log(call):
        return log
    line = call.lines[0] if more else call.lines[1]
    message = sentences.MORE_WORDS.format(
        command=call.command.name, takes="no more words", word=quoted(line.shown.strip())
    )
    return call.problem(ProblemCode.EXTRA_WORDS, message, example=call.command.name, line=line)
