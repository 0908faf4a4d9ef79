"""Finds the phrases of a note that say when, such as `end of next week`, although no slot took them for the date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.grammar.log.contact import only_contact
from bot.grammar.log.date_judge import in_reach
from bot.grammar.log.date_parts import part_at
from bot.grammar.log.date_place import TOPICS, is_of_papers
from bot.grammar.log.date_words import CLOSED_BY, TELLING, Part, part_of
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.scan import DATE, NUMBER, SEPARATOR, VAGUE_DATE, WEAK_DATE, WORD
from bot.grammar.text.wordlists import words
from bot.grammar.when.dates import date_of

_LETTERS = re.compile(r"[a-z][a-z'.-]+")
_QUARTERS = frozenset({"quarter", "qtr"})
_BESIDE = frozenset({",", "-", ".", "and", "&", "plus"})
_OTHER_DAY = frozenset({"next", "last", "following"})
_SEASONS = frozenset({"weekend", "weekends", "summer", "winter", "spring", "autumn"})
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
#: `re divorce in 2018` tells of something, whatever year closes it.
_TELLS = words("re about regarding discussed since was were had has moved due not sure which")
#: With these before it a lone date has been weighed as one of something else.
_PREPOSITIONS = words(
    "by from since until till til before after during start starts starting begin end ending over in within past to"
)
_DIGIT = re.compile(r"\d")
_OF_NOW = frozenset({"this", "current"})
#: Months that are people, too: `call w/ April`.
_GIVEN = frozenset({"april", "may", "june", "august", "jan"})
_WITH = frozenset({"with", "w/", "w", "from", "to", "by", "daughter", "son", "mom", "dr", "sister", "wife"})
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss"})
_HANGS = frozenset({"back", "by", "until", "till", "before", "since", "for", "about", "re", "every"})
#: So many words may name a day that we do not know.
_LONGEST_NAME = 5
_LAST_DAY = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLike:
    """Items from one to another that say when."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLikes:
    """All such phrases of a line."""

    phrases: tuple[DateLike, ...] = ()
    #: True when the note holds nothing but them and the kind of contact: they may say when the work was done.
    alone: bool = False


def may_say_when(sheet: LineSheet) -> bool:
    """False for most lines: no word on it says when."""
    return not TELLING.isdisjoint(_LETTERS.findall(sheet.line.plain))


def date_likes(sheet: LineSheet) -> DateLikes:
    """The phrases that no slot took, or took in part, and that say when something was or will be."""
    parts = [part_at(sheet, i) for i in range(len(sheet.items))]
    runs = _runs(sheet, parts) if max(parts, default=Part.OTHER) > Part.JOINT else ()
    phrases = tuple(DateLike(first=run[0], last=run[-1]) for run in runs if _says_when(sheet, run, parts))
    if phrases:
        inside = {i for one in phrases for i in range(one.first, one.last + 1)}
        told = [
            sheet.plain(i).rstrip(".")
            for i, item in enumerate(sheet.items)
            if item.kind == WORD and i not in sheet.taken and i not in inside
        ]
        plain = only_contact(told) and TOPICS.isdisjoint(told)
        alone = plain and any(_may_be_service(sheet, one, parts) for one in phrases)
        if alone:
            return DateLikes(phrases=phrases, alone=True)
    unknown = _named_by_year(sheet, phrases)
    if unknown is not None:
        return DateLikes(phrases=(unknown,), alone=True)
    return DateLikes(phrases=phrases)


def _may_be_service(sheet: LineSheet, one: DateLike, parts: Sequence[Part]) -> bool:
    """False for a date that was weighed and left, for a person's name and for `2 calls this week`."""
    within = range(one.first, one.last + 1)
    if not sheet.taken.isdisjoint(within):
        return True  # part of it was taken for the date
    if _is_dated(sheet):
        return False
    telling = [i for i in within if parts[i] > Part.JOINT and sheet.plain(i) not in _PREPOSITIONS]
    if is_of_papers(sheet, one.first) or is_of_papers(sheet, telling[0]):
        return False
    if not _OF_NOW.isdisjoint(sheet.plain(telling[0]).split()) and _counts_something(sheet, telling):
        return False
    kinds = {sheet.items[i].kind for i in telling}
    if len(telling) > 1 or not kinds & {DATE, WORD, WEAK_DATE}:
        return True
    return not sheet.word_after(telling[0]) and _is_lone_date(sheet, telling[0])


