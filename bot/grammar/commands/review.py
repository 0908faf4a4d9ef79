"""`review MRN1, MRN2 20m continue sertraline with @dr sent 11/5`: case reviews; alone, it opens the review hour."""

import re
from dataclasses import dataclass

from bot.grammar.call.claimed import Found
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.line import CallLine
from bot.grammar.call.review_lists import HOUR, NO_LINES, read_several
from bot.grammar.call.reviews import names_patient, read_review_line, refused_review
from bot.grammar.log.entries import SPLIT
from bot.grammar.log.examples import fixed
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ProblemCode
from bot.grammar.text.blanks import GAP, PATIENT, Blank
from bot.grammar.text.lexicon import READINGS
from bot.grammar.text.wordlists import words

_READING = (
    "That reads as time spent on reading, not as a psychiatric case review. Log it with how long it took; for a case "
    "review, begin with review and the patient."
)
_LENGTH = Blank(GAP, "60m")
_HOW_LONG = "How long was the meeting? Its time is divided over the patients."
#: `review`, `review hour`, `review with @dr`: nothing to record.
_HOUR_ALONE = re.compile(r"[\s.!|]*(?:(?:hour|list|agenda)\b[\s.!|]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HourArguments(Arguments):
    """The review hour is asked for."""

    #: Slack user id or display name of the consultant whose it is; None where nobody said.
    consultant: str | None = None


def read(call: Call) -> Parsed:
    """Reviews of one line or several; alone, the review hour."""
    if len(call.lines) > 1:
        return read_several(call)
    if (opened := _opened_hour(call)) is not None:
        return opened
    line = CallLine(call)
    if _first_word(line) in READINGS - {"and"}:
        return _is_time(call)
    hour = line.take(HOUR)
    if hour is not None:
        return _shared(call, line, hour)
    read_line = read_review_line(call, line)
    return line.understood(read_line.review) if read_line.review else refused_review(line, read_line.example)


def _shared(call: Call, line: CallLine, hour: Found) -> Parsed:
    """`review hour 60m with @dr MRN1, MRN2`: one meeting, its time divided over the patients."""
    if not names_patient(line.remaining(), call):
        line.find(ProblemCode.NO_PATIENT, NO_LINES)
        return line.refused((call.words, PATIENT))
    read_line = read_review_line(call, line, SPLIT)
    if read_line.review is None:
        return refused_review(line, read_line.example)
    if not read_line.review.entries:
        line.find(ProblemCode.NO_DURATION, _HOW_LONG, hour.end - len("hour"), hour.end)
        return line.refused(("hour", _LENGTH, call.lines[0].shown[hour.end :].strip()))
    return line.understood(read_line.review)


def _opened_hour(call: Call) -> Parsed | None:
    """The hour's agenda, where the words name nobody but the consultant."""
    line = CallLine(call)
    named = line.one_member("by|with|for", bare=False)
    if line.problems or not _HOUR_ALONE.fullmatch(line.plain):
        return None
    return Parsed(command=call.command.name, arguments=HourArguments(consultant=named))


def _first_word(line: CallLine) -> str:
    words = line.plain.split(maxsplit=1)
    return words[0].rstrip(":,.") if words else ""


def _is_time(call: Call) -> Parsed:
    """`review of chart MRN123`: time spent on reading, whose length is missing."""
    reading = read_log_line(call.whole, call.context)
    return call.problem(
        ProblemCode.NO_DURATION, _READING, example=fixed(reading, call.context), line=call.whole
    )


COMMAND = Command(
    name="review",
    section=Section.CARE,
    place=40,
    usage="review [hour] [<patient>[, <patient> ...] [<time>] [split] [<recommendation>] [by|with @dr] [sent <date>]]",
    summary="Open the review hour, or record a psychiatric case review for each patient",
    example="review MRN123, MRN124 20m continue sertraline, recheck in 4 weeks",
    keywords=words("reviews consultant recommendation recommendations sent joint"),
    topic=(
        "Alone it opens the review hour: who waits for a review, by need, each with a button that records it.\n"
        "Several lines record several reviews, each with its own words: review MRN1 20m continue sertraline, then "
        "MRN2 10m start CBT on the next line. review hour 60m with @dr, and a line for each patient below, divides "
        "one meeting's time over them.\n"
        "20m is 20 minutes for each patient; add split when it was 20 for all of them. Without a time, the review is "
        "recorded and no minutes.\n"
        "A consultant who types it is the reviewer. Otherwise name one: by @dr for the consultant's own time, "
        "with @dr for time you spent together, which is one entry and counts once.\n"
        "The words left are the recommendation. sent 11/5 is the day it went to the treating provider; "
        "later on, review MRN123 sent 11/5 alone says so of the last review."
    ),
    read=read,
)
