"""`review MRN1, MRN2 20m continue sertraline with @dr sent 11/5`: a case review, recorded for each patient."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found, Problem
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.log.date_slot import DateSlot, take_date
from bot.grammar.log.entries import EACH
from bot.grammar.log.examples import fixed
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.notes import note_of, warnings
from bot.grammar.log.patient_slot import miss_patient, take_bare, take_named
from bot.grammar.log.sheet import LineSheet, SlotProblem
from bot.grammar.log.side_slots import take_side_slots
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import GAP
from bot.grammar.text.lexicon import READINGS
from bot.grammar.text.lines import Line, line_of
from bot.grammar.text.patterns import DATE
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Review

_READING = (
    "That reads as time spent on reading, not as a psychiatric case review. Log it with how long it took; for a case "
    "review, begin with review and the patient."
)
_SENT = re.compile(
    r"\b(?:sent|faxed|forwarded|emailed)(?:\s+to\s+(?:the\s+)?(?:pcp|(?:treating\s+)?provider|clinic))?"
    rf"\s+({DATE})"
)
#: `with @dr`, and on to `and @ana` behind what was just cut.
_WITH = re.compile(r"(?:\bwith\s+|(?<=\|)\s*(?:,|and|&)\s*)@\s?([\w.'\uf8ff-]+)")
_SENT_BEFORE = "{sent} is before the review on {reviewed}. Check the two dates."
_DATE_KEPT = "Dated today; the date among your words stays in them. To date it so, write the date first."
_TWO_READINGS = "That can be read more than one way. {question}"


class ReviewProblem(StrEnum):
    """What can be wrong with a review besides `ProblemCode`."""

    TWO_READINGS = "two_readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourArguments(Arguments):
    """The review hour is asked for."""

    #: Slack user id or display name of the consultant whose it is; None where nobody said.
    consultant: str | None = None


#: `review`, `review hour`, `review with @dr`: nothing to record.
_HOUR_ALONE = re.compile(r"[\s.!|]*(?:(?:hour|list|agenda)\b[\s.!|]*)?")


def read(call: Call) -> Parsed:
    """Patients, time if any, who reviewed, the recommendation, and when it was sent; alone, the review hour."""
    if (opened := _opened_hour(call)) is not None:
        return opened
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    if _first_word(line) in READINGS - {"and"}:
        return _is_time(call)
    sent = line.take(_SENT)
    sent_on = line.past(sent) if sent else None
    by = line.one_member("by|for", bare=False)
    participants: list[str] = []
    while found := line.take(_WITH):
        participants.append(line.who(found))
    left = line.remaining()
    timed = read_log_line(left, call.context, share=EACH)
    review = _with_time(line, timed) if timed.has_time else _without_time(line, left)
    if review is not None:
        review = replace(
            review,
            by=by,
            participants=tuple(dict.fromkeys(participants)),
            sent_on=sent_on,
            remarks=(*line.remarks, *review.remarks),
        )
    if review is not None and not review.is_word_of_sending and sent and sent_on and sent_on < review.on:
        message = _SENT_BEFORE.format(
            sent=all_quoted((sent.shown,)), reviewed=f"{review.on:%b} {review.on.day}"
        )
        line.find(ProblemCode.DATES_OUT_OF_ORDER, message, sent.start, sent.end)
    if line.problems or review is None:
        return line.refused((_example(call, timed).removeprefix("review "),))
    return line.understood(review)


def _opened_hour(call: Call) -> Parsed | None:
    """The hour's agenda, where the words name nobody but the consultant."""
    if len(call.lines) > 1:
        return None
    line = CallLine(call)
    named = line.one_member("by|with|for", bare=False)
    if line.problems or not _HOUR_ALONE.fullmatch(line.plain):
        return None
    return Parsed(command=call.command.name, arguments=HourArguments(consultant=named))


def _with_time(line: CallLine, timed: LogLine) -> Review | None:
    """A review whose time is read as a log's: minutes for each patient, unless split is said."""
    if timed.draft is None:
        _find_all(line, timed.sheet.findings)
        return None
    entries, question = timed.draft.requests, timed.draft.question
    kept = question.choices[1].requests if question and question.code == "which_date" else ()
    said = entries[0].remarks
    if kept and kept[0].note != entries[0].note:
        entries, said = kept, (*kept[0].remarks, _DATE_KEPT)
    elif question is not None and question.code == "which_date" and timed.slots.day:
        _ask_which_date(line, timed.sheet, timed.slots.day)
        return None
    elif question is not None:
        message = _TWO_READINGS.format(question=question.message)
        line.find(ReviewProblem.TWO_READINGS, message)
        return None
    return Review(
        patients=tuple(dict.fromkeys(entry.patient for entry in entries)),
        on=entries[0].service_date,
        entries=tuple(replace(entry, performed_by=None, remarks=()) for entry in entries),
        recommendation=entries[0].note,
        remarks=said,
    )


