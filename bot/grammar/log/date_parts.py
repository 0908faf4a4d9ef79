"""Says what an item of a line does in a phrase that says when, by the word and those beside it."""

import re

from bot.grammar.log.date_words import GO_IN, Part, part_of
from bot.grammar.log.scores import is_score
from bot.grammar.log.sheet import LineSheet
from bot.grammar.text.lexicon import COUNTED, NUMBERED, VERB_LIKE_DAYS
from bot.grammar.text.scan import CLOCK, DATE, DURATION, NUMBER, RANGE, VAGUE, VAGUE_DATE, WEAK_DATE, WORD

_KINDS = {
    DATE: Part.NAME,
    VAGUE_DATE: Part.NAME,
    WEAK_DATE: Part.NUMBER,
    CLOCK: Part.TIME,
    RANGE: Part.TIME,
    DURATION: Part.UNIT,
    VAGUE: Part.UNIT,
}
_DATED = frozenset({DATE, VAGUE_DATE, WEAK_DATE})
_EVERY = re.compile(r"q\d+")
#: `nineteen seventy-eight`.
_CENTURIES = frozenset({"nineteen", "eighteen"})
_HALF_YEAR = re.compile(r"(?:19|20)\d\d\s?h[12]")
_AT = frozenset({"at", "@"})
_IDIOMS = frozenset({"24/7", "7/24", "50/50"})


def part_at(sheet: LineSheet, index: int) -> Part:  # noqa: PLR0911 - a table of kinds
    """What an item does; `OTHER` for what another slot took."""
    item, plain = sheet.items[index], sheet.plain(index)
    if index in sheet.taken:
        return Part.NAME if item.kind == DATE else Part.OTHER
    if item.kind == WORD:
        part = part_of(plain)
        return part if part <= Part.JOINT else _of_word(sheet, index, plain, part)
    if item.kind == NUMBER:
        return _of_number(sheet, index, plain)
    if item.kind in {DATE, WEAK_DATE} and plain in VERB_LIKE_DAYS:
        return Part.OTHER if sheet.word_after(index) else Part.NAME  # `sat with mom`
    if item.kind in {DATE, WEAK_DATE} and (plain in _IDIOMS or sheet.word_before(index) in NUMBERED):
        return Part.OTHER
    if item.kind == DURATION and _HALF_YEAR.fullmatch(plain):
        return Part.NAME
    return _KINDS.get(item.kind, Part.OTHER)


def _of_number(sheet: LineSheet, index: int, plain: str) -> Part:
    """`3 calls` and `attempt 3` count; `at 3` is a time of day."""
    after, before = sheet.word_after(index), sheet.word_before(index)
    counts = (after in COUNTED and part_of(after) == Part.OTHER) or before in NUMBERED
    if counts or is_score(sheet, index):
        return Part.OTHER
    return Part.TIME if before in _AT else part_of(plain.rpartition(" ")[2])


def _of_word(sheet: LineSheet, index: int, plain: str, part: Part) -> Part:
    before, after = sheet.word_before(index), sheet.word_after(index)
    following = part_of(after) if after else Part.OTHER
    if part == Part.NUMBER:
        dated = plain in _CENTURIES and following == Part.NUMBER
        return Part.NAME if dated else Part.TIME if before in _AT else part
    if part == Part.NAME:
        # `q2 weeks`, `tomorrow's visit`
        other = (_EVERY.fullmatch(plain) and following == Part.UNIT) or (
            after and plain.endswith("'s") and following == Part.OTHER
        )
        return Part.OTHER if other else part
    idle = part == Part.DIRECTION and _is_no_direction(sheet, index, plain, following)
    return Part.OTHER if idle else part


def _is_no_direction(sheet: LineSheet, index: int, plain: str, following: Part) -> bool:
    """`called back`, `check in`, `20 min late`."""
    if plain == "back":
        last = sheet.items[index - 1].kind if index else ""
        return last not in _DATED and (not index or part_of(sheet.plain(index - 1)) != Part.UNIT)
    if plain in {"late", "early"}:
        dated = index + 1 < len(sheet.items) and sheet.items[index + 1].kind in _DATED
        return following == Part.OTHER and not dated
    return plain == "in" and sheet.word_before(index) in GO_IN
