"""Tells what a file holds by the columns that its header names."""

import re
from dataclasses import dataclass

from services.imports.load import KINDS
from services.imports.sheet import headers_of
from services.imports.tables.grid import NotATable

_EXPORT = re.compile(r"add --as (?P<name>\S+?)\.(?: |$)")
#: So many kinds are offered where none fits.
_NEAREST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A kind of file that a file may be."""

    kind: str
    #: Name of the shipped mapping of the system that wrote it; empty where its headers speak for themselves.
    mapping: str = ""
    #: Places of the header's cells that are columns of this kind.
    used: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """What a file may hold."""

    #: Kinds that its header fits, the one of which it names most columns first.
    fits: tuple[Guess, ...] = ()
    #: Where it fits none: those of which it names some columns, most first.
    near: tuple[Guess, ...] = ()
    #: Why it is no table at all; empty where it is one.
    problem: str = ""

    @property
    def plain(self) -> Guess | None:
        """The one kind that is meant, where there is no doubt: it takes every column that another one would."""
        if not self.fits:
            return None
        first, *others = self.fits
        return first if all(one.used < first.used for one in others) else None


def recognize(data: bytes) -> Recognized:
    """What a file may hold, by its header alone."""
    try:
        headers = headers_of(data, {kind.name: (kind.columns, kind.needed) for kind in KINDS.values()})
    except NotATable as error:
        return Recognized(problem=str(error))
    fits: list[Guess] = []
    near: list[Guess] = []
    for name, header in headers.items():
        export = next((found for _, said in header.problems if (found := _EXPORT.search(said))), None)
        if not header.problems:
            fits.append(Guess(kind=name, used=header.used))
        elif export is not None:
            fits.append(Guess(kind=name, mapping=export["name"], used=frozenset(range(len(header.names)))))
        elif header.used:
            near.append(Guess(kind=name, used=header.used))
    by_columns = {one.kind: -len(one.used) for one in (*fits, *near)}
    fits.sort(key=lambda one: by_columns[one.kind])
    near.sort(key=lambda one: by_columns[one.kind])
    return Recognized(fits=tuple(fits), near=() if fits else tuple(near[:_NEAREST]))
