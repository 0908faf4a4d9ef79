"""Reads clock times: the missing am or pm, midnight, daylight saving time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from billing import stretches
from bot.grammar.text import patterns
from bot.grammar.text.numbers import amount

_FIGURES = (
    r"(?:(\d{1,2})(?::(\d\d)(?::\d\d)?|h(\d\d)|\.(\d\d)(?=\s?(?:[ap]|-|to\b|→))|(\d\d)(?!\d))|(\d{1,2}))"
)
_ONE = rf"{_FIGURES}(?:\s?([ap])\.?m\b|([ap])\b)?|\b(noon)|\b(midnight)"
_TIMES = re.compile(rf"(?<![\d:])(?:{_ONE})")
_HOURS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_HOUR = rf"(?:{'|'.join(_HOURS)}|\d{{1,2}})"
_OF = rf"\s+({_HOUR})(?![\w:]|[ -](?:past|after|o'?\s?clock|oh?[ -]five|ten|fifteen|twenty|thirty|forty|fifty)\b)"
_SPOKEN = re.compile(
    rf"(?:a\s+)?(?<![\d:])(?P<past>quarter|half|twenty[ -]five|twenty|ten|five|\d{{1,2}})(?:\s+min(?:ute)?s?)?\s+"
    rf"(?:(?P<way>past|after)(?:{_OF})?|(?:til|till|to|before){_OF})"
    rf"|\b(?P<hour>{'|'.join(_HOURS)})\b(?:\s+o'?\s?clock|[ -](?P<minute>oh?[ -]five|{patterns.WORD_NUMBER}))?"
)
_IS_SPOKEN = re.compile(rf"past|after|\b(?:{'|'.join(_HOURS)})\b|quarter|half")
_CLOCK_WORD = re.compile(r"(?<=\d)\s?o'?\s?clock")
_NAMED_MINUTES = {"quarter": 15, "half": 30}
_NOON = 12
_DAY_HOURS = 24
_MINUTES = 60
#: An hour without am or pm that is smaller than this was hardly worked at night.
_EARLIEST_HOUR = 7
#: At night, smaller hours than this come after midnight.
_SMALL_HOURS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """One time of day as typed."""

    hour: int
    minute: int
    #: True when am, pm, noon, midnight, a leading zero or an hour from 13 on leaves no doubt.
    sure: bool
    #: The hour as typed with am or pm settles both readings of the other end of a range.
    meridiem: str | None = None

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute

    def later_half(self) -> "ClockTime":
        """The same figures as an afternoon time."""
        return ClockTime(hour=self.hour + _NOON, minute=self.minute, sure=self.sure, meridiem="p")

    def in_part(self, part: str) -> "ClockTime":
        """The reading that lies in the `morning`, `afternoon`, `evening` or `night`."""
        return self.earlier_half() if part in {"morning", "am"} else self.earlier_half().later_half()

    def in_working_hours(self) -> "ClockTime":
        """The reading that a lone time without am or pm has during working hours."""
        return self if self.hour >= _EARLIEST_HOUR else self.later_half()

    def earlier_half(self) -> "ClockTime":
        """The same figures as a morning time; 12:30 becomes 0:30."""
        return ClockTime(hour=self.hour % _NOON, minute=self.minute, sure=self.sure, meridiem="a")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRange:
    """Two times of day; the end lies on the next date when it is the smaller figure."""

    start: ClockTime
    end: ClockTime
    #: True when an am or pm had to be supplied.
    inferred: bool

    @property
    def crosses_midnight(self) -> bool:
        """True when the end lies on the next date."""
        return self.end.minutes <= self.start.minutes

    @property
    def wall_seconds(self) -> int:
        """Seconds from start to end by the local clock."""
        return (self.end.minutes - self.start.minutes) % (_DAY_HOURS * 60) * 60 or _DAY_HOURS * 3600


def in_part_of_day(clock: ClockRange, part: str) -> ClockRange:
    """A range without am or pm as it lies in the `morning`, `afternoon`, `evening` or `night`."""
    if clock.start.sure or clock.end.sure:
        return clock
    after_midnight = part == "night" and clock.start.hour % _NOON < _SMALL_HOURS
    start = clock.start.in_part("morning" if after_midnight else part)
    return ClockRange(start=start, end=_after(start, clock.end), inferred=True)


def clock_times(text: str) -> list[ClockTime | None]:
    """Every time of day in a plain text; None stands for figures that are no time, such as `25:10`."""
    if _IS_SPOKEN.search(text):
        text = _in_figures(text)
    return [_clock_time(match) for match in _TIMES.finditer(_CLOCK_WORD.sub("", text))]


def _in_figures(text: str) -> str:
    """`quarter past two to half past` as `2:15 to 2:30`."""
    last = 0

    def figures(match: re.Match[str]) -> str:
        nonlocal last
        if match["hour"]:
            last = _HOURS.index(match["hour"]) + 1
            spoken = match["minute"] or ""
            minutes = int(amount(spoken.rpartition(" ")[2] if spoken.startswith("o") else spoken or "zero"))
            return f"{last}:{minutes:02d}" if minutes < _MINUTES else match.group()
        named, hour = match["past"].replace("-", " "), match[3] or match[4]
        minutes = _NAMED_MINUTES.get(named) or int(amount(named))
        if hour:
            last = int(hour) if hour.isdigit() else _HOURS.index(hour) + 1
        if not last:  # `half past`, and nobody said of which hour
            return match.group()
        if not match["way"]:
            last, minutes = (last - 2) % _NOON + 1, _MINUTES - minutes
        return f"{last}:{minutes:02d}"

    return _SPOKEN.sub(figures, text)


def _clock_time(match: re.Match[str]) -> ClockTime | None:
    long, colon, french, dot, glued, short, spelled, letter, noon, midnight = match.groups()
    meridiem = spelled or letter
    if noon or midnight:
        return ClockTime(hour=_NOON if noon else 0, minute=0, sure=True, meridiem="p" if noon else "a")
    figures = long or short
    hour, minute = int(figures), int(colon or french or dot or glued or 0)
    if minute >= _MINUTES:
        return None
    if meridiem is None:
        if hour == _DAY_HOURS and minute == 0:
            hour = 0
        sure = figures[0] == "0" or hour > _NOON or hour == 0
        return ClockTime(hour=hour, minute=minute, sure=sure) if hour < _DAY_HOURS else None
    if not 1 <= hour <= _NOON:
        # `14:00pm` is said twice, not wrongly.
        twice = meridiem == "p" and _NOON < hour < _DAY_HOURS
        return ClockTime(hour=hour, minute=minute, sure=True, meridiem="p") if twice else None
    hour = hour % _NOON + (_NOON if meridiem == "p" else 0)
    return ClockTime(hour=hour, minute=minute, sure=True, meridiem=meridiem)


def clock_range(text: str) -> ClockRange | None:
    """Read what matched the range pattern; None when one of the times does not exist.

    `2-2:25pm` is afternoon at both ends, `11:50-12:10pm` begins in the morning, `1:05 to 1:30` without any am
    or pm lies in working hours.
    """
    times = clock_times(text)
    if len(times) != 2 or times[0] is None or times[1] is None:  # noqa: PLR2004 - a range has two ends
        return None
    start, end = times[0], times[1]
    if start.sure and end.sure:
        return ClockRange(start=start, end=end, inferred=False)
    if start.meridiem and not end.sure:
        return ClockRange(start=start, end=_after(start, end), inferred=True)
    if end.meridiem and not start.sure:
        # `2-2:25pm` says enough: only where the halves differ has anything been supplied.
        supplied = _before(end, start)
        return ClockRange(start=supplied, end=end, inferred=supplied.meridiem != end.meridiem)
    if start.sure or end.sure:  # a 24-hour time at one end: the other is meant the same way
        return ClockRange(start=start, end=end, inferred=False)
    return _working_hours(start, end)


def _halves(moment: ClockTime) -> tuple[ClockTime, ClockTime]:
    morning = moment.earlier_half()
    return morning, morning.later_half()


def _after(start: ClockTime, end: ClockTime) -> ClockTime:
    """The reading of `end` that comes first after `start`."""
    return min(_halves(end), key=lambda reading: (reading.minutes - start.minutes - 1) % (24 * 60))


def _before(end: ClockTime, start: ClockTime) -> ClockTime:
    """The reading of `start` that lies closest before `end`."""
    return min(_halves(start), key=lambda reading: (end.minutes - reading.minutes - 1) % (24 * 60))


def _working_hours(start: ClockTime, end: ClockTime) -> ClockRange:
    begun = start.in_working_hours()
    return ClockRange(start=begun, end=_after(begun, end), inferred=True)


def instant(day: date, moment: ClockTime, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """The aware instant of a time of day.

    Raises:
        NoSuchTimeError: when clocks were put forward over it.
    """
    return stretches.instant(day, time(moment.hour, moment.minute), zone, fold=fold)


def spoken_time(moment: ClockTime | datetime) -> str:
    """`2:05 pm`."""
    half = "pm" if moment.hour >= _NOON else "am"
    return f"{(moment.hour - 1) % _NOON + 1}:{moment.minute:02d} {half}"
