"""Cuts a line of plain text into slots, words and separators, in one pass from left to right."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.grammar.text import patterns
from bot.grammar.text.typos import month_slips
from bot.grammar.text.wordlists import words

PATIENT = "patient"
NEXT = "next"
MEMBER = "member"
PARTNER = "partner"
TAG = "tag"
RANGE = "range"
NOT_A_NUMBER = "not_a_number"
NEGATIVE = "negative"
VAGUE = "vague"
DURATION = "duration"
CLOCK = "clock"
DATE = "date"
WEAK_DATE = "weak_date"
VAGUE_DATE = "vague_date"
SHARE = "share"
LABEL = "label"
NUMBER = "number"
QUOTED = "quoted"
SEPARATOR = "separator"
WORD = "word"

#: Shapes of their own that are the person's own words all the same.
_RATIO = "ratio"
_EMOJI = "emoji"
_SEVERAL_DAYS = "several_days"
_KINDS = {_RATIO: WORD, _EMOJI: WORD, _SEVERAL_DAYS: VAGUE_DATE}

#: Kinds that are never anything but the person's own words.
WORDS = frozenset({WORD, QUOTED})

_SHAPES = (
    (QUOTED, patterns.QUOTED),
    (_EMOJI, patterns.EMOJI),
    (TAG, patterns.TAG),
    (PATIENT, patterns.PATIENT),
    (NEXT, patterns.NEXT),
    (MEMBER, patterns.MEMBER),
    (PARTNER, patterns.PARTNER),
    (RANGE, patterns.RANGE),
    (NOT_A_NUMBER, patterns.NOT_A_NUMBER),
    (NEGATIVE, patterns.NEGATIVE),
    (VAGUE, patterns.VAGUE),
    (DURATION, patterns.DURATION),
    (CLOCK, patterns.CLOCK),
    (_SEVERAL_DAYS, patterns.SEVERAL_DAYS),
    (DATE, patterns.DATE),
    (VAGUE_DATE, patterns.VAGUE_DATE),
    (WEAK_DATE, patterns.WEAK_DATE),
    (SHARE, patterns.SHARE),
    (LABEL, patterns.LABEL),
    (_RATIO, patterns.RATIO),
    (NUMBER, patterns.NUMBER_ALONE),
    (SEPARATOR, patterns.SEPARATOR),
    (WORD, patterns.WORD),
)
#: Kinds whose shapes may begin with a figure.
_WITH_FIGURES = frozenset(
    {PATIENT, RANGE, VAGUE, DURATION, CLOCK, _SEVERAL_DAYS, DATE, VAGUE_DATE, WEAK_DATE, _RATIO, NUMBER, WORD}
)
#: Words with which a slot may begin. Every other word is passed over without trying the shapes.
_OPENERS = words(
    """
    for with w re regarding to of on patient pt mrn mrns m medical p next from between spent spending took lasted
    lasting total totaling duration time x about around approx approximately roughly circa ca a an half quarter three
    over under less more at up just almost nearly within few some several many couple hundred minus negative hour hours
    hr hrs nan inf infinity noon midnight zero one two four five six seven eight nine ten eleven twelve thirteen
    fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty
    ninety monday mon tuesday tues tue wednesday weds wed thursday thurs thur thu friday fri saturday sat sunday
    sun january jan february feb march mar april apr may june jun july jul august aug september sept sep october
    oct november nov december dec the day yesterday yest yday today tomorrow tmrw tonight tonite over week last
    past previous prev this coming earlier later late early mid first second third fourth fifth sixth seventh
    eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth
    nineteenth twentieth thirtieth each apiece split in altogether combined per date dos d service length note
    notes comment comments activity reason dated svc during sometime weekend wk month end beginning start middle new
    mlk martin president presidents washington memorial juneteenth independence labor columbus indigenous halloween
    mondays tuesdays wednesdays thursdays fridays saturdays sundays veteran veterans thanksgiving black christmas xmas
    start started starting began begin beg max maximum minimum no fewer
    """
)
#: Words, and the plainest of slots where nothing behind them could make them part of something longer.
_GLANCE = re.compile(
    rf"(?P<{DURATION}>\d{{1,3}}(?:m| ?min(?:ute)?s?)(?=$| (?!per\b|ea\b)[b-np-su-wyz]))|(?P<{PATIENT}>mrn\d+(?=$| ))"
    rf"|(?=[^\W\d_½¼¾])(?P<{WORD}>(?P<letters>[a-z]*){patterns.WORD.removesuffix('+')}*)"
    rf"|(?P<{SEPARATOR}>[,;:.-](?=$| )|[()|])|(?P<{DATE}>\d{{1,2}}/\d{{1,2}}$)"
)
#: Words that lead up to a patient and open nothing else.
_LEADING = frozenset({"w", "with", "re", "regarding", "pt", "patient"})
_LED = re.compile(r"(?:(?:w/|(?:with|re|regarding|pt|patient)) )+([a-z]{2,20})(?![\w#@'/-])")
_UUID_LENGTH = 36


class Item(NamedTuple):
    """A stretch of the line and what it may be."""

    kind: str
    start: int
    end: int


def scan(plain: str, mrn_pattern: str | None = None, *, several_days: bool = True) -> list[Item]:
    """The line's items in order; blanks lie between them.

    Args:
        plain: The plain form of a `Line`.
        mrn_pattern: The practice's own form of an MRN, tried beside the built-in ones.
        several_days: Whether `11/3 to 11/9` is one item, as in a log, or two dates with a word between.
    """
    slips = month_slips(plain)
    if not slips:
        return _items(plain, mrn_pattern, several_days)
    respelled, parts, last = "", [], 0
    for start, end, meant in slips:
        respelled += plain[last:start] + meant
        parts.append((len(respelled), end))
        last = end
    items = _items(respelled + plain[last:], mrn_pattern, several_days)
    return [Item(kind, _before(parts, start), _before(parts, end)) for kind, start, end in items]


def _before(parts: Sequence[tuple[int, int]], position: int) -> int:
    """Where in the text as typed a position in its respelled form lies."""
    behind = [(new, typed) for new, typed in parts if new <= position]
    return position + behind[-1][1] - behind[-1][0] if behind else position


def _items(plain: str, mrn_pattern: str | None, several_days: bool) -> list[Item]:  # noqa: FBT001
    shapes, figures = _shapes(mrn_pattern, several_days)
    items = []
    position, length = 0, len(plain)
    while position < length:
        char = plain[position]
        if char == " ":
            position += 1
            continue
        if mrn_pattern is None and (known := _at_a_glance(plain, position)):
            items.append(known)
            position = known.end
            continue
        match = (figures if char.isdecimal() else shapes).match(plain, position)
        if match is None:  # a character of no shape, such as an odd kind of blank
            position += 1
            continue
        assert match.lastgroup is not None, "every shape is a named group"
        kind = _KINDS.get(match.lastgroup, match.lastgroup)
        items.append(Item(kind, position, match.end()))
        position = match.end()
    return items


def _at_a_glance(plain: str, position: int) -> Item | None:
    """What the shapes would find, where it takes no more than a look: most words, `15m`, `mrn123`."""
    found = _GLANCE.match(plain, position)
    if found is None:
        return None
    kind, end = found.lastgroup, found.end()
    assert kind is not None, "every alternative is a named group"
    if kind == WORD:
        letters = found["letters"]
        # A word from another alphabet opens nothing, nor does one that no slot begins with.
        if letters and (letters in _OPENERS or letters.startswith("mrn") or end - position >= _UUID_LENGTH):
            return (
                Item(WORD, position, end) if letters in _LEADING and _leads_nowhere(plain, position) else None
            )
    return Item(kind, position, end)


def warm_up(mrn_pattern: str | None) -> None:
    """Make the shapes ready, so that nobody's first message waits for them."""
    for several_days in (True, False):
        _shapes(mrn_pattern, several_days)


