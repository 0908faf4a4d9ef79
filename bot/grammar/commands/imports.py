"""`imports`: which files were imported, by whom, and how one is taken back."""

from bot.grammar.call import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.parsed import Intent, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words

_FILLERS = words("show list all my the please which what files file were was done")


def read(call: Call) -> Parsed:
    """The word alone: an import is taken back by its button."""
    more = [word for word in call.words.casefold().split() if word.strip(",.!?:") not in _FILLERS]
    if more or len(call.lines) > 1:
        word = quoted(call.words if more else call.lines[1].shown)
        message = sentences.MORE_WORDS.format(command="imports", takes="no more words", word=word)
        line = call.lines[0] if more else call.lines[1]
        return call.problem(ProblemCode.EXTRA_WORDS, message, example="imports", line=line)
    return Parsed(command=call.command.name, intent=Intent.QUESTION)


COMMAND = Command(
    name="imports",
    section=Section.PEOPLE,
    place=40,
    usage="imports",
    summary="Show which files were imported, and take one back",
    example="imports",
    aliases=("import",),
    keywords=words("file files csv excel spreadsheet upload xlsx"),
    topic=(
        "Administrators send a table here, CSV or Excel, as a file in this direct message: patients, entries, members, "
        "payers, fees and others. I show what it holds and what importing it would do, ask what it leaves open, and "
        "store nothing before you press Import.\n"
        "imports lists every import with its number, when and by whom, each with Undo."
    ),
    read=read,
)
