"""Takes what follows a timer's verb off its line: the patient, a time, and the words about the work."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Final

from bot.grammar.call.command import Call
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments, Intent, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import GAP
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import (
    DATE,
    DURATION,
    NEGATIVE,
    NEXT,
    NUMBER,
    PATIENT,
    RANGE,
    VAGUE,
    VAGUE_DATE,
    WEAK_DATE,
    Item,
    scan,
)
from bot.grammar.when.clock_times import clock_times
from services.entries.timer_requests import SaidTime, TimerWords
from services.people.patient_ref import PatientRef

#: The verbs of a timer; alone or with a patient and no length each is one, in a line that logs time it is a word.
TIMER_VERBS: Final = frozenset({"start", "stop", "switch", "cancel", "timer"})
#: Kinds of which a line that logs time has one.
_LENGTHS = frozenset({DURATION, RANGE, NEGATIVE, VAGUE})
_TIME = (
    r"(?:\d{1,2}(?::[0-5]\d)?\s?(?:[ap]\.?m\b\.?|[ap]\b)|\d{1,2}:[0-5]\d(?!:?\d)|\d{3,4}(?![\w.:/])"
    r"|\d{1,2}(?![\w.:/]|\s*(?:m|min|h|hr|hour)|\s*\d)|noon\b|midnight\b)"
)
_DAY = r"(?:today|yesterday|this morning|this afternoon|last night)"
_AT = re.compile(
    rf"(?:(?P<before>\b{_DAY})[\s,]+)?(?:(?<!\w)(?:at|since|from|@|around)\s*)(?P<time>{_TIME})"
    rf"(?:[\s,]+(?P<after>{_DAY})\b)?"
)
_FIGURES = r"[1-9]\d?:[0-5]\d(?:\s?[ap]\.?m\b\.?|[ap]\b)?"
#: `start MRN123 9:10`, `stop 9:35 call back`: figures with a colon at either end, and no length under an hour.
_BARE = re.compile(
    rf"^[\s|]*(?P<head>{_FIGURES})(?![\w:])(?!\s*-)"
    rf"|(?<![-:\w])(?P<tail>{_FIGURES})[\s|.!]*$"
)
_LEAD = re.compile(r"^(?:at|since|from|around|@)\s*", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:about\s+)?(?P<n>\d{1,3}|an?|one|half an)\s?(?P<unit>minutes?|mins?|m|hours?|hrs?|h)\s+ago\b"
)
_DEVICE = re.compile(
    r"^[\s|]*(?:(?:a|the|my|another|new|this|that|it)\s+)*(?:timer|clock|stopwatch)\b"
    r"(?:[\s:]+(?:for|on|with|to)\b)?"
)
_YESTERDAY = re.compile(rf"\b{_DAY}$")
_FILLED = re.compile(
    r"[\s|.,!:;-]*(?:(?:and|for|to|with|on|it|that|this|now|please|pt|patient)\b[\s|.,!:;-]*)*"
)
#: Words of which nothing is left but a time that was not understood, or an end beside the start.
_TIME_LEFT = re.compile(r"^(?:at|since|from|around|@)[\s:-]*\d[\d:.h-]*(?:\s?[ap]\.?m\.?)?$")
_END_LEFT = re.compile(r"^(?:to|till?|until|-)\s*\d[\d:.h]*(?:\s?[ap]\.?m\.?)?$")
_DATES = frozenset({DATE, WEAK_DATE, VAGUE_DATE, NEXT})
_HOUR, _MINUTE = 3_600, 60
_HALF = 12
_SHORTEST_BARE = 3
_HAS_LENGTH = (
    "{word} is a length of time, which a timer measures itself. Leave it out, or log it without a timer:"
)
_SECOND_TIME = "{word} is a second time, and {command} takes one. Keep the right one."
_NO_SUCH_TIME = "{word} is not a time of day. Write it as 9:10, 9:10am or 14:05."
_FIGURE_ALONE = (
    "{word} may be minutes or a time of day. Write a time as 9:10, or log the minutes without a timer:"
)
_OTHER_DAY = "{word} is another day, and a timer measures work that goes on now. Leave it out, or write it into a note."
_NOT_TODAY = (
    "{word} is over, and a timer measures work that is still going on. Log work that is over with its length:"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerArguments(Arguments):
    """`start MRN123 phone at 9:10`, `stop called mom`, `switch MRN124`, `cancel`."""

    patient: PatientRef | None = field(default=None, repr=False)
    at: SaidTime | None = None
    note: str = field(default="", repr=False)

    @property
    def words(self) -> TimerWords:
        """The same for the use cases."""
        return TimerWords(patient=self.patient, at=self.at, note=self.note)


def has_length(plain: str, mrn_pattern: str | None) -> bool:
    """Whether what follows a timer's verb says how long something took, beside when it began or ended."""
    if any(item.kind == RANGE for item in scan(plain, mrn_pattern)):
        # `9:10 to 9:30`, of which one end alone would look like the time at which a timer began.
        return True
    rest = _AGO.sub("|", _AT.sub("|", plain))
    if _BARE.search(rest):
        rest = _BARE.sub("|", rest)
    return any(item.kind in _LENGTHS or _is_length(item, rest) for item in scan(rest, mrn_pattern))


