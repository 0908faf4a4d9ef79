"""Finds what people said of an entry behind its putting back and its moves between merged patients."""

from collections.abc import Sequence

from storage import EntryVersion


def said_in(versions: Sequence[EntryVersion]) -> EntryVersion:
    """The version in which a person said what the last one says."""
    last = versions[-1]
    while last.is_move or last.restores:
        last = versions[(last.restores or last.entry.version - 1) - 1]
    return last
