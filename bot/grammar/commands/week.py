"""`week`: a person's own week, day by day."""

from dataclasses import dataclass

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.log_instead import meant_as_log
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words

_FILLERS = words("my mine me please this current show the week")
_LAST = words("last previous prev past before")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekArguments(Arguments):
    """`week`, or `week last`."""

    last: bool = False


def read(call: Call) -> Parsed:
    """This week, or the last."""
    said = [word.strip(":,.!?") for word in call.words.lower().split()]
    extra = [word for word in said if word not in _FILLERS | _LAST]
    if not extra and len(call.lines) == 1:
        return Parsed(command=call.command.name, arguments=WeekArguments(last=bool(_LAST & set(said))))
    if log := meant_as_log(call):
        return log
    line = call.lines[0] if extra else call.lines[1]
    message = sentences.MORE_WORDS.format(
        command="week", takes="last and no more", word=quoted(line.shown.strip())
    )
    return call.problem(ProblemCode.EXTRA_WORDS, message, example="week", line=line)


COMMAND = Command(
    name="week",
    section=Section.OVERVIEWS,
    place=20,
    usage="week [last]",
    summary="Show what you logged this week, day by day",
    example="week",
    topic="Sums your time from Monday on, in your own time zone. week last shows the week before.",
    read=read,
)
