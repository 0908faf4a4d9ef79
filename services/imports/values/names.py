"""Reads names: what a file writes where it has none is nobody's name."""

from services.imports.values.shown import refuse_unseen, shown

#: As files fill cells that have no name. Null and Na are names of people.
_NO_NAMES = frozenset(
    (
        *("none", "n/a", "nan", "nil", "unknown", "unk", "tbd", "tba", "unassigned", "anonymous"),
        *("total", "totals", "grand total", "see notes", "not applicable", "not available", "not assigned"),
    )
)


def name(text: str) -> str:
    """A person's name as the file has it, its spaces alike.

    Raises:
        ValueError: when it is nobody's, or has characters that nobody sees.
    """
    refuse_unseen(text, "the name")
    plain = " ".join(text.split())
    if plain.casefold() in _NO_NAMES or not any(map(str.isalpha, plain)):
        raise ValueError(f"{shown(text)} is no name. Write the name, or leave the cell empty.")
    return plain
