"""Reads what was chosen for the time spent: a length, a range of clock times, or a question about either."""

from dataclasses import dataclass, replace

from billing.durations import HOUR, MINUTE, spoken
from bot.grammar.log import sentences
from bot.grammar.log.length_doubts import (
    LengthDoubt,
    chosen_from,
    confirmed,
    vague_lengths,
)
from bot.grammar.log.other_lengths import (
    belongs_to_patient,
    is_pair_of_moments,
)
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text import patterns
from bot.grammar.text.later import later
from bot.grammar.text.lexicon import COUNTS, HABITS, HIGHEST_ORDINAL, NOT_MINUTES_AFTER, PATIENT_DOES
from bot.grammar.text.numbers import amount
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import (
    CLOCK,
    DATE,
    DURATION,
    NEGATIVE,
    NOT_A_NUMBER,
    NUMBER,
    VAGUE,
    WORD,
)
from bot.grammar.when.clock_times import ClockRange, clock_range, in_part_of_day, spoken_time
from bot.grammar.when.durations import duration_of

_HOURS_AND = later(
    rf"(?<![\w-])(an?|\d+|{patterns.WORD_NUMBER})\s?{patterns.HOURS}\s+(?:and\s+)?(\d+|{patterns.WORD_NUMBER})(?![\w-])"
)
_SAID = later(rf"(?<![\w-])(?:{patterns.DURATION})")
_NOW = later(r"\b(?:now|present)\b")
_PART_OF_DAY = later(r"\b(?:morning|afternoon|evening|night)\b")
_TIMES_BEHIND = later(
    r"\s+(?:phone\s+)?(?:calls?|visits?|sessions?|contacts?)\s+(?:[x×]\s?(\d)|(\d)[x×]|twice)(?!\w|/| a | per | daily)"
)
_TIMES_BEFORE = later(r"(?<!\S)([2-9]|two|three|four|five|six)\s+[a-z]+s\s*(?:\bof|@|\bat)\s+$")
_COUNTING = ("of", "@", "at")
#: `45 min session, of which 15 was care coordination`.
_PART = later(r"\bof (?:which|that|this|those|it),? (?:only |just |about )?(\d{1,3})\b(?!\s?(?:%|percent))")
_BARE_CLOCK = later(r"\d{1,2}:\d\d(?::\d\d)?")
#: From here on `3:00` is as often a time of day.
_LATE_FOR_A_LENGTH = 3 * HOUR
_HABITUAL = HABITS | PATIENT_DOES
_COUNT_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "both": 2,
    "couple": 2,
    "twice": 2,
}
_FIGURE = later(r"\d+")
_HOUR_WORD = later(r"\d\s?h|hour")
_LONGEST_HINT = 4 * HOUR
#: A number of so few figures before a length of time may count it.
_COUNT_DIGITS = 2


@dataclass(slots=True, kw_only=True)
class TimeSlot:
    """The time spent, as typed."""

    #: Whole seconds; for a range they follow from the clock times and the date.
    seconds: int | None
    clock: ClockRange | None = None
    #: Items claimed.
    items: tuple[int, ...]
    #: What must be asked before it is stored; the first answer is what the slot holds.
    doubt: LengthDoubt | None = None


def read_length(sheet: LineSheet, index: int, *also: int) -> TimeSlot | None:
    """Read an item as the time spent; None when a problem was found. `also` are items that say the same again."""
    kind = sheet.items[index].kind
    if kind in {DURATION, CLOCK}:
        return _by_figure(sheet, index, also)
    word = quoted(sheet.shown(index))
    if kind == NEGATIVE:
        sheet.time_hint = one_figure(sheet.plain(index))
        sheet.find(ProblemCode.NEGATIVE_DURATION, sentences.NEGATIVE.format(word=word), index)
    elif kind == NOT_A_NUMBER:
        sheet.find(ProblemCode.NOT_A_NUMBER, sentences.NOT_A_NUMBER.format(word=word), index)
    elif kind == VAGUE:
        return _by_vague(sheet, index)
    else:
        return read_range(sheet, index)
    return None


