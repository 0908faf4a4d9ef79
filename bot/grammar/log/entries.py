"""Makes a line's entries from its slots, or the question that is asked before they are stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from billing.durations import spoken
from billing.kinds_of_work import kind_of_work
from billing.stretches import NoSuchTimeError, Stretch, stretches_from
from bot.grammar.log import sentences
from bot.grammar.log.date_slot import DateSlot
from bot.grammar.log.length_doubts import LengthDoubt
from bot.grammar.log.lengths import TimeSlot
from bot.grammar.log.named import names_in
from bot.grammar.log.notes import note_of
from bot.grammar.log.patient_slot import PatientSlot
from bot.grammar.log.sheet import LineSheet
from bot.grammar.log.side_slots import SideSlots
from bot.grammar.problems import ProblemCode
from bot.grammar.text import phrases
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.when.clock_times import spoken_time
from bot.grammar.when.moments import start_of, stretches_of_range
from services.entries.requests import Choice, DraftLine, LogRequest, Question

_DATE_ASKED = "which_date"
EACH, SPLIT, FIRST_ONLY = "each", "split", "first only"


@dataclass(slots=True, kw_only=True)
class LineEntry:
    """One line as read, before patients and midnight multiply it."""

    patients: PatientSlot
    time: TimeSlot
    day: DateSlot
    side: SideSlots
    note: str
    #: The note with the words that name partners, in case one of them is no member.
    whole_note: str
    #: The plain form of the whole note.
    plain_note: str
    outcome: str | None
    remarks: tuple[str, ...]


class MisplacedError(Exception):
    """A time that cannot be on its date."""

    def __init__(self, code: ProblemCode, message: str, items: Sequence[int]) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.items = tuple(sorted(items))


@dataclass(slots=True, kw_only=True)
class Placed:
    """When the work was done: every reading of it, each a stretch or, across midnight, two."""

    readings: tuple[tuple[Stretch, ...], ...]
    remarks: tuple[str, ...] = ()


def place(entry: LineEntry, sheet: LineSheet) -> Placed:
    """Put the time on its date.

    Raises:
        MisplacedError: when a time does not exist that day, has not come yet, or the entry grows too long.
    """
    if entry.time.clock is not None:
        return _place_range(entry, sheet)
    assert entry.time.seconds is not None, "without clock times the figure is known"
    if entry.day.at is None:
        return Placed(readings=((Stretch(day=entry.day.day, seconds=entry.time.seconds),),))
    items = entry.day.items
    word = _words(sheet, items)
    try:
        start = start_of(entry.day.day, entry.day.at, sheet.context.zone)
    except NoSuchTimeError as error:
        raise _no_such_time(sheet, items, entry.day.day) from error
    stretches = stretches_from(start, entry.time.seconds, sheet.context.zone)
    _must_be_past(sheet, stretches, items, word)
    said = sentences.read_as(word, f"{phrases.day(start.date())} at {spoken_time(start)}")
    return Placed(readings=(stretches,), remarks=(said, *_across_midnight(word, stretches)))


def _place_range(entry: LineEntry, sheet: LineSheet) -> Placed:
    clock, items = entry.time.clock, entry.time.items
    assert clock is not None, "only ranges come here"
    word, day = _words(sheet, items), entry.day.day
    remarks: tuple[str, ...] = ()
    if entry.day.supplied and clock.crosses_midnight:
        # Said after midnight or the next morning, such a range began yesterday.
        day -= timedelta(days=1)
        remarks = (sentences.took_date(word, day, sheet.now.date()),)
    try:
        readings = stretches_of_range(clock, day, sheet.context.zone)
    except NoSuchTimeError as error:
        raise _no_such_time(sheet, items, day) from error
    if not readings:
        message = sentences.RANGE_BACKWARDS.format(word=quoted(word))
        raise MisplacedError(ProblemCode.RANGE_BACKWARDS, message, items)
    for stretches in readings:
        _must_be_past(sheet, stretches, items, word)
        total, most = sum(stretch.seconds for stretch in stretches), sheet.context.limits.max_entry_seconds
        if total > most:
            raise MisplacedError(ProblemCode.DURATION_TOO_LONG, sentences.too_long(word, total, most), items)
    return Placed(readings=tuple(readings), remarks=(*remarks, *_across_midnight(word, readings[0])))


def _words(sheet: LineSheet, items: Sequence[int]) -> str:
    return " ".join(sheet.shown(i) for i in sorted(items))


def _no_such_time(sheet: LineSheet, items: Sequence[int], day: date) -> MisplacedError:
    word = quoted(_words(sheet, items))
    message = sentences.NO_SUCH_TIME.format(
        word=word, when=f" on {phrases.day(day)}: the clocks went forward"
    )
    return MisplacedError(ProblemCode.NO_SUCH_TIME, message, items)


def _must_be_past(sheet: LineSheet, stretches: Sequence[Stretch], items: Sequence[int], word: str) -> None:
    end = stretches[-1].ended_at
    if end is not None and _later(end, sheet.now):
        when = "" if stretches[0].day == sheet.now.date() else f" on {phrases.day(stretches[0].day)}"
        message = sentences.RANGE_AHEAD.format(word=quoted(word), when=when)
        raise MisplacedError(ProblemCode.FUTURE, message, items)


def _later(one: datetime, other: datetime) -> bool:
    return one.timestamp() > other.timestamp()


def _across_midnight(word: str, stretches: Sequence[Stretch]) -> tuple[str, ...]:
    if len(stretches) == 1:
        return ()
    first, second = stretches
    return (
        sentences.SPLIT_AT_MIDNIGHT.format(
            word=quoted(word),
            first=spoken(first.seconds),
            day=phrases.day(first.day),
            second=spoken(second.seconds),
            next=phrases.day(second.day),
        ),
    )


# -- requests --------------------------------------------------------------------------------------------


def _requests(
    entry: LineEntry, stretches: Sequence[Stretch], mode: str, *, remarks: tuple[str, ...]
) -> tuple[LogRequest, ...]:
    refs = entry.patients.patients[:1] if mode == FIRST_ONLY else entry.patients.patients
    kind = kind_of_work(entry.plain_note, stated=entry.side.activity)
    found: list[LogRequest] = []
    for number, ref in enumerate(refs):
        for stretch in stretches:
            shared = mode == SPLIT and len(refs) > 1
            whole, rest = divmod(stretch.seconds, len(refs)) if shared else (stretch.seconds, 0)
            found.append(
                LogRequest(
                    patient=ref,
                    seconds=whole + (number < rest),
                    service_date=stretch.day,
                    activity=kind.activity,
                    activity_source=kind.source,
                    note=entry.note,
                    # Shared time has no clock times of its own.
                    started_at=None if shared else stretch.started_at,
                    ended_at=None if shared else stretch.ended_at,
                    performed_by=entry.side.performed_by,
                    partners=entry.side.partners,
                    whole_note=entry.whole_note if entry.side.partners else "",
                    named=names_in(entry.note),
                    outcome=entry.outcome,
                    next_contact=entry.side.next_contact,
                    other_date=None if entry.day.ask else entry.day.other,
                    # Said once for the line.
                    remarks=() if found else remarks,
                )
            )
    return tuple(found)


def asked(entry: LineEntry, placed: Placed, sheet: LineSheet) -> DraftLine | None:
    """The line's entries with the first question that stands before them; None when a problem was found."""
    stretches = placed.readings[0]
    several = len(entry.patients.patients) > 1
    if several and entry.time.doubt is not None:
        message = sentences.ASK_LENGTH_FIRST.format(message=entry.time.doubt.message)
        sheet.find(ProblemCode.UNCLEAR_DURATION, message, *sorted(entry.time.items))
        return None
    mode = (entry.side.share or SPLIT) if several else EACH
    if (
        several
        and min(stretch.seconds for stretch in stretches) < len(entry.patients.patients)
        and mode == SPLIT
    ):
        total = spoken(sum(stretch.seconds for stretch in stretches))
        message = sentences.TOO_SHORT_TO_SPLIT.format(time=total, count=len(entry.patients.patients))
        sheet.find(ProblemCode.TOO_SHORT_TO_SPLIT, message)
        return None
    said = (*entry.remarks, *placed.remarks, *((entry.day.remark,) if entry.day.remark else ()))
    question = _question(entry, placed, mode, said, sheet)
    if question is not None and entry.day.other_first and question.code == _DATE_ASKED:
        return DraftLine(requests=question.choices[0].requests, question=question)
    return DraftLine(requests=_requests(entry, stretches, mode, remarks=said), question=question)


