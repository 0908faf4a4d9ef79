"""Shows a cell's own words in a sentence about it, and finds what of them nobody can see."""

import unicodedata

#: Longer cells are shown by their beginning: the sentence, not the cell, is what is to be read.
_LONGEST = 60
#: Letters, marks and spaces of Unicode that a person cannot see.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
_BREAKS = frozenset("\n\r\t")


def shown(text: str) -> str:
    """The cell in quotes, with what cannot be seen made visible, and cut where it is long."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")


def refuse_unseen(text: str, what: str) -> None:
    """Refuse words with characters that nobody sees: they make two of what looks like one.

    Raises:
        ValueError: when there is one.
    """
    if not text.isascii() and any(
        unicodedata.category(letter) in _UNSEEN for letter in text if letter not in _BREAKS
    ):
        raise ValueError(f"{shown(text)} has a character that cannot be seen. Write {what} again by hand.")
