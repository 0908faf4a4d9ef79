"""`undo`: take back what was done last."""

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words

#: Words that add nothing: `undo last entry`, `undo that`.
_FILLERS = words("last the that it this my entry log please one again")


def read(call: Call) -> Parsed:
    """Nothing may follow that could name another entry."""
    extra = [word for word in call.words.lower().split() if word not in _FILLERS]
    if extra or len(call.lines) > 1:
        word = quoted(call.words if extra else call.lines[1].shown)
        message = sentences.MORE_WORDS.format(command="undo", takes="no more words", word=word)
        line = call.lines[0] if extra else call.lines[1]
        return call.problem(ProblemCode.EXTRA_WORDS, message, example="undo", line=line)
    return Parsed(command=call.command.name)


COMMAND = Command(
    name="undo",
    section=Section.ENTRIES,
    place=20,
    usage="undo",
    summary="Take back the last thing you did, whatever it was",
    example="undo",
    topic=(
        "Takes back the last thing you did in the last 24 hours, all of it: time logged, a correction, a void, a "
        "split, an enrollment, a consent, a discharge, a score, a review, a reminder. The Undo button of any receipt "
        "does the same for that receipt. Put it back reverses that. A second undo within a minute asks first.\n"
        "What is taken back stays in the history. Closing a month is not undone: reopen it, with a reason."
    ),
    read=read,
)
