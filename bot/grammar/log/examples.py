"""Makes a line that works from the person's own words, to show with a refusal."""

from collections.abc import Iterator

from bot.grammar.log.line import LogLine, is_understood
from bot.grammar.log.notes import note_of
from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import DAY, Blank, Part, sampled, shown
from bot.grammar.text.lines import line_of
from bot.grammar.text.scan import MEMBER

#: Understood whatever the roster and the practice's own form of an MRN; for `help`.
PLAIN_EXAMPLE = "log 15m MRN123 phone check-in"
#: Offered where nothing is known of what was to be logged.
EMPTY_EXAMPLE = "log ___ MRN___"
#: What only the person knows, and what is tried in its place.
_TIME, _PATIENT = Blank("___", "15m"), Blank("MRN___", "MRN1")
_DATE_PROBLEMS = frozenset(
    {
        ProblemCode.NO_SUCH_DATE,
        ProblemCode.FUTURE,
        ProblemCode.TOO_OLD,
        ProblemCode.TWO_DATES,
        ProblemCode.VAGUE_DATE,
    }
)
#: Figures of these are no hint of the right one.
_OPPOSITES = frozenset({ProblemCode.NEGATIVE_DURATION, ProblemCode.ZERO_DURATION})


def fixed(line: LogLine, context: ParseContext) -> str:
    """The line with what is wrong put right or left open; the first of ever plainer ones that is understood."""
    #: Where there is no date to leave open, and nothing to quote, candidates are the same.
    tried: dict[str, bool] = {}

    def is_tried(text: str) -> bool:
        if text not in tried:
            tried[text] = is_understood(line_of(text), context)
        return tried[text]

    for parts in _candidates(line):
        if all(map(is_tried, _filled(parts))):
            return shown(["log", *parts])
    return EMPTY_EXAMPLE


def _filled(parts: list[Part]) -> Iterator[str]:
    """A candidate as it is tried: whatever day is written into its gap, the rest of its words name none."""
    yield sampled([part for part in parts if part is not DAY])
    if DAY in parts:
        yield sampled(parts)


def _candidates(line: LogLine) -> Iterator[list[Part]]:
    sheet, slots = line.sheet, line.slots
    codes = {found.code for found in sheet.findings}
    hint = None if codes & _OPPOSITES else sheet.time_hint
    time = " ".join(sheet.shown(i) for i in slots.time.items) if slots.time else (hint or _TIME)
    patient: Part = sheet.patient_hint or _PATIENT
    if slots.patients:
        named = slots.patients.patients[:1] if slots.patients.apart else slots.patients.patients
        patient = ", ".join(ref.text for ref in named)
    day: Part = " ".join(sheet.shown(i) for i in slots.day.items) if slots.day else ""
    open_day: Part = DAY if slots.day is None and codes & _DATE_PROBLEMS else ""
    member = " ".join(
        sheet.shown(i) for i in sheet.taken if sheet.items[i].kind == MEMBER and slots.side.performed_by
    )
    note = _shortened(note_of(sheet)[0], sheet.context.limits.note_characters)
    literal = (
        f'"{note}"'
        if note and '"' not in note and len(note) < sheet.context.limits.note_characters - 1
        else ""
    )
    for words in (note, literal):
        for when in (open_day or day, open_day):
            yield [time, patient, words, when, member]
    for words in (note, literal, ""):
        yield [_TIME, patient, words, open_day]
    for words in (note, literal, ""):
        yield [time, _PATIENT, words, open_day]
    for words in (note, literal):
        yield [_TIME, _PATIENT, words, open_day]


def _shortened(note: str, most: int) -> str:
    if len(note) <= most:
        return note
    head, blank, _ = note[: most + 1].rpartition(" ")
    return head if blank and len(head) > most // 2 else note[:most]