def _is_length(item: Item, plain: str) -> bool:
    """`0:20`; other figures with a colon are times of day, to a timer."""
    return plain[item.start : item.end].startswith("0:")


def read_timer(call: Call, *, patient_needed: bool) -> Parsed | tuple[CallLine, TimerArguments]:
    """What follows the verb, or the refusal; nothing is left over.

    Args:
        call: the message.
        patient_needed: whether words without a patient are refused.
    """
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    if call.whole.plain.rstrip(" \"'").endswith("?"):
        # `start MRN123?` asks, and does nothing.
        return Parsed(command="timer", intent=Intent.QUESTION)
    line.take(_DEVICE)
    at = _time(line)
    patient = _patient(line)
    lengths = [line.claim(item.start, item.end) for item in line.items(*_LENGTHS)]
    note = _note(line)
    for found in lengths:
        named = patient.text if patient is not None else f"MRN{GAP}"
        logged = " ".join(("log", found.shown.strip(), named, *note.split()))
        message = _HAS_LENGTH.format(word=quoted(found.shown.strip()))
        line.find(ProblemCode.EXTRA_WORDS, message, found.start, found.end, example=logged)
    if note and not line.problems:
        _refuse_figures(line, note, patient)
    if patient_needed and patient is None and note and not line.problems:
        _miss_patient(line, note)
    if line.problems:
        when = "" if at is None else at.text if at.ago is not None else f"at {at.text}"
        return line.refused([patient.text if patient else "", note, when])
    return line, TimerArguments(patient=patient, at=at, note=note)


def understood(line: CallLine, arguments: TimerArguments) -> Parsed:
    """The message understood."""
    return Parsed(command=line.call.command.name, arguments=arguments)


def over(line: CallLine, note: str) -> bool:
    """Note as a problem that the words speak of another day: `start MRN123 yesterday`."""
    found = _YESTERDAY.search(note.casefold())
    if found is None or found.group() in {"today", "this morning", "this afternoon"}:
        return False
    begin = line.line.plain.rindex(found.group())
    named = next((line.line.shown[one.start : one.end] for one in line.named_patients), f"MRN{GAP}")
    rest = note[: found.start()].strip()
    example = f"log {GAP} {named} {rest}".strip() + f" {found.group()}"
    message = _NOT_TODAY.format(word=quoted(found.group()))
    line.find(ProblemCode.TOO_OLD, message, begin, begin + len(found.group()), example=example)
    return True


def _refuse_figures(line: CallLine, note: str, patient: PatientRef | None) -> None:
    """Words that are only a figure, a time or a day are no note: whoever wrote them meant something else by them."""
    words, word = note.casefold().strip(" .,!"), quoted(note)
    begin = max(line.line.shown.find(note), 0)
    end, name = begin + len(note), line.call.command.name
    days = [line.plain[item.start : item.end] for item in line.items(*_DATES)]
    if words.isdigit() and len(words) <= _SHORTEST_BARE and (patient is not None or name == "stop"):
        example = f"log {words}m {patient.text if patient is not None else f'MRN{GAP}'}"
        line.find(ProblemCode.UNCLEAR_DURATION, _FIGURE_ALONE.format(word=word), begin, end, example=example)
    elif _TIME_LEFT.match(words):
        line.find(ProblemCode.NO_SUCH_TIME, _NO_SUCH_TIME.format(word=word), begin, end)
    elif _END_LEFT.match(words):
        line.find(ProblemCode.TWO_DATES, _SECOND_TIME.format(word=word, command=name), begin, end)
    elif words in {one.strip() for one in days} and words not in {"today", "yesterday"}:
        line.find(ProblemCode.EXTRA_WORDS, _OTHER_DAY.format(word=word), begin, end)