def _is_dated(sheet: LineSheet) -> bool:
    """True when the line has said on which day: what else says when is part of the note."""
    return any(sheet.items[i].kind == DATE for i in sheet.taken)


def _counts_something(sheet: LineSheet, telling: Sequence[int]) -> bool:
    others = (sheet.plain(i) for i in range(len(sheet.items)) if i not in sheet.taken and i not in telling)
    return any(_DIGIT.search(plain) or part_of(plain) == Part.NUMBER for plain in others)


def _is_lone_date(sheet: LineSheet, index: int) -> bool:
    """True for a month, a holiday or a date too long ago, that is no person's name and hangs on no other word."""
    if sheet.word_before(index) in _TITLES:
        return False
    if sheet.items[index].kind == WORD:
        return sheet.plain(index) not in _GIVEN or sheet.word_before(index) not in _WITH
    if sheet.word_before(index) == "than":
        return True  # `more than 2 weeks before today`
    reading = date_of(sheet.plain(index), sheet.now)
    return not in_reach(sheet, reading.day) and sheet.word_before(index) not in _HANGS


def _runs(sheet: LineSheet, parts: Sequence[Part]) -> Iterator[list[int]]:
    """Stretches of words that may all belong to one phrase, whatever marks stand between them."""
    run: list[int] = []
    for i, part in enumerate(parts):
        if part != Part.OTHER:
            run.append(i)
        elif (sheet.items[i].kind != SEPARATOR and sheet.plain(i).isascii()) or i in sheet.taken:
            yield from _trimmed(run, parts)
            run = []
    yield from _trimmed(run, parts)


def _trimmed(run: list[int], parts: Sequence[Part]) -> Iterator[list[int]]:
    while run and parts[run[-1]] == Part.JOINT:
        run = run[:-1]
    if run:
        yield run


def _says_when(sheet: LineSheet, run: Sequence[int], parts: Sequence[Part]) -> bool:
    free = [i for i in run if i not in sheet.taken]
    found = {parts[i] for i in free}
    if Part.NAME in found:
        return True
    if len(free) < len(run):  # beside the date that was taken
        units = [i for i in free if parts[i] == Part.UNIT]
        if units:  # `month 2 check in` beside a date is none
            return any(i + 1 not in run or parts[i + 1] != Part.NUMBER for i in units)
        return Part.NUMBER in found and _touches_date(sheet, run, parts)
    if Part.UNIT in found and Part.DIRECTION in found:
        return not _counts_unit(sheet, run, parts)
    if Part.UNIT in found and Part.NUMBER in found and not _QUARTERS.isdisjoint(sheet.plain(i) for i in run):
        return True  # `3rd quarter`
    return (
        _is_day_of_month(sheet, run, parts) or _is_out_of_reach(sheet, free) or _is_season(sheet, run, parts)
    )


def _is_season(sheet: LineSheet, run: Sequence[int], parts: Sequence[Part]) -> bool:
    """`phone weekend` and `phone the week`, at the end of the note."""
    *before, last = [sheet.plain(i) for i in run]
    closes = run[-1] == len(sheet.items) - 1 and {"the", "my", "our"}.issuperset(before)
    return (
        closes
        and parts[run[-1]] == Part.UNIT
        and (last in _SEASONS or (bool(before) and last in {"week", "weeks"}))
    )


def _is_out_of_reach(sheet: LineSheet, free: Sequence[int]) -> bool:
    """`4-22`: nothing but a figure that is a date, too long ago to be logged, at the end of the note."""
    if len(free) != 1 or sheet.items[free[0]].kind != WEAK_DATE or free[0] != len(sheet.items) - 1:
        return False
    reading = date_of(sheet.plain(free[0]), sheet.now)
    return reading.day is not None and not in_reach(sheet, reading.day)


