"""Reads a whole message: finds its command, and reads the rest by that command's own rules."""

import re

from bot.grammar import sentences
from bot.grammar.call.command import Call
from bot.grammar.commands import log
from bot.grammar.leftovers import with_leftovers
from bot.grammar.log.examples import PLAIN_EXAMPLE, fixed
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.patient_slot import bare_numbers
from bot.grammar.opening import first_word, opened, unbulleted, unthanked
from bot.grammar.parsed import FORM, UNKNOWN, ParseContext, Parsed
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.registry import BY_WORD, COMMANDS, RESERVED
from bot.grammar.text.lexicon import NOT_MISTYPED
from bot.grammar.text.lines import MAX_TEXT, Line, lines_of
from bot.grammar.text.phrases import quoted
from bot.grammar.text.typos import nearest
from bot.grammar.when.slow_dates import slow_date

#: Entries in one message.
MAX_LINES = 50

_LOG_WORDS = frozenset(log.COMMAND.words)


def parse(text: str, context: ParseContext) -> Parsed:
    """What a message means.

    Args:
        text: As it came from Slack: escapes and links included.
        context: Who speaks when, and what the practice's roster and limits are.

    Returns:
        The command with its draft or arguments, or every problem at once; never both.
    """
    return with_leftovers(text, _parsed(text, context))


def _parsed(text: str, context: ParseContext) -> Parsed:
    if len(text) > MAX_TEXT:
        return _refused(
            ProblemCode.TEXT_TOO_LONG,
            sentences.text_too_long(len(text), MAX_TEXT),
            start=MAX_TEXT,
            end=len(text),
        )
    lines = _opened(text)
    if not lines:
        return Parsed(command=FORM)
    if len(lines) > MAX_LINES:
        start, end = lines[MAX_LINES].typed(0, len(lines[MAX_LINES].shown))
        return _refused(
            ProblemCode.TOO_MANY_LINES, sentences.too_many_lines(len(lines), MAX_LINES), start=start, end=end
        )
    return _read(lines, context)


def roster_candidates(text: str) -> tuple[str, ...]:
    """Bare numbers of a message that would be patients if the roster knew them; for looking them up beforehand."""
    if len(text) > MAX_TEXT:
        return ()
    found = dict.fromkeys(
        number for line in _opened(text)[:MAX_LINES] for number in bare_numbers(unbulleted(line).plain)
    )
    return tuple(found)


def warm_up(context: ParseContext) -> None:
    """Load what is loaded on first use, so that nobody's first message waits for it."""
    slow_date("2026 nov 3", context.local_now)
    parse(PLAIN_EXAMPLE, context)


def _opened(text: str) -> list[Line]:
    lines = lines_of(text)
    if lines:
        lines[0] = opened(lines[0])
    return [line for line in lines if line.plain.strip()]


def _read(lines: list[Line], context: ParseContext) -> Parsed:
    first = unbulleted(lines[0])
    word, length = first_word(first)
    command = BY_WORD.get(word)
    if command is not None and command.name != log.NAME:
        if word != "today" or not _is_log(first, context):
            rest = [unthanked(first.cut(length)), *lines[1:]]
            return command.read(
                Call(command=command, lines=rest, whole=first, context=context, commands=COMMANDS)
            )
        command = None
    if command is None and (refused := _other_command(first, word, context)):
        return refused
    return _log(lines, context, named=command is not None)


def _log(lines: list[Line], context: ParseContext, *, named: bool) -> Parsed:
    entries: list[Line] = []
    problems: list[ParseProblem] = []
    for number, typed in enumerate(lines):
        line = unbulleted(typed)
        word, length = first_word(line)
        if word in _LOG_WORDS:
            line = line.cut(length)
        elif number and word != "today" and (word in BY_WORD or word in RESERVED):
            problems.append(log.mixed(line, word, _alone(line, word, context)))
            continue
        if number or line.plain.strip(" .:"):
            entries.append(line)
    if not entries and not problems:
        call = Call(command=log.COMMAND, lines=[lines[0]], whole=lines[0], context=context, commands=COMMANDS)
        return call.problem(ProblemCode.NOTHING, log.NOTHING, example=PLAIN_EXAMPLE)
    readings = [read_log_line(line, context) for line in entries]
    if (
        not named
        and not problems
        and len(readings) == 1
        and not (readings[0].has_time or readings[0].has_patient)
    ):
        return _not_understood(readings[0])
    parsed = log.parsed_log(readings, context)
    if not problems:
        return parsed
    return Parsed(
        command=log.NAME, problems=tuple(sorted((*parsed.problems, *problems), key=lambda one: one.start))
    )


