"""Recognizes lines that stand over entries: a day, a patient, a greeting."""

import re
from dataclasses import dataclass

from bot.grammar.log.columns import trimmed
from bot.grammar.log.sheet import LineSheet
from bot.grammar.parsed import ParseContext
from bot.grammar.text.lines import Line
from bot.grammar.text.scan import DATE, PATIENT, SEPARATOR, VAGUE_DATE, WEAK_DATE
from bot.grammar.text.wordlists import words

#: Words that may stand in a heading beside its date.
_HEADING_WORDS = words(
    """
    entries entry for log logs time times my notes calls contacts contact work done the day here are is on date dos of
    service hours minutes visits list and all these were as follows below following patients patient mrn hi hello
    hey good morning afternoon evening there team everyone please pls from of
    """
)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|hiya|good\s+(?:morning|afternoon|evening|day)|morning|afternoon|evening|thanks?(?:\s+you)?"
    r"|thx|ty|many\s+thanks|please|pls|team|there|all|everyone|everybody|bot|cocm|folks|so\s+much|again|in\s+advance)"
    r"\b[\s,!.:;-]*)+"
)
_OPENING = re.compile(
    r"(?:(?:here|these|this|please|pls|can|could|you|i|would|like|to|want|need|kindly|just|log|record|add|enter|track"
    r"|is|are|my|the|following|below|entries|entry|time|times|notes?|minutes|calls|contacts|updates?|logs?|for|me|as"
    r"|follows|see|from|of|all|it|and|in)\b[\s,!.:;-]*)+"
)


@dataclass(slots=True, kw_only=True)
class Heading:
    """A line over others: the day of those that name none, or their patient."""

    line: Line
    day: Line | None = None
    patient: Line | None = None
    used: bool = False


def is_greeting(plain: str) -> bool:
    """`good morning`, `thanks!`."""
    return _GREETING.fullmatch(plain) is not None


def is_opening(plain: str) -> bool:
    """`hi, here are my entries:` over them."""
    greeting = _GREETING.match(plain)
    rest = plain[greeting.end() :] if greeting else plain
    return _OPENING.fullmatch(rest) is not None


def heading_of(line: Line, context: ParseContext) -> Heading | None:
    """A line of nothing but a day or a patient."""
    line = _unmarked(line)
    sheet = LineSheet(line, context)
    if not is_of_days_alone(sheet):
        return None
    days = [i for i, item in enumerate(sheet.items) if item.kind in {DATE, WEAK_DATE}]
    named = [i for i, item in enumerate(sheet.items) if item.kind == PATIENT]
    if not (days or named) or len(named) > 1:
        return None
    heading = Heading(line=line)
    if days:
        first, last = sheet.items[days[0]], sheet.items[days[-1]]
        heading.day = unled(line.cut(first.start, last.end))
    if named:
        item = sheet.items[named[0]]
        heading.patient = line.cut(item.start, item.end)
    return heading


def is_of_days_alone(sheet: LineSheet) -> bool:
    """True for a line of days and patients alone, with words such as `entries for`."""
    kinds = {DATE, WEAK_DATE, VAGUE_DATE, PATIENT, SEPARATOR}
    return bool(sheet.items) and all(
        item.kind in kinds or _bare(sheet.plain(i)) in _HEADING_WORDS for i, item in enumerate(sheet.items)
    )


def _bare(word: str) -> str:
    return word.rstrip(".!?").removesuffix("'s")


def _unmarked(line: Line) -> Line:
    """A heading without the colon or dash behind it."""
    return line.cut(0, len(line.plain.rstrip(" :-=*_,.")) or len(line.plain))


def unled(day: Line) -> Line:
    """A day without the `on`, `for` or `DOS` before it."""
    lead = re.match(r"(?:on|for|d\.?o\.?s\.?|(?:service )?date(?: of service)?)\s?[:=]?\s*", day.plain)
    return trimmed(day.cut(lead.end() if lead else 0))
