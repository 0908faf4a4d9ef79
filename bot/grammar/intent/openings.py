"""Tells a command's word from the same word at the head of a line that logs time: `discharge planning 20m MRN123`."""

import re

from bot.grammar.call.command import Command
from bot.grammar.call.timer_words import TIMER_VERBS, has_length
from bot.grammar.log.line import LogLine
from bot.grammar.text.lexicon import READINGS
from bot.grammar.text.lines import Line
from bot.grammar.text.scan import NUMBER, WORD
from bot.grammar.text.wordlists import words

#: What follows `discharge`, `review` or `admit` where the word is part of a name for work.
_WORK = words(
    """
    planning plan plans summary summaries instructions paperwork papers call calls follow-up followup f/u follow
    note notes med meds medication medications prep preparation coordination coordinating meeting visit teaching
    education packet records record orders order discussion discussed assessment process appt documentation
    forms form counseling
    """
)
#: Each verb's own words: where one stands, the line is meant for the command, whatever else is in it.
_OWN = {
    name: re.compile(rf"(?<!\w)(?:{own})(?!\w)")
    for name, own in {
        "consent": (
            r"verbal|verbally|oral|orally|written|signed|in writing|revoked?|revokes|withdrawn|withdrew|withdraws?"
            r"|refused|declined"
        ),
        "enroll": r"payer|npi|program\w*|cocm|bhi|consent|referred|@\w+",
        "assess": r"phq\S*|gad\S*|pcl\S*|audit\S*|dast\S*|c-ssrs|cssrs|mdq|epds|moca|score[sd]?",
        "assign": r"me|myself|@\s?\w+",
        "state": r"necessity|necessary|non-?\s?duplicat\w*|duplicat\w*|auth\w*|prior",
        "attest": r"late|consultant\w*|correct\w*|last-?\s?day",
        "reopen": r"\w+",
        "close": (
            r"(?<!\S )(?:(?:last|this|the) )?(?:month|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*"
            r"|nov\w*|dec\w*)"
        ),
    }.items()
}
_ENTRY = re.compile(
    r"\s*(?:(?:the|my|that|this)\s+)?(?:e-?\s?[0-9a-z]{1,5}\b|\d+\b(?!:)|last\b|latest\b|it\b|#)|.*\be-\s?[0-9a-z]"
)
_REFERENCE = re.compile(r"\be-\s?[0-9a-z]")
#: Commands whose word is a verb that anybody may use of a patient: `help MRN123 with housing 15m`.
_ANYWHERE = frozenset(
    {"help", "remind", "today", "week", "month", "correct", "confirm", "cancel", "members", "roles"}
)
#: What is canceled with a length of time is an entry, which the words of the whole line tell.
_WEIGHED_VERBS = frozenset({"cancel"})
_BY_ENTRY = frozenset({"edit", "void", "undo", "split"})
#: Behind a patient these are what was read: `review MRN123 chart 15m`; a recommendation begins with none of them.
_PAPERS = words("chart charts lab labs record records notes")
_FREE = {"discharge": _WORK, "admit": _WORK, "review": READINGS}


def means_time(command: Command, line: Line, length: int, reading: LogLine) -> bool:
    """True for a line with a time and a patient that begins with a command's word and is none of its calls.

    Args:
        command: The command whose word comes first.
        line: The whole line.
        length: Characters that the command's word takes.
        reading: The whole line as it would be logged.
    """
    if command.name in TIMER_VERBS - _WEIGHED_VERBS:
        rest = line.plain[length:]
        return reading.has_patient and has_length(rest, reading.sheet.context.mrn_pattern)
    return (
        reading.has_time and reading.has_patient and _is_no_call(command.name, line.plain[length:], reading)
    )


def _is_no_call(name: str, rest: str, reading: LogLine) -> bool:
    word = _word_after(reading)
    if name in _ANYWHERE:
        return not _REFERENCE.search(rest)
    if name in _BY_ENTRY:
        return not _ENTRY.match(rest)
    if name in _FREE:
        return word in _FREE[name] or (name == "review" and reads_papers(reading))
    own = _OWN.get(name)
    return bool(word) and (own is None or not own.search(rest))


def reads_papers(reading: LogLine) -> bool:
    """True for `review MRN123 chart 15m`: time spent on reading, and no case review."""
    sheet = reading.sheet
    said = next(
        (i for i, item in enumerate(sheet.items) if i and item.kind == WORD and i not in sheet.taken), None
    )
    return said is not None and sheet.plain(said).rstrip(".:,") in _PAPERS


def _word_after(reading: LogLine) -> str:
    """The word behind the first one, where it is no slot."""
    items = reading.sheet.items
    if len(items) > 1 and items[1].kind in {WORD, NUMBER}:
        return reading.sheet.plain(1).rstrip(".:")
    return ""
