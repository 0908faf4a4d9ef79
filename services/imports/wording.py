"""Words that sentences about files share: counts, lines, lists."""

from collections.abc import Sequence

#: So many lines and names are named in a sentence.
LISTED = 10


def counted(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`, `3 entries`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun.removesuffix('y') + 'ies' if noun.endswith('try') else noun + 's'}"


def lines_of(lines: Sequence[int], most: int = LISTED) -> str:
    """`line 4`, `lines 4, 5 and 3 more`."""
    shown = ", ".join(map(str, lines[:most]))
    more = f" and {len(lines) - most:,} more" if len(lines) > most else ""
    return f"{'line' if len(lines) == 1 else 'lines'} {shown}{more}"


def joined(names: Sequence[str], word: str = "and") -> str:
    """`payer, referring NPI and care manager`."""
    return f" {word} ".join((*([", ".join(names[:-1])] if names[1:] else []), names[-1]))


def listed(names: Sequence[str], most: int = LISTED) -> str:
    """The first of many names, and how many more there are."""
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def capital(words: str) -> str:
    """With a capital letter at the start."""
    return words[:1].upper() + words[1:]


def summed_up(title: str, items: Sequence[str], between: str) -> tuple[str, ...]:
    """A sentence with the first of many things, after how many there are; none where there is nothing."""
    if not items:
        return ()
    more = f"{between}and {len(items) - LISTED:,} more" if len(items) > LISTED else ""
    return (f"{title} ({len(items):,}): {between.join(items[:LISTED])}{more}.",)