def _question(
    entry: LineEntry, placed: Placed, mode: str, said: tuple[str, ...], sheet: LineSheet
) -> Question | None:
    """The weightiest doubt; what is not asked stands among the remarks."""
    stretches = placed.readings[0]
    several = len(entry.patients.patients) > 1
    if entry.patients.joined is not None:
        return _joined_or_apart(entry, stretches, said, sheet)
    if several and (entry.side.share is None or entry.patients.apart or entry.patients.guessed):
        return _which_patients(entry, stretches, said, sheet)
    if len(placed.readings) > 1:
        return _which_time(entry, placed, mode, said)
    if entry.time.doubt is not None:
        return _which_length(entry, entry.time.doubt, mode, sheet)
    return _which_date(entry, stretches, mode, sheet) if entry.day.ask else None


def _joined_or_apart(
    entry: LineEntry, stretches: Sequence[Stretch], said: tuple[str, ...], sheet: LineSheet
) -> Question:
    """`MRN 123 456`: one MRN with a blank in it, or an MRN and a number of the note."""
    joined, alone, items = entry.patients.joined, entry.patients.patients[0], entry.patients.joined_items
    assert joined is not None, "asked only where there is another reading"
    words = quoted(_words(sheet, items))
    whole = replace(
        _noted_without(entry, sheet, sheet.taken | set(items)),
        patients=replace(entry.patients, patients=(joined,)),
    )
    stays = sentences.number_stays(_words(sheet, items))
    return Question(
        code="joined_or_apart",
        message=sentences.ASK_JOINED.format(joined=joined.text, alone=alone.text, words=words),
        choices=(
            Choice(
                label=joined.text,
                requests=_requests(
                    whole, stretches, EACH, remarks=tuple(one for one in said if one != stays)
                ),
            ),
            Choice(
                label=f"{alone.text}, {words} in the note",
                requests=_requests(entry, stretches, EACH, remarks=said),
            ),
        ),
    )


