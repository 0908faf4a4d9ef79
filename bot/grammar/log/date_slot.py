"""Finds the date of service, today when none is given; dates that belong to the note stay there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.grammar.log import sentences
from bot.grammar.log.date_judge import NO_DATES, Candidate, Verdict, ahead_of, in_reach, judge, names_the_day
from bot.grammar.log.sheet import LineSheet
from bot.grammar.problems import ProblemCode
from bot.grammar.text.lexicon import INSTRUMENTS, NOT_SERVICE_DATE_AFTER, PLAN_WORDS, RATED, VERB_LIKE_DAYS
from bot.grammar.text.patterns import DATE_IN_DIGITS
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import DATE, NUMBER, VAGUE_DATE, WEAK_DATE
from bot.grammar.when.clock_times import ClockTime
from bot.grammar.when.dates import Doubt

_IN_DIGITS = re.compile(DATE_IN_DIGITS)
#: Days ahead within which people plan.
_FARTHEST_PLAN = 2 * 366
_LABELED = 4


@dataclass(slots=True, kw_only=True)
class DateSlot:
    """The date of service, and what else the words could have meant."""

    day: date
    #: Items claimed.
    items: tuple[int, ...] = ()
    #: The other reading: asked about when `ask`, offered on the receipt otherwise.
    other: date | None = None
    ask: bool = False
    #: True when the other reading leaves the words in the note.
    other_keeps_words: bool = False
    #: True when the other reading is the likelier one, and is put first where it is asked.
    other_first: bool = False
    at: ClockTime | None = None
    #: True when the person gave no date and today was supplied.
    supplied: bool = False
    #: How the words were read, when that is not plain from them.
    remark: str = ""


def take_date(sheet: LineSheet) -> DateSlot | None:
    """Claim the date of service; today when none is given, None when a problem was found."""
    today = sheet.now.date()
    dates = _dates(sheet) if sheet.has(DATE, WEAK_DATE, NUMBER) else []
    if not dates and not sheet.has(VAGUE_DATE):
        return DateSlot(day=today, supplied=True)
    candidates = [judge(sheet, i) for i in dates]
    wanted = [found for found in candidates if found.verdict >= Verdict.ASK]
    if (
        not wanted
        and (vague := next((i for i in sheet.of(VAGUE_DATE) if names_the_day(sheet, i)), None)) is not None
    ):
        sheet.take(vague)
        message = sentences.VAGUE_DATE.format(word=quoted(sheet.shown(vague)))
        sheet.find(ProblemCode.VAGUE_DATE, message, vague)
        return None
    for i in sheet.of(VAGUE_DATE):
        if not sheet.plain(i).startswith("this"):
            sheet.remark(sentences.vague_date(sheet.shown(i)))
    if not wanted:
        _say_left(sheet, candidates, today)
        return DateSlot(day=today, supplied=True, other=_offered(sheet, candidates))
    first = max(wanted, key=lambda found: (found.standing, found.verdict, -found.index))
    beside = [found for found in wanted if sheet.touch(first.index, found.index) or _rivals(first, found)]
    sheet.take(*(found.index for found in beside))
    main = next((found for found in beside if not found.reading.weekday_only), first)
    if not all(_agree(main, found) for found in beside):
        _find_conflict(sheet, main, beside)
        return None
    slot = _checked(sheet, main, tuple(found.index for found in beside))
    if slot is not None:
        _say_left(sheet, [found for found in candidates if found.index not in sheet.taken], slot.day)
    return slot


def _dates(sheet: LineSheet) -> list[int]:
    """Dates, and numbers of eight figures that no patient has and that are a year, a month and a day."""
    digits = (
        [i for i in sheet.of(NUMBER) if _IN_DIGITS.fullmatch(sheet.plain(i))] if sheet.has(NUMBER) else []
    )
    return sorted([*sheet.of(DATE, WEAK_DATE), *digits])


def _rivals(first: Candidate, other: Candidate) -> bool:
    """True for a second date that is as good a date of service as the first."""
    return (
        first.verdict == other.verdict == Verdict.TAKE
        and min(first.standing, other.standing) > 0
        and (first.standing == _LABELED) == (other.standing == _LABELED)
        and not other.reading.is_today
        and first.reading.day != other.reading.day
    )


def _agree(main: Candidate, other: Candidate) -> bool:
    """True for `tuesday` beside `11/3`, when that was a Tuesday, and for the same day said twice."""
    if main.reading.day is None or other.reading.day is None:
        return main is other
    if other.reading.weekday_only:
        return other.reading.day.weekday() == main.reading.day.weekday()
    return other.reading.day == main.reading.day


def _find_conflict(sheet: LineSheet, main: Candidate, beside: Sequence[Candidate]) -> None:
    other = next(found for found in beside if not _agree(main, found))
    if (
        other.reading.weekday_only
        and not main.reading.weekday_only
        and main.reading.day
        and other.reading.day
    ):
        message = sentences.wrong_weekday(
            sheet.shown(main.index), main.reading.day, f"{other.reading.day:%A}"
        )
    else:
        message = sentences.two_dates([sheet.shown(found.index) for found in beside])
    sheet.find(ProblemCode.TWO_DATES, message, *(found.index for found in beside))


def _checked(sheet: LineSheet, main: Candidate, items: tuple[int, ...]) -> DateSlot | None:
    today, word, day = sheet.now.date(), " ".join(sheet.shown(i) for i in items), main.reading.day
    most = sheet.context.limits.backdate_days
    if day is None:
        sheet.find(ProblemCode.NO_SUCH_DATE, sentences.NO_SUCH_DATE.format(word=quoted(word)), *items)
        return None
    ahead = ahead_of(sheet, main.reading)
    if ahead is not None:
        message = sentences.future(word, ahead, _day_first(sheet, main, today))
        sheet.find(ProblemCode.FUTURE, message, *items)
        return None
    if (today - day).days > most:
        message = sentences.too_old(word, day, today, most, _day_first(sheet, main, today))
        sheet.find(ProblemCode.TOO_OLD, message, *items)
        return None
    return _slot(sheet, main, day, items)


def _slot(sheet: LineSheet, main: Candidate, day: date, items: tuple[int, ...]) -> DateSlot:
    today, reading = sheet.now.date(), main.reading
    slot = DateSlot(day=day, items=items, at=reading.at)
    if len(items) == 1 and in_reach(sheet, reading.other):
        slot = replace(slot, other=reading.other, ask=True)
    elif main.verdict in {Verdict.ASK, Verdict.TAKE_OFFERING} and day != today:
        asked, likely = main.verdict == Verdict.ASK, main.closes and not reading.past_only
        slot = replace(slot, other=today, ask=asked, other_keeps_words=True, other_first=asked and likely)
    supplied = reading.doubt != Doubt.NONE or slot.other is not None or main.index in sheet.respelled
    # A time of day is said with its date when it is put there.
    if reading.at is None and (supplied or sheet.plain(items[0])[-1].isdigit()):
        word = " ".join(sheet.shown(i) for i in items)
        slot = replace(slot, remark=sentences.took_date(word, day, today))
    return slot


def _day_first(sheet: LineSheet, main: Candidate, today: date) -> str:
    """A hint for those who write the day first, when that reading could be logged."""
    if not main.reading.fraction or main.reading.day is None:
        return ""
    try:
        swapped = date(today.year, main.reading.day.day, main.reading.day.month)
    except ValueError:
        return ""
    if swapped > today:
        swapped = swapped.replace(year=today.year - 1, day=min(swapped.day, 28))
    return (
        sentences.month_first(swapped, f"{swapped.month}/{swapped.day}") if in_reach(sheet, swapped) else ""
    )


def _offered(sheet: LineSheet, candidates: Sequence[Candidate]) -> date | None:
    """The date left in the note that is most likely the date of service after all."""
    return next(
        (
            found.reading.day
            for found in candidates
            if found.verdict == Verdict.OFFER
            and in_reach(sheet, found.reading.day)
            and found.reading.day != sheet.now.date()
        ),
        None,
    )


def _say_left(sheet: LineSheet, left: Sequence[Candidate], day: date) -> None:
    """Say which dates stay in the note, unless they can hardly have been meant for the date of service."""
    for found in left:
        reading, plain = found.reading, sheet.plain(found.index)
        idiom = plain in NO_DATES and not in_reach(sheet, reading.day)
        if reading.is_today or reading.ahead or idiom or plain in VERB_LIKE_DAYS:
            continue
        if (
            (ahead := ahead_of(sheet, reading)) is not None
            and found.standing
            and sheet.word_before(found.index)
        ):
            _say_ahead(sheet, found, ahead, day)
            continue
        ordinal = plain.endswith(("st", "nd", "rd", "th")) and (
            plain[0].isdigit() or plain.startswith("the ")
        )
        if ordinal and sheet.word_after(found.index):
            continue  # `the 3rd call`
        before = sheet.word_before(found.index)
        likely = reading.no_date and found.standing and before not in INSTRUMENTS and before not in RATED
        if likely or (reading.day != day and (in_reach(sheet, reading.day) or _is_told(sheet, found))):
            sheet.remark(sentences.date_stays(sheet.shown(found.index), day, sheet.now.date()))


def _is_told(sheet: LineSheet, found: Candidate) -> bool:
    """True for a date too long gone by that a note ends with, such as `divorced 6/2`."""
    alone = found.standing and found.reading.day is not None and not sheet.word_after(found.index)
    exact = sheet.items[found.index].kind == DATE and not found.reading.no_date
    known = NOT_SERVICE_DATE_AFTER | RATED | INSTRUMENTS
    return bool(alone and exact and sheet.word_before(found.index) not in known)


def _say_ahead(sheet: LineSheet, found: Candidate, ahead: date, day: date) -> None:
    """A plan as told, such as `sees therapist 12/2`: said unless the word before it says so itself."""
    far = (ahead - sheet.now.date()).days > _FARTHEST_PLAN  # `DOB verified 3/4/61`
    if (
        not far
        and sheet.word_before(found.index) not in NOT_SERVICE_DATE_AFTER | PLAN_WORDS | RATED | INSTRUMENTS
    ):
        sheet.remark(sentences.ahead_stays(sheet.shown(found.index), ahead, day, sheet.now.date()))
