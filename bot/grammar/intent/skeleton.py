"""Writes a line that was read with a sign in the place of each slot, so that its grammar can be looked at."""

import re

from bot.grammar.log.line import LogLine
from bot.grammar.text.scan import (
    CLOCK,
    DATE,
    DURATION,
    MEMBER,
    NEGATIVE,
    NEXT,
    NOT_A_NUMBER,
    NUMBER,
    PARTNER,
    PATIENT,
    QUOTED,
    RANGE,
    TAG,
    VAGUE,
    VAGUE_DATE,
    WEAK_DATE,
    WORD,
    Item,
)
from bot.grammar.text.wordlists import words

#: The plain form has no capitals, so none of these can be a person's word.
SPENT, FIGURE, WHO, DAY, AHEAD, COUNT, PERSON, SAID = "T", "U", "P", "D", "F", "N", "M", "Q"
#: `next 12/3`: when the next contact is planned, said beside work that was done.
FOLLOWING = "X"

_SIGNS = {
    DURATION: FIGURE,
    CLOCK: FIGURE,
    RANGE: FIGURE,
    VAGUE: FIGURE,
    NEGATIVE: FIGURE,
    NOT_A_NUMBER: FIGURE,
    PATIENT: WHO,
    DATE: DAY,
    WEAK_DATE: COUNT,
    VAGUE_DATE: DAY,
    NEXT: FOLLOWING,
    NUMBER: COUNT,
    MEMBER: PERSON,
    PARTNER: PERSON,
    QUOTED: SAID,
    TAG: SAID,
}
#: Words that a slot takes along, and that its grammar hangs on.
_LEAD_WORDS = re.compile(
    r"(?:for|with|re|regarding|to|of|on|patient|pt|spent|spending|took|lasted|lasting|total|about|around)\b[.:]?|w/"
)

_UPCOMING = re.compile(r"(?:tomorrow|tmrw|next|coming)\b")
_WEEKDAY = re.compile(r"(?:on |for )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?(?: at .*| \d.*)?$")
#: A weekday that says neither last nor next.
BARE_WEEKDAY = "W"
_ENDS = ".!?"
#: Typed on a phone without the apostrophe that the patterns know them by.
_CONTRACTED = words(
    "dont didnt doesnt isnt wasnt werent arent hasnt havent hadnt wont cant couldnt wouldnt shouldnt"
)


def skeleton(reading: LogLine) -> str:
    """`does P have T ?` of `does MRN123 have 60 min?`: words in plain form, one blank between all parts.

    A figure of time is `T` where the line's time is taken from it and `U` elsewhere. A question mark stands alone
    where it ends a sentence, and not at all elsewhere.
    """
    sheet = reading.sheet
    parts: list[str] = []
    for index, item in enumerate(sheet.items):
        plain = sheet.plain(index)
        if sheet.items[index].kind == WORD and index not in sheet.respelled:
            parts += _word(plain, item, sheet.line.plain)
        elif (sign := _sign(reading, index, plain)) is not None:
            if sign not in {SAID, PERSON}:
                parts += _leads(plain)
            parts.append(sign)
        elif plain != "?" or _ends_sentence(item.end, item.start, sheet.line.plain):
            parts.append(plain)
    return " ".join(parts).replace(" ' s ", " ")


def _sign(reading: LogLine, index: int, plain: str) -> str | None:
    sheet = reading.sheet
    sign = _SIGNS.get(sheet.items[index].kind)
    if sign in {FIGURE, COUNT} and index in sheet.taken:
        time = reading.slots.time
        if sign == FIGURE or (time is not None and index in time.items):
            return SPENT
        return WHO if sheet.items[index].kind == NUMBER else DAY
    if sign == DAY and _UPCOMING.search(plain):
        return AHEAD
    return BARE_WEEKDAY if sign == DAY and _WEEKDAY.match(plain) else sign


def _leads(plain: str) -> list[str]:
    found = []
    rest = plain.lstrip("~ ")
    while match := _LEAD_WORDS.match(rest):
        found.append("with" if match.group() == "w/" else match.group().rstrip(".:"))
        rest = rest[match.end() :].lstrip()
    return found


def _word(plain: str, item: Item, line: str) -> list[str]:
    bare = plain.rstrip(_ENDS)
    if bare in _CONTRACTED:
        bare = f"{bare[:-1]}'t"
    ended = "?" in plain[len(bare) :] and _ends_sentence(item.end, item.end - 1, line)
    end = ["?"] if ended else [plain[-1]] if len(bare) < len(plain) and "?" not in plain[len(bare) :] else []
    return [*([bare] if bare else []), *end]


def _ends_sentence(end: int, start: int, line: str) -> bool:
    """True for `relapse?` and false for `?relapse`."""
    after = line[end:].lstrip("?!.)\"' ")
    return start > 0 and (not after or (line[end : end + 1] in " ?!.)\"'" and line[start - 1] != " "))
