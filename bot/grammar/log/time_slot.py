"""Finds how long it took: a duration, a range of clock times, or a bare number of minutes."""

import re
from dataclasses import dataclass

from billing.durations import HOUR, MINUTE, spoken
from bot.grammar.log import sentences
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text import patterns
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    COUNTS,
    HABIT_UNITS,
    HABITS,
    NOT_MINUTES_AFTER,
    NOT_TIME_SPENT_AFTER,
    NOT_TIME_SPENT_BEFORE,
    NOT_WORKED_AFTER,
    SECOND_CHOICE_AFTER,
    TOLD_OF_AFTER,
)
from bot.grammar.text.numbers import amount
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.scan import (
    CLOCK,
    DATE,
    DURATION,
    NEGATIVE,
    NOT_A_NUMBER,
    NUMBER,
    PATIENT,
    RANGE,
    VAGUE,
    WORD,
)
from bot.grammar.when.clock_times import ClockRange, clock_range, spoken_time
from bot.grammar.when.durations import duration_of

_KINDS = (RANGE, DURATION, CLOCK, VAGUE, NEGATIVE, NOT_A_NUMBER)
_TOLD = re.compile(r"(?:took|lasted|lasting)\b")
_HOURS_AND = re.compile(
    rf"(?<![\w-])(an?|\d+|{patterns.WORD_NUMBER})\s?{patterns.HOURS}\s+(?:and\s+)?(\d+|{patterns.WORD_NUMBER})(?![\w-])"
)
_SAID = re.compile(rf"(?<![\w-])(?:{patterns.DURATION})")
_FIGURE = re.compile(r"\d+")
_HOUR_WORD = re.compile(r"\d\s?h|hour")
_LONGEST_HINT = 4 * HOUR
#: A number of so few figures before a length of time may count it.
_COUNT_DIGITS = 2
_PER = frozenset({"a", "per", "every", "each", "at", "of"})
_HABIT_WORDS = HABIT_UNITS | {"sleep", "exercise"}
_AT = frozenset({"at", "@", "by", "around", "til", "till", "until", "before", "after", "since"})
#: How surely a length of time is the one spent.
_SURE, _LIKELY, _POSSIBLE = 3, 2, 1


@dataclass(slots=True, kw_only=True)
class TimeSlot:
    """The time spent, as typed."""

    #: Whole seconds; for a range they follow from the clock times and the date.
    seconds: int | None
    clock: ClockRange | None = None
    #: Items claimed.
    items: tuple[int, ...]


def take_time(sheet: LineSheet) -> TimeSlot | None:
    """Claim the time spent; None when no figure with a unit can be it, or a problem was found."""
    candidates = sheet.of(*_KINDS)
    ranked = [(i, _rank(sheet, i)) for i in candidates]
    if len(ranked) == 1 and ranked[0][1]:
        sheet.take(candidates[0])
        return _only(sheet, candidates[0])
    if len(ranked) > 1:  # `72 hr hold` can only be meant for the time when nothing else is
        ranked = [(i, min(rank, _POSSIBLE) if is_over_limit(sheet, i) else rank) for i, rank in ranked]
    best = max([rank for _, rank in ranked], default=0)
    if best == 0:
        return None
    chosen = [i for i, rank in ranked if rank == best]
    if best == _SURE:
        chosen += [i for i, rank in ranked if 0 < rank < best and _rivals(sheet, i, chosen)]
    sheet.take(*chosen)
    slot = _only(sheet, *chosen) if len(chosen) == 1 else _agreeing(sheet, chosen)
    if slot is not None and len(chosen) < len(ranked):
        seconds = slot.clock.wall_seconds if slot.clock else slot.seconds or 0
        for i, rank in ranked:
            if rank and i not in chosen:
                sheet.remark(sentences.stays(sheet.shown(i), seconds))
    return slot


def is_told_of(sheet: LineSheet, first: int, last: int) -> bool:
    """True for a length from one item to another that the words beside it make a part of what is told."""
    before, after = sheet.word_before(first), sheet.word_after(last)
    if not (before or after):
        return False
    told = before in TOLD_OF_AFTER or (after and _TOLD.match(sheet.plain(first)))
    return bool(told) or not _may_be_spent(sheet, last, before, after)


def is_over_limit(sheet: LineSheet, index: int) -> bool:
    """True for a length longer than an entry may be."""
    if sheet.items[index].kind not in {DURATION, CLOCK}:
        return False
    return duration_of(sheet.plain(index)).seconds > sheet.context.limits.max_entry_seconds


def found_problem(sheet: LineSheet) -> bool:
    """True when a figure that was meant to be the time has been refused."""
    return any(i in sheet.taken and sheet.items[i].kind in _KINDS for i in range(len(sheet.items)))


