"""Reads a length of time as typed, in whole seconds."""

import re
from dataclasses import dataclass
from decimal import Decimal

from billing.durations import HOUR, MINUTE, seconds_from_minutes
from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.numbers import amount

_COUNT = rf"(?:{patterns.COUNT}|an?)"
#: `half an hour`, `2/3 of an hour`; `1-1/2 hr`, `two and a half minutes`; `1 h`, `an hour`; `fifteen minutes`.
_PIECE = later(
    rf"(?:(?<![\w/.])|(?<=[a-z])(?=\d))(?:(?P<part>{patterns.PART})(?:\s+of)?(?:[ -]+an?)?"
    rf"|(?:(?P<whole>{_COUNT})(?:(?:\s+and\s+|\s*[-&+]\s*|\s+)(?P<more>{patterns.PART})(?:\s+of)?)?))?"
    rf"[ -]*(?:(?P<hours>{patterns.HOURS})|(?P<minutes>{patterns.MINUTES})"
    rf"|(?P<seconds>{patterns.SECONDS}|(?<=[\d ])s))(?![a-z])"
)
_GLUED = later(rf"(\d+)\s?{patterns.HOURS}(\d{{1,2}})$")
#: The `and a half` of `an hour and a half`, the `fifteen` of `an hour fifteen`.
_REST = later(
    rf"\s+(?:and\s+)?(?:(?P<part>(?:a\s+)?half|(?:a\s+)?quarter|three[ -]quarters)"
    rf"|(?P<minutes>{patterns.WORD_NUMBER}))$"
)
#: `an hour n a half`.
_SHORT_AND = later(r"\s+(?:n|&)\s+a\b")
_PART_NAMES = (
    (later(r"half|1/2"), Decimal("0.5")),
    (later(r"(?:three|3)[ -]+quarters?|3/4"), Decimal("0.75")),
    (later(r"quarter|1/4"), Decimal("0.25")),
    (later(r"(?:two|2)[ -]+thirds|2/3"), Decimal(2) / 3),
    (later(r"third|1/3"), Decimal(1) / 3),
)
_CLOCK = later(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_ABOUT = later(r"~|-?ish\b|\b(?:about|around|approx|approximately|roughly|circa|ca|or\s+so)\b")
_ODD_DECIMALS = later(rf"\d,\d(?!\d\d)|(?<!\d)0,\d|\.(?!00|25|50|75)\d\d\s?{patterns.HOURS}")
_SUM = later(rf"\d\s?(?:{patterns.HOURS}|{patterns.MINUTES})\s*\+\s*\d")
_SIMPLE = later(r"(\d{1,4})\s?(m|mins?|minutes?|h|hrs?|hours?)")


@dataclass(slots=True, kw_only=True)
class Duration:
    """A length of time as read."""

    #: Whole seconds; may be 0 or far too long: the slot judges.
    seconds: int
    #: True for `about 15 min`: recorded as the figure, and said so.
    approximate: bool = False
    #: True where the receipt says how it was read: `1,5h`, whose comma was read as a decimal point, `1.30h`, which
    #: is no hour and a half, and the sum `1h + 15m`.
    said: bool = False


def duration_of(text: str) -> Duration:
    """Read what matched the duration or clock pattern, in plain form."""
    simple = _SIMPLE.fullmatch(text)
    if simple:
        return Duration(seconds=int(simple[1]) * (HOUR if simple[2][0] == "h" else MINUTE))
    return Duration(
        seconds=_seconds(text),
        approximate=_ABOUT.search(text) is not None,
        said=_ODD_DECIMALS.search(text) is not None or _SUM.search(text) is not None,
    )


def _seconds(text: str) -> int:
    clock = _CLOCK.search(text)
    if clock:
        return int(clock[1]) * HOUR + int(clock[2]) * MINUTE + int(clock[3] or 0)
    return seconds_from_minutes(_minutes(_SHORT_AND.sub(" and a", text)))


def _minutes(text: str) -> Decimal:
    glued = _GLUED.search(text)
    if glued:
        return Decimal(glued[1]) * 60 + Decimal(glued[2])
    total, end, last = Decimal(0), 0, None
    for piece in _PIECE.finditer(text):
        total += _value(piece) * _unit(piece)
        end, last = piece.end(), piece
    if last is None or not last["hours"]:
        return total
    rest = _REST.match(text, end)
    if rest is None:
        return total
    return total + (60 * _part(rest["part"]) if rest["part"] else amount(rest["minutes"]))


def _value(piece: re.Match[str]) -> Decimal:
    """How many of its unit a piece is: a bare `hour` is one."""
    if piece["part"]:
        return _part(piece["part"])
    return amount(piece["whole"] or "a") + (_part(piece["more"]) if piece["more"] else 0)


def _unit(piece: re.Match[str]) -> Decimal:
    """The minutes in a piece's unit."""
    if piece["hours"]:
        return Decimal(60)
    return Decimal(1) if piece["minutes"] else Decimal(1) / MINUTE


def _part(text: str) -> Decimal:
    return next(value for name, value in _PART_NAMES if name.search(text))
