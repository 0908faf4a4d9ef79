"""Reads a date as typed: the local date that it names."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.numbers import ORDINAL, ORDINALS, amount
from bot.grammar.text.typos import respelled_months
from bot.grammar.when.clock_times import ClockTime, clock_times
from bot.grammar.when.distances import back
from bot.grammar.when.named_days import named_day
from bot.grammar.when.slow_dates import slow_date

_MONTHS = {name.lower()[:3]: number for number, name in enumerate(calendar.month_name) if name}
_WEEKDAYS = {name.lower()[:3]: number for number, name in enumerate(calendar.day_name)}

_LEAD = later(rf"{patterns.DATE_LEAD}(?=[\w])")
_LABEL = later(patterns.DATE_LABEL)
_NUMERIC = later(r"(\d{1,4}) ?([-/.]) ?(\d{1,2})(?: ?\2 ?'?(\d{4}|\d{1,2}))?(?![\d/])")
_ODD_NUMERIC = later(r"\d+/\d+/\d+")
_DIGITS = later(r"(?:(20\d\d)(\d\d)(\d\d)|(\d\d)(\d\d)(20\d\d))(?!\d)")
_YEAR = r"(\d{4}|(?<=[-/'])\d\d)"
_MONTH_DAY = later(
    rf"({patterns.MONTH})\.?[ /-]?(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:(?:,\s?|,?\s+'?|[-/]'?){_YEAR})?"
)
_DAY_MONTH = later(
    rf"(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[ /-]?({patterns.MONTH})\b\.?(?:(?:,\s?|\s'?|[-/]'?){_YEAR})?"
)
_NTH = later(r"(?:the\s+)?(\d{1,2})(?:(?<=\d)(?:st|nd|rd|th)|(?<=the \d)|(?<=the \d\d))(?!\w)")
_WEEKDAY = later(
    rf"(?:this\s+(?=last|past))?(?:(last|past|previous|prev|this|next|coming)\s+)?({patterns.WEEKDAY})\b\.?"
)
_OF_LAST_WEEK = later(
    rf"last\s+week\s+(?:on\s+)?({patterns.WEEKDAY})\b|({patterns.WEEKDAY})\s+(?:of\s+)?(last|this)\s+week\b"
)
_FAR_BACK = later(patterns.FAR_BACK)
_DISTANCES = later(
    rf"(?:a\s+(?=couple))?(an?|couple|{patterns.WORD_NUMBER}|\d+)(?:\s+of)?\s?(days?|weeks?|wks?|months?)\b"
)
_AGO = later(
    r"(?:a\s+(?=couple))?([a-z\d-]+(?:\s[a-z]+)??)(?:\s+of)?\s?(d|days?|weeks?|wks?|months?|fortnights?|hours?|hrs?|minutes?|mins?)"
    r"\s+ago"
)
_PART_OF_DAY = later(r"\s+(morning|afternoon|evening|night|am|pm)\b")
_STAMP = later(r"(?:t|,?\s+)(\d{1,2}):(\d\d)(?::\d\d(?:\.\d+)?)?\s?(?:([ap])m|(z|[-+]\d\d:?\d\d))?(?!\w)")
_TODAY = later(
    r"today|tonight|tonite|(?:(?:earlier|early|late|later)\s+)?this\s+(?:morning|afternoon|evening|am\b|pm\b)|earlier\s+today"
)
_BEFORE_YESTERDAY = later(r"(?:the\s+)?day\s+before\s+yesterday")
_YESTERDAY = later(r"(?:(?:late|early)\s+)?yesterday|yest\b\.?|yday|last\s+night")
_TOMORROW = later(r"tomorrow|tmrw")
_ORDINAL = later(rf"\b{ORDINAL}\b")
_SLOW = later(patterns.SLOW_DATE)
_DISTANCE = later(r"\bin\s+([a-z\d-]+(?:\s[a-z]+)??)\s+(day|week|wk)s?$")
_TIME_AT_END = later(rf",?\s+(?:at\s+|@\s?)?{patterns.TIME}$")
_LAST_WEEKDAY = later(rf"({patterns.WEEKDAY})$")
_DATE_BEGINS = later(rf"\d|\b{patterns.MONTH}\b")
_HAS_YEAR = later(r"\d{4}|\d[-/.]\d{1,2}[-/.]\d")
_CENTURY = 2000
_FULL_YEAR = 1000
_DAY_HOURS, _NOON = 24, 12


class Doubt(StrEnum):
    """Why a date's reading is said aloud or asked about."""

    NONE = "none"
    #: Something was supplied: the year, the month, which friday.
    SUPPLIED = "supplied"
    #: Two dates are equally good readings of the words.
    TWO_READINGS = "two_readings"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateReading:
    """What a date as typed names."""

    #: None when no calendar has that date.
    day: date | None
    #: The other equally good reading, when there is one.
    other: date | None = None
    doubt: Doubt = Doubt.NONE
    #: A time of day that came with it: `yesterday at 2pm`.
    at: ClockTime | None = None
    #: True for a weekday's name alone, which may as well be a plan.
    weekday_only: bool = False
    #: True for `11/3`, which may as well be a score.
    fraction: bool = False
    #: True for `14/27`, which no order of day and month makes a date.
    no_date: bool = False
    #: True for today, which changes nothing when taken or left.
    is_today: bool = False
    #: True when the words speak of the future, as `tomorrow` does.
    ahead: bool = False
    #: True when the words can only speak of the past, as `yesterday` and `last friday` do.
    past_only: bool = False
    #: True for a holiday's name, which is talked about more often than it dates work.
    holiday: bool = False
    #: The next such day, where that is not the same date of the year after.
    coming: date | None = None