def _rank(sheet: LineSheet, index: int) -> int:
    kind, plain = sheet.items[index].kind, sheet.plain(index)
    before, after = sheet.word_before(index), sheet.word_after(index)
    if (before or after) and not _may_be_spent(sheet, index, before, after):
        return 0
    slot = sheet.is_slot(index)
    if kind == RANGE:
        return _SURE if slot else _POSSIBLE
    if kind == NOT_A_NUMBER and " " not in plain and not plain.endswith("m"):
        return _LIKELY if sheet.is_head(index) and not after else 0
    if kind == CLOCK:
        return _LIKELY if slot else _POSSIBLE
    if (before or after) and _is_told(plain, before, after):
        return _POSSIBLE
    compact = " " not in plain and "minute" not in plain
    return _SURE if slot or (compact and kind != VAGUE) else _POSSIBLE


def _may_be_spent(sheet: LineSheet, index: int, before: str, after: str) -> bool:
    """False when the words beside a figure make it a habit, a delay, a time of day or somebody's free hours."""
    kind = sheet.items[index].kind
    if kind == RANGE:
        return before not in NOT_WORKED_AFTER
    if kind == CLOCK and before in _AT:
        return False
    told_otherwise = before in NOT_TIME_SPENT_AFTER or (
        after in NOT_TIME_SPENT_BEFORE and not _is_late_entry(sheet, index)
    )
    if before in HABITS and " " in sheet.plain(index):
        return False
    return not (told_otherwise or (after in _PER and _is_habit(sheet, index)))


def _is_late_entry(sheet: LineSheet, index: int) -> bool:
    """`20m late entry` is no lateness of 20 minutes."""
    i = index + 2
    return i < len(sheet.items) and sheet.plain(i) in {
        "entry",
        "entries",
        "note",
        "charting",
        "documentation",
    }


def _is_told(plain: str, before: str, after: str) -> bool:
    """`took 15 minutes to reach` tells of the work; it is the time spent only when nothing else is."""
    told = after and _TOLD.match(plain)
    return bool(told) or after in {"to", "into"} or before in SECOND_CHOICE_AFTER


def _is_habit(sheet: LineSheet, index: int) -> bool:
    """`30 minutes a day`, `2 hours every night`."""
    i = index + 2
    return i < len(sheet.items) and sheet.plain(i) in _HABIT_WORDS


def _rivals(sheet: LineSheet, index: int, chosen: list[int]) -> bool:
    """True for a figure in the note that may as well be the time, or part of it."""
    kind = sheet.items[index].kind
    if kind == CLOCK:
        # `14:00 15m` is a time of day and a length
        return not is_over_limit(sheet, index) and any(sheet.touch(index, other) for other in chosen)
    if kind == RANGE:
        return any(sheet.items[other].kind == RANGE for other in chosen)
    # `call 20 min, charting 10 min`: neither stands beside the patient, and both end what they belong to.
    plainly_set = any(_is_plainly_set(sheet, other) for other in chosen)
    return kind == DURATION and not plainly_set and sheet.word_before(index) in ACTIVITY_NOUNS


def _is_plainly_set(sheet: LineSheet, index: int) -> bool:
    """True at the head of the line and beside a patient or a date."""
    return sheet.is_head(index) or any(
        0 <= i < len(sheet.items) and sheet.items[i].kind in {PATIENT, DATE} for i in (index - 1, index + 1)
    )


def _only(sheet: LineSheet, index: int, *also: int) -> TimeSlot | None:
    kind = sheet.items[index].kind
    word = quoted(sheet.shown(index))
    if kind == NEGATIVE:
        sheet.time_hint = one_figure(sheet.plain(index))
        sheet.find(ProblemCode.NEGATIVE_DURATION, sentences.NEGATIVE.format(word=word), index)
    elif kind == NOT_A_NUMBER:
        sheet.find(ProblemCode.NOT_A_NUMBER, sentences.NOT_A_NUMBER.format(word=word), index)
    elif kind == VAGUE:
        sheet.time_hint = one_figure(sheet.plain(index)) or "20m"
        sheet.find(
            ProblemCode.UNCLEAR_DURATION, sentences.VAGUE.format(word=word, fixed=sheet.time_hint), index
        )
    elif kind == RANGE:
        return _by_clock_times(sheet, index)
    else:
        return _by_figure(sheet, index, also)
    return None


def _by_figure(sheet: LineSheet, index: int, also: tuple[int, ...]) -> TimeSlot | None:
    if several := _multiplied(sheet, index):
        message = sentences.SEVERAL_TIMES.format(word=quoted(" ".join(sheet.shown(i) for i in several)))
        sheet.find(ProblemCode.UNCLEAR_DURATION, message, *several)
        sheet.time_hint = one_figure(sheet.plain(index))
        sheet.take(*several)
        return None
    duration = duration_of(sheet.plain(index))
    word, most = sheet.shown(index), sheet.context.limits.max_entry_seconds
    if duration.seconds == 0:
        sheet.find(ProblemCode.ZERO_DURATION, sentences.ZERO.format(word=quoted(word)), index)
        return None
    if duration.seconds > most:
        message = sentences.too_long(word, duration.seconds, most)
        if sheet.items[index].kind == CLOCK:
            message = sentences.TIME_IS_NO_SLOT.format(word=quoted(word))
        sheet.find(ProblemCode.DURATION_TOO_LONG, message, index)
        return None
    if duration.approximate:
        sheet.remark(sentences.approximate(word, duration.seconds))
    if duration.odd_decimals:
        sheet.remark(sentences.read_as(word, spoken(duration.seconds)))
    return TimeSlot(seconds=duration.seconds, items=(index, *also))


