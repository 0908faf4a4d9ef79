"""Reads one line of a log: slots are taken in order, the rest is the note."""

import re
from dataclasses import dataclass, replace
from datetime import date

from billing.durations import spoken
from billing.kinds_of_work import outcome_of
from bot.grammar.log import sentences
from bot.grammar.log.bare_minutes import take_bare_minutes
from bot.grammar.log.date_slot import DateSlot, take_date
from bot.grammar.log.entries import LineEntry, MisplacedError, asked, place
from bot.grammar.log.left import NOTHING_LEFT, Account, account
from bot.grammar.log.lengths import TimeSlot, one_figure
from bot.grammar.log.notes import note_of, warnings
from bot.grammar.log.patient_slot import (
    PatientSlot,
    miss_patient,
    numbers_left,
    take_bare,
    take_named,
    with_number_behind,
)
from bot.grammar.log.plain import is_plain
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.log.side_slots import SideSlots, take_side_slots
from bot.grammar.log.time_slot import found_problem, take_time
from bot.grammar.parsed import ParseContext
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lines import Line
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import CLOCK, DURATION, LABEL, NUMBER, RANGE, VAGUE, WEAK_DATE, WORD
from services.entries.requests import Choice, DraftLine, Question

_LETTER_FOR_FIGURE = re.compile(r"\d+[oli]")
_ALMOST_DURATION = re.compile(r"\d[\w.,:]*[a-z]|\d+:\d+")


@dataclass(slots=True, kw_only=True)
class Slots:
    """What was claimed from a line; None where nothing was found or what was found is wrong."""

    patients: PatientSlot | None
    time: TimeSlot | None
    day: DateSlot | None
    side: SideSlots


@dataclass(slots=True, kw_only=True)
class LogLine:
    """One line as read: a draft, or the findings that stand against it."""

    sheet: LineSheet
    slots: Slots
    draft: DraftLine | None
    #: What became of all that no slot took; empty while problems stand against the line.
    account: Account = NOTHING_LEFT
    #: True when a glance shows work done and nothing besides.
    plain: bool = False
    #: Words of a field of their own, which are in no line: they go with an example.
    aside: str = ""

    @property
    def has_time(self) -> bool:
        """True when the line says how long something took, rightly or wrongly."""
        return self.slots.time is not None or found_problem(self.sheet)

    @property
    def has_patient(self) -> bool:
        """True when the line names a patient."""
        return self.slots.patients is not None


def read_log_line(line: Line, context: ParseContext, *, share: str | None = None) -> LogLine:
    """Understand one line whose command word, if it had one, is cut off.

    Args:
        line: what was typed.
        context: who speaks when.
        share: `each` or `split`, where the line does not say it; None asks.
    """
    sheet = LineSheet(line, context)
    slots = _claim(sheet)
    slots.side.share = slots.side.share or share
    plain = not sheet.findings and is_plain(sheet)
    draft = None if sheet.findings else _draft(sheet, slots, plain=plain)
    if draft is None or slots.time is None:
        return LogLine(sheet=sheet, slots=slots, draft=None)
    if plain:
        return LogLine(sheet=sheet, slots=slots, draft=draft, plain=True)
    accounted = account(sheet, draft.requests, slots.time.items[0])
    return LogLine(
        sheet=sheet, slots=slots, draft=_doubted(draft, accounted, sheet.now.date()), account=accounted
    )


def is_understood(line: Line, context: ParseContext) -> bool:
    """Whether `read_log_line` makes entries of a line; what is left of it is not looked at."""
    sheet = LineSheet(line, context)
    slots = _claim(sheet)
    return (
        not sheet.findings
        and slots.time is not None
        and _draft(sheet, slots, plain=is_plain(sheet)) is not None
    )


def _doubted(draft: DraftLine, accounted: Account, today: date) -> DraftLine:
    """The line with a question about what it may have meant besides, which no other question leaves out."""
    said = [one.sentence for one in accounted.doubtful]
    if not said:
        return draft
    question, first = draft.question, draft.requests[0]
    if question is not None:
        return replace(draft, question=replace(question, message=" ".join((*said, question.message))))
    seconds = sum(request.seconds for request in draft.requests)
    question = Question(
        code="left_over",
        message=sentences.ask_left(said, seconds, first.service_date, today),
        choices=(Choice(label=f"Yes, {spoken(seconds)}", requests=draft.requests),),
    )
    return replace(draft, question=question)