def lead_of(text: str) -> str:
    """The words with which a date as typed begins: `on `, `for `, `dos: ` or none."""
    match = _LEAD.match(text)
    return match.group() if match else ""


def is_labeled(text: str) -> bool:
    """True when a date as typed stands behind `DOS`, `service date`, `date:` or their like."""
    return _LABEL.match(text) is not None


def date_of(text: str, now: datetime) -> DateReading:
    """Read what matched one of the date patterns, in plain form.

    Args:
        text: The words, `on` and the like included or not.
        now: The present instant in the person's own zone.
    """
    words = text[len(lead_of(text)) :]
    for read in _READERS_BY_FIGURE if words[:1].isdigit() else _READERS:
        reading = read(words, now)
        if reading is not None:
            found, length = reading
            return _with_time(found, words, words[length:], now)
    match = _SLOW.match(words)
    day = slow_date(match.group(), now) if match else None
    rest = words[match.end() :] if match else ""
    return _with_time(DateReading(day=day), words, rest, now)


def _with_time(reading: DateReading, words: str, rest: str, now: datetime) -> DateReading:
    if not rest.strip():
        return reading
    stamp = _STAMP.match(rest)
    if stamp and (stamp[0].count(":") > 1 or stamp[4]):
        return _stamped(reading, stamp, now)
    part = _PART_OF_DAY.search(f" {words}")
    times = clock_times(rest)
    at = times[0] if times else None
    if at is not None and not at.sure:
        at = at.in_part(part[1]) if part else at.in_working_hours()
    return replace(reading, at=at) if at else reading


def _stamped(reading: DateReading, stamp: re.Match[str], now: datetime) -> DateReading:
    """A program's time of day; where it names its zone, the local date may be the one before or after."""
    hour, minute, half, zone = int(stamp[1]), int(stamp[2]), stamp[3], stamp[4]
    if reading.day is None or hour >= _DAY_HOURS:
        return replace(reading, day=None)
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    if zone:
        offset = "+00:00" if zone == "z" else zone
        typed = datetime.strptime(f"{reading.day} {hour}:{minute} {offset}", "%Y-%m-%d %H:%M %z")
        local = typed.astimezone(now.tzinfo)
        reading, hour, minute = replace(reading, day=local.date()), local.hour, local.minute
    return replace(reading, at=ClockTime(hour=hour, minute=minute, sure=True))


_Read = tuple[DateReading, int] | None


def _near(words: str, now: datetime) -> _Read:
    today = now.date()
    for pattern, days in ((_BEFORE_YESTERDAY, 2), (_YESTERDAY, 1), (_TODAY, 0), (_TOMORROW, -1)):
        match = pattern.match(words)
        if match:
            return DateReading(
                day=today - timedelta(days=days), is_today=days == 0, ahead=days < 0, past_only=days > 0
            ), match.end()
    return None


