"""Takes the days off a line that says from when to when: `12/1 to 12/8`, `for a week`, `next week`, `tomorrow`."""

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.grammar.call.claimed import Found
from bot.grammar.call.line import CUT, CallLine
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from bot.grammar.when import days_ahead
from bot.grammar.when.dates import date_of, lead_of
from bot.grammar.when.days_ahead import Days

_UNTIL = re.compile(r"(?:to|until|till|til|through|thru|\u2192|[-\u2010-\u2014])\s*$")
_FROM = re.compile(r"(?:from|starting|beginning|starts?|begins?|since|as of|after)(?:\s+on)?\s*$")
_AND = re.compile(r"(?:and|or|&|,|/|\+)\s*$")
_WORDS = re.compile(
    r"(?<![\w@])(?:from|starting|beginning|starts?|begins?|until|till|til|through|thru|to|between|on|and)\b"
)
_MARKS = re.compile(r"(?<=\|)\s*[-\u2010-\u2014\u2192]\s*(?=\|)")
_PART_OF_DAY = re.compile(r"\b(?:morning|afternoon|evening|night|tonight|tonite|[ap]m)\b")
_TOO_MANY_DATES = "Give the first day and the last day, no more: {example}."
_BACKWARDS = "The last day is before the first. Check the two dates."
_NO_LAST_DAY = "Until when? Give the last day, too: {example}."
_NO_FIRST_LENGTH = "Give the last day or how long, not both: {example}."
_WHOLE_DAYS = "{word} is part of a day, and these are whole days. Give the days: {example}."
_APART = (
    "There are days between {first} and {second}. For all of them, give the first and the last day: {example}. For "
    "the two days alone, write one line for each."
)


