"""Finds how long it took among the lengths of time and the ranges of clock times on a line."""

import re

from bot.grammar.log import sentences
from bot.grammar.log.lengths import TimeSlot, read_length, read_range
from bot.grammar.log.other_lengths import (
    belongs_to_patient,
    is_pair_of_moments,
    is_plainly_set,
    parts_of_whole,
    seconds_at,
    stays_in_note,
)
from bot.grammar.log.several_lengths import agreeing, which_of
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import (
    ACTIVITY_NOUNS,
    HABIT_UNITS,
    HABITS,
    NOT_TIME_SPENT_AFTER,
    NOT_TIME_SPENT_BEFORE,
    NOT_WORKED_AFTER,
    SECOND_CHOICE_AFTER,
    TOLD_OF_AFTER,
)
from bot.grammar.text.scan import (
    CLOCK,
    DURATION,
    NEGATIVE,
    NOT_A_NUMBER,
    RANGE,
    VAGUE,
)
from bot.grammar.when.durations import duration_of

_KINDS = (RANGE, DURATION, CLOCK, VAGUE, NEGATIVE, NOT_A_NUMBER)
_TOLD = re.compile(r"(?:took|lasted|lasting)\b")
_PER = frozenset({"a", "per", "every", "each", "at", "of"})
_HABIT_WORDS = HABIT_UNITS | {"sleep", "exercise"}
_AT = frozenset({"at", "@", "by", "around", "til", "till", "until", "before", "after", "since"})
#: Before `in` these name the kind of contact, or are what the bot is to do.
_CHECKED = frozenset({"check", "checked", "checking", "drop", "dropped", "walk", "put"})
#: How surely a length of time is the one spent.
_SURE, _LIKELY, _POSSIBLE = 3, 2, 1


def take_time(sheet: LineSheet) -> TimeSlot | None:
    """Claim the time spent; None when no figure with a unit can be it, or a problem was found."""
    candidates = sheet.of(*_KINDS)
    if not candidates:
        return None
    if len(candidates) == 1:
        only = candidates[0]
        if not _rank(sheet, only) and not _ends_kind(sheet, only):
            return None
        sheet.take(only)
        return read_length(sheet, only)
    ranked = {i: _rank(sheet, i) for i in candidates}
    ranked = _ranked_together(sheet, ranked)
    best = max(ranked.values())
    if best == 0:
        return None
    chosen = [i for i, rank in ranked.items() if rank == best]
    if best == _SURE and len(chosen) < len(ranked):
        chosen += [i for i, rank in ranked.items() if 0 < rank < best and _rivals(sheet, i, chosen)]
    chosen = _without_details(sheet, chosen) if len(chosen) > 1 else chosen
    others = [i for i, rank in ranked.items() if rank and i not in chosen]
    whole = parts_of_whole(sheet, [*chosen, *others]) if len(chosen) + len(others) > 1 else None
    if whole is not None:
        sheet.take(whole)
        parts = [i for i in (*chosen, *others) if i != whole]
        return _with_others(sheet, read_length(sheet, whole), parts)
    sheet.take(*chosen)
    slot = read_length(sheet, *chosen) if len(chosen) == 1 else agreeing(sheet, chosen)
    return _with_others(sheet, slot, others, main=chosen[0]) if others else slot


def _ranked_together(sheet: LineSheet, ranked: dict[int, int]) -> dict[int, int]:
    """Ranks beside each other: `72 hr hold` and `30 min walk` can only be meant when nothing else is."""
    lowered = {
        i: min(rank, _POSSIBLE) if rank and is_over_limit(sheet, i) else rank for i, rank in ranked.items()
    }
    theirs = {
        i
        for i, rank in lowered.items()
        if rank and (belongs_to_patient(sheet, i) or is_pair_of_moments(sheet, i))
    }
    if any(rank and i not in theirs for i, rank in lowered.items()):
        lowered |= dict.fromkeys(theirs, 0)
    return lowered


def _without_details(sheet: LineSheet, chosen: list[int]) -> list[int]:
    """Those of several lengths that may be the time spent: `16m MRN5 commute is 45 minutes` has one."""
    longest = max(chosen, key=lambda i: seconds_at(sheet, i) or 0)
    kept = [i for i in chosen if is_plainly_set(sheet, i) or not stays_in_note(sheet, i, longest)]
    return kept or chosen


def _with_others(
    sheet: LineSheet, slot: TimeSlot | None, others: list[int], main: int | None = None
) -> TimeSlot | None:
    """The slot with what is said or asked about the other lengths on the line; without a main one, its parts."""
    if slot is None:
        return None
    seconds = slot.clock.wall_seconds if slot.clock else slot.seconds or 0
    more = [i for i in others if main is not None and not stays_in_note(sheet, i, main)]
    if main is not None and slot.doubt is None and more:
        if (
            all(seconds_at(sheet, i) == seconds and sheet.items[i].kind == RANGE for i in more)
            and len(more) == 1
        ):
            sheet.take(*more)
            return read_range(sheet, more[0])
        slot = which_of(sheet, slot, [main, *more])
    for i in others:
        if i not in more:
            sheet.stayed.add(i)
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


def _ends_kind(sheet: LineSheet, index: int) -> bool:
    """True for the only length behind `phone check in` and `put in`, whose `in` says nothing of when."""
    before = sheet.words_before(index, 2)
    return (
        before[:1] == ["in"] and not _CHECKED.isdisjoint(before[1:]) and sheet.items[index].kind == DURATION
    )


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
    plainly_set = any(is_plainly_set(sheet, other) for other in chosen)
    return kind == DURATION and not plainly_set and sheet.word_before(index) in ACTIVITY_NOUNS
