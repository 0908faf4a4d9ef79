"""Judges the lengths of time beside the one that was spent: part of it, the patient's own, or more work."""

import re

from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import (
    ASSIGNED,
    MORE_WORK,
    PATIENT_DOES,
    PATIENT_DOES_LIKE,
    PATIENT_DOES_STILL,
    SECOND_CHOICE_AFTER,
    WITHIN_WORK,
    WORK,
)
from bot.grammar.text.scan import CLOCK, DATE, DURATION, PATIENT, RANGE, SEPARATOR, VAGUE, WORD
from bot.grammar.when.clock_times import clock_range
from bot.grammar.when.durations import duration_of

_PAIR = re.compile(r"\d{1,2}:\d\d(?:\s?[ap]\.?m?\.?)?(?:\s*[|,]\s*|\s+)\d{1,2}:\d\d(?:\s?[ap]\.?m?\.?)?")
#: So many words around a length tell what it is of.
_NEAR = 3
_LENGTHS = frozenset({DURATION, CLOCK, RANGE, VAGUE})
_TOTAL = frozenset({"total", "totaling", "altogether", "overall", "combined"})
_INCLUDED = frozenset({"incl", "including", "includes", "included"})
_TOLD = ("took", "lasted", "lasting")
_PARTING = frozenset(",;+&/")


def seconds_at(sheet: LineSheet, index: int) -> int | None:
    """Whole seconds of a length of time or a range on the line; None for what is no one length."""
    kind, plain = sheet.items[index].kind, sheet.plain(index)
    if kind in {DURATION, CLOCK}:
        return duration_of(plain).seconds
    clock = clock_range(plain) if kind == RANGE else None
    return clock.wall_seconds if clock else None


def belongs_to_patient(sheet: LineSheet, index: int) -> bool:
    """True for `6h sleep`, `assigned 10 min mindfulness`: what the patient does, not what was worked."""
    after = sheet.word_after(index)
    if not after:
        return False
    assigned = sheet.word_before(index) in ASSIGNED
    place = index + 2 if after in PATIENT_DOES_LIKE else index + 1
    if place < len(sheet.items) and sheet.is_word(place) and _first_part(sheet.plain(place)) in PATIENT_DOES:
        if place + 1 < len(sheet.items) and sheet.items[place + 1].kind in _LENGTHS:
            return False  # `15m walking 30 minutes`
        following = sheet.word_after(place)
        return assigned or not following or following in PATIENT_DOES_STILL
    return assigned and after not in WORK


def _first_part(word: str) -> str:
    """The `sleep` of `sleep/night`."""
    return word.partition("/")[0].rstrip(".")


def is_pair_of_moments(sheet: LineSheet, index: int) -> bool:
    """True for `9:05am 11:30am`, which is a range only behind a date, as in the columns of a sheet."""
    if sheet.items[index].kind != RANGE or _PAIR.fullmatch(sheet.plain(index)) is None:
        return False
    before = index - 1
    while before >= 0 and sheet.items[before].kind == SEPARATOR:
        before -= 1
    return before < 0 or sheet.items[before].kind != DATE


def parts_of_whole(sheet: LineSheet, lengths: list[int]) -> int | None:
    """The stated whole among lengths whose others add up to it: `20m - 12 min call, 8 min notes`; else None."""
    seconds = {i: seconds_at(sheet, i) or 0 for i in lengths}
    total = sum(seconds.values())
    return next((i for i in lengths if seconds[i] * 2 == total), None) if len(lengths) > 2 else None  # noqa: PLR2004 - a whole has two parts


def is_total(sheet: LineSheet, index: int) -> bool:
    """True for `20 minutes total` and `total: 20 min`."""
    beside = {sheet.plain(i) for i in (index - 1, index + 1) if 0 <= i < len(sheet.items)}
    return not _TOTAL.isdisjoint(beside) or sheet.plain(index).startswith("total")


def stays_in_note(sheet: LineSheet, index: int, main: int) -> bool:
    """True when a length plainly tells of something other than more work beside the `main` one."""
    kind, seconds, spent = sheet.items[index].kind, seconds_at(sheet, index), seconds_at(sheet, main) or 0
    if (kind == CLOCK != sheet.items[main].kind) or _is_theirs(sheet, index):
        return True
    if seconds is not None and seconds > sheet.context.limits.max_entry_seconds:
        return True
    before = sheet.words_before(index, _NEAR)
    if MORE_WORK.intersection(before):
        return False
    if before[:1] and before[0] in SECOND_CHOICE_AFTER | _INCLUDED:
        return True
    if sheet.plain(index).startswith(_TOLD) and WORK.isdisjoint(before[:1]):
        return True
    within = _in_brackets(sheet, index) and seconds is not None and seconds <= spent
    return within or _is_described(sheet, index)


def _is_theirs(sheet: LineSheet, index: int) -> bool:
    """True beside a word for what the patient does or what happens within the work."""
    if belongs_to_patient(sheet, index):
        return True
    if WITHIN_WORK.intersection(sheet.words_before(index, 2)):
        return True
    i = index + 1
    while i < len(sheet.items) and i <= index + _NEAR and sheet.items[i].kind == WORD:
        word = sheet.plain(i).rstrip(".")
        if word in WORK or (word == "of" and sheet.word_after(i) in WORK):
            return False
        if word in WITHIN_WORK:
            return True
        i += 1
    return False


def _is_described(sheet: LineSheet, index: int) -> bool:
    """`20 minute rule`, `24-hour line`: the length describes a thing that is no work."""
    plain, after = sheet.plain(index), sheet.word_after(index)
    return bool(after) and after not in WORK and plain.endswith(("minute", "hour", "-min", "-hr"))


def _in_brackets(sheet: LineSheet, index: int) -> bool:
    depth = 0
    for i in range(index - 1, -1, -1):
        sign = sheet.plain(i) if sheet.items[i].kind == SEPARATOR else ""
        depth += (sign in {")", "]"}) - (sign in {"(", "["})
        if depth < 0:
            return True
    return False


def is_said_twice(sheet: LineSheet, first: int, second: int) -> bool:
    """`15m MRN1 call 15m` repeats itself; `15m & 15m` and `15m call, 15m charting` are two pieces of work."""
    if _in_brackets(sheet, second) and not _in_brackets(sheet, first):
        return True
    if not sheet.is_tail(second) or all(sheet.items[i].kind == SEPARATOR for i in range(first + 1, second)):
        return False
    parted = [i for i in range(first + 1, second) if sheet.plain(i) in _PARTING]
    return not parted or parted[-1] == second - 1


def is_plainly_set(sheet: LineSheet, index: int) -> bool:
    """True at the head of the line and beside a patient or a date."""
    return sheet.is_head(index) or any(
        0 <= i < len(sheet.items) and sheet.items[i].kind in {PATIENT, DATE} for i in (index - 1, index + 1)
    )