class DaysProblem(StrEnum):
    """What can be wrong with a stretch of days besides `ProblemCode`."""

    NO_LAST_DAY = "no_last_day"
    PART_OF_DAY = "part_of_day"
    DAYS_APART = "days_apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """A date as typed: where it stands, what it says, and the word before it."""

    found: Found
    #: `from`, `to`, `and` or nothing.
    lead: str
    #: Known from the words themselves, as that of `next friday` is.
    known: date | None = None
    #: `the end of the month`, which depends on the first day.
    end: re.Match[str] | None = None


def take_days(line: CallLine, *, example: str, needed: bool) -> tuple[date | None, date | None]:
    """Cut every day of a line: the first and the last of them, from today on; None after a problem, or for none.

    Args:
        line: What is left of the call.
        example: A line that works, for what is refused.
        needed: Whether a first day alone, `from 12/1`, asks until when.
    """
    before = len(line.problems)
    days = _read(line, example, needed=needed)
    if len(line.problems) > before or days is None:
        return None, None
    if days.last < days.first:
        line.find(ProblemCode.DATES_OUT_OF_ORDER, _BACKWARDS)
    return days.first, days.last


def _read(line: CallLine, example: str, *, needed: bool) -> Days | None:
    ends = days_ahead.END_OF.search(line.plain)
    if ends is None and (named := days_ahead.named_days(line.plain, line.today)):
        line.cut(named[0])
        return _alone(line, named[1], example, _typed(line))
    week = line.take(days_ahead.WEEK_OF)
    length = days_ahead.LENGTH.search(line.plain)
    if length:
        line.cut(length)
    typed = _typed(line)
    month = None if typed else days_ahead.named_month(line.plain, line.today)
    if month:
        line.cut(month[0])
        return month[1]
    line.take_all(_WORDS)
    line.take_all(_MARKS)
    if not typed:
        return Days(first=line.today, last=days_ahead.last_day(line.today, length)) if length else None
    if week:
        day = _day(line, typed[0], line.today, example)
        found = None if day is None else days_ahead.week_of(day, line.today)
        return _alone(line, found, example, typed[1:])
    return (
        _of_length(line, typed, length, example) if length else _from_to(line, typed, example, needed=needed)
    )


def _of_length(line: CallLine, typed: list[_Day], length: re.Match[str], example: str) -> Days | None:
    """So many days from the one day given."""
    first = _day(line, typed[0], line.today, example)
    if len(typed) > 1 or typed[0].lead == "to":
        line.find(ProblemCode.TWO_DATES, _NO_FIRST_LENGTH.format(example=example))
        return None
    return None if first is None else Days(first=first, last=days_ahead.last_day(first, length))


def _from_to(line: CallLine, typed: list[_Day], example: str, *, needed: bool) -> Days | None:
    """From one day to another, or one day alone."""
    if len(typed) > 2:  # noqa: PLR2004 - from and to
        line.find(ProblemCode.TWO_DATES, _TOO_MANY_DATES.format(example=example))
        return None
    if len(typed) == 2 and typed[0].lead == "to" != typed[1].lead:  # noqa: PLR2004 - from and to
        typed = [typed[1], typed[0]]
    first = _day(line, typed[0], line.today, example)
    last = _day(line, typed[-1], first, example) if first is not None and len(typed) > 1 else first
    if first is None or last is None:
        return None
    if len(typed) > 1:
        if typed[1].lead == "and" and (last - first).days > 1:
            words = [quoted(one.found.shown) for one in typed]
            line.find(DaysProblem.DAYS_APART, _APART.format(first=words[0], second=words[1], example=example))
        return Days(first=_begun(line, typed[0], first, last), last=last)
    if typed[0].lead == "from" and needed:
        line.find(DaysProblem.NO_LAST_DAY, _NO_LAST_DAY.format(example=example))
    return Days(first=line.today if typed[0].lead == "to" else first, last=last)


def _begun(line: CallLine, typed: _Day, first: date, last: date) -> date:
    """A first day without a year that fits only as one already past: `11/20 to 12/8`, said on November 28."""
    if first <= last or typed.known is not None:
        return first
    past = date_of(typed.found.group or typed.found.plain, line.now).day
    return past if past is not None and past <= last and (last - past).days < 183 else first  # noqa: PLR2004


def _alone(line: CallLine, days: Days | None, example: str, more: list[_Day]) -> Days | None:
    """Days that stand for themselves; more dates or a length beside them are a problem."""
    if more or days_ahead.LENGTH.search(line.plain):
        line.find(ProblemCode.TWO_DATES, _TOO_MANY_DATES.format(example=example))
        return None
    return days


def _typed(line: CallLine) -> list[_Day]:
    """Cut every date of the line, in its order."""
    found: list[_Day] = []
    for pattern in (days_ahead.NUMERIC_RANGE, days_ahead.NAMED_RANGE, days_ahead.WEEKDAY_RANGE):
        while match := pattern.search(line.plain):
            lead = _lead(line, match.start(1))
            second = match[2]
            if "/" not in second and pattern is days_ahead.NUMERIC_RANGE and int(second) > 31:  # noqa: PLR2004
                break
            first, last = (line.claim(*match.span(number)) for number in (1, 2))
            line.claim(first.end, last.start)
            found += [_Day(found=first, lead=lead), _Day(found=last, lead="to")]
    while match := days_ahead.DAYS_OF_MONTH.search(line.plain):
        lead = _lead(line, match.start())
        first, last, month = (line.claim(*match.span(number)) for number in (1, 2, 3))
        line.claim(first.end, month.start)
        for day, before in ((first, lead), (last, "to")):
            found.append(_Day(found=replace(day, group=f"{month.plain} {day.plain}"), lead=before))
    while match := days_ahead.END_OF.search(line.plain):
        found.append(_Day(found=line.claim(*match.span()), lead="to", end=match))
    while match := days_ahead.NAMED_WEEKDAY.search(line.plain):
        known = days_ahead.named_weekday(match, line.today)
        lead = _lead(line, match.start())
        found.append(_Day(found=line.claim(*match.span()), lead=lead, known=known))
    for item in line.dates_left():
        lead = _lead(line, item.start)
        found.append(_Day(found=line.claim(item.start, item.end), lead=lead))
    return sorted(found, key=lambda one: one.found.start)


def _lead(line: CallLine, start: int) -> str:
    """What the words before a date make of it."""
    before = line.plain[:start]
    if _UNTIL.search(before):
        return "to"
    if _FROM.search(before):
        return "from"
    if _AND.search(before):
        return "to" if re.search(r"\bbetween\b", before) else "and"
    return ""


def _day(line: CallLine, typed: _Day, base: date, example: str) -> date | None:
    """The date that some words name, the first one from another date on; None after a problem."""
    if typed.known is not None:
        return typed.known
    if typed.end is not None:
        return days_ahead.end_of(typed.end, base)
    found = typed.found
    words = (found.group or found.plain).strip(f" {CUT}")
    reading = date_of(words, line.now)
    if _PART_OF_DAY.search(words) or reading.at is not None:
        message = _WHOLE_DAYS.format(word=quoted(found.shown), example=example)
        line.find(DaysProblem.PART_OF_DAY, message, found.start, found.end)
        return None
    near = days_ahead.from_day(words, base)
    if near is not None:
        return near
    if reading.coming is not None and (reading.day is None or reading.day < line.today):
        return reading.coming
    lead = lead_of(words)
    return line.ahead(replace(found, group=words[len(lead) :], shown_group=found.shown[len(lead) :]))