def _claim(sheet: LineSheet) -> Slots:
    if sheet.has(LABEL):
        sheet.take(*sheet.of(LABEL))
    patients = take_named(sheet)
    time = take_time(sheet)
    timed = time is not None or bool(sheet.findings)
    if patients is None:
        patients = take_bare(sheet, has_duration=timed)
    if not timed and not sheet.findings:
        time = take_bare_minutes(sheet, has_patient=patients is not None)
        timed = time is not None or bool(sheet.findings)
    several = patients is not None and len(patients.patients) > 1
    side = take_side_slots(sheet, several_patients=several)
    if patients is None or not timed:
        unclear = any(found.code == ProblemCode.UNCLEAR_PATIENT for found in sheet.findings)
        if patients is None and not unclear:
            miss_patient(sheet)
        if not timed and not unclear:
            _miss_time(sheet)
    return Slots(
        patients=patients,
        time=time,
        day=take_date(sheet),
        side=side,
    )


def _miss_time(sheet: LineSheet) -> None:
    """Note that no time was given, naming the word that comes closest."""
    for i in sheet.of(DURATION, CLOCK, RANGE, VAGUE):
        word, before = quoted(sheet.shown(i)), sheet.word_before(i)
        message = sentences.DURATION_IN_NOTE_AFTER.format(word=word)
        if before:
            message = sentences.DURATION_IN_NOTE.format(word=word, before=quoted(before))
        sheet.find(ProblemCode.NO_DURATION, message, i)
        return
    for i in sheet.of(WEAK_DATE):
        if sheet.plain(i)[-1].isalpha():
            continue  # `2nd call`
        word = quoted(sheet.shown(i))
        sheet.find(ProblemCode.NO_DURATION, sentences.NO_DURATION_CLOCK.format(word=word), i)
        return
    for i in sheet.of(WORD):
        if _ALMOST_DURATION.fullmatch(sheet.plain(i)) and sheet.plain(i)[-2:] not in {
            "yo",
            "mg",
            "st",
            "nd",
            "rd",
            "th",
        }:
            word = quoted(sheet.shown(i))
            sheet.find(ProblemCode.NO_DURATION, sentences.NO_DURATION_WORD.format(word=word), i)
            sheet.take(i)
            # `2o min` may be 20 as well as 2.
            sheet.time_hint = None if _LETTER_FOR_FIGURE.match(sheet.plain(i)) else one_figure(sheet.plain(i))
            return
    for i in sheet.of(NUMBER):
        if is_score(sheet, i):
            continue
        sheet.time_hint = one_figure(sheet.plain(i))
        word, fixed = quoted(sheet.shown(i)), sheet.time_hint
        message = (
            sentences.NO_DURATION_NUMBER.format(word=word, fixed=fixed)
            if fixed
            else sentences.NO_DURATION_FIGURE.format(word=word)
        )
        sheet.find(ProblemCode.NO_DURATION, message, i)
        return
    sheet.find(ProblemCode.NO_DURATION, sentences.NO_DURATION)


def _draft(sheet: LineSheet, slots: Slots, *, plain: bool) -> DraftLine | None:
    assert slots.patients is not None, "a line without findings has its patient"
    assert slots.time is not None, "a line without findings has its time"
    assert slots.day is not None, "a line without findings has its day"
    note, plain_note = note_of(sheet)
    whole = note
    if slots.side.partners:
        whole, plain_note = note_of(sheet, sheet.taken - set(slots.side.partner_items))
    most = sheet.context.limits.note_characters
    if len(note) > most:
        sheet.find(ProblemCode.NOTE_TOO_LONG, sentences.note_too_long(len(note), most))
        return None
    if not (plain and note.islower()):
        for warning in warnings(note):
            sheet.remark(warning)
    patients = slots.patients
    if sheet.has(NUMBER):
        patients = with_number_behind(sheet, patients)
        for number in numbers_left(sheet):
            sheet.remark(sentences.number_stays(number))
    entry = LineEntry(
        patients=patients,
        time=slots.time,
        day=slots.day,
        side=slots.side,
        note=note,
        whole_note=whole,
        plain_note=plain_note,
        outcome=outcome_of(plain_note),
        remarks=tuple(sheet.remarks),
    )
    try:
        placed = place(entry, sheet)
    except MisplacedError as wrong:
        sheet.find(wrong.code, wrong.message, *wrong.items)
        return None
    return asked(entry, placed, sheet)
