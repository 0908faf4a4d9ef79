"""Spellings one typo apart.

Two texts one typo apart (a character wrong, missing or too many, or two neighbors swapped) share a spelling:
either text itself or a text with one character left out. So an index over those spellings finds every near
text with a handful of look-ups, however many texts there are.
"""


def spellings(text: str) -> frozenset[str]:
    """The text and every text with one of its characters left out."""
    return frozenset({text, *(text[:i] + text[i + 1 :] for i in range(len(text)))})


def is_one_typo_apart(one: str, other: str) -> bool:
    """True at a Damerau-Levenshtein distance of exactly 1."""
    if one == other:
        return False
    start = _shared(one, other)
    if len(one) == len(other):
        same_rest = one[start + 1 :] == other[start + 1 :]
        swapped = one[start : start + 2] == other[start : start + 2][::-1]
        return same_rest or (swapped and one[start + 2 :] == other[start + 2 :])
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[:start] + longer[start + 1 :] == shorter


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