def _noted_without(entry: LineEntry, sheet: LineSheet, taken: Collection[int]) -> LineEntry:
    """The entry with the note that is left when other items are claimed."""
    whole, plain_note = note_of(sheet, set(taken) - set(entry.side.partner_items))
    return replace(entry, note=note_of(sheet, taken)[0], whole_note=whole, plain_note=plain_note)


def _without_guessed(
    entry: LineEntry, stretches: Sequence[Stretch], said: tuple[str, ...], sheet: LineSheet
) -> list[Choice]:
    """The patients named as such alone; the bare numbers stay in the note."""
    sure = entry.patients.sure
    alone = replace(
        _noted_without(entry, sheet, sheet.taken - set(entry.patients.guessed)),
        patients=replace(entry.patients, patients=sure),
    )
    names, total = listed([ref.text for ref in sure]), sum(stretch.seconds for stretch in stretches)
    if len(sure) == 1:
        return [Choice(label=f"Only {names}", requests=_requests(alone, stretches, EACH, remarks=said))]
    return [
        Choice(label=f"Only {names}, {label}", requests=_requests(alone, stretches, mode, remarks=said))
        for mode, label in ((EACH, f"{spoken(total)} each"), (SPLIT, "split"))
        if entry.side.share in {None, mode}
    ]


