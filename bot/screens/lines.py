"""Packs many short lines into few sections; the caller counts what does not fit."""

from collections.abc import Sequence

from bot import kit
from bot.replies import Block

#: Characters of all lines of a list: with what stands around it, a message stays within Slack's 12,000.
LIST_TEXT = 9_000
#: Longer lines, of a very long MRN, are cut.
_LINE_TEXT = 500
#: A little under what a section holds.
_SECTION_TEXT = 2_900


def fitting(lines: Sequence[str], most: int = LIST_TEXT) -> tuple[str, ...]:
    """The first lines that together have at most so many characters."""
    kept: list[str] = []
    room = most
    for line in lines:
        shown = kit.clip(line, _LINE_TEXT)
        room -= len(shown) + 1
        if room < 0:
            break
        kept.append(shown)
    return tuple(kept)


def sections(lines: Sequence[str]) -> list[Block]:
    """Lines joined into as few sections as hold them."""
    blocks: list[list[str]] = [[]]
    room = _SECTION_TEXT
    for line in lines:
        if len(line) + 1 > room:
            blocks.append([])
            room = _SECTION_TEXT
        blocks[-1].append(line)
        room -= len(line) + 1
    return [kit.section("\n".join(block)) for block in blocks if block]