def _alone(line: Line, word: str, context: ParseContext) -> str:
    """What could be sent instead of a line that begins with another command."""
    if word in BY_WORD:
        return BY_WORD[word].example
    reading = read_log_line(line, context)
    return fixed(reading, context) if reading.has_time and reading.has_patient else "help"


# -- which command ---------------------------------------------------------------------------------------


def _is_log(line: Line, context: ParseContext) -> bool:
    reading = read_log_line(line, context)
    return reading.has_time and reading.has_patient


def _other_command(line: Line, word: str, context: ParseContext) -> Parsed | None:
    """The refusal of a word that is kept for later or looks mistyped; None when the line may be a log."""
    if word in RESERVED:
        return _reserved(line, word, context)
    near = _meant(line, word)
    if near is None:
        return None
    reading = read_log_line(line, context)
    if near != log.NAME and reading.has_time and reading.has_patient:
        return None
    start = line.plain.index(word)
    rest = line.shown[start + len(word) :]
    example = _called(near, rest, context)
    message = sentences.UNKNOWN_NEAR.format(word=quoted(line.shown[start : start + len(word)]), near=near)
    return _unknown(line, word, message, example=example, suggestion=near)


def _meant(line: Line, word: str) -> str | None:
    """The command that a first word was probably meant to be."""
    glued = re.match(r"\s*log(?=\d)", line.plain)
    if glued:
        return log.NAME
    if len(word) < 2 or word in NOT_MISTYPED:  # noqa: PLR2004 - a letter is like every other
        return None
    known = nearest(word, BY_WORD, 1 if len(word) <= 4 else 2)  # noqa: PLR2004 - two slips in a short word are another word
    return BY_WORD[known].name if known else None


def _called(name: str, rest: str, context: ParseContext) -> str:
    """The command put in the place of a mistyped word, when the whole is then understood."""
    text = f"{name} {rest.strip()}".strip()
    if parse(text, context).ok:
        return text
    command = BY_WORD[name]
    return command.example


def _reserved(line: Line, word: str, context: ParseContext) -> Parsed:
    reading = read_log_line(line, context)
    start = line.plain.index(word)
    shown = quoted(line.shown[start : start + len(word)])
    if reading.has_time and reading.has_patient:
        message, suggestion = sentences.NOT_YET_LOG.format(word=shown), log.NAME
        return _unknown(line, word, message, example=fixed(reading, context), suggestion=suggestion)
    near = nearest(word, BY_WORD, 2)
    suggestion = BY_WORD[near].name if near else "help"
    return _unknown(line, word, sentences.NOT_YET.format(word=shown), example="help", suggestion=suggestion)


def _not_understood(reading: LogLine) -> Parsed:
    line = reading.sheet.line
    word, _ = first_word(line)
    return _unknown(
        line, word or line.plain.strip(), sentences.NOT_UNDERSTOOD, example="help", suggestion="help"
    )


def _unknown(line: Line, word: str, message: str, *, example: str, suggestion: str) -> Parsed:
    at = max(0, line.plain.find(word))
    start, end = line.typed(at, at + len(word))
    problem = ParseProblem(
        code=ProblemCode.UNKNOWN_COMMAND,
        message=message,
        start=start,
        end=end,
        example=example,
        line=line.number,
    )
    return Parsed(command=UNKNOWN, problems=(problem,), suggestion=suggestion)


def _refused(code: ProblemCode, message: str, *, start: int, end: int) -> Parsed:
    problem = ParseProblem(code=code, message=message, start=start, end=end, example=PLAIN_EXAMPLE)
    return Parsed(command=UNKNOWN, problems=(problem,))
