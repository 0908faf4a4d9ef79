"""Reads a whole message: finds its command, and reads the rest by that command's own rules."""

import re
from dataclasses import replace

from bot.grammar import sentences
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.timer_words import TIMER_VERBS
from bot.grammar.commands import edit, log
from bot.grammar.intent.answers import answered, doubted
from bot.grammar.intent.asks import is_greeting, wanted
from bot.grammar.intent.openings import means_time
from bot.grammar.intent.sentences import reads_as
from bot.grammar.intent.verdicts import Verdict, verdict
from bot.grammar.leftovers import with_leftovers
from bot.grammar.log.examples import EMPTY_EXAMPLE, PLAIN_EXAMPLE, fixed
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.message import Message, has_several, leads_entries
from bot.grammar.log.patient_slot import bare_numbers
from bot.grammar.opening import first_word, opened, unbulleted, unthanked, without_call
from bot.grammar.parsed import FORM, UNKNOWN, WELCOME, Intent, ParseContext, Parsed, TypedLine
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.registry import BY_WORD, COMMANDS, RESERVED
from bot.grammar.stated_scores import with_scores
from bot.grammar.suggested import with_lines_that_work
from bot.grammar.text import scan
from bot.grammar.text.blanks import GAP
from bot.grammar.text.later import compile_all
from bot.grammar.text.lexicon import NOT_MISTYPED
from bot.grammar.text.lines import MAX_TEXT, Line, line_of, lines_of
from bot.grammar.text.phrases import quoted
from bot.grammar.text.typos import nearest
from bot.grammar.when.slow_dates import slow_date

#: Entries in one message.
MAX_LINES = 50
#: So many words are no command mistyped under a log, but its note going on: `review of side effects`.
_A_SENTENCE = 3

#: What a message may be meant as that states scores and no time.
_MAY_STATE_SCORES = frozenset({Intent.LOG, Intent.OTHER})
_FIGURE = re.compile(r"\d")
_ASKING = ("who", "what", "how", "which", "can", "could", "show", "please")

#: Every command's word but a timer's verbs.
_OTHERS = tuple(word for word in BY_WORD if word not in TIMER_VERBS)
_LOG_WORDS = frozenset(log.COMMAND.words)


def parse(text: str, context: ParseContext) -> Parsed:
    """What a message means.

    Args:
        text: As it came from Slack: escapes and links included.
        context: Who speaks when, and what the practice's roster and limits are.

    Returns:
        The command with its draft or arguments, or every problem at once; never both.
    """
    parsed = with_lines_that_work(_parsed(text, context), lambda line: _parsed(line, context), own=log.NAME)
    return with_leftovers(text, parsed)


def _parsed(text: str, context: ParseContext) -> Parsed:
    if len(text) > MAX_TEXT:
        return _refused(
            ProblemCode.TEXT_TOO_LONG,
            sentences.text_too_long(len(text), MAX_TEXT),
            start=MAX_TEXT,
            end=len(text),
        )
    if GAP in text:
        start = text.index(GAP)
        return _refused(ProblemCode.GAP, sentences.FILL_IN, start=start, end=start + len(GAP), example="")
    lines = _opened(text)
    if not lines:
        return Parsed(command=FORM)
    if len(lines) > MAX_LINES:
        start, end = lines[MAX_LINES].typed(0, len(lines[MAX_LINES].shown))
        return _refused(
            ProblemCode.TOO_MANY_LINES, sentences.too_many_lines(len(lines), MAX_LINES), start=start, end=end
        )
    parsed = _read(lines, context)
    if len(lines) == 1 and parsed.command in {log.NAME, UNKNOWN} and parsed.intent in _MAY_STATE_SCORES:
        return with_scores(parsed, unbulleted(lines[0]), context, BY_WORD["assess"])
    return parsed


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
    scan.warm_up(context.mrn_pattern)
    compile_all()
    slow_date("2026 nov 3", context.local_now)
    parse(PLAIN_EXAMPLE, context)


def _opened(text: str) -> list[Line]:
    lines = lines_of(text)
    if lines:
        lines[0] = opened(lines[0])
        lines[1:] = [without_call(line) for line in lines[1:]]
    return [line for line in lines if line.plain.strip()]


