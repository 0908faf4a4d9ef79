"""Arranges the lines of a log: headings, notes on the next line, forms, sheets, greetings, `;` between entries."""

import re
from collections.abc import Iterable, Iterator

from bot.grammar.log import sentences
from bot.grammar.log.columns import (
    Above,
    Column,
    EntryForm,
    Header,
    column_named,
    header_of,
    inner_form,
    is_plain_mrn,
    label_of,
    must_be_dated,
    read_form,
    row_of,
    trimmed,
)
from bot.grammar.log.headings import Heading, heading_of, is_greeting, is_of_days_alone, is_opening, unled
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.remarks import dated_by, of_which_day, remarked, without_reading
from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lines import Line, put_together
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import VAGUE_DATE

#: What an MRN, a handle or a UUID begins with.
_PATIENT_MARK = re.compile(r"m\W{0,2}r\W{0,2}n|#\s?\w|\bp-\w|record|[0-9a-f]{8}-")
_DIGITS = re.compile(r"\d+")
_TOTAL = re.compile(r"\s*(?:grand\s+|sub)?totals?\b")


def leads_entries(line: Line, context: ParseContext) -> bool:
    """True for a line that is no entry and no command, and may stand over entries: a greeting, a day, a label."""
    plain = line.plain.strip()
    label = label_of(line)
    return bool(
        is_greeting(plain)
        or (label and column_named(label[0]))
        or header_of(line)
        or heading_of(line, context) is not None
    )


def has_several(line: Line) -> bool:
    """True for one line that may hold several entries, or one by its fields."""
    return ";" in line.plain or ((":" in line.plain or "=" in line.plain) and inner_form(line) is not None)


