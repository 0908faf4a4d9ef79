"""Decides about several lengths of time that may each be the one spent: said twice, or asked about."""

from dataclasses import replace

from billing.durations import spoken
from bot.grammar.log import sentences
from bot.grammar.log.length_doubts import (
    WHICH_LENGTH,
    LengthAnswer,
    LengthDoubt,
)
from bot.grammar.log.lengths import TimeSlot, read_length, read_range
from bot.grammar.log.other_lengths import (
    is_plainly_set,
    is_said_twice,
    is_total,
    seconds_at,
)
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.scan import (
    CLOCK,
    DURATION,
    PATIENT,
    RANGE,
)
from bot.grammar.when.clock_times import clock_range, spoken_time
from bot.grammar.when.durations import duration_of

_MOST_ANSWERS = 5


def agreeing(sheet: LineSheet, chosen: list[int]) -> TimeSlot | None:
    """Several figures: the same time said twice, as `2pm-2:25pm 25m`, or a question."""
    ranges = [i for i in chosen if sheet.items[i].kind == RANGE]
    figures = [i for i in chosen if sheet.items[i].kind in {DURATION, CLOCK}]
    if len(ranges) == 1 and len(figures) == 1 and len(chosen) == 2:  # noqa: PLR2004 - one of each
        clock = clock_range(sheet.plain(ranges[0]))
        seconds = duration_of(sheet.plain(figures[0])).seconds
        if clock is not None and clock.wall_seconds == seconds:
            return read_range(sheet, ranges[0])
        if clock is not None:
            sheet.time_hint = sheet.shown(ranges[0])
            message = sentences.range_differs(_words(sheet, chosen), clock.wall_seconds, seconds)
            sheet.find(ProblemCode.TWO_DURATIONS, message, *sorted(chosen))
            return None
    if len(chosen) == len(figures):
        if _is_said_twice(sheet, sorted(figures)):
            return read_length(sheet, *chosen)
        if any(0 < (seconds_at(sheet, i) or 0) <= sheet.context.limits.max_entry_seconds for i in figures):
            return _first_of(sheet, sorted(figures))
    sheet.time_hint = sheet.shown(min(chosen))
    sheet.find(
        ProblemCode.TWO_DURATIONS,
        sentences.TWO_DURATIONS.format(words=_words(sheet, chosen)),
        *sorted(chosen),
    )
    return None


def which_of(sheet: LineSheet, slot: TimeSlot, lengths: list[int]) -> TimeSlot | None:
    """The question which of several lengths was spent, or all of them together."""
    words = _words(sheet, lengths)
    if len({sheet.plain(i) for i, item in enumerate(sheet.items) if item.kind == PATIENT}) > 1:
        sheet.time_hint = sheet.shown(min(lengths))
        sheet.find(ProblemCode.TWO_DURATIONS, sentences.TWO_DURATIONS.format(words=words), *sorted(lengths))
        return None
    spent = {
        i: seconds_at(sheet, i) or 0 for i in sorted(lengths) if sheet.items[i].kind in {DURATION, CLOCK}
    }
    answers = []
    # `1:15` beside a length is a time of day or the length itself, never more of it.
    if len(spent) > 1 and not any(is_total(sheet, i) or sheet.items[i].kind == CLOCK for i in spent):
        together = sum(spent.values())
        answers.append(LengthAnswer(label=f"{spoken(together)} together", seconds=together))
    totals_first = sorted(spent, key=lambda i: not is_total(sheet, i))
    answers += [
        LengthAnswer(label=f"Only {spoken(seconds)}", seconds=seconds)
        for seconds in dict.fromkeys(spent[i] for i in totals_first)
    ]
    for i in sorted(lengths):
        clock = clock_range(sheet.plain(i)) if sheet.items[i].kind == RANGE else None
        if clock is not None:
            label = f"{spoken_time(clock.start)} to {spoken_time(clock.end)}"
            answers.append(LengthAnswer(label=label, seconds=None, clock=clock))
    most = sheet.context.limits.max_entry_seconds
    answers = [
        answer
        for answer in answers
        if 0 < (answer.clock.wall_seconds if answer.clock else answer.seconds or 0) <= most
    ]
    doubt = LengthDoubt(
        code=WHICH_LENGTH,
        message=sentences.ASK_SEVERAL_LENGTHS.format(words=words),
        answers=tuple(answers[:_MOST_ANSWERS]),
    )
    return replace(slot, doubt=doubt)


def _first_of(sheet: LineSheet, figures: list[int]) -> TimeSlot | None:
    """Several lengths that stand where the time spent stands: the person says which, or all of them."""
    slot = which_of(sheet, TimeSlot(seconds=None, items=(figures[0],)), figures)
    if slot is None or slot.doubt is None:
        return None
    for i in figures[1:]:
        if not any(sheet.touch(i, other) for other in figures if other < i):
            sheet.taken.discard(i)  # the words beside it say what it was for
    return replace(slot, seconds=slot.doubt.answers[0].seconds)


def _is_said_twice(sheet: LineSheet, figures: list[int]) -> bool:
    """`15m MRN1 call 15m` repeats itself; `call 15 min, charting 15 min` are two pieces of work."""
    same = len({duration_of(sheet.plain(i)).seconds for i in figures}) == 1
    return (
        same
        and len(figures) == 2  # noqa: PLR2004 - twice
        and any(is_plainly_set(sheet, i) for i in figures)
        and is_said_twice(sheet, *figures)
    )


def _words(sheet: LineSheet, chosen: list[int]) -> str:
    return listed([quoted(sheet.shown(i)) for i in sorted(chosen)])
