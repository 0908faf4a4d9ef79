"""Reads how long work took, in minutes, hours, seconds, parts of a day or clock forms, as whole seconds."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from billing.durations import HOUR, MINUTE, whole_seconds
from billing.overlaps import LONGEST_SECONDS
from services.imports.outcome import RowProblem
from services.imports.request import TimeUnit
from services.imports.values.shown import shown

#: More digits than any duration has; without a bound a figure like 1e999999 would be worked out first.
_LONGEST = 40
_FIGURE = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)
_COMMA = re.compile(r"[+-]?[\d,.]+", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?", re.ASCII)
_PART = re.compile(
    r"(\d+(?:\.\d+)?|\.\d+)\s*(hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)(?![a-z])\.?[\s,]*(?:and\s+)?"
)
_ISO = re.compile(r"pt(?=\d)(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?")
_SECONDS_PER = {
    TimeUnit.MINUTES: MINUTE,
    TimeUnit.HOURS: HOUR,
    TimeUnit.SECONDS: 1,
    TimeUnit.DAYS: LONGEST_SECONDS,
}
_BY_LETTER = {"h": TimeUnit.HOURS, "m": TimeUnit.MINUTES, "s": TimeUnit.SECONDS}
_SIXTY = 60
_HOURS_OF_A_DAY = 24
_MINUTES_OF_A_DAY = 1440
#: No work of a day is written in more hours than this, and contacts take fewer on the whole.
_MOST_HOURS = 9
_USUAL_HOURS = 3
#: Entries of minutes are rarely this long, and a file of nothing else counts seconds.
_LONG_MINUTES = 300
_LONGEST_SHIFT = 480


@lru_cache(maxsize=4096)
def seconds_of(text: str, unit: TimeUnit | None = None, *, decimal_comma: bool = False) -> int:
    """How long work took, in whole seconds; rounded half-even once, here.

    Args:
        text: A figure (`15`, `0.25`), a clock form (`0:15`, `00:15:00`), or words with units (`1h 15m`).
        unit: What a figure counts, and the first part of `1:30` (hours for hours, minutes for minutes); None is minutes
            for figures, and leaves `1:30` open.
        decimal_comma: Whether `12,5` is twelve and a half.

    Raises:
        ValueError: with a sentence that says what to write.
    """
    plain = text.casefold()
    if len(plain) > _LONGEST:
        raise ValueError(_unreadable(text, unit))
    exact = _exact(plain.replace(",", ".") if decimal_comma else plain, text, unit)
    if exact > LONGEST_SECONDS:
        hint = "" if unit is not None else " If the file counts seconds, add --unit seconds."
        raise ValueError(f"{_spoken(text, unit)} longer than a day. Write one entry for each day.{hint}")
    found = whole_seconds(exact)
    if found <= 0:
        raise ValueError(f"{_spoken(text, unit)} no time. Write the minutes worked, such as 15.")
    return found


def _exact(plain: str, text: str, unit: TimeUnit | None) -> Decimal:
    """Seconds, not yet rounded."""
    if _FIGURE.fullmatch(plain):
        return Decimal(plain) * _SECONDS_PER[unit or TimeUnit.MINUTES]
    if match := _CLOCK.fullmatch(plain):
        return _of_clock(match, text, unit)
    if (iso := _ISO.fullmatch(plain)) or _PART.match(plain):
        parts = zip(iso.groups(), "hms", strict=True) if iso else _parts(plain)
        found = [Decimal(figure) * _SECONDS_PER[_BY_LETTER[letter]] for figure, letter in parts if figure]
        if found:
            return sum(found, Decimal(0))
    if "," in plain and _COMMA.fullmatch(plain):
        raise ValueError(
            f"{shown(text)} has a comma. Write figures with a point and without commas, such as 12.5."
        )
    raise ValueError(_unreadable(text, unit))


def _parts(plain: str) -> list[tuple[str, str]]:
    """`1h 15m` as figures with the letter of their unit; none where something else stands between."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(plain):
        match = _PART.match(plain, place)
        if match is None or any(letter == match[2][0] for _, letter in found):
            return []
        found.append((match[1], match[2][0]))
        place = match.end()
    return found


