"""Decides whether a date on the line is the date of service or belongs to the note."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from bot.grammar.log.contact import only_contact
from bot.grammar.log.date_place import PLAN_REACH, TOPICS, Place, ends_clause, is_of_papers
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    COUNTED,
    DATED_NOUNS,
    EVENT_WORDS,
    GOES_ON,
    INSTRUMENTS,
    LATE_ENTRY,
    MEETINGS,
    NOT_SERVICE_DATE_AFTER,
    RATED,
    VERB_LIKE_DAYS,
)
from bot.grammar.text.scan import DATE, NUMBER, WEAK_DATE
from bot.grammar.when.dates import DateReading, Doubt, date_of

NO_DATES = frozenset({"24/7", "7/24", "50/50", "1/1"})
#: `1/2 tablet`, `5/7 days`.
_SHARE_OF_THINGS = re.compile(r"\d/(?:\d|10)")
_EVENT_REACH = 3
_CALLED_BACK = re.compile(r"(?:called|rang|phoned|texted|emailed|wrote)(?!\s(?:be|to))")
#: Behind nothing but the contact these may well date it: `phone from 11/13`.
_DATES_CONTACT = frozenset({"from", "of", "dated"})
_BARE_CONTACTS = (["phone"], ["phone", "call"], ["video"], ["visit"], ["session"], ["outreach"], ["intake"])
#: `x2`, `2x`.
_TIMES = re.compile(r"x\d{1,2}|\d{1,2}x|twice|second|third|first")
_OF_NOW = re.compile(r"(?:\w+ )?this\b")


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
    #: Higher goes first: behind a label, beside a slot or at the head, after `on`, at the tail, in the middle.
    standing: int
    #: True at the end of the note, where today is the likelier reading of what is asked about.
    closes: bool


def judge(sheet: LineSheet, index: int) -> Candidate:
    """Read a date and weigh the words around it."""
    reading = date_of(sheet.plain(index), sheet.now)
    place = Place(sheet, index)
    standing = int(sheet.is_tail(index))
    if place.labeled:
        standing = 4
    elif place.first:
        standing = 3
    elif place.marked or place.ends_contact:
        standing = 2
    verdict = _by_neighbors(place, reading)
    if verdict is None:
        verdict = _by_place(place, reading)
    return Candidate(index=index, reading=reading, verdict=verdict, standing=standing, closes=place.closes)


def names_the_day(sheet: LineSheet, index: int) -> bool:
    """True when words that name no one day, such as `last week`, stand where the date of service stands."""
    place = Place(sheet, index)
    if place.labeled:
        return True
    if not place.slot or sheet.line.plain.startswith("'s", sheet.items[index].end) or place.planned:
        return False
    if is_of_papers(sheet, index) or not TOPICS.isdisjoint(place.said):
        return False  # `records from last month`, `safety plan for the weekend`
    counted = any(
        (item.kind in {NUMBER, WEAK_DATE, DATE} or _TIMES.fullmatch(sheet.plain(i))) and i not in sheet.taken
        for i, item in enumerate(sheet.items)
    )
    if counted and _OF_NOW.match(sheet.plain(index)):
        return False  # `2 calls this week`
    said = place.said if place.closes else [*place.said, *place.told]
    return only_contact(said)


def _by_neighbors(place: Place, reading: DateReading) -> Verdict | None:
    """What the words directly beside the date settle, if they settle anything."""
    for settled in (_is_certain, _is_figure, _hangs_on_word, _is_word):
        verdict = settled(place, reading)
        if verdict is not None:
            return verdict
    return None


def _is_certain(place: Place, reading: DateReading) -> Verdict | None:
    """Behind a label, or as `late entry for yesterday`; `yesterday's no-show` is never the date of service."""
    sheet, index = place.sheet, place.index
    if place.labeled:
        return Verdict.TAKE
    if sheet.line.plain.startswith("'s", sheet.items[index].end):
        return Verdict.LEAVE if reading.is_today or reading.ahead else Verdict.OFFER
    late = not LATE_ENTRY.isdisjoint(sheet.words_before(index, _EVENT_REACH))
    return Verdict.TAKE if late and in_reach(sheet, reading.day) else None


def _is_figure(place: Place, reading: DateReading) -> Verdict | None:
    """`PHQ-9 10/21`, `pain 7/10`, `1/2 tablet`, `24/7`, `11/33`."""
    before, after, plain = place.before, place.after, place.words
    rated = plain.endswith("/10") and (before in RATED or after in RATED - GOES_ON)
    counted = after in COUNTED and _SHARE_OF_THINGS.fullmatch(plain)
    idiom = plain in NO_DATES and not in_reach(place.sheet, reading.day)  # `1/1` is a date in January
    if reading.fraction and (idiom or before in INSTRUMENTS or rated or counted):
        return Verdict.LEAVE
    return _impossible(place) if reading.no_date else None


def _hangs_on_word(place: Place, reading: DateReading) -> Verdict | None:
    """`since 11/3`, `appt friday`, `labs for 11/3`: the word before it says what the date is of."""
    before, reachable = place.before, place.slot and in_reach(place.sheet, reading.day)
    if before == "back" and _CALLED_BACK.match(" ".join(place.clause[1:])) and not reading.is_today:
        return Verdict.ASK if reachable else Verdict.LEAVE
    if before in _DATES_CONTACT and reachable and place.said[:-1] in _BARE_CONTACTS:
        return Verdict.ASK
    if place.marked or not (before in NOT_SERVICE_DATE_AFTER or (place.lead and before)):
        return None
    maybe = place.lead.startswith("for") and before not in NOT_SERVICE_DATE_AFTER and not place.after
    if not (maybe and reachable) or reading.weekday_only or place.planned:
        return Verdict.LEAVE
    return Verdict.OFFER if reading.holiday else Verdict.ASK


def _is_word(place: Place, reading: DateReading) -> Verdict | None:
    """`sat with patient`, `where pt sat`, `the 3rd call`, `thanksgiving plans`."""
    before, after, plain = place.before, place.after, place.words
    beside = ACTIVITY_NOUNS.issuperset(filter(None, (before, after)))
    if plain in VERB_LIKE_DAYS and not place.lead and not beside:
        return Verdict.OFFER
    nth = plain.endswith(("st", "nd", "rd", "th")) and (plain[0].isdigit() or plain.startswith("the "))
    return Verdict.LEAVE if after and (nth or reading.holiday) else None


def _impossible(place: Place) -> Verdict:
    """`11/33` is refused where the date of service would stand, and no date anywhere else."""
    if (
        place.after
        or not place.slot
        or (place.sheet.items[place.index].kind == WEAK_DATE and not place.marked)
    ):
        return Verdict.LEAVE
    return Verdict.TAKE if place.lead.startswith("on") or only_contact(place.said) else Verdict.LEAVE


def _by_place(place: Place, reading: DateReading) -> Verdict:
    sheet, index, slot = place.sheet, place.index, place.slot
    if reading.is_today:
        return Verdict.TAKE if slot else Verdict.LEAVE
    before, planned = place.clause, place.planned
    if sheet.items[index].kind == WEAK_DATE:
        return _weak(place, reading)
    if reading.ahead or ahead_of(sheet, reading) is not None:
        # What is ahead is refused where the date of service would stand, and a plan where it is told of.
        spoken = place.said if place.closes else before[:1]
        told = (
            planned
            or (before and not only_contact(spoken))
            or (reading.holiday and not place.marked)
            or place.after in DATED_NOUNS
        )
        return Verdict.TAKE if slot and not told else Verdict.LEAVE
    if planned and not reading.past_only:
        return Verdict.OFFER
    happened = not EVENT_WORDS.isdisjoint(before[:_EVENT_REACH])
    if slot:
        return _in_slot(place, reading, happened=happened)
    return _within(place, reading, happened=happened, planned=planned)


def _weak(place: Place, reading: DateReading) -> Verdict:
    """`11-3`, `11.3` and `3rd`, which may count or rate something."""
    alone = not (place.clause or place.after) or (place.closes and only_contact(place.said))
    asked = place.slot and (place.marked or alone) and in_reach(place.sheet, reading.day)
    return Verdict.ASK if asked else Verdict.OFFER


def _within(place: Place, reading: DateReading, *, happened: bool, planned: bool) -> Verdict:
    """A date in the middle of a note: never taken unasked."""
    ends = ends_clause(place.sheet, place.index)
    told = reading.past_only and (not happened or ends)
    asked = place.marked or (ends and not place.before) or (place.ends_contact and not happened) or told
    return Verdict.ASK if asked and not planned else Verdict.OFFER


def _in_slot(place: Place, reading: DateReading, *, happened: bool) -> Verdict:
    sheet, before = place.sheet, place.clause[:PLAN_REACH]
    scored = not (reading.past_only or INSTRUMENTS.isdisjoint(before))
    if place.closes and not reading.past_only:
        return _closing(place, reading, scored=scored)
    if happened or scored:
        return Verdict.ASK
    if place.after in DATED_NOUNS:
        return _before_a_noun(sheet, place.index, reading)
    # `pt leaves town friday` may as well be ahead; `phone check-in friday` is not.
    beside = [word for word in (*before[:1], place.after) if word]
    told = reading.weekday_only and beside and ACTIVITY_NOUNS.isdisjoint(beside)
    return Verdict.TAKE_OFFERING if told else Verdict.TAKE


def _closing(place: Place, reading: DateReading, *, scored: bool) -> Verdict:
    """A date that closes a note: the date of service after nothing but the contact, else asked about."""
    if not scored and only_contact(place.said):
        return Verdict.TAKE
    if reading.day is not None and not in_reach(place.sheet, reading.day):
        return Verdict.LEAVE  # `divorced 6/2/2019`
    if reading.holiday:
        return Verdict.OFFER
    # `phone, diary reviewed, friday`: it hangs on nothing, and nothing on the line is ahead.
    return Verdict.TAKE if place.stands_alone and not scored else Verdict.ASK


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
        ahead = reading.coming or day.replace(year=day.year + 1)
    except ValueError:  # a February 29
        return None
    return ahead if today < ahead and ahead - today < today - day else None


def in_reach(sheet: LineSheet, day: date | None) -> bool:
    """True for a date that could be logged."""
    return day is not None and 0 <= (sheet.now.date() - day).days <= sheet.context.limits.backdate_days
