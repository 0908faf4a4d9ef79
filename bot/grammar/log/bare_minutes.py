"""Reads a number without a unit as minutes where it can be nothing else."""

import re
from dataclasses import dataclass
from decimal import Decimal

from billing.durations import MINUTE, seconds_from_minutes, spoken
from bot.grammar.log import sentences
from bot.grammar.log.length_doubts import LengthAnswer, LengthDoubt, confirmed
from bot.grammar.log.lengths import TimeSlot
from bot.grammar.log.patient_slot import is_in_groups
from bot.grammar.log.patients import bounds
from bot.grammar.log.scores import figure_owner, is_column, is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    COUNTED,
    HIGHEST_ORDINAL,
    NOT_MINUTES_AFTER,
    NOT_TIME_SPENT_AFTER,
    NUMBERED,
)
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.scan import NUMBER, SEPARATOR

_FIGURE = re.compile(r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)")
_CODE = "bare_minutes"
#: Below this a number with a fraction is as likely hours.
_LIKELY_HOURS = 8
_PERSON = re.compile(r"(?:pt|patient)\b")
#: Fewer minutes than this are more often a count of something.
_PLAIN_ENOUGH = 5
#: At the least this sure without a word beside it.
_EVER_SURE = 3


#: A range of clock times without colons: `from 1 50 to 2 10`.
_RANGE_OPENS = frozenset({"from", "between"})
_RANGE_JOINS = frozenset({"to", "and", "till", "til", "until", "-", "thru"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    index: int
    value: Decimal
    #: False when the words around it leave room for another meaning.
    sure: bool


def take_bare_minutes(sheet: LineSheet, *, has_patient: bool) -> TimeSlot | None:
    """Claim a bare number as minutes; asked about where it may be something else."""
    figures = [figure for i in sheet.of(NUMBER) if (figure := _figure(sheet, i, has_patient=has_patient))]
    sure = [figure for figure in figures if figure.sure]
    chosen = sure or figures
    if not chosen:
        return None
    sheet.take(*(figure.index for figure in chosen))
    if len(chosen) > 1:
        words = listed([quoted(sheet.shown(figure.index)) for figure in chosen])
        message = sentences.TWO_NUMBERS.format(words=words)
        sheet.find(ProblemCode.UNCLEAR_DURATION, message, *(figure.index for figure in chosen))
        return None
    return _minutes(sheet, chosen[0])


def _minutes(sheet: LineSheet, figure: _Figure) -> TimeSlot | None:
    word, most = sheet.shown(figure.index), sheet.context.limits.max_entry_seconds
    seconds = seconds_from_minutes(figure.value)
    if figure.value < 0:
        message = sentences.NEGATIVE.format(word=quoted(word))
        sheet.find(ProblemCode.NEGATIVE_DURATION, message, figure.index)
    elif seconds == 0:
        sheet.find(ProblemCode.ZERO_DURATION, sentences.ZERO.format(word=quoted(word)), figure.index)
    elif seconds > most:
        sheet.find(ProblemCode.DURATION_TOO_LONG, sentences.too_long(word, seconds, most), figure.index)
    else:
        doubt = _doubt_of(sheet, figure, seconds)
        if doubt is None or len(doubt.answers) == 1:
            sheet.remark(sentences.bare_minutes(word))
        first = doubt.answers[0].seconds if doubt else seconds
        return TimeSlot(seconds=first, items=(figure.index,), doubt=doubt)
    return None


def _doubt_of(sheet: LineSheet, figure: _Figure, seconds: int) -> LengthDoubt | None:
    """What is asked about a number that would be the minutes."""
    word, in_hours = quoted(sheet.shown(figure.index)), seconds_from_minutes(figure.value * 60)
    fraction = figure.value % 1 and in_hours <= sheet.context.limits.max_entry_seconds
    if fraction and figure.value < _LIKELY_HOURS:
        answers = tuple(
            LengthAnswer(label=spoken(reading), seconds=reading) for reading in (in_hours, seconds)
        )
        return LengthDoubt(
            code=_CODE, message=sentences.ASK_HOURS_OR_MINUTES.format(word=word), answers=answers
        )
    other = figure_owner(sheet, figure.index)
    if other is not None:
        beside = sentences.ASK_MINUTES_BESIDE.format(word=word, other=quoted(sheet.shown(other)))
        return confirmed(beside, seconds, _CODE)
    sure = figure.sure and not is_in_groups(sheet, figure.index) and not _ends_range(sheet, figure.index)
    return None if sure else confirmed(sentences.ASK_MINUTES.format(word=word), seconds, _CODE)


def _ends_range(sheet: LineSheet, index: int) -> bool:
    """True for the 10 of `from 1 50 to 2 10` and the 220 of `between 2 and 220`."""
    said = [sheet.plain(i) for i in range(index) if i not in sheet.taken]
    first = next((i for i, word in enumerate(said) if word in _RANGE_OPENS), None)
    return first is not None and not _RANGE_JOINS.isdisjoint(said[first:])


def _figure(sheet: LineSheet, index: int, *, has_patient: bool) -> _Figure | None:
    plain = sheet.plain(index)
    match = _FIGURE.search(plain, bounds(plain)[0])
    before, after = sheet.word_before(index), sheet.word_after(index)
    if match is None or _PERSON.search(plain) or before in NOT_MINUTES_AFTER | NOT_TIME_SPENT_AFTER:
        return None
    value = Decimal(match.group())
    if is_column(sheet, index):
        return _Figure(index=index, value=value, sure=True)
    is_visit_3 = before in NUMBERED and value < HIGHEST_ORDINAL
    if is_score(sheet, index) or is_visit_3:
        return None
    if (after in COUNTED and value >= 0) or not sheet.is_slot(index):
        return None
    if not has_patient and value * MINUTE > sheet.context.limits.max_entry_seconds:
        return None  # too much for minutes, and the line lacks a patient: rather an MRN without its prefix
    return _Figure(index=index, value=value, sure=_is_sure(sheet, index, value))


def _is_sure(sheet: LineSheet, index: int, value: Decimal) -> bool:
    if 0 < value < _EVER_SURE:
        return False
    free_before = index == 0 or not sheet.is_word(index - 1)
    free_after = index == len(sheet.items) - 1 or not sheet.is_word(index + 1)
    if free_before and free_after:
        return True
    if 0 < value < _PLAIN_ENOUGH or not (free_before or free_after):
        return False
    if free_before:
        return sheet.word_after(index) in ACTIVITY_NOUNS and not _counts_things(sheet, index)
    return sheet.word_before(index) in ACTIVITY_NOUNS


def _counts_things(sheet: LineSheet, index: int) -> bool:
    """`20 phone calls` are calls, not minutes."""
    i = index + 2
    return (
        i < len(sheet.items)
        and sheet.items[i].kind != SEPARATOR
        and sheet.plain(i).endswith("s")
        and sheet.is_word(i)
    )