def _without_time(line: CallLine, left: Line) -> Review | None:
    """A review recorded without minutes: patients and a date, the rest is the recommendation."""
    sheet = LineSheet(left, line.call.context)
    named = take_named(sheet) or take_bare(sheet, has_duration=True)
    if named is None:
        miss_patient(sheet)
    take_side_slots(sheet, several_patients=named is not None and len(named.patients) > 1)
    slot = take_date(sheet)
    recommendation, _ = note_of(sheet)
    on, said = slot.day if slot else None, [*sheet.remarks]
    if slot is not None and slot.ask and slot.other_keeps_words:
        recommendation, _ = note_of(sheet, sheet.taken - set(slot.items))
        on, said = slot.other, [*said, _DATE_KEPT]
    elif slot is not None and slot.ask and slot.other is not None:
        _ask_which_date(line, sheet, slot)
    elif slot is not None and slot.remark:
        said.append(slot.remark)
    most = sheet.context.limits.note_characters
    if len(recommendation) > most:
        message = sentences.too_long("recommendation", len(recommendation), most)
        line.find(ProblemCode.NOTE_TOO_LONG, message)
    _find_all(line, sheet.findings)
    if line.problems or named is None or on is None:
        return None
    return Review(
        patients=named.patients,
        on=on,
        recommendation=recommendation,
        remarks=(*said, *warnings(recommendation)),
    )


def _find_all(line: CallLine, findings: list[SlotProblem]) -> None:
    line.problems += [
        Problem(code=found.code, message=found.message, start=found.start, end=found.end)
        for found in findings
    ]


def _example(call: Call, timed: LogLine) -> str:
    """The person's own line fixed as a log's is, where that is understood as a review."""
    text = f"review {fixed(timed, call.context).removeprefix('log ')}"
    if GAP in text:
        return text.replace(f"review {GAP} ", "review ", 1)
    reading = read_log_line(line_of(text.removeprefix("review")), call.context, share=EACH)
    return text if reading.draft is not None and reading.draft.question is None else ""


def _first_word(line: CallLine) -> str:
    words = line.plain.split(maxsplit=1)
    return words[0].rstrip(":,.") if words else ""


def _is_time(call: Call) -> Parsed:
    """`review of chart MRN123`: time spent on reading, whose length is missing."""
    reading = read_log_line(call.whole, call.context)
    return call.problem(
        ProblemCode.NO_DURATION, _READING, example=fixed(reading, call.context), line=call.whole
    )


def _ask_which_date(line: CallLine, sheet: LineSheet, slot: DateSlot) -> None:
    """Two readings of the review's date: the line is offered with each."""
    assert slot.other is not None, "a date is asked about when there are two"
    start, end = sheet.items[slot.items[0]].start, sheet.items[slot.items[-1]].end
    words = Found(plain=line.line.plain[start:end], shown=line.line.shown[start:end], start=start, end=end)
    line.ask_which(words, (slot.day, slot.other))


COMMAND = Command(
    name="review",
    section=Section.CARE,
    place=40,
    usage="review <patient>[, <patient> ...] [<time>] [split] [<recommendation>] [by|with @consultant] [sent <date>]",
    summary="Record a psychiatric case review for each patient",
    example="review MRN123, MRN124 20m continue sertraline, recheck in 4 weeks",
    keywords=words("reviews consultant recommendation recommendations sent joint"),
    topic=(
        "20m is 20 minutes for each patient; add split when it was 20 for all of them. Without a time, the review is "
        "recorded and no minutes.\n"
        "A consultant who types it is the reviewer. Otherwise name one: by @dr for the consultant's own time, "
        "with @dr for time you spent together, which is one entry and counts once.\n"
        "The words left are the recommendation. sent 11/5 is the day it went to the treating provider; "
        "later on, review MRN123 sent 11/5 alone says so of the last review."
    ),
    read=read,
)