def _of_clock(match: re.Match[str], text: str, unit: TimeUnit | None) -> Decimal:
    first, second, third = int(match[1]), int(match[2]), match[3]
    if second >= _SIXTY or int(third or 0) >= _SIXTY:
        raise ValueError(f"{shown(text)} is not a length of time. Write 1:30:00 or 90.")
    if third is not None:
        return Decimal(first * HOUR + second * MINUTE) + Decimal(f"{third}.{match[4] or 0}")
    if unit in {TimeUnit.HOURS, TimeUnit.DAYS}:
        return Decimal(first * HOUR + second * MINUTE)
    if unit is not None:
        return Decimal(first * MINUTE + second)
    raise ValueError(
        f"{shown(text)} may be hours and minutes, or minutes and seconds. Add --unit hours where the hours come first, "
        "or --unit minutes where the minutes do."
    )


def _spoken(text: str, unit: TimeUnit | None) -> str:
    """`'1441' minutes are`, `'1h 90m' is`."""
    return f"{shown(text)} {unit or TimeUnit.MINUTES} are" if _FIGURE.fullmatch(text) else f"{shown(text)} is"


def _unreadable(text: str, unit: TimeUnit | None) -> str:
    if unit in {None, TimeUnit.MINUTES}:
        return f"{shown(text)} is not a number of minutes. Write 15 or 12.5."
    return f"{shown(text)} is not a number of {unit}. Write {'900' if unit is TimeUnit.SECONDS else '0.25'}, or 15 min."


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUnit:
    """What the durations of a file count."""

    unit: TimeUnit | None
    #: The unit and why, in a sentence; empty where it goes without saying.
    said: str = ""
    problem: RowProblem | None = None


def found_unit(
    durations: Mapping[str, Mapping[str, int]],
    asked: TimeUnit | None,
    header: TimeUnit | None = None,
    *,
    decimal_comma: bool = False,
) -> FoundUnit:
    """What the durations of a whole file count; minutes that look like another unit are to be said to be minutes.

    Args:
        durations: The different words of each column of durations, with the line on which they first stand.
        asked: What was said about it.
        header: What the header says.
        decimal_comma: Whether `12,5` is twelve and a half.
    """
    if asked is not None:
        return FoundUnit(unit=asked, said=_as_asked(asked, header))
    texts = {text: (line, column) for column, own in durations.items() for text, line in own.items()}
    figures = {
        text: Decimal(plain)
        for text in texts
        if _FIGURE.fullmatch(plain := text.replace(",", ".") if decimal_comma else text)
    }
    if header is not None and header is not TimeUnit.MINUTES:
        text = _too_much(figures, header) or _too_long(texts, header)
        if text is not None:
            line, column = texts[text]
            problem = RowProblem(line=line, column=column, message=_doubt_of_header(text, header))
            return FoundUnit(unit=header, problem=problem)
        return FoundUnit(unit=header, said=f"Durations are read as {header}.")
    likely = _likely(list(figures.values()))
    mixed = _mixed(figures) if likely is None else None
    if mixed is not None:
        line, column = texts[mixed]
        return FoundUnit(
            unit=None, problem=RowProblem(line=line, column=column, message=_doubt_of_one(mixed))
        )
    if likely is None:
        return _of_clocks(texts)
    text = next(iter(figures))
    line, column = texts[text]
    return FoundUnit(unit=None, problem=RowProblem(line=line, column=column, message=_doubt(text, likely)))


def _as_asked(asked: TimeUnit, header: TimeUnit | None) -> str:
    """That durations are read as was asked, where that says more than the file."""
    if header not in {None, asked}:
        return f"Durations are read as {asked}, as asked, although the header says {header}."
    return "" if asked is TimeUnit.MINUTES else f"Durations are read as {asked}."


