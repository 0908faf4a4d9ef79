"""Reads entries given by labels or columns: `MRN: 123` on a line of its own, or a sheet with a header row."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from billing.activities import Activity
from bot.grammar.log import sentences
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.notes import note_of, warnings
from bot.grammar.log.own_notes import for_each_request, with_own_note
from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lines import Line, put_together
from bot.grammar.text.patterns import MONTH
from bot.grammar.text.phrases import quoted


class Column(StrEnum):
    """What a label or a column holds."""

    PATIENT = "patient"
    MINUTES = "minutes"
    #: A length, or the time of day at which it began.
    TIME = "time"
    HOURS = "hours"
    DATE = "date"
    START = "start"
    END = "end"
    ACTIVITY = "activity"
    NOTE = "note"
    NEXT = "next"


_NAMES = {
    Column.PATIENT: (
        r"mrn|mrns|patient|pt|(?:patient|pt)\s?(?:id|mrn|#|no\.?|number)|m\.?r\.?n\.?\s?#|mrn\s?(?:no\.?|number)"
        r"|client(?:\s?id)?"
    ),
    Column.MINUTES: (
        r"min|mins|minutes|duration|length|total\stime|(?:total\s)?time\sspent|total\s(?:minutes|mins|min|time)|minutes\sspent"
        r"|(?:time|duration|length)\s?\((?:min|mins|minutes|m)\)"
    ),
    Column.TIME: r"time|time\sof\s(?:call|contact|day|visit)|(?:call|contact|visit)\stime",
    Column.HOURS: r"h|hr|hrs|hours|(?:time|duration)\s?\((?:h|hr|hrs|hours)\)",
    Column.DATE: r"date|dos|d\.o\.s\.?|date\sof\sservice|service\sdate|day|when|contact\sdate|date\sof\scontact",
    Column.START: r"start|start\stime|begin|began|time\sin|in|from|started",
    Column.END: r"end|end\stime|stop|stop\stime|time\sout|out|to|ended",
    Column.ACTIVITY: (
        r"activity|type|kind|method|mode|modality|contact|contact\stype|type\sof\scontact|activity\stype|category"
    ),
    Column.NOTE: r"note|notes|comment|comments|description|details|summary|what|what\syou\sdid|narrative|remarks|text",
    Column.NEXT: r"next|next\scontact|next\scall|next\svisit|next\sappt|next\sappointment",
}
_KNOWN = tuple((column, re.compile(names)) for column, names in _NAMES.items())
_LABEL = re.compile(r"\s*[*_]{0,2}(?P<name>[a-z][a-z.# ()/]{0,24}?)[*_]{0,2}\s?[:=][*_]{0,2}(?=\s|\d|$)\s*")
#: A line is a form by itself when it holds these labels and others: `MRN: 123, Minutes: 15, Note: phone`.
_INNER_LABEL = re.compile(r"(?:^|(?<=[\s,;|]))(?P<name>[a-z]{1,9}(?: [a-z]{2,7})?)\s?[:=](?=\s|\d)\s*")
_BARE = re.compile(r"(?:\d{1,3}(?:\.\d+)?|\.\d+)(?:\s?(?:-|to|or)\s?\d{1,3})?")
_TIME_OF_DAY = re.compile(r"\d{1,2}(?::[0-5]\d)?\s?[ap]\.?m?\.?|\d{1,2}:[0-5]\d|noon")
#: An entry has at least one of these.
TIMES = frozenset({Column.MINUTES, Column.HOURS, Column.TIME, Column.START})
_NAMED = re.compile(r"mrn|#|p-[0-9a-z]{4}\b|m r n")
_ID = re.compile(r"[a-z]{0,4}\d[\w-]*")
_ACTIVITIES = {activity.label.casefold(): activity for activity in Activity}
#: What parts the cells of a sheet, the surest first; tabs come before them all.
_PARTINGS = tuple(re.compile(parting) for parting in (r"\s*\|\s*", r"\s*;\s*", r"\s*,\s*", r"\s{2,}"))
_MONTH_DAY = re.compile(rf"{MONTH}\.? \d{{1,2}}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_FEWEST_COLUMNS = 2


def column_named(name: str) -> Column | None:
    """What a label or a column's heading holds; None when it is none that is known here."""
    plain = " ".join(name.strip(" .*_").split())
    return next((column for column, names in _KNOWN if names.fullmatch(plain)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """What stands over an entry of fields."""

    day: Line | None = None
    patient: Line | None = None
    #: True where others of its form or sheet have a date, so that an entry without one is not of today.
    others_are_dated: bool = False


@dataclass(slots=True, kw_only=True)
class EntryForm:
    """One entry by its fields, each a piece of the typed text."""

    fields: dict[Column, Line] = field(default_factory=dict)
    #: Labels that are none of ours, with what they hold: they stay in the note.
    others: list[Line] = field(default_factory=list)
    #: Everything that was typed for it.
    typed: list[Line] = field(default_factory=list)

    def holds(self, column: Column) -> bool:
        """Whether that field is filled in."""
        return column in self.fields

    def put(self, column: Column | None, cell: Line, whole: Line) -> None:
        """Fill in a field, or go on with it; of a label that is not known the whole line is kept."""
        if column is None:
            if cell.shown.strip():
                self.others.append(trimmed(whole))
            return
        cell = trimmed(cell)
        if not cell.shown:
            return
        before = self.fields.get(column)
        self.fields[column] = cell if before is None else put_together([before, " ", cell])

    @property
    def is_an_entry(self) -> bool:
        """True when it says who and how long, or tries to: a `Note:` alone is none."""
        return self.holds(Column.PATIENT) or not TIMES.isdisjoint(self.fields)


def trimmed(line: Line) -> Line:
    """The line without the blanks around it."""
    return line.cut(*line.words)


def is_plain_mrn(cell: Line) -> bool:
    """True for a cell that holds an MRN and nothing else."""
    return _ID.fullmatch(cell.plain.strip()) is not None


def label_of(line: Line) -> tuple[str, int] | None:
    """The label that a line begins with, and how much of the line it takes."""
    match = _LABEL.match(line.plain)
    return (match["name"], match.end()) if match else None


def inner_form(line: Line) -> EntryForm | None:
    """The form that is written in one line: `MRN: 123, Minutes: 15, Note: phone`."""
    found = [match for match in _INNER_LABEL.finditer(line.plain) if column_named(match["name"])]
    columns = [column_named(match["name"]) for match in found]
    timed = not TIMES.isdisjoint(columns)
    if not found or found[0].start() or not timed or Column.PATIENT not in columns:
        return None
    if len(set(columns)) < len(columns):
        return None
    form = EntryForm(typed=[line])
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(line.plain)
        cell = trimmed(line.cut(match.end(), end))
        if number + 1 < len(found):
            cell = cell.cut(0, len(cell.plain.rstrip(" ,;|")))
        form.put(columns[number], cell, line)
    return form


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first row of a sheet."""

    columns: tuple[Column | None, ...]
    names: tuple[str, ...]
    #: What parts its cells; None for tabs.
    parting: re.Pattern[str] | None


def header_of(line: Line) -> Header | None:
    """The columns that a sheet's header row names; None for any other line."""
    if any(char.isdigit() for char in line.plain):
        return None
    partings = [None] if line.tabs else [one for one in _PARTINGS if one.search(line.plain.strip())]
    for parting in partings[:1]:
        cells = _cells_of(line, parting)
        columns = tuple(column_named(cell.plain) for cell in cells)
        known = [column for column in columns if column is not None]
        timed = not TIMES.isdisjoint(known)
        if (
            len(known) == len(set(known))
            and Column.PATIENT in known
            and timed
            and len(known) * 2 > len(cells)
        ):
            return Header(columns=columns, names=tuple(cell.shown for cell in cells), parting=parting)
    return None


def _cells_of(line: Line, parting: re.Pattern[str] | None) -> list[Line]:
    """The cells of a row, without blanks and quotes around them."""
    ends = sorted((at, at + 1) for at in line.tabs)
    if parting is not None:
        edge = len(line.plain) - len(line.plain.lstrip(" |"))
        line = line.cut(edge, len(line.plain.rstrip(" |")))
        ends = [match.span() for match in parting.finditer(line.plain)]
        ends = [
            (start, end)
            for start, end in ends
            # `Nov 3, 2026` is one cell.
            if not (
                _YEAR.match(line.plain, end) and _MONTH_DAY.search(line.plain[max(0, start - 12) : start])
            )
        ]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(line.plain)]
    return [_unquoted(trimmed(line.cut(start, stop))) for start, stop in zip(starts, stops, strict=True)]


def _unquoted(cell: Line) -> Line:
    shut = len(cell.plain) > 1 and cell.plain[0] == cell.plain[-1] == '"'
    return cell.cut(1, len(cell.plain) - 1) if shut else cell


def row_of(line: Line, header: Header) -> EntryForm | None:
    """The entry of a row under a header; None when its cells are not the header's."""
    cells = _cells_of(line, header.parting)
    more = len(cells) - len(header.columns)
    if more > 0 and header.columns[-1] is Column.NOTE:
        # What parts the cells stands in the note as well.
        first = len(header.columns) - 1
        start = line.plain.index(cells[first].plain)
        cells = [*cells[:first], trimmed(line.cut(start))]
    elif more > 0 or len(cells) < _FEWEST_COLUMNS:
        return None
    form = EntryForm(typed=[line])
    for cell, column, name in zip(cells, header.columns, header.names, strict=False):
        if column is None and cell.shown:
            form.others.append(put_together([f"{name}: ", cell]))
        else:
            form.put(column, cell, cell)
    return form


def read_form(form: EntryForm, context: ParseContext, above: Above) -> LogLine:
    """Understand an entry given by its fields, with what stands above where a field does not say it."""
    fields = form.fields
    if Column.TIME in fields and _TIME_OF_DAY.fullmatch(fields[Column.TIME].plain):
        fields[Column.START] = fields.pop(Column.TIME)
    day = fields.get(Column.DATE) or above.day
    parts: list[Line | str] = []
    for piece in (_time(form), _patient(fields.get(Column.PATIENT), above.patient), _day(day)):
        parts += [" ", *piece] if parts and piece else piece
    start = fields.get(Column.START)
    if start and not form.holds(Column.END):
        parts += [" at ", start] if day else [" today at ", start]
    activity = fields.get(Column.ACTIVITY)
    stated = _ACTIVITIES.get(activity.plain.replace("-", " ")) if activity else None
    if stated is not None and activity is not None:
        parts += [f" #{stated.value}"]
    if form.holds(Column.NEXT):
        parts += [" next ", fields[Column.NEXT]]
    reading = read_log_line(put_together(parts), context)
    if day is not None:
        must_be_dated(reading, day.shown)
    elif above.others_are_dated:
        reading.draft = None
        reading.sheet.find(ProblemCode.NO_DATE, sentences.NO_DATE_HERE)
    said = [*form.others, activity if stated is None else None, fields.get(Column.NOTE)]
    words = [line.shown.strip() for line in said if line is not None]
    return _noted(in_their_words(reading, day.shown) if day else reading, words, context)


def must_be_dated(reading: LogLine, day: str) -> None:
    """Refuse a line whose date, given in a place of its own, is no day: it would be dated today in silence."""
    slot = reading.slots.day
    if slot is not None and not slot.items and not reading.sheet.findings:
        reading.draft = None
        sheet = reading.sheet
        start = sheet.line.shown.find(day)
        at = next((i for i, item in enumerate(sheet.items) if item.end > start), 0)
        sheet.find(ProblemCode.NO_SUCH_DATE, sentences.VAGUE_HEADING.format(word=quoted(day)), at)
        sheet.take(at)


def in_their_words(reading: LogLine, day: str) -> LogLine:
    """The reading whose sentences quote a date as it was typed, without the `on` that was put before it."""
    supplied, typed = quoted(f"on {day}"), quoted(day)
    sheet = reading.sheet
    sheet.findings = [
        replace(found, message=found.message.replace(supplied, typed)) for found in sheet.findings
    ]
    if reading.draft is not None:
        reading.draft = for_each_request(
            reading.draft,
            lambda one: replace(one, remarks=tuple(said.replace(supplied, typed) for said in one.remarks)),
        )
    return reading


def _noted(reading: LogLine, words: list[str], context: ParseContext) -> LogLine:
    """The reading with the note of its own field, behind what the other fields left over."""
    note = "; ".join(filter(None, (note_of(reading.sheet)[0], *words)))
    reading.aside = "; ".join(filter(None, words))
    if reading.draft is None:
        return reading
    most = context.limits.note_characters
    if len(note) > most:
        reading.sheet.find(ProblemCode.NOTE_TOO_LONG, sentences.note_too_long(len(note), most))
        reading.draft = None
        return reading
    noted = with_own_note(reading.draft, note)
    first, said = noted.requests[0].remarks, tuple(warnings(note))
    if said:
        noted = for_each_request(
            noted, lambda one: replace(one, remarks=(*one.remarks, *said)) if one.remarks == first else one
        )
    reading.draft = noted
    reading.account = reading.account.with_own_note(" ".join(words))
    return reading


def _time(form: EntryForm) -> list[Line | str]:
    fields = form.fields
    start, end = fields.get(Column.START), fields.get(Column.END)
    whole: list[Line | str] = []
    for column, unit in ((Column.MINUTES, "m"), (Column.HOURS, "h"), (Column.TIME, "m")):
        cell = fields.get(column)
        if cell is not None:
            whole += [" "] if whole else []
            whole += [cell, unit] if _BARE.fullmatch(cell.plain) else [cell]
    if start and end:
        whole += [" ", start, "-", end] if whole else [start, "-", end]
    return whole


def _day(day: Line | None) -> list[Line | str]:
    return ["on ", day] if day else []


def _patient(cell: Line | None, above: Line | None) -> list[Line | str]:
    if cell is None:
        return [above] if above else []
    if _NAMED.match(cell.plain) or not _ID.match(cell.plain):
        return [cell]
    # In groups an MRN is read out, or asked about.
    return ["MRN " if " " in cell.plain else "MRN", cell]
