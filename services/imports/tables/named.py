"""Finds the mapping that an import asks for: shipped, saved by the practice, or said column by column."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from types import MappingProxyType

from services.imports.request import ImportRequest, TimeUnit
from services.imports.tables.columns import DURATION_NAMES, DURATIONS, KindOfFile
from services.imports.tables.layouts import NO_LAYOUT, BadLayout, Layout, Source, layout_of, source_of

_MRN = "mrn"
_UNIT_OF_NAME = {"hours": TimeUnit.HOURS, "seconds": TimeUnit.SECONDS}


@cache
def shipped() -> Mapping[str, Layout]:
    """The mappings that come with the program, by name."""
    folder = resources.files("services.imports.tables").joinpath("mappings")
    texts = {
        file.name.removesuffix(".toml"): file.read_text(encoding="utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return MappingProxyType({name: layout_of(name, texts[name]) for name in sorted(texts)})


def layout_for(request: ImportRequest, kind: KindOfFile, columns: Collection[str]) -> Layout:
    """The mapping of an import, with what was said beside it.

    Raises:
        BadLayout: when it is for another kind of file, or names a column that there is not.
    """
    layout = _named(request)
    if layout.kind and kind.name and layout.kind != kind.name:
        raise BadLayout(
            f"The mapping {layout.name} is for files of {layout.kind}: "
            f"cocm import {layout.kind} FILE --as {layout.name}."
        )
    known = {*columns, *(DURATION_NAMES if DURATIONS in columns else ())}
    for column in (*dict(request.headers), *dict(request.constants), *layout.columns, *layout.constants):
        if column not in known and column not in kind.columns:
            raise BadLayout(
                f"There is no column {column!r} in a file of {kind.name}. Columns: {', '.join(columns)}."
            )
    _refuse_said_twice(request)
    mapped = dict(layout.columns)
    unit = layout.unit
    for column, header in request.headers:
        ours = DURATIONS if column in DURATION_NAMES else column
        unit = _UNIT_OF_NAME.get(column, unit)
        mapped[ours] = _mapped(kind, ours, header, mapped.get(ours), columns)
    return replace(
        layout,
        columns={column: source for column, source in mapped.items() if column in columns},
        constants={**layout.constants, **dict(request.constants)},
        skipped={
            **layout.skipped,
            **_skipped(request),
        },
        unit=unit,
        kind=kind.name,
    )


def _refuse_said_twice(request: ImportRequest) -> None:
    """Refuse a column that was given two headers or words: neither is taken in silence."""
    said: dict[str, str] = {}
    for column, words in (*request.headers, *request.constants):
        ours = DURATIONS if column in DURATION_NAMES else column
        if said.setdefault(ours, words) != words:
            raise BadLayout(f"{ours} is said to be {said[ours]!r} and {words!r}. Say one of the two.")


def _named(request: ImportRequest) -> Layout:
    if request.mapping_text:
        return layout_of(request.mapping, request.mapping_text)
    if not request.mapping:
        return NO_LAYOUT
    found = shipped().get(request.mapping.casefold())
    if found is None:
        raise BadLayout(f"There is no mapping {request.mapping!r}. Shipped: {', '.join(shipped())}.")
    return found


def _mapped(
    kind: KindOfFile, column: str, header: str, before: Source | None, columns: Collection[str]
) -> Source:
    """A column with the header that was said; how its cells are taken stays as the mapping has it."""
    if before is not None and before.pattern is not None:
        return replace(before, headers=(header,), is_joined=False)
    meant = kind.meant_by(header, columns)
    if column == _MRN and (meant is None or meant.column != _MRN):
        return source_of({"header": header, "pattern": "patient"})
    return Source(headers=(header,))


def _skipped(request: ImportRequest) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for header, words in request.skipped:
        found[header] = found.get(header, frozenset()) | {words.casefold()}
    return found
