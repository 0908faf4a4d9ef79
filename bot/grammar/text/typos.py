"""Measures how far two words are apart, and finds the known word behind a typo."""

from collections.abc import Iterable

_DAYS = ("yesterday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENDINGS = ("day", "dya", "dy", "ady")
#: Letters of the shortest and the longest slip of the pen for a day.
_SHORTEST, _LONGEST = 5, 11
_LONG = 7


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
    scored = [(distance(word, other), other) for other in known if abs(len(other) - len(word)) <= within]
    if not scored:
        return None
    least, best = min(scored, key=lambda pair: pair[0])
    return best if least <= within else None


def mistyped_day(word: str) -> str | None:
    """The day that `yesteday`, `wensday` or `firday` was meant to be."""
    if not (word.endswith(_ENDINGS) or word.startswith("y")) or word in _DAYS:
        return None
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return None
    return nearest(word, _DAYS, 2 if len(word) >= _LONG else 1)