def _leads_nowhere(plain: str, position: int) -> bool:
    """True for the `w/` of `w/ pt re sleep`: words that may lead up to a patient, with no slot behind them."""
    led = _LED.match(plain, position)
    return led is not None and led[1] not in _OPENERS and not led[1].startswith("mrn")


@lru_cache(maxsize=64)
def _shapes(
    mrn_pattern: str | None,
    several_days: bool,  # noqa: FBT001 - cached
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Every shape, and those that begin with a figure, without the words that may lead up to one."""
    custom = f"(?:{mrn_pattern})(?![\\w-])|" if mrn_pattern else ""
    flags = re.IGNORECASE if mrn_pattern else 0
    all_shapes = [(kind, shape) for kind, shape in _SHAPES if several_days or kind != _SEVERAL_DAYS]
    with_figures = [(kind, _without_leads(shape)) for kind, shape in all_shapes if kind in _WITH_FIGURES]
    every, figures = (
        re.compile(
            "|".join(f"(?P<{kind}>{shape.replace('CUSTOM', custom)})" for kind, shape in shapes), flags
        )
        for shapes in (all_shapes, with_figures)
    )
    return every, figures


def _without_leads(shape: str) -> str:
    for lead in patterns.LEADS:
        shape = shape.replace(lead, "")
    return shape
