"""Mappings: under which headers of another system's file the columns of ours stand, and how to take their cells."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from services.imports.request import DateOrder, TimeUnit

#: A patient's number at the start of a tracker's project, alone or before other words, or behind `MRN` anywhere.
PATIENT = (
    r"(?i)^\W*((?:mrn[\s#:-]*)?[a-z]{0,3}\d{3,}\w*)(?=\s*$|\s*[,;:|(/]|\s+[-\u2013\u2014]\s)"
    r"|\b(mrn[\s#:-]*[a-z]{0,3}\d\w*)"
)


class Part(StrEnum):
    """What of a date and time a column takes."""

    DATE = "date"
    TIME = "time"


class BadLayout(ValueError):  # noqa: N818 - it is what is wrong with a mapping, in a sentence
    """The mapping cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the cells of a column come from."""

    #: Headers of the file: the first that it has and that is filled in a row, or all of them joined.
    headers: tuple[str, ...]
    is_joined: bool = False
    #: The cell is what its first group finds.
    pattern: re.Pattern[str] | None = None
    part: Part | None = None
    #: Words of the file and ours for them, by casefolded words.
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Where a row is empty, the cell of another row with the same words under this header.
    carried_by: str = ""

    @property
    def is_plain(self) -> bool:
        """True where the cell is taken as it stands."""
        return len(self.headers) == 1 and not (self.pattern or self.part or self.values or self.carried_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Columns of a wide file that make a row of their own, such as one scale's score and day."""

    constants: Mapping[str, str]
    #: Headers by our columns; `{n}` stands for 1, 2 and so on.
    headers: Mapping[str, str]

    @property
    def is_numbered(self) -> bool:
        """Whether the file has such columns several times, numbered."""
        return any("{n}" in header for header in self.headers.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A mapping: the columns of one system's file, or of one practice's."""

    #: By which `--as` knows it; empty for what was said with `--map` alone.
    name: str = ""
    #: Of the file that it is for; empty for any.
    kind: str = ""
    #: Which export of which system it is for.
    title: str = ""
    #: How its headers became known.
    source: str = ""
    columns: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    #: Cells that are the same in every row.
    constants: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: Rows that are left out: by header, the words that mark them.
    skipped: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    groups: tuple[Group, ...] = ()
    unit: TimeUnit | None = None
    dates: DateOrder | None = None
    #: Headers by which such a file is recognized, and `--as` suggested; `User|Member` is one of two.
    signature: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """True where it says which columns there are: others are not looked for."""
        return bool(self.name)


NO_LAYOUT = Layout()


def layout_of(name: str, text: str) -> Layout:
    """Read a mapping written as TOML.

    Raises:
        BadLayout: when it is none.
    """
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLayout(f"The mapping {name!r} is not TOML: {error}.") from error
    try:
        return _layout(name, said)
    except (TypeError, KeyError, AttributeError) as error:
        raise BadLayout(f"The mapping {name!r} is incomplete: {error}.") from error
    except (ValueError, re.error) as error:
        raise BadLayout(f"The mapping {name!r} cannot be used: {error}.") from error


def _layout(name: str, said: Mapping[str, Any]) -> Layout:
    unknown = sorted(set(said) - _KEYS)
    if unknown:
        raise ValueError(f"there is no {unknown[0]!r}; it may say {', '.join(sorted(_KEYS))}")
    return Layout(
        name=name,
        kind=_words(said["kind"]),
        title=_words(said.get("title", name)),
        source=_words(said.get("source", "")),
        columns={column: source_of(one) for column, one in said.get("columns", {}).items()},
        constants={column: _words(one) for column, one in said.get("constants", {}).items()},
        skipped={
            header: frozenset(_words(one).casefold() for one in words)
            for header, words in said.get("skip", {}).items()
        },
        groups=tuple(map(_group, said.get("groups", ()))),
        unit=TimeUnit(said["unit"]) if "unit" in said else None,
        dates=DateOrder(said["dates"]) if "dates" in said else None,
        signature=tuple(map(_words, said.get("signature", ()))),
    )


_KEYS = {
    *("kind", "title", "source", "columns", "constants", "skip", "groups", "unit", "dates", "signature"),
}


def source_of(said: Any) -> Source:
    """Where a column comes from: a header, or a table that says more.

    Raises:
        ValueError: when something of it is not known.
    """
    if isinstance(said, str):
        return Source(headers=(said,))
    if isinstance(said, list):
        return Source(headers=tuple(map(_words, said)))
    keys = {"header", "headers", "join", "pattern", "part", "values", "carried_by"}
    unknown = sorted(set(said) - keys)
    if unknown:
        raise ValueError(f"there is no {unknown[0]!r}; a column may say {', '.join(sorted(keys))}")
    headers = said.get("headers") or said.get("join") or [said["header"]]
    pattern = said.get("pattern")
    compiled = re.compile(PATIENT if pattern == "patient" else pattern) if pattern else None
    if compiled is not None and not compiled.groups:
        raise ValueError(f"the pattern {pattern!r} marks nothing: put parentheses around the part to take")
    return Source(
        headers=tuple(map(_words, headers)),
        is_joined="join" in said,
        pattern=compiled,
        part=Part(said["part"]) if "part" in said else None,
        values={_words(key).casefold(): _words(value) for key, value in said.get("values", {}).items()},
        carried_by=_words(said.get("carried_by", "")),
    )


def _group(said: Mapping[str, Any]) -> Group:
    return Group(
        constants={column: _words(one) for column, one in said.get("constants", {}).items()},
        headers={column: _words(one) for column, one in said["columns"].items()},
    )


def _words(said: Any) -> str:
    if not isinstance(said, str):
        raise TypeError(f"{said!r} should be words in quotes")
    return said
