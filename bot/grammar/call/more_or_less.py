"""Takes a change of length off a command's line: `+10m`, `5m more`, `less 5m`, `from 15m to 25m`."""

import re
from dataclasses import dataclass

from billing.durations import MINUTE
from bot.grammar.call.claimed import Found
from bot.grammar.call.line import CallLine
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import DURATION, NEGATIVE, Item, scan
from bot.grammar.when.durations import duration_of

_UNIT = r"(?:hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?)\b"
_MORE_WORD = r"(?:more|extra|additional|further|another)"
_LESS_WORD = r"(?:less|fewer)"
_MORE_BEFORE = re.compile(
    rf"(?:\+|(?<!\w)(?:plus|add(?:s|ed|ing)?|(?:an?\s+)?{_MORE_WORD}|(?:up|longer|extend(?:ed)?|increased?|lengthen(?:ed)?)"
    r"(?:\s+(?:it|that))?\s+by))\s*"
)
_LESS_BEFORE = re.compile(
    rf"(?<!\w)(?:{_LESS_WORD}|minus|subtract(?:ed|ing)?|deduct(?:ed|ing)?|take\s+(?:off|away)|remove|cut|drop|"
    r"(?:down|shorter|reduced?|shorten(?:ed)?|decreased?|cut)(?:\s+(?:it|that))?\s+by)\s*"
)
_MORE_BEHIND = re.compile(rf"\s*(?:{_MORE_WORD}|longer|on\s+top|too\s+short)(?!\w)")
_LESS_BEHIND = re.compile(rf"\s*(?:{_LESS_WORD}|shorter|off|too\s+long)(?!\w)")
_TAKE = re.compile(r"(?<!\w)take\s*$")
#: `10 more minutes`: the word stands inside of the length.
_INSIDE = re.compile(rf"(?<!\S)([\w.½¼¾]+)\s+(?:({_MORE_WORD})|{_LESS_WORD})\s+({_UNIT})")
_FROM_TO = re.compile(
    rf"(?<!\S)(?:from\s+)?(\d+(?:\.\d+)?)\s?({_UNIT})?\s*(?:(?:in)?to(?=\s)|-+>|=>|→)\s*(?=\d+(?:\.\d+)?\s?({_UNIT}))"
)
_NOT = re.compile(
    rf",?\s*(?<!\w)(?:and\s+)?(?:not|instead\s+of|rather\s+than)\s+(\d+(?:\.\d+)?)\s?({_UNIT})?(?!\S)"
)
#: `+10`: its sign says that it is no patient.
_BARE = re.compile(r"(?<![^\s|])([+-])(\d{1,3})(?![\w:/%-]|[.,]\d)")
_READ_AS_MINUTES = "Read {word} as minutes."
#: Any of these must be on a line for it to hold a change of length.
MARK = re.compile(
    rf"\+|(?<!\S)-\d|(?<!\w)(?:add|plus|minus|negative|{_MORE_WORD}|{_LESS_WORD}|subtract|deduct|take|remove|cut|drop|"
    r"longer|shorter|off|extend|increase|reduce|lengthen|shorten|decrease|too)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthChange:
    """So much more, or less where negative: whole seconds, and the words that say it."""

    seconds: int
    found: Found


def length_changes(line: CallLine) -> list[LengthChange]:
    """Cut every length that is to be added or taken off; behind a command's word, `+10` is one too."""
    if MARK.search(line.plain) is None:
        return []
    changes = []
    for bare in list(_BARE.finditer(line.plain)) if line.call.whole is not line.line else ():
        found = line.cut(bare)
        changes.append(LengthChange(seconds=int(f"{bare[1]}{bare[2]}") * MINUTE, found=found))
        line.remarks.append(_READ_AS_MINUTES.format(word=quoted(found.shown)))
    while (match := _INSIDE.search(line.plain)) and (seconds := _seconds(f"{match[1]} {match[3]}")):
        changes.append(LengthChange(seconds=seconds if match[2] else -seconds, found=line.cut(match)))
    while change := _next(line):
        changes.append(change)
    return changes


def stated_length(line: CallLine) -> int | None:
    """Cut the length that an entry is said to hold now: `from 15 to 25m`, `25m not 15m`; whole seconds."""
    for pattern in (_FROM_TO, _NOT):
        match = pattern.search(line.plain)
        if match is not None:
            unit = match[2] or (match[3] if pattern is _FROM_TO else None) or "m"
            line.cut(match)
            return _seconds(f"{match[1]} {unit}") or None
    return None


def _next(line: CallLine) -> LengthChange | None:
    for item in scan(line.plain, line.call.context.mrn_pattern):
        if item.kind == NEGATIVE:
            digits = re.sub(r"^(?:-|minus|negative)\s*", "", line.plain[item.start : item.end])
            if seconds := _seconds(digits):
                return LengthChange(seconds=-seconds, found=line.take_item(item))
        if item.kind == DURATION and (change := _marked(line, item)):
            return change
    return None


def _marked(line: CallLine, item: Item) -> LengthChange | None:
    """A length with its mark, which stands before it or behind it."""
    seconds = duration_of(line.plain[item.start : item.end]).seconds
    for sign, before, behind in ((1, _MORE_BEFORE, _MORE_BEHIND), (-1, _LESS_BEFORE, _LESS_BEHIND)):
        start = _start_of(line.plain, before, item.start)
        after = behind.match(line.plain, item.end)
        if after and (take := _TAKE.search(line.plain, 0, start)):
            start = take.start()
        if start < item.start or after:
            whole = Item(item.kind, start, after.end() if after else item.end)
            return LengthChange(seconds=sign * seconds, found=line.take_item(whole))
    return None


def _start_of(plain: str, before: re.Pattern[str], end: int) -> int:
    """Where the words begin that stand right before a place: `add another` before `10m`."""
    found = list(before.finditer(plain, 0, end))
    while found and found[-1].end() == end:
        end = found.pop().start()
    return end


def _seconds(words: str) -> int:
    """A length that is nothing but these words; 0 where they are none."""
    items = scan(words)
    if len(items) != 1 or items[0].kind != DURATION or items[0].end != len(words):
        return 0
    return duration_of(words).seconds