def _read(lines: list[Line], context: ParseContext) -> Parsed:
    first = unbulleted(lines[0])
    word, length = first_word(first)
    command = BY_WORD.get(word)
    if command is not None and command.name != log.NAME:
        under = word == "today" and len(lines) > 1 and leads_entries(first, context)
        if command.name == "month" and (said := _said_otherwise(first, context)) is not None:
            return said
        if not under and not means_time(command, first, length, read_log_line(first, context)):
            return _called_by_name(command, lines, length, context)
        command = None
    if command is None and len(lines) == 1:
        said = _said_otherwise(first, context) or _said_of_last(first, context)
        if said is not None:
            return said
    leads = len(lines) > 1 and leads_entries(first, context)
    if command is None and not leads and (refused := _other_command(first, word, context)):
        return refused
    return _log(lines, context, named=command is not None)


def _called_by_name(command: Command, lines: list[Line], length: int, context: ParseContext) -> Parsed:
    first = unbulleted(lines[0])
    rest = [unthanked(first.cut(length)), *lines[1:]]
    if command.section is Section.CARE and _is_question(first):
        return _asked_about(first, context)
    parsed = command.read(Call(command=command, lines=rest, whole=first, context=context, commands=COMMANDS))
    return parsed if parsed.intent is not Intent.OTHER else replace(parsed, intent=_intent_of(command))


def _is_question(line: Line) -> bool:
    """True for `consent MRN123 verbal?`, which records nothing."""
    return line.plain.rstrip(" \"'").endswith("?")


def _asked_about(line: Line, context: ParseContext) -> Parsed:
    """What a question that begins with a verb of care asks about: the patient, or nothing that is known."""
    reading = read_log_line(line, context)
    return answered(reading, Verdict.QUESTION, context) or replace(
        _not_understood(reading), intent=Intent.QUESTION
    )


def _intent_of(command: Command) -> Intent:
    if command.section is Section.OVERVIEWS or command.name in {"history", "report"}:
        return Intent.QUESTION
    if command.name in TIMER_VERBS:
        return Intent.OTHER
    return Intent.CORRECTION if command.section is Section.ENTRIES else Intent.OTHER


def _said_otherwise(line: Line, context: ParseContext) -> Parsed | None:
    """A greeting, or a request for something to look at in other words than its command's."""
    if _FIGURE.search(line.plain) and not line.plain.startswith(_ASKING):
        return None
    if is_greeting(line.plain):
        return Parsed(command=WELCOME)
    asked = wanted(line.plain)
    if asked is None:
        return None
    name, rest = asked
    command = BY_WORD[name]
    parsed = _called_by_name(command, [line_of(f"{name} {rest}")], len(name), context)
    if not any(char.isdigit() for char in line.plain):
        return parsed
    return replace(parsed, not_logged=reads_as(Verdict.QUESTION, line.shown.strip(), ""))


def _said_of_last(line: Line, context: ParseContext) -> Parsed | None:
    """`add 10m`, `5m less`: more or less of an entry on file, and no entry of its own."""
    if _is_question(line):
        return None
    amended = edit.read_alone(unthanked(line), context, COMMANDS)
    if amended is not None:
        return replace(amended, intent=Intent.CORRECTION)
    if not edit.takes_off(line, context, COMMANDS):
        return None
    reading = read_log_line(line, context)
    return answered(reading, Verdict.CORRECTION, context) if reading.has_patient else None


def _log(lines: list[Line], context: ParseContext, *, named: bool) -> Parsed:
    entries: list[Line] = []
    problems: list[ParseProblem] = []
    #: Numbers of the lines that open with the word `log`, and so mean one whatever they say.
    exempt: set[int] = set()
    bare = named and not lines[0].plain.strip(" .:")
    for number, typed in enumerate(lines):
        line = unbulleted(typed)
        word, length = first_word(line)
        if bare or word in _LOG_WORDS:
            exempt.add(line.number)
        if word in _LOG_WORDS:
            line = line.cut(length)
            bare = bare or (number == 0 and not line.plain.strip(" .:"))
        elif number and _is_other_command(line, word, length, context):
            problems.append(log.mixed(line, word, _alone(line, word, context)))
            continue
        if number or line.plain.strip(" .:"):
            entries.append(line)
    if not entries and not problems:
        call = Call(command=log.COMMAND, lines=[lines[0]], whole=lines[0], context=context, commands=COMMANDS)
        return call.problem(ProblemCode.NOTHING, log.NOTHING, example=EMPTY_EXAMPLE)
    if len(entries) == 1 and not has_several(entries[0]):
        parsed = _one_line(entries[0], context, named=named or bool(problems), exempt=bool(exempt))
    else:
        parsed = _several_lines(entries, exempt, context, named=named or bool(problems))
    if not problems:
        return parsed
    shown = {line.number: line.shown.strip() for line in lines}
    others = tuple(TypedLine(text=shown[one.line], problems=(one,)) for one in problems)
    return Parsed(
        command=log.NAME,
        problems=tuple(sorted((*parsed.problems, *problems), key=lambda one: one.start)),
        lines=(*_lines_of(parsed), *others),
        intent=parsed.intent,
    )


