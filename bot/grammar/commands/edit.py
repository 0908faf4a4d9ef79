"""`edit e-36 25m because I typed 15`: correct an entry, for a reason that stays on file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from billing.activities import Activity
from billing.durations import MINUTE
from bot.grammar.call.claimed import Found
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.entry import EXAMPLE, checked_reason, named, need_entry, take_entry
from bot.grammar.call.leftovers import refuse_leftovers
from bot.grammar.call.line import CallLine
from bot.grammar.call.more_or_less import MARK, LengthChange, length_changes, stated_length
from bot.grammar.log import sentences
from bot.grammar.log.notes import warnings
from bot.grammar.parsed import Arguments, ParseContext, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank, Part
from bot.grammar.text.lines import Line
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.scan import (
    CLOCK,
    DATE,
    DURATION,
    NEGATIVE,
    NUMBER,
    PATIENT,
    RANGE,
    WEAK_DATE,
    WORD,
    Item,
    scan,
)
from bot.grammar.when.clock_times import ClockRange, ClockTime, clock_range
from bot.grammar.when.durations import duration_of
from services.entries.changes import LAST_ENTRY, EntryEdit
from services.people.patient_ref import PatientRef

_REASON = re.compile(r"(?<!\w)(?:because|bc|reason)\b[:,]?\s+([^|]*)")
#: `edit e-36 +10m, the call ran over`: words behind a comma or a dash that change nothing are why.
_TAIL = re.compile(r"(?:[,;(]|(?<=\s)-+(?=\s))\s*([^|,;(]*[a-z][^|,;(]*?)\)?\s*$")
_SLOTS = frozenset({DURATION, CLOCK, RANGE, NEGATIVE, DATE, WEAK_DATE, PATIENT})
_QUOTED_NOTE = re.compile(r'(?<!\w)notes?\b[:=]?\s*"([^"]*)"')
_NOTE = re.compile(r"(?<!\w)notes?\b[:=]?\s+([^|]*)")
_FILLERS = re.compile(
    r"(?<!\w)(?:make\s+it|change\s+(?:it|to)|set|should\s+(?:be|have\s+been)|it\s+(?:was|is)|not\s+today|duration|time|"
    r"date|activity|patient|instead)(?!\w)"
)
_LABELS = "|".join(
    re.escape(activity.value).replace("_", "[ _-]")
    for activity in sorted(Activity, key=lambda one: -len(one))
)
ACTIVITY = re.compile(rf"(?<!\w)#?({_LABELS})(?!\w)")
_NO_CHANGE = "Nothing to change: give a time, a date, a patient, a kind of work, or note and its new words."
_TWO_TIMES = "{words} are both lengths of time. Keep the right one."
_TWO_ACTIVITIES = "{words} are two kinds of work. Keep one."
_NO_CLOCK = "{word} holds no time of day that exists. Write it as 2pm-2:25pm."
_CLOCK_BACKWARDS = (
    "{word} ends before it begins. Write the earlier time first; for work past midnight, log two entries."
)
_MINUTES_OR_PATIENT = "{word} may be minutes or a patient. Write {number}m or MRN{number}."
_ZERO = "{word} is no time at all. To take an entry back, use void."
_LESS_OR_LENGTH = (
    "{word} may be that much less, or the whole length behind a dash. "
    "Write {glued} for less, {length} for the length."
)
#: What is to change, where nothing is said of it.
_CHANGE = Blank("___", "25m")
#: A reference that may stand beside a patient: `add 10m to e-36 MRN124`.
_GLUED = re.compile(r"(?<![\w-])e-?(?=[a-z]*\d)[0-9a-z]{2,16}(?![\w-])")
_TAKES = re.compile(r"\s*(?:take|remove|subtract|deduct|reduce|shorten|cut|knock|drop)(?!\w)")
_SHORTENS_BY = re.compile(r"\s*(?:reduce|shorten|cut|decrease)\s[^|]*\sby\s+(?:\d|half\s|an?\s|five\s|ten\s)")
_LOOSE_MINUS = re.compile(r"(?:^|[\s|])(-\s+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class EditArguments(Arguments):
    """`edit e-36 25m because I typed 15`."""

    edit: EntryEdit


def read(call: Call) -> Parsed:
    """One entry and what of it changes."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    entry_id = need_entry(line)
    slots = _Slots(line)
    refuse_leftovers(line)
    slots.refuse_nothing()
    if entry_id is None or line.problems:
        return line.refused((named(entry_id), *slots.example()))
    return Parsed(
        command=call.command.name, arguments=EditArguments(edit=slots.edit_of(entry_id, line.remarks))
    )


