"""Takes an entry's reference, and the reason behind it, off a command's line."""

import re
from dataclasses import dataclass, field

from billing.references import entry_id_of, entry_reference
from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments
from bot.grammar.problems import ProblemCode
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Part
from bot.grammar.text.phrases import quoted
from bot.grammar.text.scan import NUMBER, WORD, Item, scan
from bot.grammar.text.wordlists import words
from services.entries.changes import LAST_ENTRY

#: A reference whose check character fits, for examples.
EXAMPLE = "e-36"
#: As notes are.
LONGEST_REASON = 280
#: How an example names the entry that the person wrote last.
LAST_WORD = "last"

_BODY = r"[0-9a-z]{1,16}"
_END = r"(?![\w-])"
_REFERENCE = re.compile(rf"(?<![\w-])e-\s?({_BODY}){_END}")
#: `e36`, `e 36`: without its hyphen a reference is one only where it holds a digit.
_WITHOUT_HYPHEN = re.compile(rf"(?<![\w-])e\s?((?=[a-z]*\d){_BODY}){_END}")
_ALONE = re.compile(
    r"(?:^[\s|]*|(?<!\w)(?:to|from|of|on)\s+)(?:(?:entry|reference|ref|number|no\.?)[\s:#]+)?"
    rf"(e([0-9a-z]{{1,15}})|{_BODY})(?![\w:/%-]|[.,]\d)"
)
_PLUS = re.compile(r"\s*\+")
#: Between `the last one` and its reference.
_TOGETHER = re.compile(r"[\s:(|]*")
_PLACE = r"(?:^[\s|]*|(?<!\w)(?:to|from|off|of|on|for)\s+)"
#: `last friday` is a date, `last 2 days` a span, `last 2 entries` more than one.
_NOT_A_DATE = (
    r"(?!\s+(?:mon|tue|wed|thu|fri|sat|sun|week|month|year|night|few|two|three|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|"
    r"nov|dec|\d+\s*(?:days?|wks?|weeks?|months?|years?|entries|logs|ones)))(?!['\w-])"
)
_LAST = re.compile(
    rf"{_PLACE}((?:(?:my|the|that|this)\s+)?(?:very\s+)?(?:last|latest|previous)(?:\s+(?:one|entry|log))?)"
    rf"{_NOT_A_DATE}"
)
_THAT = re.compile(rf"{_PLACE}((?:it|that|this)(?:\s+(?:one|entry|log))?(?!['\w-]))(?!\s+(?:to\s+)?be\b)")
#: Words at the head of a line that look like a reference without its hyphen.
_NO_REFERENCES = words(
    "each edit else even ever easy early end entry every enter error exact extra either eat ear egg era eye"
)
_LISTED = re.compile(rf"{_REFERENCE.pattern}(?:\s*(?:[,;&+/]|and\b)?\s*(?:and\s+)?{_REFERENCE.pattern})+")
_COURTESY = words("please pls plz thanks thank you thx ty")
_SECOND = re.compile(rf"[|\s]*(?:[,;&+/]|and\b)?\s*(e-\s?{_BODY}){_END}")
_LEAD = re.compile(r"[\s:,;.-]*(?:(?:because|bc|reason|since)\b[\s:,;.-]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArguments(Arguments):
    """`history e-36`; `void` gives its reason too."""

    #: `LAST_ENTRY` names the one that the person wrote last.
    entry_id: int
    reason: str = field(default="", repr=False)


def need_entry(line: CallLine) -> int | None:
    """Cut the entry's reference: `e-36`, `e36`, `36` at the head, or `last`; None after a problem.

    Returns:
        The entry's number; `LAST_ENTRY` for the one that the person wrote last.
    """
    entry_id = take_entry(line)
    if entry_id is None and not line.problems:
        message = sentences.NO_ENTRY.format(command=line.call.command.name)
        line.find(ProblemCode.NO_ENTRY, message)
    return entry_id


def take_entry(line: CallLine) -> int | None:
    """As `need_entry`, but that no entry is named is no problem.

    The first one named is meant: `void 36, duplicate of e-45` voids e-36.
    """
    explicit = _explicit(line)
    alone = next((match for match in _ALONE.finditer(line.plain) if _alone(line, match) is not None), None)
    last = _LAST.search(line.plain) or _THAT.search(line.plain)
    if (
        last is not None
        and explicit is not None
        and _TOGETHER.fullmatch(line.plain, last.end(), explicit.start())
    ):
        # `the last one e-36` says which one that is.
        line.take_item(Item(WORD, *last.span(1)))
        last = None
    first = min(
        (match for match in (explicit, alone, last) if match), key=lambda match: match.start(1), default=None
    )
    if first is None:
        return None
    if first is last:
        # The word before it stays: `take 5m off the last one`.
        return _checked(line, line.take_item(Item(WORD, *first.span(1))), LAST_ENTRY)
    entry_id = _alone(line, first) if first is alone else entry_id_of(f"e-{first[1]}")
    return _checked(line, line.cut(first), entry_id)


def _explicit(line: CallLine) -> re.Match[str] | None:
    """`e-36`, or `e36`: the first whose check character fits, else the first."""
    found = [*_REFERENCE.finditer(line.plain), *_WITHOUT_HYPHEN.finditer(line.plain)]
    written = [match for match in found if "-" in match[0] or entry_id_of(f"e-{match[1]}") is not None]
    return min(written, key=lambda match: match.start(), default=found[0] if found else None)


def _checked(line: CallLine, found: Found, entry_id: int | None) -> int | None:
    """An entry's number, where it is one and no second entry stands beside it."""
    if entry_id is None:
        message = sentences.NO_SUCH_ENTRY.format(word=quoted(found.shown))
        line.find(ProblemCode.NO_SUCH_ENTRY, message, found.start, found.end)
    elif second := _SECOND.match(line.plain, found.end):
        start, end = second.span(1)
        message = sentences.ONE_ENTRY.format(
            word=quoted(line.line.shown[start:end]), command=line.call.command.name
        )
        line.find(ProblemCode.NO_SUCH_ENTRY, message, start, end)
    return entry_id


def listed_entries(line: CallLine) -> list[Found]:
    """Cut several references that stand side by side, `e-36, e-4x`; nothing where there are not at least two."""
    listed = list(_LISTED.finditer(line.plain))
    if not listed:
        return []
    matches = list(_REFERENCE.finditer(line.plain, 0, listed[-1].end()))
    if any(entry_id_of(f"e-{match[1]}") is None for match in matches):
        return []  # a slip in one of them is said by itself
    found = [line.cut(match) for match in matches]
    for match in listed:
        line.claim(*match.span())
    return found


def _alone(line: CallLine, match: re.Match[str]) -> int | None:
    """`36`, `k7f` or `ekf` at the head of the line or behind to, where its check character fits."""
    start, end = match.span(1)
    written = line.plain[start:end]
    # `36 +10m` is no sum of minutes here.
    read = line.plain[:end] if _PLUS.match(line.plain, end) else line.plain
    items = [item for item in scan(read, line.call.context.mrn_pattern) if item.start == start]
    if not items or items[0].end != end or items[0].kind not in {NUMBER, WORD} or written in _NO_REFERENCES:
        return None
    body = match[2] or written
    if not match[2] and not any(char.isdigit() for char in body):
        return None
    return entry_id_of(f"e-{body}")


def named(entry_id: int | None) -> Part:
    """An entry as an example writes it."""
    if entry_id == LAST_ENTRY:
        return LAST_WORD
    return blanks.ENTRY if entry_id is None else entry_reference(entry_id)


def need_reason(line: CallLine) -> str:
    """All words that are left, as the reason; that there are none is a problem, and courtesy is no reason."""
    reason = checked_reason(line, line.rest())
    if all(word.strip(",.!?") in _COURTESY for word in reason.casefold().split()):
        reason = ""
    if not reason and not any(problem.code is ProblemCode.NOTE_TOO_LONG for problem in line.problems):
        message = sentences.NO_REASON.format(command=line.call.command.name)
        line.find(ProblemCode.NO_REASON, message)
    return reason


def checked_reason(line: CallLine, words: str) -> str:
    """Words as a reason, without `because` before them; that they are too long is a problem."""
    lead = _LEAD.match(words)
    reason = words[lead.end() if lead else 0 :].strip()
    if len(reason) > LONGEST_REASON:
        message = sentences.reason_too_long(len(reason), LONGEST_REASON)
        line.find(ProblemCode.NOTE_TOO_LONG, message)
        return ""
    return reason
