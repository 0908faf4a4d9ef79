"""Accounts for all that no slot of a line took: each figure has a reason to stay in the note, or is asked about."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.grammar.left import Left, LeftReason
from bot.grammar.log import left_reasons, sentences
from bot.grammar.log.date_like import DateLike, date_likes, may_say_when
from bot.grammar.log.left_reasons import is_referred
from bot.grammar.log.other_lengths import stays_in_note
from bot.grammar.log.patients import patient_ref
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.log.time_slot import is_told_of
from bot.grammar.text.lexicon import COUNTED, INSTRUMENTS, NUMBERED, RATED
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import (
    CLOCK,
    DATE,
    DURATION,
    NUMBER,
    PATIENT,
    QUOTED,
    RANGE,
    SEPARATOR,
    VAGUE,
    VAGUE_DATE,
    WEAK_DATE,
    WORD,
)
from bot.grammar.when.dates import date_of
from services.entries.requests import LogRequest


class Doubt(StrEnum):
    """What a figure that no slot took may be instead of a part of the note."""

    LENGTH = "length"
    PATIENT = "patient"
    DATE = "date"
    #: A phrase that says when, in a note that tells of nothing but the contact.
    WHEN = "when"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A stretch that must be asked about before the line is stored."""

    text: str = field(repr=False)
    doubt: Doubt

    @property
    def sentence(self) -> str:
        """What the person is asked."""
        return sentences.LEFT[self.doubt.value].format(word=quoted(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of all that no slot took."""

    left: tuple[Left, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()

    def with_own_note(self, note: str) -> "Account":
        """The same, with the figures of a note that has a field of its own, where they mean nothing else."""
        figures = tuple(
            Left(text=word, reason=LeftReason.OWN_FIELD) for word in note.split() if _FIGURE.search(word)
        )
        return replace(self, left=(*self.left, *figures))


NOTHING_LEFT = Account()
#: Without any of these nothing on the line could be a figure, a date or a patient.
_SUSPECT = re.compile(rf"\d|[½¼¾]|\b(?:{left_reasons.SPELLED})\b")
_TIMES = frozenset({DURATION, RANGE, CLOCK, VAGUE})
_DATES = (DATE, WEAK_DATE, VAGUE_DATE)
#: `30'`: minutes, as a stopwatch shows them; `6'` is how tall somebody is.
_MINUTE_MARK = re.compile(r"\d\d['′](?![\w'])")
#: `111326`: month, day and year.
_SIX_FIGURES = re.compile(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])2[4-9]")
_FIGURE = re.compile(r"[\d½¼¾]")


def account(sheet: LineSheet, requests: Sequence[LogRequest], main: int) -> Account:
    """Every item that no slot took and that holds a figure or names a length, with its reason or its doubt.

    Args:
        sheet: the line, its slots taken.
        requests: the entries that it would make.
        main: index of the item that is the time spent.
    """
    figures, telling = _is_suspicious(sheet), may_say_when(sheet) or sheet.has(*_DATES)
    if not (figures or telling):
        return NOTHING_LEFT
    left: list[Left] = []
    doubtful: list[Doubtful] = []
    likes = date_likes(sheet)
    inside: set[int] = set()
    for one in likes.phrases:
        if one.first == one.last and left_reasons.SECONDS.fullmatch(sheet.plain(one.first)):
            continue  # a length sooner than a decade
        text = _shown(sheet, one.first, one.last)
        if likes.alone:
            doubtful.append(Doubtful(text=text, doubt=Doubt.WHEN))
        elif _is_whole(sheet, one):
            left.append(Left(text=text, reason=LeftReason.DATE))
        else:
            continue
        inside.update(range(one.first, one.last + 1))
    for first, last in _stretches(sheet, inside):
        text = _shown(sheet, first, last)
        found = _judged(sheet, first, last, requests, main)
        if isinstance(found, Doubt):
            doubtful.append(Doubtful(text=text, doubt=found))
        else:
            left.append(Left(text=text, reason=found))
    return Account(left=tuple(left), doubtful=tuple(doubtful))


def _shown(sheet: LineSheet, first: int, last: int) -> str:
    return sheet.line.shown[sheet.items[first].start : sheet.items[last].end]


def _is_whole(sheet: LineSheet, one: DateLike) -> bool:
    """True for a phrase of which no part has a reason of its own, as a score or a length has."""
    items = range(one.first, one.last + 1)
    lone = one.first == one.last and sheet.items[one.first].kind != WORD
    return not lone and not any(i in sheet.taken or sheet.items[i].kind in _TIMES for i in items)


def _is_suspicious(sheet: LineSheet) -> bool:
    """False for most lines: nothing between the slots could be a figure."""
    shown, plain, start = sheet.line.shown, sheet.line.plain, 0
    hidden = sheet.line.offsets is not None  # links and mentions, whose figures the plain form lacks
    for item in [*(sheet.items[i] for i in sorted(sheet.taken)), None]:
        end = item.start if item is not None else len(plain)
        if start < end and (
            _SUSPECT.search(plain, start, end) or (hidden and _FIGURE.search(shown, start, end))
        ):
            return True
        start = item.end if item is not None else end
    return False


def _stretches(sheet: LineSheet, known: Collection[int]) -> Iterator[tuple[int, int]]:
    """Suspicious items, not taken and not known; spelled-out numbers go together with the unit behind them."""
    i = 0
    while i < len(sheet.items):
        if i in sheet.taken or i in known:
            i += 1
            continue
        if sheet.items[i].kind == WORD and left_reasons.is_number_word(sheet.plain(i)):
            last = _spelled_length(sheet, i)
            if last is not None:
                yield i, last
                i = last
        elif _FIGURE.search(sheet.shown(i)) or sheet.items[i].kind in _TIMES.union(_DATES):
            yield i, i
        i += 1


def _spelled_length(sheet: LineSheet, first: int) -> int | None:
    """The last item of `thirty seconds`, or of the `fifteen` that stands right behind a length taken."""
    last = first
    while last + 1 < len(sheet.items) and left_reasons.is_number_word(sheet.plain(last + 1)):
        last += 1
    unit = last + 1
    if unit < len(sheet.items) and unit not in sheet.taken and left_reasons.is_unit(sheet.plain(unit)):
        return unit
    behind = _stands_behind_length(sheet, first) or _goes_on_with_length(sheet, last)
    return last if behind and sheet.word_after(last) not in COUNTED else None


def _goes_on_with_length(sheet: LineSheet, last: int) -> bool:
    """The `twenty` of `twenty and four hours`."""
    return (
        sheet.word_after(last) in {"and", "&", "or"}
        and last + 2 in sheet.taken
        and sheet.items[last + 2].kind == DURATION
    )


def _stands_behind_length(sheet: LineSheet, index: int) -> bool:
    """True right behind the time spent, whatever marks lie between."""
    i = index - 1
    while i >= 0 and sheet.items[i].kind == SEPARATOR:
        i -= 1
    return i in sheet.taken and sheet.items[i].kind == DURATION


def _judged(  # noqa: PLR0911 - a table of kinds
    sheet: LineSheet, first: int, last: int, requests: Sequence[LogRequest], main: int
) -> LeftReason | Doubt:
    kind, plain = sheet.items[first].kind, sheet.plain(first)
    if kind == QUOTED:
        return LeftReason.QUOTED
    if not _SUSPECT.search(plain) and _FIGURE.search(sheet.shown(first)):
        return LeftReason.ADDRESS  # a link or a mention, which the plain form hides
    if kind == PATIENT:
        return _of_patient(sheet, first, requests)
    if kind in _TIMES:
        return _of_time(sheet, first, main)
    if kind in _DATES:
        return _of_date(sheet, first)
    if last > first or left_reasons.is_number_word(plain):
        return LeftReason.OTHER_TIME if is_told_of(sheet, first, last) else Doubt.LENGTH
    return _of_number(sheet, first) if kind == NUMBER else _of_word(sheet, first)


def _of_patient(sheet: LineSheet, index: int, requests: Sequence[LogRequest]) -> LeftReason | Doubt:
    plain = sheet.plain(index)
    ref = patient_ref(plain, sheet.shown(index), sheet.context.mrn_pattern)
    if any(request.patient.is_same(ref) for request in requests):
        return LeftReason.SAID_TWICE
    if left_reasons.reason_of_shape(plain.lstrip("# ")) is LeftReason.PHONE_NUMBER:
        return LeftReason.PHONE_NUMBER
    return LeftReason.REFERENCE if is_referred(sheet.word_before(index), plain) else Doubt.PATIENT


def _is_listed(sheet: LineSheet, index: int, plain: str) -> bool:
    """True for the `89` of `MRN88/89`."""
    return (
        plain.isdigit()
        and index > 1
        and sheet.plain(index - 1) == "/"
        and sheet.items[index - 2].kind == PATIENT
        and sheet.items[index - 2].end + 1 == sheet.items[index].start
    )


def _of_time(sheet: LineSheet, index: int, main: int) -> LeftReason | Doubt:
    kind, plain = sheet.items[index].kind, sheet.plain(index)
    if kind in {RANGE, CLOCK} and not left_reasons.NO_HOURS.search(plain):
        return LeftReason.TIME_OF_DAY
    told = is_told_of(sheet, index, index) or sheet.word_after(index) in left_reasons.AIMS
    known = told or index in sheet.stayed or stays_in_note(sheet, index, main)
    return LeftReason.OTHER_TIME if known else Doubt.LENGTH


def _of_date(sheet: LineSheet, index: int) -> LeftReason | Doubt:
    before, after = sheet.word_before(index), sheet.word_after(index)
    if before in INSTRUMENTS:
        return LeftReason.SCORE
    if before in left_reasons.VITALS:
        return LeftReason.VITAL_SIGN
    if after in left_reasons.FRACTIONS:
        return LeftReason.DOSE
    if sheet.plain(index).endswith("/10") and not RATED.isdisjoint((before, after)):
        return LeftReason.RATING
    reading = date_of(sheet.plain(index), sheet.now) if sheet.items[index].kind == DATE else None
    nowhere = reading is not None and reading.day is None and not reading.no_date
    return Doubt.DATE if nowhere else LeftReason.DATE


def _of_number(sheet: LineSheet, index: int) -> LeftReason | Doubt:
    if _MINUTE_MARK.match(sheet.line.plain, sheet.items[index].end - 2):
        return Doubt.LENGTH
    before, after = sheet.word_before(index), sheet.word_after(index)
    if is_score(sheet, index):
        return LeftReason.VITAL_SIGN if before in left_reasons.VITALS else LeftReason.SCORE
    plain = sheet.plain(index)
    beside = left_reasons.reason_beside(before, plain, after)
    if beside is None and _SIX_FIGURES.fullmatch(plain) and sheet.is_tail(index):
        return Doubt.DATE
    return beside or left_reasons.reason_of_shape(plain) or LeftReason.NUMBER


def _of_word(sheet: LineSheet, index: int) -> LeftReason | Doubt:  # noqa: PLR0911 - a table of shapes
    plain = sheet.plain(index).strip("'.!?*_~")
    before, after = sheet.word_before(index), sheet.word_after(index)
    if plain in INSTRUMENTS:
        return LeftReason.INSTRUMENT
    if before in INSTRUMENTS and plain[:1].isdigit():
        return LeftReason.VITAL_SIGN if before in left_reasons.VITALS else LeftReason.SCORE
    if before in NUMBERED and plain.isdigit():
        return LeftReason.COUNT
    shaped = left_reasons.reason_of_shape(plain)
    if shaped is not None:
        return shaped
    if left_reasons.TIMES.fullmatch(plain):
        return Doubt.LENGTH if _stands_behind_length(sheet, index) else LeftReason.COUNT
    if left_reasons.LENGTH.fullmatch(plain):
        return LeftReason.OTHER_TIME if is_told_of(sheet, index, index) else Doubt.LENGTH
    if left_reasons.MRN.fullmatch(plain) or _is_listed(sheet, index, plain):
        return Doubt.PATIENT
    if left_reasons.DATE.fullmatch(plain):
        rated = not left_reasons.FRACTIONS.isdisjoint((before, after))
        return LeftReason.RATING if rated else Doubt.DATE
    return left_reasons.reason_beside(before, plain, after) or LeftReason.NAME
