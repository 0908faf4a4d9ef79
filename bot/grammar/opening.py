"""Cuts off what comes before a command: the slash, a bullet, a greeting, Slack's own marks."""

import re

from bot.grammar.registry import BY_WORD, RESERVED
from bot.grammar.text.lines import Line

_WORDS = "|".join(sorted((word for word in {*BY_WORD, *RESERVED} if word.isalpha()), key=len, reverse=True))
_WEIGHED = frozenset({"log", "correct", "confirm", "cancel"})
_BULLET = re.compile(r"\s*(?:[-*•·–—◦‣>]+\s+|[•◦‣]\s*|\[[ x]?\]\s*|\(?(?:\d{1,2}|[a-z])[.)]\s+)(?=\S)")
_SLASH = re.compile(rf"\s*(?:/cocm\b[:,]?\s*|cocm\b[:,]?\s+(?=(?:{_WORDS})\b)|@cocm\b[:,]?\s+)")
#: `/log`, `!log`, `> log`, `*log*`: marks before a command's word.
_MARKS = re.compile(rf"\s*[/\\!.>*_~`'\"]+\s*(?=(?:{_WORDS})\b)")
_CODE = re.compile(r"\s*(`{1,3}|\*|_|~)(?=\S)(?P<inner>[^`]*)(?<=\S)\1\s*$")
_GREETING = re.compile(
    r"\s*(?:(?:hey|hi|hello|good (?:morning|afternoon)|please|pls|plz|kindly|just|lets|let's|ok|okay|so|and"
    r"|also)[\s,!.]+"
    # `can I log ...` asks; `can you log ...` and `I need to log ...` do not.
    r"|(?:can|could|would|will)\s+(?:you|u)\s+|(?:i|we)\s+(?:would\s+)?(?:just\s+)?(?:want|need|like"
    r"|have)\s+(?:you\s+)?to\s+"
    r"|i'd\s+like\s+to\s+){1,8}(?=log\b)"
)
_POLITE = ("please", "pls", "plz", "kindly", "can", "could", "would")
#: `please enroll MRN123`; what corrects is left as it is, for its words are weighed together.
_REQUESTED = re.compile(
    r"\s*(?:(?:please|pls|plz|kindly)[\s,]+|(?:can|could|would)\s+(?:you|u)\s+){1,3}"
    rf"(?=(?:{'|'.join(word for word in BY_WORD if word.isalpha() and BY_WORD[word].name not in _WEIGHED)})\b)"
)
_THANKS = re.compile(r"[\s,]+(?:please|pls|plz|thanks|thank you|thx|ty)[\s.!?]*$")
_FIRST_WORD = re.compile(r"\s*([a-z]+|\?)[*_~`]*(?=[\s:,.!?]|$)[:,]?[.!?]*")


def opened(line: Line) -> Line:
    """The first line from the words on that matter."""
    first = line.plain[:1]
    if first.isdigit() or (first.isalpha() and not line.plain.startswith("cocm")):
        return unbulleted(line)
    start = len(line.plain) - len(line.plain.lstrip())
    if start in line.mentions:  # the bot itself, addressed
        line = line.cut(line.mentions[start][0])
        line = line.cut(len(line.plain) - len(line.plain.lstrip(" :,")))
    line = _after(line, _SLASH)
    code = _CODE.match(line.plain)
    if code is not None:
        line = line.cut(code.start("inner"), code.end("inner"))
    return unbulleted(line)


def without_call(line: Line) -> Line:
    """A later line without the `/cocm` that it may be typed with, too."""
    return _after(line, _SLASH) if line.plain.lstrip()[:1] in {"/", "@", "c"} else line


def unbulleted(line: Line) -> Line:
    """Any line without its bullet, and without what leads up to its command."""
    if line.plain[:1].isalpha():
        line = _after(line, _GREETING) if " log" in line.plain else line
        return _after(line, _REQUESTED) if line.plain.startswith(_POLITE) else line
    head = line.plain[:3]
    if head[:1].isdigit() and "." not in head and ")" not in head:  # `15m`, and no `1.` nor `2)`
        return line
    return _after(_after(_after(line, _BULLET), _MARKS), _GREETING)


def unthanked(line: Line) -> Line:
    """The line of a command without `please` or `thanks` at its end."""
    match = _THANKS.search(line.plain)
    return line.cut(0, match.start()) if match else line


def first_word(line: Line) -> tuple[str, int]:
    """The first word, which may be a command, and how much of the line it takes with its marks."""
    match = _FIRST_WORD.match(line.plain)
    return (match[1], match.end()) if match else ("", 0)


def _after(line: Line, pattern: re.Pattern[str]) -> Line:
    match = pattern.match(line.plain)
    return line.cut(match.end()) if match else line