def _which_patients(
    entry: LineEntry, stretches: Sequence[Stretch], said: tuple[str, ...], sheet: LineSheet
) -> Question:
    count, total = len(entry.patients.patients), sum(stretch.seconds for stretch in stretches)
    by_mode = {EACH: f"{spoken(total)} each", SPLIT: f"Split, {spoken(total // count)} each"}
    choices = [
        Choice(label=label, requests=_requests(entry, stretches, mode, remarks=said))
        for mode, label in by_mode.items()
        # How they share is asked unless it was said, and only whether they are patients is not clear.
        if entry.patients.apart or entry.side.share in {None, mode}
    ]
    first = entry.patients.patients[0]
    if entry.patients.guessed:
        choices[:0] = _without_guessed(entry, stretches, said, sheet)
    elif entry.patients.apart:
        only = Choice(
            label=f"Only {first.text}", requests=_requests(entry, stretches, FIRST_ONLY, remarks=said)
        )
        choices.insert(0, only)
    message = sentences.ask_split(count, total)
    if entry.patients.guessed:
        message = sentences.ask_listed(first.text, [sheet.shown(i) for i in entry.patients.guessed], message)
    return Question(code="split_or_each", message=message, choices=tuple(choices))


def _which_time(entry: LineEntry, placed: Placed, mode: str, said: tuple[str, ...]) -> Question:
    totals = [spoken(sum(stretch.seconds for stretch in stretches)) for stretches in placed.readings]
    return Question(
        code="which_time",
        message=sentences.ASK_TIME.format(first=totals[0], second=listed(totals[1:], "or")),
        choices=tuple(
            Choice(label=total, requests=_requests(entry, stretches, mode, remarks=said))
            for total, stretches in zip(totals, placed.readings, strict=True)
        ),
    )


def _which_length(entry: LineEntry, doubt: LengthDoubt, mode: str, sheet: LineSheet) -> Question:
    choices: list[Choice] = []
    for answer in doubt.answers:
        one = replace(entry, time=replace(entry.time, seconds=answer.seconds, clock=answer.clock, doubt=None))
        try:
            placed = place(one, sheet)
        except MisplacedError:  # no such time on that day: no answer
            continue
        said = (*entry.remarks, *placed.remarks, *((entry.day.remark,) if entry.day.remark else ()))
        dates = _which_date(one, placed.readings[0], mode, sheet) if entry.day.ask else None
        if dates is None:
            requests = _requests(one, placed.readings[0], mode, remarks=said)
            choices.append(Choice(label=answer.label, requests=requests))
        else:
            choices += [
                Choice(label=f"{answer.label}, {date.label}", requests=date.requests)
                for date in dates.choices
            ]
    return Question(code=doubt.code, message=doubt.message, choices=tuple(choices))


def _which_date(
    entry: LineEntry, stretches: Sequence[Stretch], mode: str, sheet: LineSheet
) -> Question | None:
    other = entry.day.other
    assert other is not None, "a date is asked about when there are two"
    note, whole, plain_note = entry.note, entry.whole_note, entry.plain_note
    if entry.day.other_keeps_words:
        left = sheet.taken - set(entry.day.items)
        note, (whole, plain_note) = (
            note_of(sheet, left)[0],
            note_of(sheet, left - set(entry.side.partner_items)),
        )
    moved = replace(
        entry,
        note=note,
        whole_note=whole,
        plain_note=plain_note,
        day=replace(entry.day, day=other, at=None if entry.day.other_keeps_words else entry.day.at),
    )
    today = sheet.now.date()
    labels = [
        f"Today, {phrases.day(day)}" if day == today else phrases.day(day) for day in (entry.day.day, other)
    ]
    try:
        again = place(moved, sheet)
    except MisplacedError:  # only one of the dates can be: nothing is left to ask
        return None
    choices = [
        Choice(label=labels[0], requests=_requests(entry, stretches, mode, remarks=entry.remarks)),
        Choice(label=labels[1], requests=_requests(moved, again.readings[0], mode, remarks=entry.remarks)),
    ]
    if entry.day.other_first:
        choices.reverse()
    return Question(
        code=_DATE_ASKED,
        message=sentences.ASK_DATE.format(first=choices[0].label, second=choices[1].label),
        choices=tuple(choices),
    )