def read_alone(line: Line, context: ParseContext, commands: Sequence[Command]) -> Parsed | None:
    """`add 10m`, `5m more`, `less 5m because ...` without the word edit: the person's last entry, or the one named.

    Returns:
        None where the line may be something else, as `add 10m MRN123 call` is.
    """
    if MARK.search(line.plain) is None or ("mrn" in line.plain and _GLUED.search(line.plain) is None):
        return None
    call = Call(command=COMMAND, lines=[line], whole=line, context=context, commands=commands)
    reading = CallLine(call)
    why = _REASON.search(line.plain)
    named_one = take_entry(reading)
    if why is not None and reading.plain[why.start() :] != line.plain[why.start() :]:
        return None  # a reason may name another entry
    if named_one is not None and named_one != LAST_ENTRY:
        return read(call) if length_changes(reading) else None
    slots = _Slots(reading)
    refuse_leftovers(reading)
    if reading.problems or not slots.only_adds:
        return None
    return Parsed(
        command=COMMAND.name, arguments=EditArguments(edit=slots.edit_of(LAST_ENTRY, reading.remarks))
    )


def takes_off(line: Line, context: ParseContext, commands: Sequence[Command]) -> bool:
    """True for `cut 5m from MRN123`, which shortens something and never logs five minutes more."""
    if _SHORTENS_BY.match(line.plain):
        return True
    if _TAKES.match(line.plain) is None:
        return False
    call = Call(command=COMMAND, lines=[line], whole=line, context=context, commands=commands)
    return any(change.seconds < 0 for change in length_changes(CallLine(call)))


def activity_of(line: CallLine) -> Activity | None:
    """Cut the one kind of work named; a second one is a problem."""
    found = line.take_all(ACTIVITY)
    named = {Activity(re.sub("[ -]", "_", one.group)): one for one in found}
    if len(named) > 1:
        message = _TWO_ACTIVITIES.format(words=listed([quoted(one.shown) for one in named.values()]))
        line.find(ProblemCode.TWO_ACTIVITIES, message, found[0].start, found[-1].end)
        return None
    return next(iter(named), None)


