"""Measures how far two words are apart, and finds the known word behind a typo."""

import calendar
import re
from collections.abc import Iterable
from functools import lru_cache

_DAYS = ("yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENDINGS = ("day", "dya", "dy", "ady")
#: Letters of the shortest and the longest slip of the pen for a day.
_SHORTEST, _LONGEST = 5, 11
_LONG = 7
#: `ystrdy`, `yestday`: yesterday with letters left out.
_YESTERDAY = re.compile(r"y[ae]?s[aeiou]?t[a-z]{0,4}d[ae]{0,2}y")
_MONTHS = tuple(name.lower() for name in calendar.month_name if name)
#: Words that lie a letter or two from a month's name.
_NO_MONTHS = frozenset({"march", "match", "matches", "number", "member", "augment", "march's"})
_MAYBE_MONTH = re.compile(r"(?<![\w'-])[jfmasond][a-z]{4,10}(?![a-z'])")
#: Letters as many as a month has beside a figure: most lines hold none.
_NEAR_FIGURE = re.compile(r"[a-z]{4}\.?[ -](?:the )?\d|\d(?:st|nd|rd|th)? (?:of )?[jfmasond][a-z]{4}")
_BESIDE_FIGURE = re.compile(
    r"(?<![\w'/-])([jfmasond][a-z]{4,10})\.?[ -](?:the )?(?=\d{1,2}(?!\d))"
    r"|(?<![\w:./])\d{1,2}(?:st|nd|rd|th)? (?:of )?([jfmasond][a-z]{4,10})(?![\w'-])"
)


def distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbor (optimal string alignment)."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before_last, last = last, row
    return last[-1]


def nearest(word: str, known: Iterable[str], within: int) -> str | None:
    """The known word fewest letters away, at most `within`; None when none is, the first when several are."""
    letters, best = _letters(word), None
    for other in known:
        # A letter that the other word lacks has to be changed or dropped: most words need no closer look.
        if abs(len(other) - len(word)) > within or (letters & ~_letters(other)).bit_count() > within:
            continue
        far = distance(word, other)
        if far <= within:
            best, within = other, far - 1
        if within < 0:
            break
    return best


@lru_cache(maxsize=4096)
def _letters(word: str) -> int:
    """The letters of a word, as bits."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found


def mistyped_day(word: str) -> str | None:
    """The day that `yesteday`, `wensday` or `firday` was meant to be."""
    if not (word.endswith(_ENDINGS) or word.startswith("y")) or word in _DAYS:
        return None
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return None
    if _YESTERDAY.fullmatch(word):
        return _DAYS[0]
    return nearest(word, _DAYS, 2 if len(word) >= _LONG else 1)


def respelled_months(words: str) -> str:
    """A date whose month is mistyped, `novemeber 3` or `30 octobr`, with the month put right; else as it is."""
    return _MAYBE_MONTH.sub(lambda word: mistyped_month(word[0]) or word[0], words)


def month_slips(plain: str) -> list[tuple[int, int, str]]:
    """Where a mistyped month stands beside a day's figure, and the month meant: start, end, `november`."""
    found: list[tuple[int, int, str]] = []
    if not _NEAR_FIGURE.search(plain):
        return found
    for match in _BESIDE_FIGURE.finditer(plain):
        start, end = match.span(1) if match[1] else match.span(2)
        meant = mistyped_month(plain[start:end])
        if meant:
            found.append((start, end, meant))
    return found


def mistyped_month(word: str) -> str | None:
    """The month that `novemeber` or `octobr` was meant to be, also when only begun: `novem`."""
    if not _SHORTEST <= len(word) <= _LONGEST or word in _MONTHS or word in _NO_MONTHS:
        return None
    known = [month for month in _MONTHS if month[0] == word[0]]
    begun = [month for month in known if month.startswith(word)]
    return begun[0] if begun else nearest(word, known, 2 if len(word) >= _LONG else 1)
