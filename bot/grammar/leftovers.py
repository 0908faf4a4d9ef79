"""Names the figures of a message that was refused, or of a command that has no use for them."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.grammar.json_form import arguments_of
from bot.grammar.left import Left, LeftReason
from bot.grammar.parsed import Intent, Parsed

#: A run of characters with a figure in it.
_FIGURE = re.compile(r"[^\s,;]*\d[^\s,;]*")
_DIGITS = re.compile(r"\d+")


def with_leftovers(text: str, parsed: Parsed) -> Parsed:
    """The message with every figure listed that is in no problem and none of the command's arguments.

    A log that was understood has accounted for its figures already.
    """
    if parsed.draft is not None or not _DIGITS.search(text):
        return parsed
    spans = [(problem.start, problem.end) for problem in parsed.problems]
    used = set(_DIGITS.findall(json.dumps(arguments_of(parsed)))) if parsed.ok else set()
    reason = _reason(parsed)
    left = tuple(
        Left(text=found.group(), reason=reason)
        for found in _FIGURE.finditer(text)
        if not _is_told(found, spans) and not _is_used(found.group(), used)
    )
    return replace(parsed, left=left) if left else parsed


def _is_told(found: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    """True when a problem marks every figure of the run."""
    figures = [digits.span() for digits in _DIGITS.finditer(found.string, *found.span())]
    return all(any(start <= one and other <= end for start, end in spans) for one, other in figures)


def _reason(parsed: Parsed) -> LeftReason:
    if not parsed.ok:
        return LeftReason.NOT_STORED
    return LeftReason.NOT_USED if parsed.intent is Intent.QUESTION else LeftReason.IN_ARGUMENTS


def _is_used(figure: str, used: set[str]) -> bool:
    """True when all of its digits stand in the arguments, leading zeros or not."""
    known = used | {digits.lstrip("0") for digits in used}
    return all(digits in used or digits.lstrip("0") in known for digits in _DIGITS.findall(figure))