def _by_figure(sheet: LineSheet, index: int, also: tuple[int, ...]) -> TimeSlot | None:
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
    if several := _counted(sheet, index):
        return _multiplied(sheet, several, duration.seconds)
    if duration.approximate:
        sheet.remark(sentences.approximate(word, duration.seconds))
    if duration.said:
        sheet.remark(sentences.read_as(word, spoken(duration.seconds)))
    return TimeSlot(
        seconds=duration.seconds, items=(index, *also), doubt=_doubt_of(sheet, index, duration.seconds)
    )


def _clock_doubt(sheet: LineSheet, index: int, seconds: int) -> LengthDoubt | None:
    """What is asked about `7:30`, which may be a time of day."""
    late = seconds >= _LATE_FOR_A_LENGTH and _BARE_CLOCK.fullmatch(sheet.plain(index)) is not None
    if not (late or _is_open_range(sheet, index)):
        return None
    message = sentences.ASK_CLOCK.format(word=quoted(sheet.shown(index)), time=spoken(seconds))
    return confirmed(message, seconds)


def _doubt_of(sheet: LineSheet, index: int, seconds: int) -> LengthDoubt | None:
    """What is asked about a lone figure: a time of day, perhaps, or what the patient does."""
    if sheet.items[index].kind == CLOCK:
        return _clock_doubt(sheet, index, seconds)
    after, most = sheet.word_after(index), sheet.context.limits.max_entry_seconds
    if after and belongs_to_patient(sheet, index):
        word = quoted(sheet.shown(index))
        return confirmed(sentences.ASK_THEIRS.format(word=word, other=quoted(after)), seconds)
    if seconds >= HOUR and (before := sheet.word_before(index)) in _HABITUAL:
        word = quoted(sheet.shown(index))
        return confirmed(sentences.ASK_THEIRS_BEFORE.format(word=word, other=quoted(before)), seconds)
    if (times := _times_beside(sheet, index)) > 1:
        return chosen_from(sheet.shown(index), (times * seconds, seconds), most)
    part = _PART.search(sheet.line.plain) if "of " in sheet.line.plain else None
    if part is not None and int(part[1]) * MINUTE < seconds:
        return chosen_from(sheet.shown(index), (int(part[1]) * MINUTE, seconds), most)
    return None


def _times_beside(sheet: LineSheet, index: int) -> int:
    """How often: the `x2` of `15-minute call x2`, the 2 of `2 calls of 10 min`; 1 where nothing says so."""
    item, plain = sheet.items[index], sheet.line.plain
    found = _TIMES_BEHIND.match(plain, item.end) if "min" in plain[item.start : item.end] else None
    if found is not None:
        return int(found[1] or found[2] or 2)
    before = plain[: item.start].rstrip()
    counted = _TIMES_BEFORE.search(plain, 0, item.start) if before.endswith(_COUNTING) else None
    return int(amount(counted[1])) if counted else 1


def _is_open_range(sheet: LineSheet, index: int) -> bool:
    """`2:10-`, `-2:10` and `2:10 now` are half of a range, not a length."""
    item, plain = sheet.items[index], sheet.line.plain
    dashed = "-" in {plain[item.end : item.end + 1], plain[max(0, item.start - 1) : item.start]}
    return dashed or "now" in {sheet.word_after(index), sheet.word_before(index)}


def _counted(sheet: LineSheet, index: int) -> list[int]:
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


def _multiplied(sheet: LineSheet, several: list[int], seconds: int) -> TimeSlot | None:
    """The question whether a length that is counted was spent once or so many times."""
    counted, index = several
    word = " ".join(sheet.shown(i) for i in several)
    count = sheet.plain(counted)
    figure = int(count) if count.isdigit() else _COUNT_WORDS.get(count)
    most = sheet.context.limits.max_entry_seconds
    if figure is None or not 1 < figure < HIGHEST_ORDINAL:
        message = sentences.SEVERAL_TIMES.format(word=quoted(word))
        sheet.find(ProblemCode.UNCLEAR_DURATION, message, *several)
        sheet.time_hint = one_figure(sheet.plain(index))
        sheet.take(*several)
        return None
    doubt = chosen_from(word, (figure * seconds, seconds), most)
    return TimeSlot(seconds=doubt.answers[0].seconds, items=(index,), doubt=doubt) if doubt else None


