"""Lengths of time that can be read more than one way, and what the person may answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from billing.durations import spoken
from bot.grammar.log import sentences
from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.numbers import amount
from bot.grammar.text.phrases import quoted
from bot.grammar.when.clock_times import ClockRange
from bot.grammar.when.durations import duration_of

_TIMES = later(
    r"[x×*]\s?(?P<behind>\d{1,2})|(?P<before>\d{1,2})\s?[x×]|(?P<twice>twice)|(?P<thrice>thrice)"
    r"|(?P<said>two|three|four|\d)\s+times|times\s+(?P<by>two|three|four|\d)"
)
_SUM = later(r"\d{1,3}(?:\s?\+\s?\d{1,3})+")
_OF = later(rf"({patterns.COUNT})\D{{0,12}}?\s+(?:out\s+)?of\s+")
_DAYS = later(rf"{patterns.COUNT}{patterns.GAP}(?:days?|d)\b")
_HAS_UNIT = later(rf"{patterns.GAP}(?:{patterns.HOURS}|{patterns.MINUTES})\b")
_UNEVEN = later(
    rf"\d{patterns.GAP}(?:{patterns.HOURS}[\s,&+]*(?:and\s+)?{patterns.NUMBER}{patterns.GAP}{patterns.MINUTES}"
    rf"|{patterns.MINUTES}[\s,&+]*(?:and\s+)?{patterns.NUMBER}{patterns.GAP}(?:{patterns.SECONDS}|s))$"
)


#: The code of a question about how much time was spent.
WHICH_LENGTH = "which_length"


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthAnswer:
    """One length of time that may have been meant."""

    #: What its button says.
    label: str
    #: Whole seconds; None where the clock times say it.
    seconds: int | None
    clock: ClockRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthDoubt:
    """What is asked before a length of time is stored."""

    #: `which_length`, or `bare_minutes` for a number without a unit.
    code: str
    message: str
    answers: tuple[LengthAnswer, ...]


def confirmed(message: str, seconds: int, code: str = WHICH_LENGTH) -> LengthDoubt:
    """One reading, which the person confirms."""
    return LengthDoubt(
        code=code,
        message=message,
        answers=(LengthAnswer(label=f"Yes, {spoken(seconds)}", seconds=seconds),),
    )


def chosen_from(word: str, lengths: Iterable[int], most: int) -> LengthDoubt | None:
    """Several readings of one text; None when none of them is a length that an entry may hold."""
    fair = [seconds for seconds in dict.fromkeys(lengths) if 0 < seconds <= most]
    if not fair:
        return None
    if len(fair) == 1:
        message = sentences.ASK_ONE_LENGTH.format(word=quoted(word), time=spoken(fair[0]))
        return confirmed(message, fair[0])
    answers = tuple(LengthAnswer(label=spoken(seconds), seconds=seconds) for seconds in fair)
    return LengthDoubt(
        code=WHICH_LENGTH, message=sentences.ASK_LENGTH.format(word=quoted(word)), answers=answers
    )


def vague_lengths(text: str) -> tuple[int, ...]:
    """What a text of more than one reading may mean, likeliest first; empty where no figure can be offered."""
    if _DAYS.search(text) and not _TIMES.search(text):
        return ()
    times = _TIMES.search(text)
    if times is not None:
        once = duration_of(text[: times.start()].rstrip(" ([,") or text[times.end() :]).seconds
        return once * count_of(times), once
    summed = _SUM.search(text)
    if summed is not None:
        figures = re.findall(r"\d+", summed.group())
        unit = text[summed.end() :]
        each = [duration_of(f"{figure}{unit}").seconds for figure in figures]
        return sum(each), *each
    part = _OF.search(text)
    if part is not None:
        whole = text[part.end() :]
        own = _HAS_UNIT.search(text[part.end(1) : part.end()]) or _HAS_UNIT.search(whole)
        return (duration_of(part[1] + own.group()).seconds, duration_of(whole).seconds) if own else ()
    return (duration_of(text).seconds,) if _UNEVEN.search(text) else ()


def count_of(times: re.Match[str]) -> int:
    """How often a length was spent, by `x2`, `twice` or `three times`."""
    if times["twice"] or times["thrice"]:
        return 2 if times["twice"] else 3
    return int(amount(times["behind"] or times["before"] or times["said"] or times["by"]))