def _is_other_command(line: Line, word: str, length: int, context: ParseContext) -> bool:
    """True for a later line that begins with another command's word, and is no entry and no part of one."""
    if (word not in BY_WORD and word not in RESERVED) or _is_more_of_log(line, word, context):
        return False
    reading = read_log_line(line, context)
    if word in RESERVED:
        return not (reading.has_time and reading.has_patient)
    return not means_time(BY_WORD[word], line, length, reading)


def _lines_of(parsed: Parsed) -> tuple[TypedLine, ...]:
    if parsed.draft is None:
        return parsed.lines
    return tuple(TypedLine(text=line.text, draft=line) for line in parsed.draft.lines)


def _one_line(line: Line, context: ParseContext, *, named: bool, exempt: bool) -> Parsed:
    reading = read_log_line(line, context)
    why = None if exempt else verdict(reading)
    intent = Intent.LOG if why is None else why.intent
    if why is not None and (answer := answered(reading, why, context)) is not None:
        return answer
    if why is Verdict.QUESTION and not reading.has_patient:
        return replace(_not_understood(reading), intent=intent)  # `who has less than 20 min`
    if not (named or reading.has_time or reading.has_patient):
        return replace(_not_understood(reading), intent=Intent.OTHER if why is None else intent)
    if why is not None:
        reading = replace(reading, draft=doubted(reading, why))
    return log.parsed_log([reading], context, intent)


def _several_lines(entries: list[Line], exempt: set[int], context: ParseContext, *, named: bool) -> Parsed:
    message = Message(entries, context)
    if not (named or any(one.has_time or one.has_patient for one in message.readings)):
        return _not_understood(read_log_line(entries[0], context))
    readings = [
        reading if why is None else replace(reading, draft=doubted(reading, why))
        for reading in message.readings
        for why in [None if reading.sheet.line.number in exempt else verdict(reading)]
    ]
    return log.parsed_message(message, readings, context)


def _is_more_of_log(line: Line, word: str, context: ParseContext) -> bool:
    """True for a later line that begins with a command's word and is a field, a heading or a note's next line."""
    if word == "today" or leads_entries(line, context):
        return True
    if len(line.plain.split()) < _A_SENTENCE:
        return False
    reading = read_log_line(line, context)
    return not (reading.has_time or reading.has_patient)


def _alone(line: Line, word: str, context: ParseContext) -> str:
    """What could be sent instead of a line that begins with another command."""
    if word in BY_WORD:
        text = line.shown.strip()
        return text if parse(text, context).ok else ""
    reading = read_log_line(line, context)
    return fixed(reading, context) if reading.has_time and reading.has_patient else "help"


# -- which command ---------------------------------------------------------------------------------------


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
    is_short = len(word) <= 4  # noqa: PLR2004 - two slips in a short word are another word
    # What only looks comes before what starts a timer: `stat MRN123`.
    known = (is_short and nearest(word, _OTHERS, 1)) or nearest(word, BY_WORD, 1 if is_short else 2)
    return BY_WORD[known].name if known else None


def _called(name: str, rest: str, context: ParseContext) -> str:
    """The command put in the place of a mistyped word, when the whole is then understood."""
    text = f"{name} {rest.strip()}".strip()
    parsed = parse(text, context)
    return text if parsed.ok else parsed.problems[0].example


def _reserved(line: Line, word: str, context: ParseContext) -> Parsed | None:
    """That a word is kept for later; None where the line logs time, whatever its first word."""
    reading = read_log_line(line, context)
    if reading.has_time and reading.has_patient:
        return None
    start = line.plain.index(word)
    shown = quoted(line.shown[start : start + len(word)])
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


def _refused(code: ProblemCode, message: str, *, start: int, end: int, example: str = "help") -> Parsed:
    problem = ParseProblem(code=code, message=message, start=start, end=end, example=example)
    return Parsed(command=UNKNOWN, problems=(problem,))