class _Slots:
    """What of an entry is to change; each is empty where nothing was found or what was found is wrong."""

    def __init__(self, line: CallLine) -> None:
        self._line = line
        self._limits = line.call.context.limits
        quoted_note = line.take(_QUOTED_NOTE)
        reason = line.take(_REASON)
        note = quoted_note or line.take(_NOTE)
        if not reason and not note and (tail := _tail(line)):
            reason = line.cut(tail)
        self.reason = checked_reason(line, reason.shown_group) if reason else ""
        self.note = self._checked_note(note.shown_group.strip()) if note else ""
        self.activity = activity_of(line)
        self.stated = stated_length(line)
        changes = length_changes(line)
        self.patient = self._patient()
        self.seconds, self.clock = self._time([one.found for one in changes])
        self.added = self._added(changes)
        self.day = self._day()
        line.take_all(_FILLERS)

    def edit_of(self, entry_id: int, remarks: Iterable[str]) -> EntryEdit:
        """What of that entry is to change."""
        return EntryEdit(
            entry_id=entry_id,
            seconds=self.seconds,
            added_seconds=self.added,
            stated_seconds=self.stated,
            clock=self.clock,
            service_date=self.day,
            activity=self.activity,
            patient=self.patient,
            note=self.note,
            reason=self.reason,
            remarks=tuple(remarks),
        )

    @property
    def only_adds(self) -> bool:
        """Whether the length grows or shrinks, and nothing else changes."""
        others = (self.seconds, self.clock, self.day, self.activity, self.patient, self.note)
        return self.added is not None and not any(others)

    def refuse_nothing(self) -> None:
        """That nothing changes is a problem of its own."""
        line = self._line
        changes = (self.seconds, self.added, self.clock, self.day, self.activity, self.patient, self.note)
        if not line.problems and not any(changes):
            line.find(ProblemCode.NO_CHANGE, _NO_CHANGE)

    def example(self) -> tuple[Part, ...]:
        """What was understood, as a line writes it; a gap for the change where nothing was."""
        seconds = self.seconds
        if self.clock is not None:
            seconds = (_minutes(self.clock[1]) - _minutes(self.clock[0])) * MINUTE
        parts = (
            f"{max(1, seconds // MINUTE)}m" if seconds else "",
            f"{'+' if self.added > 0 else '-'}{max(1, abs(self.added) // MINUTE)}m" if self.added else "",
            self.patient.text if self.patient else "",
            self.day.isoformat() if self.day else "",
            f"#{self.activity}" if self.activity else "",
        )
        return parts if any(parts) else (_CHANGE, blanks.REASON)

    def _checked_note(self, note: str) -> str:
        most = self._limits.note_characters
        if len(note) > most:
            self._line.find(ProblemCode.NOTE_TOO_LONG, sentences.note_too_long(len(note), most))
            return ""
        self._line.remarks.extend(warnings(note))
        return note

    def _items(self, *kinds: str) -> list[Item]:
        line = self._line
        return [item for item in scan(line.plain, line.call.context.mrn_pattern) if item.kind in kinds]

    def _patient(self) -> PatientRef | None:
        if self._items(PATIENT):
            return self._line.patient()
        for item in self._items(NUMBER):
            found = self._line.take_item(item)
            message = _MINUTES_OR_PATIENT.format(word=quoted(found.shown), number=found.shown.split()[-1])
            self._line.find(ProblemCode.UNCLEAR_DURATION, message, found.start, found.end)
        return None

    def _added(self, changes: list[LengthChange]) -> int | None:
        """By how much the entry grows; two amounts were refused where the times are read."""
        if len(changes) != 1:
            return None
        (change,) = changes
        self._check_length(abs(change.seconds), change.found.shown, (change.found.start, change.found.end))
        return change.seconds

    def _time(self, changes: list[Found]) -> tuple[int | None, tuple[time, time] | None]:
        self._refuse_loose_minus()
        ranges = [self._line.take_item(item) for item in self._items(RANGE)]
        lengths = [self._line.take_item(item) for item in self._items(DURATION, CLOCK)]
        found = sorted((*ranges, *lengths, *changes), key=lambda one: one.start)
        if len(found) > 1 and changes:
            message = _TWO_TIMES.format(words=listed([quoted(one.shown) for one in found]))
            self._line.find(ProblemCode.TWO_DURATIONS, message, found[0].start, found[-1].end)
        if not ranges and not lengths:
            return None, None
        clocks = {one.plain: clock_range(one.plain) for one in ranges}
        before = len(self._line.problems)
        for one in ranges:
            self._check_clock(clocks[one.plain], one.shown, (one.start, one.end))
        seconds = {duration_of(one.plain).seconds for one in lengths}
        seconds |= {clock.wall_seconds for clock in clocks.values() if clock}
        for one in lengths:
            self._check_length(duration_of(one.plain).seconds, one.shown, (one.start, one.end))
        if len(seconds) > 1 or len(clocks) > 1:
            words = listed([quoted(one.shown) for one in found])
            message = _TWO_TIMES.format(words=words)
            self._line.find(ProblemCode.TWO_DURATIONS, message, found[0].start, found[-1].end)
        if len(self._line.problems) > before:
            return None, None
        clock = next(iter(clocks.values()), None)
        if clock is not None:
            return None, (_time_of(clock.start), _time_of(clock.end))
        return seconds.pop(), None

    def _refuse_loose_minus(self) -> None:
        """`- 5m` behind blanks may be a minus or a dash."""
        for item in self._items(DURATION):
            if match := _LOOSE_MINUS.search(self._line.plain, 0, item.start):
                start = match.start(1)
                length = self._line.line.shown[item.start : item.end]
                message = _LESS_OR_LENGTH.format(
                    word=quoted(f"- {length}"), glued=f"-{length}", length=length
                )
                self._line.find(ProblemCode.UNCLEAR_DURATION, message, start, item.end)

    def _check_clock(self, clock: ClockRange | None, shown: str, span: tuple[int, int]) -> None:
        word = quoted(shown)
        if clock is None:
            self._line.find(ProblemCode.NO_SUCH_TIME, _NO_CLOCK.format(word=word), *span)
        elif clock.crosses_midnight:
            message = _CLOCK_BACKWARDS.format(word=word)
            self._line.find(ProblemCode.RANGE_BACKWARDS, message, *span)
        else:
            self._check_length(clock.wall_seconds, shown, span)

    def _check_length(self, seconds: int, shown: str, span: tuple[int, int]) -> None:
        most = self._limits.max_entry_seconds
        if not seconds:
            message = _ZERO.format(word=quoted(shown))
            self._line.find(ProblemCode.ZERO_DURATION, message, *span)
        elif seconds > most:
            message = sentences.too_long(shown, seconds, most)
            self._line.find(ProblemCode.DURATION_TOO_LONG, message, *span)

    def _day(self) -> date | None:
        items = self._line.dates_left()
        if not items:
            return None
        day = self._line.given_day()
        most = self._limits.backdate_days
        if day is not None and (self._line.today - day).days > most:
            start, end = items[0].start, items[-1].end
            message = sentences.too_old(self._line.line.shown[start:end], day, self._line.today, most, "")
            self._line.find(ProblemCode.TOO_OLD, message, start, end)
            return None
        return day


