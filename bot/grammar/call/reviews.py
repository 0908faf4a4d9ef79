"""Reads a line of a case review: patients, time if any, who reviewed, the recommendation, and when it was sent."""

from dataclasses import dataclass, replace
from enum import StrEnum

from billing.durations import spoken
from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found, Problem
from bot.grammar.call.command import Call
from bot.grammar.call.line import CallLine
from bot.grammar.log.date_slot import DateSlot, take_date
from bot.grammar.log.entries import EACH, SPLIT
from bot.grammar.log.examples import fixed
from bot.grammar.log.line import LogLine, read_log_line
from bot.grammar.log.notes import note_of, warnings
from bot.grammar.log.patient_slot import miss_patient, take_bare, take_named
from bot.grammar.log.sheet import LineSheet, SlotProblem
from bot.grammar.log.side_slots import take_side_slots
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import GAP
from bot.grammar.text.later import later
from bot.grammar.text.lines import Line, line_of
from bot.grammar.text.patterns import DATE
from bot.grammar.text.phrases import all_quoted
from bot.grammar.text.scan import PATIENT, scan
from services.care.requests import Review

SENT = later(
    r"\b(?:sent|faxed|forwarded|emailed)(?:\s+to\s+(?:the\s+)?(?:pcp|(?:treating\s+)?provider|clinic))?"
    rf"\s+({DATE})"
)
#: `with @dr`, and on to `and @ana` behind what was just cut.
_WITH = later(r"(?:\bwith\s+|(?<=\|)\s*(?:,|and|&)\s*)@\s?([\w.'\uf8ff-]+)")
_SENT_BEFORE = "{sent} is before the review on {reviewed}. Check the two dates."
_DATE_KEPT = "Dated today; the date among your words stays in them. To date it so, write the date first."
_TWO_READINGS = "That can be read more than one way. {question}"
_OWN_LINES = (
    "{word} stands among the words, which would be kept for each of these patients. Put each patient on a line of its "
    "own, with its own words."
)


class ReviewProblem(StrEnum):
    """What can be wrong with a review besides `ProblemCode`."""

    TWO_READINGS = "two_readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One line as read; without a review there are problems on it."""

    line: CallLine
    review: Review | None
    #: Whether a date of its own was said.
    dated: bool
    #: The line that would fix what is wrong with it; empty where that is not known.
    example: str = ""


def read_review_line(call: Call, line: CallLine, share: str = EACH) -> ReviewLine:
    """Read one line.

    Args:
        call: the call that the line is of, alone.
        line: the same, its words perhaps cut already.
        share: `each` or `split`: how the time of several patients is meant where the line does not say it.
    """
    sent = line.take(SENT)
    sent_on = line.past(sent) if sent else None
    by = line.one_member("by|for", bare=False)
    participants: list[str] = []
    while found := line.take(_WITH):
        participants.append(line.who(found))
    left = line.remaining()
    timed = read_log_line(left, call.context, share=share)
    review, dated = _with_time(line, timed) if timed.has_time else _without_time(line, left)
    if review is not None:
        review = replace(
            review,
            by=by,
            participants=tuple(dict.fromkeys(participants)),
            sent_on=sent_on,
            remarks=(*line.remarks, *review.remarks),
        )
    if review is not None and not review.is_word_of_sending and sent:
        check_sending(line, review, sent)
    if review is not None and len(review.patients) > 1:
        _refuse_named(line, review)
    example = "" if not line.problems and review is not None else _example(call, timed)
    return ReviewLine(line=line, review=None if line.problems else review, dated=dated, example=example)


def _refuse_named(line: CallLine, review: Review) -> None:
    """`review MRN123 increase; MRN124 continue`: words of which one patient's name another are not for both."""
    words = review.recommendation.casefold()
    for item in scan(words, line.call.context.mrn_pattern):
        if item.kind == PATIENT:
            shown = review.recommendation[item.start : item.end]
            start = max(line.line.shown.find(shown), 0)
            message = _OWN_LINES.format(word=all_quoted((shown,)))
            line.find(ProblemCode.TWO_PATIENTS, message, start, start + len(shown))
            return


def refused_review(line: CallLine, example: str) -> Parsed:
    """A line refused for all that was found, with the one that fixes it; `review` alone, the hour, fixes none."""
    line.says_otherwise = line.says_otherwise or not example.removeprefix("review").strip()
    return line.refused((example.removeprefix("review "),))