class Message:
    """The lines of a log, read one after another."""

    def __init__(self, lines: Iterable[Line], context: ParseContext) -> None:
        self._context = context
        self._readings: list[LogLine] = []
        #: The lines of each reading, as typed.
        self._typed: list[list[Line]] = []
        self._headings: list[Heading] = []
        self._header: Header | None = None
        self._form: EntryForm | None = None
        #: True once a form has given a date of its own.
        self._forms_are_dated = False
        #: What the receipt must say of the entry that goes on, and the heading that dates it.
        self._said: list[str] = []
        self._dated_by = ""
        #: True behind an entry whose note a line without time and patient goes on with.
        self._goes_on = False
        for line in lines:
            self._take(line)
        self._end_form()
        self._refuse_unused_headings()
        self._join_pieces()

    @property
    def readings(self) -> list[LogLine]:
        """One for each entry or line that is none, in order."""
        return self._readings

    def text_of(self, number: int) -> str:
        """What was typed for a reading, its lines joined."""
        return "\n".join(line.shown.strip() for line in self._typed[number])

    # -- one line ----------------------------------------------------------------------------------------

    def _take(self, line: Line) -> None:
        plain = line.plain.strip()
        if not any(char.isalnum() for char in plain):
            return
        if is_greeting(plain) or (not (self._readings or self._form) and is_opening(plain)):
            return
        if self._take_labelled(line) or self._take_row(line):
            return
        self._end_form()
        form = inner_form(line) if ":" in plain or "=" in plain else None
        if form is not None:
            self._add(read_form(form, self._context, self._above()), [line])
            self._goes_on = False
        elif ";" in plain:
            self._take_pieces(line)
        else:
            self._take_whole(line)

    def _take_whole(self, line: Line) -> None:
        """A line that holds one entry, stands over entries, or goes on with one."""
        reading = read_log_line(line, self._context)
        if not (reading.has_time and reading.has_patient):
            heading = heading_of(line, self._context)
            if heading is not None:
                self._headings.append(heading)
                self._goes_on = False
                return
        self._take_entry(line, reading)

    def _take_pieces(self, line: Line) -> None:
        pieces = list(_pieces(line, self._context))
        for piece in pieces:
            self._take_entry(piece, read_log_line(piece, self._context))
        if len(pieces) > 1:
            self._ask_which_day(len(pieces))

    def _take_entry(self, line: Line, reading: LogLine) -> None:
        if not (reading.has_time or reading.has_patient):
            if VAGUE_DATE in {item.kind for item in reading.sheet.items} and is_of_days_alone(reading.sheet):
                self._refuse_vague_day(reading)
                return
            if self._goes_on:
                self._go_on(line)
                return
        if self._agrees_with_total(line, reading):
            self._readings[-1] = remarked(self._readings[-1], sentences.total_agrees(line.shown))
            return
        headed, heading = self._headed(line, reading)
        self._add(headed, [line])
        if heading:
            self._dated_by = heading
            self._readings[-1] = dated_by(headed, heading)

    def _agrees_with_total(self, line: Line, reading: LogLine) -> bool:
        """True for `Total: 35 min` under entries that make 35 minutes; another total is a line that is not clear."""
        time = reading.slots.time
        if not _TOTAL.match(line.plain) or reading.has_patient or time is None or not self._readings:
            return False
        drafts = [one.draft for one in self._readings]
        seconds = [request.seconds for draft in drafts if draft for request in draft.requests]
        return all(drafts) and sum(seconds) == time.seconds

    def _ask_which_day(self, count: int) -> None:
        """Ask for the day of entries on one line of which others name a day: `11/3 15m MRN1; 20m MRN2`."""
        own = self._readings[-count:]
        days = [one for one in own if one.slots.day is not None and one.slots.day.items]
        if not days or self._over(day=True) is not None:
            return
        sheet, slot = days[0].sheet, days[0].slots.day
        assert slot is not None, "chosen for its day"
        first, last = sheet.items[slot.items[0]], sheet.items[slot.items[-1]]
        day = unled(sheet.line.cut(first.start, last.end))
        for number, reading in enumerate(self._readings[-count:], len(self._readings) - count):
            if reading not in days and reading.draft is not None:
                dated = read_log_line(put_together(["on ", day, " ", reading.sheet.line]), self._context)
                self._readings[number] = of_which_day(reading, without_reading(dated, day.shown))

    def _headed(self, line: Line, reading: LogLine) -> tuple[LogLine, str]:
        """The reading with what the headings above say of it, where the line does not say it itself.

        Returns:
            The reading, and the words of the heading that dates it, if one does.
        """
        parts: list[Line | str] = []
        said: list[str] = []
        patient = self._over(day=False)
        if patient is not None and reading.has_time and not reading.has_patient and patient.patient:
            parts += [patient.patient, " "]
            patient.used = True
        dated = self._over(day=True)
        slot = reading.slots.day
        if dated is not None and dated.day is not None and slot is not None and (slot.ask or not slot.items):
            parts += ["on ", dated.day, " "]
            said.append(dated.day.shown)
        if dated is not None:
            dated.used = True
        if not parts:
            return reading, ""
        headed = read_log_line(put_together([*parts, line]), self._context)
        if not said:
            return headed, ""
        must_be_dated(headed, said[0])
        return without_reading(headed, said[0]), said[0]

    def _go_on(self, line: Line) -> None:
        """Read the entry above again with a further line of its note."""
        before = self._readings[-1]
        whole = read_log_line(put_together([before.sheet.line, "; ", trimmed(line)]), self._context)
        self._typed[-1].append(line)
        self._said.append(sentences.goes_on(line.shown))
        if self._dated_by:
            whole = dated_by(without_reading(whole, self._dated_by), self._dated_by)
        for sentence in self._said:
            whole = remarked(whole, sentence)
        self._readings[-1] = whole

    def _add(self, reading: LogLine, typed: list[Line]) -> None:
        self._said.clear()
        self._dated_by = ""
        self._readings.append(reading)
        self._typed.append(typed)
        self._goes_on = reading.has_time and reading.has_patient

    # -- headings ----------------------------------------------------------------------------------------

    def _over(self, *, day: bool) -> Heading | None:
        """The nearest heading above that names a day, or a patient."""
        return next(
            (one for one in reversed(self._headings) if (one.day if day else one.patient) is not None), None
        )

    def _above(self, *, dated: bool = False) -> Above:
        """What the headings say to an entry of fields."""
        day, patient = self._over(day=True), self._over(day=False)
        for one in (day, patient):
            if one is not None:
                one.used = True
        return Above(
            day=None if day is None else day.day,
            patient=None if patient is None else patient.patient,
            others_are_dated=dated or self._forms_are_dated,
        )

    def _refuse_vague_day(self, reading: LogLine) -> None:
        sheet = reading.sheet
        sheet.findings.clear()
        sheet.find(ProblemCode.NO_SUCH_DATE, sentences.VAGUE_HEADING.format(word=quoted(sheet.line.shown)))
        self._add(reading, [sheet.line])
        self._goes_on = False

    def _refuse_unused_headings(self) -> None:
        """A patient or a day with nothing under it is an entry that was not finished."""
        for heading in self._headings:
            if heading.used:
                continue
            reading = read_log_line(heading.line, self._context)
            if reading.draft is not None:
                continue
            self._insert(reading, heading.line)

    def _insert(self, reading: LogLine, line: Line) -> None:
        """Put a reading where its line was typed."""
        place = sum(lines[0].number < line.number for lines in self._typed)
        self._readings.insert(place, reading)
        self._typed.insert(place, [line])

    def _join_pieces(self) -> None:
        """One entry written over several lines: a patient, a time and a note, each by itself."""
        readings = self._readings
        timed = [one for one in readings if one.has_time]
        named = [one for one in readings if one.has_patient]
        if len(readings) < 2 or len(timed) != 1 or len(named) != 1 or timed == named:  # noqa: PLR2004 - several
            return
        lines = [line for lines in self._typed for line in lines]
        parts: list[Line | str] = [lines[0]]
        for line in lines[1:]:
            parts += [", ", line]
        whole = read_log_line(put_together(parts), self._context)
        if whole.draft is not None:
            self._readings = [remarked(whole, sentences.one_entry(len(lines)))]
            self._typed = [lines]

    # -- forms and sheets --------------------------------------------------------------------------------

    def _take_labelled(self, line: Line) -> bool:
        """Take in a line of a labelled form; False for any other line."""
        found = label_of(line)
        if found is None or inner_form(line) is not None:
            return self._go_on_with_form(line)
        name, length = found
        column = column_named(name)
        form = self._form
        if column is None and form is None:
            return False
        if form is None and self._goes_on and column not in {Column.PATIENT, Column.DATE}:
            return False
        if form is None and column is Column.PATIENT and self._stands_alone(line, length):
            return False
        if form is None or (column is not None and form.holds(column)):
            self._end_form()
            form = self._form = EntryForm()
        form.put(column, line.cut(length), line)
        form.typed.append(line)
        return True

    def _stands_alone(self, line: Line, length: int) -> bool:
        """`MRN: 123 15m phone` is a whole entry, and `MRN: 123` a field."""
        if is_plain_mrn(line.cut(length)):
            return False
        cell = read_log_line(line.cut(length), self._context)
        return cell.has_time and read_log_line(line, self._context).has_time

    def _go_on_with_form(self, line: Line) -> bool:
        """A line without label under `Note:` belongs to it."""
        if self._form is None:
            return False
        reading = read_log_line(line, self._context)
        if reading.has_time or reading.has_patient or heading_of(line, self._context) is not None:
            return False
        self._form.put(Column.NOTE, line, line)
        self._form.typed.append(line)
        return True

    def _end_form(self) -> None:
        form, self._form = self._form, None
        if form is None:
            return
        if form.is_an_entry:
            if next(iter(form.fields)) is Column.DATE:
                # Given before anything else it stands over the entries that follow as well.
                self._headings.append(Heading(line=form.typed[0], day=form.fields[Column.DATE], used=True))
            self._add(read_form(form, self._context, self._above()), form.typed)
            self._forms_are_dated |= form.holds(Column.DATE)
            self._goes_on = False
        elif set(form.fields) == {Column.DATE} and not form.others:
            self._headings.append(Heading(line=form.typed[0], day=form.fields[Column.DATE]))
        elif self._goes_on:
            for line in form.typed:
                self._go_on(line)
        else:
            for line in form.typed:
                self._add(read_log_line(line, self._context), [line])

    def _take_row(self, line: Line) -> bool:
        """Take in a sheet's header or a row under it; False for any other line."""
        header = header_of(line)
        if header is not None:
            self._end_form()
            self._header = header
            return True
        form = row_of(line, self._header) if self._header else None
        if form is None or not form.is_an_entry:
            return False
        assert self._header is not None, "a row has its header"
        dated = Column.DATE in self._header.columns
        self._add(read_form(form, self._context, self._above(dated=dated)), [line])
        self._goes_on = False
        return True


