"""Makes a line that works from the person's own words, to show with a refusal."""

from collections.abc import Iterator

from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.notes import note_of
from bot.grammar.parsed import ParseContext
from bot.grammar.text.lines import line_of
from bot.grammar.text.scan import MEMBER

#: Understood whatever the roster and the practice's own form of an MRN.
PLAIN_EXAMPLE = "log 15m MRN123 phone check-in"
_TIME, _PATIENT = "15m", "MRN123"


def fixed(line: LogLine, context: ParseContext) -> str:
    """The line with what is wrong put right; the first of ever plainer ones that is understood."""
    return next((text for text in _candidates(line) if _is_understood(text, context)), PLAIN_EXAMPLE)


def _is_understood(text: str, context: ParseContext) -> bool:
    return read_log_line(line_of(text.removeprefix("log")), context).draft is not None


def _candidates(line: LogLine) -> Iterator[str]:
    sheet, slots = line.sheet, line.slots
    time = " ".join(sheet.shown(i) for i in slots.time.items) if slots.time else (sheet.time_hint or _TIME)
    patient = sheet.patient_hint or _PATIENT
    if slots.patients:
        named = slots.patients.patients[:1] if slots.patients.apart else slots.patients.patients
        patient = ", ".join(ref.text for ref in named)
    day = " ".join(sheet.shown(i) for i in slots.day.items) if slots.day else ""
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
        for when in (day, ""):
            yield _line(time, patient, words, when, member)
    for words in (note, literal, ""):
        yield _line(_TIME, patient, words)
    for words in (note, literal, ""):
        yield _line(time, _PATIENT, words)
    for words in (note, literal):
        yield _line(_TIME, _PATIENT, words)


def _line(*parts: str) -> str:
    return " ".join(("log", *(part for part in parts if part)))


def _shortened(note: str, most: int) -> str:
    if len(note) <= most:
        return note
    head, blank, _ = note[: most + 1].rpartition(" ")
    return head if blank and len(head) > most // 2 else note[:most]
