"""Shows a cell's own words in a sentence about it."""

#: Longer cells are shown by their beginning: the sentence, not the cell, is what is to be read.
_LONGEST = 60


def shown(text: str) -> str:
    """The cell in quotes, with what cannot be seen made visible, and cut where it is long."""
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}...")