def _by_vague(sheet: LineSheet, index: int) -> TimeSlot | None:
    """A figure of several readings, asked about where the readings are known."""
    plain, most = sheet.plain(index), sheet.context.limits.max_entry_seconds
    doubt = chosen_from(sheet.shown(index), vague_lengths(plain), most)
    if doubt is not None:
        return TimeSlot(seconds=doubt.answers[0].seconds, items=(index,), doubt=doubt)
    sheet.time_hint = one_figure(plain)
    message = sentences.VAGUE.format(word=quoted(sheet.shown(index)), fixed=sheet.time_hint or "20m")
    sheet.find(ProblemCode.UNCLEAR_DURATION, message, index)
    return None


def read_range(sheet: LineSheet, index: int) -> TimeSlot | None:
    """Read a range of clock times; None when a problem was found."""
    word, most, plain = sheet.shown(index), sheet.context.limits.max_entry_seconds, sheet.plain(index)
    clock = clock_range(_NOW.sub(spoken_time(sheet.now), plain))
    if clock is None:
        message = sentences.NO_SUCH_TIME.format(word=quoted(word), when="")
        sheet.find(ProblemCode.NO_SUCH_TIME, message, index)
        return None
    if part := _part_of_day(sheet, index):
        clock = in_part_of_day(clock, part)
    if clock.wall_seconds > most:
        if clock.crosses_midnight:
            message = sentences.RANGE_BACKWARDS.format(word=quoted(word))
            sheet.find(ProblemCode.RANGE_BACKWARDS, message, index)
        else:
            sheet.find(
                ProblemCode.DURATION_TOO_LONG, sentences.too_long(word, clock.wall_seconds, most), index
            )
        return None
    meaning = f"{spoken_time(clock.start)} to {spoken_time(clock.end)}"
    if is_pair_of_moments(sheet, index):
        doubt = confirmed(
            sentences.ASK_COLUMNS.format(word=quoted(word), meaning=meaning), clock.wall_seconds
        )
        answers = (replace(doubt.answers[0], seconds=None, clock=clock),)
        return TimeSlot(seconds=None, clock=clock, items=(index,), doubt=replace(doubt, answers=answers))
    if clock.inferred or _NOW.search(plain):
        sheet.remark(sentences.read_as(word, meaning))
    return TimeSlot(seconds=None, clock=clock, items=(index,))


def _part_of_day(sheet: LineSheet, index: int) -> str | None:
    """The `evening` of `8-8:20 yesterday evening`, when one is named."""
    dates = [i for i in sheet.of(DATE) if sheet.is_slot(i)] if sheet.has(DATE) else []
    found = (_PART_OF_DAY.search(sheet.plain(i)) for i in (index, *dates))
    return next((match[0] for match in found if match), None)


def one_figure(text: str) -> str | None:
    """A single figure made of a vague one, to show what could be written instead; None when there is none."""
    both = _HOURS_AND.search(text)
    if both:
        return f"{int(amount(both[1]))}h {int(amount(both[2]))}m"
    said = _SAID.search(text)
    figure = _FIGURE.search(text)
    if ":" in text:
        return None
    if figure is None or (said and said.start() < figure.start()):
        seconds = duration_of(said.group()).seconds if said else 0
    else:
        seconds = int(figure.group()) * (HOUR if _HOUR_WORD.search(text) else MINUTE)
    if not 0 < seconds <= _LONGEST_HINT:
        return None
    return f"{seconds // HOUR}h" if seconds % HOUR == 0 else f"{seconds // MINUTE or 1}m"
