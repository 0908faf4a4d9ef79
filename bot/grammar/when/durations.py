"""Reads a length of time as typed, in whole seconds."""

import re
from dataclasses import dataclass
from decimal import Decimal

from billing.durations import HOUR, MINUTE, seconds_from_minutes
from bot.grammar.text import patterns
from bot.grammar.text.numbers import amount

_COUNT = rf"({patterns.COUNT}|an?)"
_HOURS = re.compile(rf"{_COUNT}{patterns.GAP}{patterns.HOURS}(?![a-z])|^(hour|hr)s?\b")
_MINUTES = re.compile(rf"{_COUNT}{patterns.GAP}{patterns.MINUTES}(?![a-z])")
_SECONDS = re.compile(rf"(\d+){patterns.GAP}(?:{patterns.SECONDS}|s)(?![a-z])")
_GLUED = re.compile(rf"(\d+)\s?{patterns.HOURS}(\d{{1,2}})$")
_MIXED = re.compile(
    rf"{_COUNT}(?:\s+and|\s+&|\s*\+)?\s+(a\s+half|one\s+half|1/2|a\s+quarter|1/4|3/4)[ -](?:hour|hr)"
)
_FRACTION = re.compile(r"(?P<half>half|1/2)|(?P<three>(?:three|3)[ -]+quarters|3/4)|(?P<quarter>quarter|1/4)")
_AND_PART = re.compile(r"(?:hours?|hrs?)\s+(?:and\s+)?(?:a\s+)?(half|quarter|three[ -]quarters)$")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_ABOUT = re.compile(r"~|-?ish\b|\b(?:about|around|approx|approximately|roughly|circa|ca|or\s+so)\b")
_ODD_DECIMALS = re.compile(rf"\d,\d(?!\d\d)|(?<!\d)0,\d|\.(?!00|25|50|75)\d\d\s?{patterns.HOURS}")
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "three": Decimal("0.75")}
_SIMPLE = re.compile(r"(\d{1,4})\s?(m|mins?|minutes?|h|hrs?|hours?)")


@dataclass(slots=True, kw_only=True)
class Duration:
    """A length of time as read."""

    #: Whole seconds; may be 0 or far too long: the slot judges.
    seconds: int
    #: True for `about 15 min`: recorded as the figure, and said so.
    approximate: bool = False
    #: True for `1,5h`, whose comma was read as a decimal point, and for `1.30h`, which is no hour and a half.
    odd_decimals: bool = False


def duration_of(text: str) -> Duration:
    """Read what matched the duration or clock pattern, in plain form."""
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return Duration(seconds=int(simple[1]) * (HOUR if simple[2][0] == "h" else MINUTE))
    return Duration(
        seconds=_seconds(text),
        approximate=_ABOUT.search(text) is not None,
        odd_decimals=_ODD_DECIMALS.search(text) is not None,
    )


def _seconds(text: str) -> int:
    clock = _CLOCK.search(text)
    if clock:
        return int(clock[1]) * HOUR + int(clock[2]) * MINUTE
    return seconds_from_minutes(_minutes(text))


def _minutes(text: str) -> Decimal:
    glued = _GLUED.search(text)
    if glued:
        return Decimal(glued[1]) * 60 + Decimal(glued[2])
    mixed = _MIXED.search(text)
    if mixed:
        return 60 * (amount(mixed[1]) + _part(mixed[2]))
    and_part = _AND_PART.search(text)
    hours = _HOURS.search(text)
    if hours is None or _is_fraction(text, hours):
        hours = None
    total = 60 * amount(hours[1] or "a") if hours else Decimal(0)
    if and_part and hours:
        return total + 60 * _part(and_part[1])
    minutes = _MINUTES.search(text)
    if hours is None and minutes is None and _FRACTION.search(text):
        return 60 * _part(text)
    seconds = _SECONDS.search(text)
    total += amount(minutes[1]) if minutes else 0
    return total + (Decimal(seconds[1]) / MINUTE if seconds else 0)


def _is_fraction(text: str, hours: re.Match[str]) -> bool:
    """True when the `an` of `half an hour` or the `2` of `1/2 hour` was taken for a count of hours."""
    return hours[1] is not None and _FRACTION.search(text[: hours.end(1)]) is not None


def _part(text: str) -> Decimal:
    match = _FRACTION.search(text)
    assert match is not None, "the pattern lets only these parts through"
    assert match.lastgroup is not None, "each part is a named group"
    return _PARTS[match.lastgroup]