# -- slots -----------------------------------------------------------------------------------------------


def _time(line: CallLine) -> SaidTime | None:
    ago = _AGO.search(line.plain)
    if ago is not None:
        shown = line.cut(ago).shown.strip()
        figure = {"a": 1.0, "an": 1.0, "one": 1.0, "half an": 0.5}.get(ago["n"])
        count = float(ago["n"]) if figure is None else figure
        seconds = int(count * (_HOUR if ago["unit"].startswith("h") else _MINUTE))
        _refuse_second(line)
        return SaidTime(text=shown, ago=seconds)
    match = next((one for one in _AT.finditer(line.plain) if _at_an_end(line, one)), None)
    if match is not None:
        day = match["before"] or match["after"]
        said = line.cut(match)
        words, text = match["time"], _LEAD.sub("", said.shown.strip())
        _refuse_second(line)
        return _said(line, words, text, said.start, said.end, _day(day, line.today))
    bare = _BARE.search(line.plain)
    if bare is None:
        return None
    name = "head" if bare["head"] else "tail"
    said = line.claim(*bare.span(name))
    return _said(line, bare[name], said.shown, said.start, said.end, None)


def _refuse_second(line: CallLine) -> None:
    second = next((one for one in _AT.finditer(line.plain) if _at_an_end(line, one)), None)
    if second is not None:
        word = quoted(line.line.shown[second.start() : second.end()].strip())
        message = _SECOND_TIME.format(word=word, command=line.call.command.name)
        line.find(ProblemCode.TWO_DATES, message, second.start(), second.end())


def _at_an_end(line: CallLine, match: re.Match[str]) -> bool:
    """A time in the middle of the words is theirs: `appt at 9:30 moved to friday`."""
    before, after = line.plain[: match.start()], line.plain[match.end() :]
    named = [line.plain[item.start : item.end] for item in line.items(PATIENT)]
    for one in named:
        before, after = before.replace(one, " "), after.replace(one, " ")
    return not before.strip(" |,;:.-") or not after.strip(" |,;:.!-")


def _said(line: CallLine, words: str, text: str, start: int, end: int, day: date | None) -> SaidTime | None:
    figures = f"{words[:-2]}:{words[-2:]}" if words.isdigit() and len(words) >= _SHORTEST_BARE else words
    found = clock_times(figures)
    clock = found[0] if len(found) == 1 else None
    if clock is None:
        line.find(ProblemCode.NO_SUCH_TIME, _NO_SUCH_TIME.format(word=quoted(text)), start, end)
        return None
    return SaidTime(text=text, at=time(clock.hour, clock.minute), sure=clock.sure, day=day)


def _day(word: str | None, today: date) -> date | None:
    if word is None:
        return None
    return today - timedelta(days=1) if word in {"yesterday", "last night"} else today


def _patient(line: CallLine) -> PatientRef | None:
    context = line.call.context
    if line.items(PATIENT):
        return line.patient()
    for item in line.items(NUMBER):
        figures = line.plain[item.start : item.end].strip()
        ref = line.ref(item)
        head = not line.plain[: item.start].strip(" |")
        known = (ref.identity or "") in context.roster
        if known or (head and figures.isdigit() and len(figures) >= _SHORTEST_BARE):
            line.named_patients = (item,)
            line.claim(item.start, item.end)
            return ref
    return None


def _note(line: CallLine) -> str:
    note = line.rest()
    lead = _FILLED.match(note.casefold())
    if lead is not None and lead.end() == len(note):
        note = ""
    most = line.call.context.limits.note_characters
    if len(note) > most:
        message = f"The note has {len(note)} characters, {len(note) - most} more than the {most} that fit. Shorten it."
        line.find(ProblemCode.NOTE_TOO_LONG, message)
    return note


def _miss_patient(line: CallLine, note: str) -> None:
    name = line.call.command.name
    message = (
        f"No patient: {name} needs one beside a note. Add the MRN, such as MRN123 or #123."
        if name == "switch"
        else f"No patient: {name} takes one with a note, or nothing at all. Add the MRN, such as MRN123 or #123."
    )
    line.find(ProblemCode.NO_PATIENT, message, example=f"{name} MRN{GAP} {note}")


def with_verb(call: Call, name: str, length: int) -> Parsed:
    """The message read as another verb's, whose word takes so much of the line: `timer start MRN123`."""
    other = next(command for command in call.commands if command.name == name)
    rest = [call.lines[0].cut(length), *call.lines[1:]]
    return other.read(replace(call, command=other, lines=rest))