def _ago(words: str, now: datetime) -> _Read:
    match = _AGO.match(words)
    if match is None:
        return None
    count, unit = int(amount(match[1])), match[2]
    if unit[0] in "dwf" or unit.startswith("mo"):
        day = back(now.date(), count, unit)
        return DateReading(day=day, doubt=Doubt.SUPPLIED, past_only=True), match.end()
    passed = timedelta(minutes=min(count, 10**6) * (60 if unit[0] == "h" else 1))
    # Subtracted from the instant, not from the local clock.
    then = (now.astimezone(UTC) - passed).astimezone(now.tzinfo)
    return DateReading(day=then.date(), is_today=then.date() == now.date(), past_only=True), match.end()


def _of_last_week(words: str, now: datetime) -> _Read:
    match = _OF_LAST_WEEK.match(words)
    if match is None:
        return None
    this = match[3] == "this"
    monday = now.date() - timedelta(days=now.date().weekday() + (0 if this else 7))
    day = monday + timedelta(days=_WEEKDAYS[(match[1] or match[2])[:3]])
    ahead = day > now.date()
    return DateReading(
        day=day,
        doubt=Doubt.SUPPLIED,
        past_only=not this,
        ahead=ahead,
        is_today=day == now.date(),
    ), match.end()


def _far_back(words: str, now: datetime) -> _Read:
    """`two days before yesterday`, `1 month and 21 days ago`."""
    match = _FAR_BACK.match(words)
    if match is None:
        return None
    day = now.date() - timedelta(days=1 if match.group().endswith("yesterday") else 0)
    for count, unit in _DISTANCES.findall(match.group()):
        day = back(day, int(amount(count)), unit)
    return DateReading(day=day, doubt=Doubt.SUPPLIED, past_only=True), match.end()


def _weekday(words: str, now: datetime) -> _Read:
    match = _WEEKDAY.match(words)
    if match is None:
        return None
    which, today = match[1], now.date()
    wanted = _WEEKDAYS[match[2][:3]]
    back = (today.weekday() - wanted) % 7
    if which in {"next", "coming"}:
        reading = DateReading(day=today + timedelta(days=7 - back), ahead=True, weekday_only=True)
    elif which == "this":
        this_week = today + timedelta(days=wanted - today.weekday())
        reading = DateReading(day=this_week, ahead=this_week > today, doubt=Doubt.SUPPLIED)
    elif which is None:
        reading = DateReading(
            day=today - timedelta(days=back),
            other=today - timedelta(days=7) if back == 0 else None,
            doubt=Doubt.TWO_READINGS if back == 0 else Doubt.SUPPLIED,
            weekday_only=True,
        )
    else:
        reading = _last_weekday(today, back or 7, week_said=which == "past")
    return reading, match.end()


def _last_weekday(today: date, back: int, *, week_said: bool) -> DateReading:
    """`last monday`, said on a wednesday, is two days ago to some and nine to others; `past monday` is two."""
    same_week = back <= today.weekday() and not week_said
    return DateReading(
        day=today - timedelta(days=back),
        other=today - timedelta(days=back + 7) if same_week else None,
        doubt=Doubt.TWO_READINGS if same_week else Doubt.SUPPLIED,
        past_only=True,
    )


def _digits(words: str, now: datetime) -> _Read:  # noqa: ARG001 - all readers are called alike
    match = _DIGITS.match(words)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[4], match[5])
    return DateReading(day=_day(int(year), int(month), int(day))), match.end()


def _named_day(words: str, now: datetime) -> _Read:
    """A holiday, or `first monday of november`."""
    named = named_day(words, now.date())
    if named is None:
        return None
    return DateReading(
        day=named.day, doubt=Doubt.SUPPLIED, holiday=named.holiday, coming=named.coming
    ), named.length