def names_patient(line: Line, call: Call) -> bool:
    """Whether a line names a patient, whoever else it names."""
    trial = CallLine(replace(call, lines=[line], whole=line))
    trial.one_member("by|for", bare=False)
    while trial.take(_WITH):
        pass
    sheet = LineSheet(trial.remaining(), call.context)
    return (take_named(sheet) or take_bare(sheet, has_duration=True)) is not None


def divided(seconds: list[int]) -> str:
    """`60 min divided over 3 patients: 20 min each.`."""
    total, shares = spoken(sum(seconds)), sorted(set(seconds))
    if len(shares) == 1:
        return f"{total} divided over {len(seconds)} patients: {spoken(shares[0])} each."
    each = " or ".join(map(spoken, shares))
    return f"{total} divided over {len(seconds)} patients: {each} each, {total} together."


def check_sending(line: CallLine, review: Review, sent: Found) -> None:
    """Advice cannot have gone out before it was given."""
    if review.sent_on is not None and review.sent_on < review.on:
        message = _SENT_BEFORE.format(
            sent=all_quoted((sent.shown,)), reviewed=f"{review.on:%b} {review.on.day}"
        )
        line.find(ProblemCode.DATES_OUT_OF_ORDER, message, sent.start, sent.end)


def _with_time(line: CallLine, timed: LogLine) -> tuple[Review | None, bool]:
    """A review whose time is read as a log's: minutes for each patient, unless split is said."""
    if timed.draft is None:
        _find_all(line, timed.sheet.findings)
        return None, False
    entries, question = timed.draft.requests, timed.draft.question
    kept = question.choices[1].requests if question and question.code == "which_date" else ()
    said, dated = entries[0].remarks, timed.slots.day is not None and not timed.slots.day.supplied
    if kept and kept[0].note != entries[0].note:
        entries, said, dated = kept, (*kept[0].remarks, _DATE_KEPT), False
    elif question is not None and question.code == "which_date" and timed.slots.day:
        _ask_which_date(line, timed.sheet, timed.slots.day)
        return None, dated
    elif question is not None:
        message = _TWO_READINGS.format(question=question.message)
        line.find(ReviewProblem.TWO_READINGS, message)
        return None, dated
    patients = tuple(dict.fromkeys(entry.patient for entry in entries))
    if timed.slots.side.share == SPLIT and len(patients) > 1:
        said = (*said, divided([entry.seconds for entry in entries]))
    review = Review(
        patients=patients,
        on=entries[0].service_date,
        entries=tuple(replace(entry, performed_by=None, remarks=()) for entry in entries),
        recommendation=entries[0].note,
        remarks=said,
    )
    return review, dated


def _without_time(line: CallLine, left: Line) -> tuple[Review | None, bool]:
    """A review recorded without minutes: patients and a date, the rest is the recommendation."""
    sheet = LineSheet(left, line.call.context)
    named = take_named(sheet) or take_bare(sheet, has_duration=True)
    if named is None:
        miss_patient(sheet)
    take_side_slots(sheet, several_patients=named is not None and len(named.patients) > 1)
    slot = take_date(sheet)
    recommendation, _ = note_of(sheet)
    on, said = slot.day if slot else None, [*sheet.remarks]
    dated = slot is not None and not slot.supplied
    if slot is not None and slot.ask and slot.other_keeps_words:
        recommendation, _ = note_of(sheet, sheet.taken - set(slot.items))
        on, said, dated = slot.other, [*said, _DATE_KEPT], False
    elif slot is not None and slot.ask and slot.other is not None:
        _ask_which_date(line, sheet, slot)
    elif slot is not None and slot.remark:
        said.append(slot.remark)
    find_too_long(line, recommendation)
    _find_all(line, sheet.findings)
    if line.problems or named is None or on is None:
        return None, dated
    review = Review(
        patients=named.patients,
        on=on,
        recommendation=recommendation,
        remarks=(*said, *warnings(recommendation)),
    )
    return review, dated


def find_too_long(line: CallLine, recommendation: str) -> None:
    """Refuse words that are more than a note holds."""
    most = line.call.context.limits.note_characters
    if len(recommendation) > most:
        message = sentences.too_long("recommendation", len(recommendation), most)
        line.find(ProblemCode.NOTE_TOO_LONG, message)


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


def _ask_which_date(line: CallLine, sheet: LineSheet, slot: DateSlot) -> None:
    """Two readings of the review's date: the line is offered with each."""
    assert slot.other is not None, "a date is asked about when there are two"
    start, end = sheet.items[slot.items[0]].start, sheet.items[slot.items[-1]].end
    words = Found(plain=line.line.plain[start:end], shown=line.line.shown[start:end], start=start, end=end)
    line.ask_which(words, (slot.day, slot.other))