def _tail(line: CallLine) -> re.Match[str] | None:
    """The words behind the last comma or dash, where no part of them says what changes."""
    match = _TAIL.search(line.plain)
    if match is None:
        return None
    said = _FILLERS.sub(" ", ACTIVITY.sub(" ", match[1]))
    if not any(item.kind == WORD for item in scan(said)):
        return None
    slots = [item for item in scan(match[1], line.call.context.mrn_pattern) if item.kind in _SLOTS]
    return None if slots else match


def _time_of(moment: ClockTime) -> time:
    return time(moment.hour, moment.minute)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


COMMAND = Command(
    name="edit",
    section=Section.ENTRIES,
    place=30,
    usage="edit <entry> <what changes> [because <reason>]",
    summary="Correct an entry: its time, date, patient, kind of work or note",
    example=f"edit {EXAMPLE} 25m because I typed 15",
    topic=(
        "Say only what changes: 25m, +10m, -5m or 2pm-2:25pm, yesterday or 11/3, MRN124, #chart_review, note and its "
        "new words. The entry is e-36, e36, 36, or last: the one you wrote last, which add 10m, 5m more and less 5m "
        "mean too. What was written before stays on file; history shows it.\n"
        "A reason is needed for whatever adds counted minutes (more time, another patient, another kind of work) and "
        "for another person's entry: edit e-36 25m because I typed 15. Without one you are asked. Put a note that "
        "holds the word because in double quotes.\n"
        "An entry of a closed month becomes an addendum."
    ),
    read=read,
)
