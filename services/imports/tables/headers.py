"""Matches the header of a file with the columns of its kind; what is not plain is said, never guessed."""

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.imports.request import TimeUnit
from services.imports.tables.columns import DURATIONS, KindOfFile, Meant, plain
from services.imports.tables.layouts import Group, Layout, Source
from services.imports.tables.named import shipped

#: So alike, a header that is not known is taken for a slip of a column's name.
_SLIP = 0.85
#: So many headers are named in a sentence.
_NAMED = 12
#: Columns that a file of one scale, payer, person or day has no need of: the words stand once for all of its rows.
_MAY_BE_SAME = frozenset(
    {"scale", "payer", "performed_by", "from", "kind", "by", "consultant", "month", "roles", "relationship"}
)
#: Columns from which a needed one can be found out: a start with a date has the day, a start and an end the length.
_TELLS_TOO = {"service_date": ("started_at",), "minutes": ("ended_at",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a header is held against."""

    kind: KindOfFile
    columns: Collection[str]
    needed: Collection[str]
    layout: Layout
    #: Columns that the person mapped themselves: their headers must be there.
    said: frozenset[str] = frozenset()
    strict: bool = False

    def fits(self, cells: Sequence[str]) -> int:
        """How many columns a row names, were it the header."""
        plains = {plain(cell) for cell in cells if cell}
        named = {
            column
            for column, source in self.layout.columns.items()
            if any(plain(header) in plains for header in source.headers)
        }
        for group in self.layout.groups:
            named |= {
                header for header in group.headers.values() if plain(header.replace("{n}", "1")) in plains
            }
        if not self.layout.is_whole:
            found = (self.kind.meant_by(cell, self.columns) for cell in cells if cell)
            named |= {meant.column for meant in found if meant is not None}
        return len(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which cell of a row is which column."""

    line: int
    names: tuple[str, ...]
    #: Places of cells by the plain form of their header; of headers that are alike, the first.
    places: Mapping[str, int]
    #: Columns that are taken as they stand, with the place of their cell.
    plain: Mapping[str, int]
    #: Columns whose cells are taken in another way.
    derived: Mapping[str, Source]
    unit: TimeUnit | None
    #: Wrong columns, each with the header or the column that is meant.
    problems: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()
    #: Places of all cells that are looked at.
    used: frozenset[int] = frozenset()

    def place(self, header: str) -> int | None:
        """Where the cells under a header stand."""
        return self.places.get(plain(header))

    def places_of(self, column: str) -> tuple[int, ...]:
        """From which cells a column is taken."""
        if column in self.plain:
            return (self.plain[column],)
        source = self.derived.get(column)
        found = (self.place(header) for header in source.headers) if source is not None else ()
        return tuple(place for place in found if place is not None)


class _Matching:
    """One header being matched."""

    def __init__(self, names: Sequence[str], asked: Asked) -> None:
        self.names = tuple(names)
        self.asked = asked
        self.places: dict[str, int] = {}
        for place, name in enumerate(names):
            if name:
                self.places.setdefault(plain(name), place)
        self.plain: dict[str, int] = {}
        self.derived: dict[str, Source] = {}
        self.unit = asked.layout.unit
        self.taken: set[int] = set()
        self.problems: list[tuple[str, str]] = []

    def mapped(self) -> None:
        """Columns that the mapping names."""
        for column, source in self.asked.layout.columns.items():
            there = [header for header in source.headers if plain(header) in self.places]
            missing = [header for header in source.headers if header not in there]
            if not there or (source.is_joined and missing and column in self.asked.said):
                if column in self.asked.said:
                    self.problems.append((column, self._absent(column, missing)))
                continue
            places = [self.places[plain(header)] for header in there]
            self.taken.update(places)
            if len(there) == 1 and not (source.pattern or source.part or source.values or source.carried_by):
                self.plain[column] = places[0]
            else:
                self.derived[column] = source
            if column == DURATIONS and self.unit is None:
                meant = self.asked.kind.meant_by(there[0], self.asked.columns)
                self.unit = meant.unit if meant is not None and meant.column == DURATIONS else None
        carried = (one.carried_by for one in self.asked.layout.columns.values() if one.carried_by)
        for header in (*self.asked.layout.skipped, *self._grouped(), *carried):
            if plain(header) in self.places:
                self.taken.add(self.places[plain(header)])
            elif header in self.asked.layout.skipped and self.asked.said:
                self.problems.append(("", f"There is no column {header!r} to leave rows out by."))

    def _grouped(self) -> Iterator[str]:
        for group in self.asked.layout.groups:
            for header in group.headers.values():
                if "{n}" not in header:
                    yield header
                for number in range(1, len(self.names) + 1) if "{n}" in header else ():
                    yield header.replace("{n}", str(number))

    def meant(self) -> None:
        """Columns that headers mean by themselves."""
        if self.asked.layout.is_whole:
            return
        claims: dict[str, list[tuple[int, Meant]]] = defaultdict(list)
        for place, name in enumerate(self.names):
            meant = self.asked.kind.meant_by(name, self.asked.columns) if name else None
            if meant is None or place in self.taken or self._is_given(meant.column):
                continue
            claims[meant.column].append((place, meant))
        for column, claimed in claims.items():
            strong = [one for one in claimed if not one[1].is_weak] or claimed
            if len(strong) > 1:
                self._refuse_two(column, [place for place, _ in strong])
                self.taken.update(place for place, _ in claimed)
            place, meant = strong[0]
            self.plain[column] = place
            self.taken.add(place)
            if column == DURATIONS:
                self.unit = self.unit or meant.unit

    def _is_given(self, column: str) -> bool:
        return column in self.plain or column in self.derived or column in self.asked.layout.constants

    def _refuse_two(self, column: str, places: Sequence[int]) -> None:
        names = [self.names[place] for place in places]
        if len(set(names)) == 1:
            self.problems.append((plain(names[0]), "The column is in the header twice. Remove one."))
            return
        both = " and ".join((", ".join(map(repr, names[:-1])), repr(names[-1])))
        self.problems.append(
            (column, f"{both} may each be {column}. Say which is: --map {column}={_quoted(names[0])}.")
        )

    def rest(self) -> Iterator[str]:
        """Headers that mean no column; a slip of a column's name is refused."""
        for place, name in enumerate(self.names):
            if not name or place in self.taken:
                continue
            near = None if self.asked.layout.is_whole else self._near(name)
            if near is not None:
                slip = f"There is no column {name!r}. Did you mean {near}? Correct the header"
                self.problems.append(
                    (plain(name), f"{slip}, or say which column it is: --map {near}={_quoted(name)}.")
                )
            elif self.asked.strict:
                columns = ", ".join(self.asked.columns)
                said = f"There is no column {name!r}, and --strict refuses it. Columns: {columns}."
                self.problems.append((plain(name), said))
            else:
                yield name

    def _near(self, name: str) -> str | None:
        absent = [column for column in self.asked.columns if not self._is_given(column)]
        found = difflib.get_close_matches(plain(name), absent, n=1, cutoff=_SLIP)
        return found[0] if found and self.asked.kind.meant_by(name, self.asked.columns) is None else None

    def missing(self) -> None:
        """Columns that the file must have."""
        grouped = {
            column for group in self.asked.layout.groups for column in (*group.headers, *group.constants)
        }
        absent = [
            one
            for one in self.asked.needed
            if not any(map(self._is_given, (one, *_TELLS_TOO.get(one, ())))) and one not in grouped
        ]
        if absent and not (self.asked.layout.is_whole or self.plain or self.derived or self.problems):
            self.problems.append(("", self._headless(absent)))
            return
        for column in absent:
            if not self._is_doubted(column):
                self.problems.append((column, self._absent(column, ())))
        groups = self.asked.layout.groups
        if groups and not any(self._has(group) for group in groups):
            pairs = "; ".join(" with ".join(group.headers.values()) for group in groups)
            self.problems.append(
                ("", f"The file has none of the columns that the mapping takes together: {pairs}.")
            )

    def _has_one_of(self, headers: str) -> bool:
        return any(plain(header) in self.places for header in headers.split("|"))

    def _has(self, group: Group) -> bool:
        return any(
            all(plain(header.replace("{n}", f"{number}")) in self.places for header in group.headers.values())
            for number in range(1, len(self.names) + 1)
        )

    def _headless(self, absent: Sequence[str]) -> str:
        """What is said of a file without a header, or with one of which no word is known."""
        kind = self.asked.kind.name
        return (
            f"No row names columns of a file of {kind}. Its first row should name {', '.join(absent)} and others "
            f'(cocm import {kind} lists them), or say which is which: --map {absent[0]}="...".'
        )

    def _is_doubted(self, column: str) -> bool:
        return any(name == column or f"--map {column}=" in said for name, said in self.problems)

    def _absent(self, column: str, headers: Sequence[str]) -> str:
        known = self.asked.kind.columns.get(column)
        what = f" ({known.meaning})" if known is not None else ""
        if headers and column in self.asked.said:
            return f"There is no column {headers[0]!r} in the file, which --map has for {column}."
        same = ""
        if column in _MAY_BE_SAME and known is not None:
            same = f" If it is the same in every row, say it: --set {column}={_quoted(known.example)}."
        return (
            f"The column {column} is missing{what}. Add it to the header, or say which column it is: "
            f'--map {column}="...".{same}'
        )

    def recognized(self) -> bool:
        """Whether a wrong header is a known system's: its mapping is all there is to say."""
        suggestion = self._suggestion() if self.problems else ""
        if suggestion:
            self.problems = [("", suggestion)]
        return bool(suggestion)

    def advice(self) -> str:
        """What the file has, behind the last problem; empty where there is none."""
        return f" {self._there()}" if self.problems else ""

    def _there(self) -> str:
        named = [repr(name) for name in self.names if name]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        return f"The file has {', '.join(named[:_NAMED])}{more}."

    def _suggestion(self) -> str:
        """The shipped mapping for a file whose header is one system's, where none was asked for."""
        if self.asked.layout.is_whole:
            return ""
        for name, layout in shipped().items():
            if layout.kind == self.asked.kind.name and all(map(self._has_one_of, layout.signature)):
                return f"This looks like an export of {layout.title.partition(':')[0]}: add --as {name}."
        return ""


def match(line: int, names: Sequence[str], asked: Asked) -> Header:
    """The columns of a header.

    Args:
        line: On which it stands.
        names: Its cells.
        asked: What it is held against.
    """
    matching = _Matching(names, asked)
    matching.mapped()
    matching.meant()
    left_out = tuple(matching.rest())
    matching.missing()
    if not matching.recognized() and matching.problems:
        column, message = matching.problems[-1]
        matching.problems[-1] = column, f"{message}{matching.advice()}"
    return Header(
        line=line,
        names=matching.names,
        places=matching.places,
        plain=matching.plain,
        derived=matching.derived,
        unit=matching.unit,
        problems=tuple(matching.problems),
        remarks=tuple(_remarks(matching, left_out)),
        used=frozenset(matching.taken),
    )


def _remarks(matching: _Matching, left_out: Sequence[str]) -> Iterator[str]:
    """How the header was understood, where it does not have our own names; and what was left out."""
    taken = [
        f"{column} from {names}"
        for column, names in _origins(matching)
        if names != repr(column) and plain(names) != column
    ]
    if taken:
        yield f"Columns read: {', '.join(taken)}."
    if left_out:
        names = [repr(name) for name in left_out]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        count = "1 column that is" if len(names) == 1 else f"{len(names)} columns that are"
        yield f"Left out {count} not known here: {', '.join(names[:_NAMED])}{more}."


def _origins(matching: _Matching) -> Iterator[tuple[str, str]]:
    for column, place in matching.plain.items():
        yield column, repr(matching.names[place])
    for column, source in matching.derived.items():
        places = [matching.places[plain(one)] for one in source.headers if plain(one) in matching.places]
        there = [repr(matching.names[place]) for place in dict.fromkeys(places)]
        yield column, (" and " if source.is_joined else " or ").join(there)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', "'") + '"'