def _numeric(words: str, now: datetime) -> _Read:
    match = _NUMERIC.match(words)
    if match is None:
        odd = _ODD_NUMERIC.match(words)
        return (DateReading(day=None), odd.end()) if odd else None
    first, second, third = match[1], match[3], match[4]
    if len(first) > 2:  # noqa: PLR2004 - a year has four figures, a month two
        return DateReading(day=_day(int(first), int(second), int(third or 0))), match.end()
    month, day = int(first), int(second)
    swapped = month > 12 >= day  # noqa: PLR2004 - months of a year
    if swapped:
        month, day = day, month
    if third is None:
        return _fraction(month, day, now), match.end()
    found = _day(_year(third), month, day)
    return DateReading(day=found, doubt=Doubt.SUPPLIED if swapped else Doubt.NONE), match.end()


def _fraction(month: int, day: int, now: datetime) -> DateReading:
    """`11/3`, and `14/27`, which no calendar has."""
    if month > 12 or not 1 <= day <= 31:  # noqa: PLR2004 - months of a year, days of a month
        return DateReading(day=None, fraction=True, no_date=True)
    return DateReading(day=_latest(month, day, now.date()), doubt=Doubt.SUPPLIED, fraction=True)


def _named_month(words: str, now: datetime) -> _Read:
    respelled = respelled_months(words)
    slip = len(words) - len(respelled)
    words, saved = _with_figures(respelled)
    match = _MONTH_DAY.match(words)
    if match:
        month, day, year = match[1], match[2], match[3]
    else:
        match = _DAY_MONTH.match(words)
        if match is None:
            return None
        day, month, year = match[1], match[2], match[3]
    number = _MONTHS[month[:3]]
    found = _day(_year(year), number, int(day)) if year else _latest(number, int(day), now.date())
    return DateReading(day=found, doubt=Doubt.NONE if year else Doubt.SUPPLIED), match.end() + saved + slip


def _with_figures(words: str) -> tuple[str, int]:
    """`nov third` as `nov 3`, and how many letters that saved."""
    match = _ORDINAL.search(words)
    if match is None:
        return words, 0
    figure = str(ORDINALS.index(match[0].replace(" ", "-")) + 1)
    return words[: match.start()] + figure + words[match.end() :], len(match[0]) - len(figure)


def _nth(words: str, now: datetime) -> _Read:
    words, saved = _with_figures(words)
    match = _NTH.match(words)
    if match is None:
        return None
    today, number = now.date(), int(match[1])
    year, month = today.year, today.month
    if number > today.day:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return DateReading(day=_day(year, month, number), doubt=Doubt.SUPPLIED), match.end() + saved


def _latest(month: int, day: int, today: date) -> date | None:
    """The last date of that month and day up to today, or the one of this year when no year had it lately."""
    this_year = _day(today.year, month, day)
    if this_year is not None and this_year <= today:
        return this_year
    last_year = _day(today.year - 1, month, day)
    return last_year if last_year is not None else this_year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    number = int(text)
    return number if number >= _FULL_YEAR else _CENTURY + number


_READERS = (_near, _far_back, _ago, _of_last_week, _named_day, _weekday, _named_month, _nth)
_READERS_BY_FIGURE = (_digits, _numeric, _far_back, _ago, _named_day, _named_month, _nth)


def upcoming(text: str, now: datetime) -> date | None:
    """The date from today on that the words of a `next` slot name; None when no calendar has it.

    Args:
        text: What matched the pattern of the `next` slot, in plain form.
        now: The present instant in the person's own zone.
    """
    today = now.date()
    text = _TIME_AT_END.sub("", text)
    distance = _DISTANCE.search(text)
    if distance:
        days = int(amount(distance[1])) * (1 if distance[2] == "day" else 7)
        return today + timedelta(days=min(days, 10 * 366))
    if text.endswith("tomorrow"):
        return today + timedelta(days=1)
    weekday = _LAST_WEEKDAY.search(text)
    if weekday:
        ahead = (_WEEKDAYS[weekday[1][:3]] - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    start = _DATE_BEGINS.search(text)
    assert start is not None, "the pattern lets only these forms through"
    words = text[start.start() :]
    read = _numeric(words, now) or _named_month(words, now)
    found = read[0].day if read else None
    if found is None or found >= today or _HAS_YEAR.search(words):
        return found
    return _day(found.year + 1, found.month, found.day)