def _too_much(figures: Mapping[str, Decimal], header: TimeUnit) -> str | None:
    """A figure that makes it doubtful that the file counts what its header says; None where all may be so."""
    if header is TimeUnit.HOURS:
        return next((text for text, figure in figures.items() if figure > _MOST_HOURS), None)
    if header is TimeUnit.SECONDS and all(figure < _SIXTY for figure in figures.values()):
        return next(iter(figures), None)
    return None


def _too_long(texts: Iterable[str], header: TimeUnit) -> str | None:
    """A clock form of two parts that may be minutes and seconds, although the header says hours; None where none is."""
    if header is not TimeUnit.HOURS:
        return None
    clocks = ((text, _CLOCK.fullmatch(text)) for text in texts)
    return next(
        (text for text, match in clocks if match and match[3] is None and int(match[1]) > _MOST_HOURS), None
    )


def _mixed(figures: Mapping[str, Decimal]) -> str | None:
    """A part of one among whole minutes; None where there is none, or the file writes minutes with fractions."""
    broken = {text: figure for text, figure in figures.items() if figure % 1}
    if not broken or max(broken.values()) > _MOST_HOURS:
        return None
    if not any(figure > _MOST_HOURS for figure in figures.values()):
        return None
    # What is no whole second is refused by itself.
    parts = (text for text, figure in broken.items() if figure < 1 and whole_seconds(figure * MINUTE) > 0)
    return next(parts, None)


def _doubt_of_header(text: str, header: TimeUnit) -> str:
    return (
        f"The header says {header}, and {shown(text)} looks like minutes. Add --unit minutes if so, or --unit {header} "
        f"if they are {header}."
    )


def _doubt_of_one(text: str) -> str:
    return (
        f"{shown(text)} stands among whole minutes, and may be part of an hour or of a day. Write it like the others, "
        "or add --unit minutes if all of them are minutes."
    )


def _likely(figures: Sequence[Decimal]) -> TimeUnit | None:
    """The unit that figures look like which are said to be minutes; None where they may well be."""
    figures = [one for one in figures if 0 < one <= _MINUTES_OF_A_DAY]
    if not figures:
        return None
    if max(figures) < 1 and all(one % 1 for one in figures):
        parts = [one * LONGEST_SECONDS / MINUTE for one in figures]
        is_part = all(abs(one - round(one)) < Decimal("0.02") for one in parts) and not all(
            (one * 100) % 1 == 0 for one in figures
        )
        return TimeUnit.DAYS if is_part else TimeUnit.HOURS
    mean = sum(figures) / len(figures)
    if max(figures) <= _MOST_HOURS and mean <= _USUAL_HOURS and any(one % 1 for one in figures):
        return TimeUnit.HOURS
    if min(figures) >= _LONG_MINUTES and max(figures) > _LONGEST_SHIFT:
        return TimeUnit.SECONDS
    return None


def _of_clocks(texts: Mapping[str, tuple[int, str]]) -> FoundUnit:
    """Minutes and seconds, where a clock form of two parts cannot begin with hours."""
    for text, (line, _) in texts.items():
        match = _CLOCK.fullmatch(text)
        if match is not None and match[3] is None and int(match[1]) >= _HOURS_OF_A_DAY:
            said = f"Durations are read as minutes:seconds: line {line} has {text}."
            return FoundUnit(unit=TimeUnit.MINUTES, said=said)
    return FoundUnit(unit=None)


def _doubt(text: str, likely: TimeUnit) -> str:
    looks = {
        TimeUnit.HOURS: "hours",
        TimeUnit.SECONDS: "seconds",
        TimeUnit.DAYS: "parts of a day, as a spreadsheet stores times",
    }[likely]
    minutes = _exact(text.replace(",", "."), text, likely) / MINUTE
    as_read = f"{minutes.quantize(Decimal('0.01')).normalize():f}"
    return (
        f"The file's durations look like {looks}: {shown(text)} would be {as_read} minutes. Add --unit {likely} if so, "
        "or --unit minutes if they are minutes."
    )