def _touches_date(sheet: LineSheet, run: Sequence[int], parts: Sequence[Part]) -> bool:
    """`mon 16` and `between 3 and 12 of sept`: a number and the date taken, with no column between."""
    marks = {sheet.plain(i) for i in range(run[0], run[-1]) if sheet.items[i].kind == SEPARATOR}
    if not marks <= _BESIDE or not any(parts[i] == Part.NUMBER for i in run if i not in sheet.taken):
        return False
    return not all(date_of(sheet.plain(i), sheet.now).is_today for i in run if i in sheet.taken)


def _counts_unit(sheet: LineSheet, run: Sequence[int], parts: Sequence[Part]) -> bool:
    """`week 4`, and `end of day`, which is today."""
    plain = [sheet.plain(i) for i in run]
    if plain == ["same", "day"] or (
        plain[-1] == "day" and "end" in plain and not {"next", "last", "following"}.intersection(plain)
    ):
        return True
    directions = [i for i in run if parts[i] == Part.DIRECTION]
    units = [i for i in run if parts[i] == Part.UNIT]
    return (
        len(directions) == 1
        and sheet.plain(directions[0]) in {"in", "by", "this", "that", "first"}
        and all(i + 1 in run and parts[i + 1] == Part.NUMBER for i in units)
    )


def _is_day_of_month(sheet: LineSheet, run: Sequence[int], parts: Sequence[Part]) -> bool:
    """`the 27`, `on 15` and `15 at 8:00`."""
    numbers = [i for i in run if parts[i] == Part.NUMBER]
    if not numbers:
        return False
    index, plain = numbers[-1], sheet.plain(numbers[-1])
    if plain.isdigit() and not 0 < int(plain) <= _LAST_DAY:
        return False
    if index == run[-1] and index - 1 in run and sheet.plain(index - 1) in {"the", "on"}:
        return True
    return any(parts[i] == Part.TIME for i in run if i > index) and "at" in {sheet.plain(i) for i in run}


def _named_by_year(sheet: LineSheet, phrases: Sequence[DateLike]) -> DateLike | None:
    """A day that we do not know, by the year or the `day` that closes the note: `phone Vaisakhi 2018`."""
    free = [i for i in range(len(sheet.items)) if i not in sheet.taken]
    if not free or _is_dated(sheet) or not _closes_as_a_day(sheet, free, phrases):
        return None
    said: list[str] = []
    for place, i in enumerate(free[:-1]):
        if sheet.items[i].kind != WORD:
            return None
        said.append(sheet.plain(i))
        if not only_contact(said):
            named = free[place:]
            rest = [sheet.plain(at) for at in named[:-1]]
            known = place and len(rest) <= _LONGEST_NAME and _TELLS.isdisjoint([*said, *rest])
            whole = all(sheet.items[at].kind in {WORD, NUMBER, DATE, VAGUE_DATE} for at in named)
            whole = whole and any(part_of(word) == Part.OTHER for word in rest)
            told = any(word.endswith("ed") for word in rest) or not TOPICS.isdisjoint(said[:-1])
            return DateLike(first=named[0], last=named[-1]) if known and whole and not told else None
    return None


def _closes_as_a_day(sheet: LineSheet, free: Sequence[int], phrases: Sequence[DateLike]) -> bool:
    """True for a note that ends with a year, with `day` and its like, or with a phrase that holds one."""
    last = sheet.plain(free[-1])
    if sheet.items[free[-1]].kind in {WORD, NUMBER, DATE} and (
        _YEAR.fullmatch(last) or last in CLOSED_BY or last.startswith("new year")
    ):
        return True
    if [sheet.plain(i) for i in free[-2:]] == ["new", "year"]:
        return True
    closing = phrases and phrases[-1].last == free[-1]
    return bool(closing) and any(sheet.plain(i) in CLOSED_BY for i in range(phrases[-1].first, free[-1] + 1))
