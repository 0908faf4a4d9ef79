"""Decides whether a date on the line is the date of service or belongs to the note."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    COUNTED,
    DATED_NOUNS,
    EVENT_WORDS,
    INSTRUMENTS,
    LATE_ENTRY,
    MEETINGS,
    NOT_SERVICE_DATE_AFTER,
    PLAN_WORDS,
    RATED,
    VERB_LIKE_DAYS,
)
from bot.grammar.text.scan import SEPARATOR, WEAK_DATE
from bot.grammar.when.dates import DateReading, Doubt, date_of, lead_of

NO_DATES = frozenset({"24/7", "7/24", "50/50", "1/1"})
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


def judge(sheet: LineSheet, index: int) -> Candidate:
    """Read a date and weigh the words around it."""
    reading = date_of(sheet.plain(index), sheet.now)
    marked = _is_marked(sheet, index)
    first = sheet.is_head(index) or sheet.is_anchored(index)
    standing = 3 if first else 2 if marked else int(sheet.is_tail(index))
    verdict = _by_neighbors(sheet, index, reading, marked=marked)
    if verdict is None:
        verdict = _by_place(sheet, index, reading, marked=marked)
    return Candidate(index=index, reading=reading, verdict=verdict, standing=standing)


def _is_marked(sheet: LineSheet, index: int) -> bool:
    """True for `on 11/3` wherever it stands, and for `for 11/3` and `dos 11/3` that hang on no other word."""
    lead = lead_of(sheet.plain(index))
    return lead.startswith("on") or (bool(lead) and not sheet.word_before(index))


def _by_neighbors(sheet: LineSheet, index: int, reading: DateReading, *, marked: bool) -> Verdict | None:
    """What the words directly beside the date settle, if they settle anything."""
    before, after = sheet.word_before(index), sheet.word_after(index)
    lead = lead_of(sheet.plain(index))
    plain = sheet.plain(index)[len(lead) :]
    if sheet.line.plain.startswith("'s", sheet.items[index].end):
        return Verdict.LEAVE if reading.is_today or reading.ahead else Verdict.OFFER
    if not LATE_ENTRY.isdisjoint(sheet.words_before(index, _EVENT_REACH)) and in_reach(sheet, reading.day):
        return Verdict.TAKE
    rated = plain.endswith("/10") and (before in RATED or after in RATED)
    counted = after in COUNTED and _SHARE_OF_THINGS.fullmatch(plain)
    score = reading.fraction and (plain in NO_DATES or before in INSTRUMENTS or rated or counted)
    belongs_before = not marked and (before in NOT_SERVICE_DATE_AFTER or (lead and before))
    if plain in VERB_LIKE_DAYS and not lead and not ACTIVITY_NOUNS.issuperset(filter(None, (before, after))):
        return Verdict.OFFER  # `sat with patient`, `where pt sat`
    # `the 3rd call`
    nth = plain.endswith(("st", "nd", "rd", "th")) and (plain[0].isdigit() or plain.startswith("the "))
    return Verdict.LEAVE if score or reading.no_date or belongs_before or (after and nth) else None


def _by_place(sheet: LineSheet, index: int, reading: DateReading, *, marked: bool) -> Verdict:
    slot = sheet.is_slot(index) and not sheet.is_in_brackets(index)
    if reading.is_today:
        return Verdict.TAKE if slot else Verdict.LEAVE
    before = sheet.words_before(index, _PLAN_REACH)
    planned = not PLAN_WORDS.isdisjoint(before)
    if sheet.items[index].kind == WEAK_DATE:
        lone = not (before or sheet.word_after(index))
        return Verdict.ASK if slot and (marked or lone) and in_reach(sheet, reading.day) else Verdict.OFFER
    if reading.ahead or ahead_of(sheet, reading) is not None:
        # What is ahead is refused where the date of service would stand, and a plan where it is told of.
        told = (
            planned or (before and before[0] not in ACTIVITY_NOUNS) or sheet.word_after(index) in DATED_NOUNS
        )
        return Verdict.TAKE if slot and not told else Verdict.LEAVE
    if planned and not reading.past_only:
        return Verdict.OFFER
    happened = not EVENT_WORDS.isdisjoint(before[:_EVENT_REACH])
    if slot:
        return _in_slot(sheet, index, reading, before, happened=happened)
    between_commas = _ends_clause(sheet, index) and not sheet.word_before(index)
    asked = marked or between_commas or (reading.past_only and (not happened or _ends_clause(sheet, index)))
    return Verdict.ASK if asked and not planned else Verdict.OFFER


def _in_slot(
    sheet: LineSheet, index: int, reading: DateReading, before: list[str], *, happened: bool
) -> Verdict:
    scored = not (reading.past_only or INSTRUMENTS.isdisjoint(before))
    if happened or scored:
        return Verdict.ASK
    after = sheet.word_after(index)
    if after in DATED_NOUNS:
        return _before_a_noun(sheet, index, reading)
    # `pt leaves town friday` may as well be ahead; `phone check-in friday` is not.
    beside = [word for word in (*before[:1], after) if word]
    told = reading.weekday_only and beside and ACTIVITY_NOUNS.isdisjoint(beside)
    return Verdict.TAKE_OFFERING if told else Verdict.TAKE


def _before_a_noun(sheet: LineSheet, index: int, reading: DateReading) -> Verdict:
    """`friday appt` and `3/3 surgery` speak of the appointment; `11/3 labs` may be when they were looked at."""
    if not in_reach(sheet, reading.day):
        return Verdict.LEAVE
    meeting = reading.weekday_only and sheet.word_after(index) in MEETINGS
    return Verdict.OFFER if meeting else Verdict.TAKE_OFFERING


def ahead_of(sheet: LineSheet, reading: DateReading) -> date | None:
    """The date to come that the words name; without a year, when it is closer than the one too long gone by."""
    today, day = sheet.now.date(), reading.day
    if day is None or day > today:
        return day
    yearless = reading.doubt == Doubt.SUPPLIED and not reading.past_only
    if not yearless or in_reach(sheet, day):
        return None
    try:
        ahead = day.replace(year=day.year + 1)
    except ValueError:  # a February 29
        return None
    return ahead if today < ahead and ahead - today < today - day else None


def in_reach(sheet: LineSheet, day: date | None) -> bool:
    """True for a date that could be logged."""
    return day is not None and 0 <= (sheet.now.date() - day).days <= sheet.context.limits.backdate_days


def _ends_clause(sheet: LineSheet, index: int) -> bool:
    i = index + 1
    return i < len(sheet.items) and sheet.items[i].kind == SEPARATOR and sheet.plain(i) in _CLAUSE_ENDS