def _may_name_patient(piece: str, context: ParseContext) -> bool:
    """False for most pieces of a note, which therefore need not be read: none of their words could be a patient."""
    if context.mrn_pattern is not None or _PATIENT_MARK.search(piece):
        return True
    return any(digits in context.roster for digits in _DIGITS.findall(piece))


def _pieces(line: Line, context: ParseContext) -> Iterator[Line]:
    """The entries of a line that holds several with `;` between them; the line itself otherwise."""
    if ";" not in line.plain:
        yield line
        return
    if sum(_may_name_patient(piece, context) for piece in line.plain.split(";")) < 2:  # noqa: PLR2004 - several
        yield line
        return
    start, cuts = 0, [match.end() for match in re.finditer(";", line.plain)]
    whole: list[tuple[int, int]] = []
    for end in [*cuts, len(line.plain) + 1]:
        piece = line.cut(start, end - 1)
        reading = read_log_line(piece, context) if piece.plain.strip() else None
        if reading is not None and reading.has_time and reading.has_patient:
            whole.append((start, end - 1))
        elif whole:  # the note goes on behind its semicolon
            whole[-1] = (whole[-1][0], min(end - 1, len(line.plain)))
        elif piece.plain.strip():
            yield line
            return
        start = end
    if len(whole) < 2:  # noqa: PLR2004 - several
        yield line
        return
    for first, last in whole:
        yield trimmed(line.cut(first, first + len(line.plain[first:last].rstrip(" ;"))))
