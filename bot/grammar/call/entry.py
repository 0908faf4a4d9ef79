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

#: A reference whose check character fits, for examples.
EXAMPLE = "e-36"
#: As notes are.
LONGEST_REASON = 280

_REFERENCE = re.compile(r"(?<![\w-])e-\s?([0-9a-z]{1,16})(?![\w-])")
_LISTED = re.compile(rf"{_REFERENCE.pattern}(?:\s*(?:[,;&+/]|and\b)?\s*(?:and\s+)?{_REFERENCE.pattern})+")
_LEAD = re.compile(r"[\s:,;.-]*(?:(?:because|bc|reason|since)\b[\s:,;.-]*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryArguments(Arguments):
    """`history e-36`; `void` gives its reason too."""

    entry_id: int
    reason: str = field(default="", repr=False)


def need_entry(line: CallLine) -> int | None:
    """Cut the entry's reference; None after a problem."""
    found = line.take(_REFERENCE)
    if found is None:
        message = sentences.NO_ENTRY.format(command=line.call.command.name)
        line.find(ProblemCode.NO_ENTRY, message)
        return None
    entry_id = entry_id_of(f"e-{found.group}")
    if entry_id is None:
        message = sentences.NO_SUCH_ENTRY.format(word=quoted(found.shown))
        line.find(ProblemCode.NO_SUCH_ENTRY, message, found.start, found.end)
    return entry_id


def listed_entries(line: CallLine) -> list[Found]:
    """Cut several references that stand side by side, `e-36, e-4x`; nothing where there are not at least two."""
    listed = _LISTED.search(line.plain)
    if listed is None:
        return []
    found = [line.cut(match) for match in list(_REFERENCE.finditer(line.plain, *listed.span()))]
    line.claim(*listed.span())
    return found


def named(entry_id: int | None) -> Part:
    """An entry as an example writes it."""
    return blanks.ENTRY if entry_id is None else entry_reference(entry_id)


def need_reason(line: CallLine) -> str:
    """All words that are left, as the reason; that there are none is a problem."""
    reason = checked_reason(line, line.rest())
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