def _multiplied(sheet: LineSheet, index: int) -> list[int]:
    """`two 30 minute calls`, `2 x 15m`: the items that leave the sum open."""
    before = index - 1
    if before < 0 or before in sheet.taken:
        return []
    kind, word = sheet.items[before].kind, sheet.plain(before)
    if kind == WORD:
        return [before, index] if word in COUNTS else []
    counts = kind == NUMBER and word.isdigit() and len(word) <= _COUNT_DIGITS
    other = word in sheet.context.roster or sheet.word_before(before) in NOT_MINUTES_AFTER
    other = other or is_score(sheet, before)
    return [before, index] if counts and not other else []


def _by_clock_times(sheet: LineSheet, index: int) -> TimeSlot | None:
    word, most = sheet.shown(index), sheet.context.limits.max_entry_seconds
    clock = clock_range(sheet.plain(index))
    if clock is None:
        message = sentences.NO_SUCH_TIME.format(word=quoted(word), when="")
        sheet.find(ProblemCode.NO_SUCH_TIME, message, index)
        return None
    if clock.wall_seconds > most:
        if clock.crosses_midnight:
            message = sentences.RANGE_BACKWARDS.format(word=quoted(word))
            sheet.find(ProblemCode.RANGE_BACKWARDS, message, index)
        else:
            sheet.find(
                ProblemCode.DURATION_TOO_LONG, sentences.too_long(word, clock.wall_seconds, most), index
            )
        return None
    if clock.inferred:
        meaning = f"{spoken_time(clock.start)} to {spoken_time(clock.end)}"
        sheet.remark(sentences.read_as(word, meaning))
    return TimeSlot(seconds=None, clock=clock, items=(index,))


def one_figure(text: str) -> str | None:
    """A single figure made of a vague one, to show what could be written instead; None when there is none."""
    both = _HOURS_AND.search(text)
    if both:
        return f"{int(amount(both[1]))}h {int(amount(both[2]))}m"
    said = _SAID.search(text)
    figure = _FIGURE.search(text)
    if figure is None or (said and said.start() < figure.start()):
        seconds = duration_of(said.group()).seconds if said else 0
    else:
        seconds = int(figure.group()) * (HOUR if _HOUR_WORD.search(text) else MINUTE)
    if not 0 < seconds <= _LONGEST_HINT:
        return None
    return f"{seconds // HOUR}h" if seconds % HOUR == 0 else f"{seconds // MINUTE or 1}m"


def _agreeing(sheet: LineSheet, chosen: list[int]) -> TimeSlot | None:
    """Several figures: the same time said twice, as `2pm-2:25pm 25m`, or a problem."""
    ranges = [i for i in chosen if sheet.items[i].kind == RANGE]
    figures = [i for i in chosen if sheet.items[i].kind in {DURATION, CLOCK}]
    if len(ranges) == 1 and len(figures) == 1 and len(chosen) == 2:  # noqa: PLR2004 - one of each
        clock = clock_range(sheet.plain(ranges[0]))
        seconds = duration_of(sheet.plain(figures[0])).seconds
        if clock is not None and clock.wall_seconds == seconds:
            return _by_clock_times(sheet, ranges[0])
        if clock is not None:
            sheet.time_hint = sheet.shown(ranges[0])
            message = sentences.range_differs(_words(sheet, chosen), clock.wall_seconds, seconds)
            sheet.find(ProblemCode.TWO_DURATIONS, message, *sorted(chosen))
            return None
    if len(chosen) == len(figures) and _is_said_twice(sheet, figures):
        return _only(sheet, *chosen)
    sheet.time_hint = sheet.shown(min(chosen))
    sheet.find(
        ProblemCode.TWO_DURATIONS,
        sentences.TWO_DURATIONS.format(words=_words(sheet, chosen)),
        *sorted(chosen),
    )
    return None


def _is_said_twice(sheet: LineSheet, figures: list[int]) -> bool:
    """`15m MRN1 call 15m` repeats itself; `call 15 min, charting 15 min` are two pieces of work."""
    same = len({duration_of(sheet.plain(i)).seconds for i in figures}) == 1
    return same and len(figures) == 2 and any(_is_plainly_set(sheet, i) for i in figures)  # noqa: PLR2004 - twice


def _words(sheet: LineSheet, chosen: list[int]) -> str:
    return listed([quoted(sheet.shown(i)) for i in sorted(chosen)])
