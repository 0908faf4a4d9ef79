"""Whether a date on the line is the date of service or belongs to the note."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.grammar.dates import DateReading, date_of
from bot.grammar.lexicon import (
    COUNTED,
    DATED_NOUNS,
    EVENT_WORDS,
    INSTRUMENTS,
    MEETINGS,
    NOT_SERVICE_DATE_AFTER,
    PLAN_WORDS,
    RATED,
    VERB_LIKE_DAYS,
)
from bot.grammar.scan import SEPARATOR, WEAK_DATE
from bot.grammar.sheet import Sheet

_NO_DATES = frozenset({"24/7", "7/24", "50/50", "1/1"})
#: `1/2 tablet`, `5/7 days`.
_SHARE_OF_THINGS = re.compile(r"\d/(?:\d|10)")
_PLAN_REACH = 4
_EVENT_REACH = 3
_CLAUSE_ENDS = frozenset(",;.-")


class Verdict(IntEnum):
    """What becomes of a date on the line."""

    #: Part of the note.
    LEAVE = 0
    #: Part of the note, and the receipt offers it.
    OFFER = 1
    #: The date of service once the person has said so.
    ASK = 2
    #: The date of service, and the receipt offers today instead.
    TAKE_OFFERING = 3
    #: The date of service.
    TAKE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A date on the line, read and judged."""

    index: int
    reading: DateReading
    verdict: Verdict
    #: Higher goes first: beside a slot or at the head, after `on`, at the tail, in the middle.
    standing: int


def judge(sheet: Sheet, index: int) -> Candidate:
    """Read a date and weigh the words around it."""
    reading = date_of(sheet.plain(index), sheet.now)
    on = sheet.plain(index).startswith("on ")
    if sheet.is_head(index) or sheet.is_anchored(index):
        standing = 3
    elif on:
        standing = 2
    else:
        standing = int(sheet.is_tail(index))
    verdict = _by_neighbours(sheet, index, reading, on=on)
    if verdict is None:
        verdict = _by_place(sheet, index, reading, on=on)
    return Candidate(index=index, reading=reading, verdict=verdict, standing=standing)


def _by_neighbours(sheet: Sheet, index: int, reading: DateReading, *, on: bool) -> Verdict | None:
    """What the words directly beside the date settle, if they settle anything."""
    before, after = sheet.word_before(index), sheet.word_after(index)
    plain = sheet.plain(index).removeprefix("on ")
    if sheet.line.plain.startswith("'s", sheet.items[index].end):
        return Verdict.LEAVE if reading.is_today or reading.ahead else Verdict.OFFER
    rated = before in RATED and plain.endswith("/10")
    counted = after in COUNTED and _SHARE_OF_THINGS.fullmatch(plain)
    score = reading.fraction and (plain in _NO_DATES or before in INSTRUMENTS or rated or counted)
    belongs_before = not on and before in NOT_SERVICE_DATE_AFTER
    # `the 3rd call`, `sat with patient`
    belongs_after = after and (plain in VERB_LIKE_DAYS or (plain.startswith("the ") and "day" not in plain))
    return Verdict.LEAVE if score or reading.no_date or belongs_before or belongs_after else None


def _by_place(sheet: Sheet, index: int, reading: DateReading, *, on: bool) -> Verdict:
    before = sheet.words_before(index, _PLAN_REACH)
    planned = not PLAN_WORDS.isdisjoint(before)
    happened = not EVENT_WORDS.isdisjoint(before[:_EVENT_REACH])
    slot = sheet.is_slot(index)
    if reading.is_today or reading.ahead:
        return Verdict.TAKE if slot and not (planned and reading.ahead) else Verdict.LEAVE
    if not slot:
        asked = on or (reading.past_only and (not happened or _ends_clause(sheet, index)))
        return Verdict.ASK if asked and not planned else Verdict.OFFER
    if sheet.items[index].kind == WEAK_DATE:
        return Verdict.ASK if on or not (before or sheet.word_after(index)) else Verdict.OFFER
    if planned and not reading.past_only:
        return Verdict.OFFER
    if happened:
        return Verdict.ASK
    return _before_a_noun(sheet, index, reading) if sheet.word_after(index) in DATED_NOUNS else Verdict.TAKE


def _before_a_noun(sheet: Sheet, index: int, reading: DateReading) -> Verdict:
    """`friday appt` and `3/3 surgery` speak of the appointment; `11/3 labs` may be when they were looked at."""
    if not in_reach(sheet, reading.day):
        return Verdict.LEAVE
    return (
        Verdict.OFFER
        if reading.weekday_only and sheet.word_after(index) in MEETINGS
        else Verdict.TAKE_OFFERING
    )


def in_reach(sheet: Sheet, day: date | None) -> bool:
    """True for a date that could be logged."""
    return day is not None and 0 <= (sheet.now.date() - day).days <= sheet.context.limits.backdate_days


def _ends_clause(sheet: Sheet, index: int) -> bool:
    i = index + 1
    return i < len(sheet.items) and sheet.items[i].kind == SEPARATOR and sheet.plain(i) in _CLAUSE_ENDS
