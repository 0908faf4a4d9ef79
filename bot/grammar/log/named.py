"""Finds whom the note of a case review names: `staffed with Dr. Cho`, `case review w/ ana, sertraline`."""

import re

from bot.grammar.text.lexicon import PLAN_WORDS

_TITLE = (
    r"(?:(?:the\s+)?(?:psychiatrist|psychiatric\s+consultant|consultant)[,:]?\s+)?(?:dr\b\.?\s*|doctor\s+)?"
)
_WORD = r"[^\W\d_][\w'’-]*\.?"
_NAME = rf"@?{_TITLE}{_WORD}(?:\s+{_WORD}){{0,2}}"
_NAMED = re.compile(
    r"(?<![\w-])(?:review(?:ed|s)?|consult(?:ed|ation|s)?|discuss(?:ed|ion)|staff(?:ed|ing)|conference[d]?|case|caseload)"
    rf"[ ,:]\s*(?:with|w/)\s*(?P<names>{_NAME}(?:\s*(?:,|&|\band\b)\s*{_NAME})*)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:,|&|\band\b)\s*", re.IGNORECASE)
#: So many words before it may say that it is still to come, or was not.
_REACH = 3
_NOT_DONE = PLAN_WORDS | {
    "to",
    "not",
    "no",
    "before",
    "if",
    "when",
    "until",
    "must",
    "didn't",
    "wasn't",
    "never",
}


def names_in(note: str) -> tuple[str, ...]:
    """The names after `with` where a note says that a case was reviewed, as typed and with words that may follow.

    Args:
        note: The note as the person wrote it.
    """
    found: list[str] = []
    for match in _NAMED.finditer(note):
        before = note[: match.start()].casefold().split()[-_REACH:]
        if _NOT_DONE.isdisjoint(word.strip(".,;:") for word in before):
            found += [name.strip() for name in _BETWEEN.split(match["names"]) if name.strip()]
    return tuple(found)
