"""Words a person's text, a day and a list for sentences."""

from collections.abc import Iterable, Sequence
from datetime import date

_MOST_SHOWN = 40
_MOST_LISTED = 5


def quoted(word: str) -> str:
    """A person's word within a sentence, shortened when long."""
    word = " ".join(word.split())
    return f"“{word if len(word) <= _MOST_SHOWN else word[: _MOST_SHOWN - 1] + '…'}”"


def day(when: date) -> str:
    """`Fri Nov 20`; the reader knows the year."""
    return f"{when:%a} {when:%b} {when.day}"


def full_day(when: date) -> str:
    """`Fri Nov 20, 2026`."""
    return f"{day(when)}, {when.year}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a, b and c`; of many, the first few and how many more."""
    if len(words) > _MOST_LISTED:
        words = [*words[: _MOST_LISTED - 1], f"{len(words) - _MOST_LISTED + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def all_quoted(words: Iterable[str]) -> str:
    """`“a”, “b”`."""
    return ", ".join(quoted(word) for word in words)
