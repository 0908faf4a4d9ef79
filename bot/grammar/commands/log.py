"""`log 15m MRN123 phone check-in`: one entry a line, all or nothing."""

from dataclasses import replace

from bot.grammar.call.command import Call, Command, Section
from bot.grammar.log.examples import EMPTY_EXAMPLE, PLAIN_EXAMPLE, fixed
from bot.grammar.log.line import LogLine, is_understood, read_log_line
from bot.grammar.log.message import Message
from bot.grammar.parsed import Intent, ParseContext, Parsed, TypedLine
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.text.blanks import GAP
from bot.grammar.text.lines import Line, line_of
from bot.grammar.text.phrases import quoted
from bot.grammar.text.wordlists import words
from services.entries.requests import LogDraft

NAME = "log"
NOTHING = "Nothing to log yet: give the time, the patient and what was done."
MIXED = "{word} is a command of its own. Send it as a message by itself; to make it part of a note, begin with log."


def read(call: Call) -> Parsed:
    """Every line's entries, or every problem of every line."""
    lines = [line for line in call.lines if line.plain.strip(" .:")]
    if not lines:
        return call.problem(ProblemCode.NOTHING, NOTHING, example=EMPTY_EXAMPLE)
    return parsed_log([read_log_line(line, call.context) for line in lines], call.context)


def parsed_log(lines: list[LogLine], context: ParseContext, intent: Intent = Intent.LOG) -> Parsed:
    """The message of those lines."""
    drafts = tuple([line.draft for line in lines if line.draft is not None])
    if len(drafts) == len(lines):
        left = tuple([left for line in lines for left in line.account.left])
        return Parsed(command=NAME, draft=LogDraft(lines=drafts), left=left, intent=intent)
    problems = tuple(found for line in lines for found in problems_of(line, context))
    return Parsed(command=NAME, problems=problems, intent=intent)


def parsed_message(message: Message, readings: list[LogLine], context: ParseContext) -> Parsed:
    """The message of several lines, as they were read: its draft, or every line as far as it is understood."""
    lines = tuple(
        TypedLine(
            text=message.text_of(number),
            draft=reading.draft and replace(reading.draft, text=message.text_of(number)),
            problems=tuple(problems_of(reading, context)),
        )
        for number, reading in enumerate(readings)
    )
    drafts = tuple(line.draft for line in lines if line.draft is not None)
    if len(drafts) == len(lines):
        left = tuple(left for reading in readings for left in reading.account.left)
        return Parsed(command=NAME, draft=LogDraft(lines=drafts), left=left, intent=Intent.LOG)
    problems = tuple(found for line in lines for found in line.problems)
    return Parsed(command=NAME, problems=problems, lines=lines, intent=Intent.LOG)


def problems_of(line: LogLine, context: ParseContext) -> list[ParseProblem]:
    """A line's findings with one example that fixes them all."""
    if line.draft is not None:
        return []
    example = fixed(line, context)
    if line.aside and _may_go_on(f"{example} {line.aside}", context):
        example = f"{example} {line.aside}"
    return [
        ParseProblem(
            code=found.code,
            message=found.message,
            start=span[0],
            end=span[1],
            example=example,
            line=line.sheet.line.number,
        )
        for found in line.sheet.findings
        for span in [line.sheet.line.typed(found.start, found.end)]
    ]


def _may_go_on(example: str, context: ParseContext) -> bool:
    """True for an example that is understood, or still has a gap to fill."""
    return GAP in example or is_understood(line_of(example.removeprefix("log")), context)


def mixed(line: Line, word: str, example: str) -> ParseProblem:
    """A later line that begins with another command, whose word is given in plain form."""
    start = line.plain.index(word)
    shown = line.shown[start : start + len(word)]
    begin, end = line.typed(start, start + len(word))
    return ParseProblem(
        code=ProblemCode.MIXED_COMMANDS,
        message=MIXED.format(word=quoted(shown)),
        start=begin,
        end=end,
        example=example,
        line=line.number,
    )


COMMAND = Command(
    name=NAME,
    section=Section.ENTRIES,
    place=10,
    usage="log <time> <patient> <note> [<date>]",
    summary="Log time for a patient; several lines are several entries, stored all or not at all",
    example=PLAIN_EXAMPLE,
    aliases=("logged",),
    keywords=words(
        """
        time times duration durations minutes range date dates when patient patients mrn note notes activity activities
        outcome next for each split
        """
    ),
    topic=(
        "Time, patient, date and note may come in any order; the word log may be left out.\n"
        "Time: 15m, 1h 30m, 1.5h, 1:15, half an hour, or a range such as 2pm-2:25pm.\n"
        "Patient: MRN123, #123, a number on the roster, or a handle such as P-7F3K. "
        "Several patients: MRN1, MRN2 20m each, or split.\n"
        "Date: yesterday, last friday, 11/3, nov 3rd, 3 days ago; today when left out.\n"
        "Several lines: a day by itself dates the lines under it, and a line without time and patient goes on with the "
        "note above. MRN:, Minutes: and Note: on lines of their own work too, and so do rows under a sheet's header.\n"
        "The rest is the note. Put figures or dates that belong to it in double quotes when they are misread.\n"
        "next 12/3 plans the next contact, for @ana records another's time, with @cho says who worked on it with you, "
        "#phone or #chart_review states the kind of work."
    ),
    read=read,
)
