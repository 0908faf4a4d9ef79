"""Recognizes a line that logs time but begins with the word of another command."""

from bot.grammar.call import sentences
from bot.grammar.call.command import Call
from bot.grammar.log.examples import fixed
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted


def meant_as_log(call: Call) -> Parsed | None:
    """The way to log a line such as `near MRN123's home, 15m visit`, when time and patient are in it."""
    reading = read_log_line(call.whole, call.context)
    if not (reading.has_time and reading.has_patient):
        return None
    start, end = call.whole.words
    word = call.whole.shown[start:end].split(maxsplit=1)[0].strip(":,.!?")
    return call.problem(
        ProblemCode.MIXED_COMMANDS,
        sentences.LOG_INSTEAD.format(word=quoted(word)),
        example=fixed(reading, call.context),
        line=call.whole,
        span=(start, start + len(word)),
    )
