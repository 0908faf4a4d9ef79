"""Lists what can be imported, writes templates, and looks after mappings."""

from pathlib import Path
from typing import Any

import typer

from cocm.errors import EnvironmentFault
from cocm.offline import offline_practice
from cocm.practice_runs import print_json
from cocm.terminal import draw, out
from services.imports.load import KINDS, ImportKind
from services.imports.mappings import drop_mapping, saved_mappings
from services.imports.tables.columns import Column, kinds_of_files
from services.imports.tables.named import shipped
from services.imports.tables.written import template
from storage import SavedMapping

_MORE = " Under which other names columns are known: cocm import entries."
#: So many other headers of a column are shown in a table.
_SHOWN = 4


def show_kinds(kind: str | None, *, as_json: bool) -> None:
    """Print the kinds of files, or of one, with their columns and what each means."""
    kinds = [KINDS[kind]] if kind is not None else list(KINDS.values())
    with offline_practice() as practice:
        own = practice.read(saved_mappings)
    own = tuple(one for one in own if kind in {None, one.kind})
    if as_json:
        print_json({"kinds": [_kind_json(one) for one in kinds], "mappings": _mappings_json(kind, own)})
        return
    for one in kinds:
        about = kinds_of_files()[one.name].about
        out.print(f"cocm import {one.name} FILE: {about}.", markup=False)
        draw(*_described(one, is_alone=kind is not None))
    draw(("Mapping", "Of", "Which file"), _mapping_rows(kind, own))
    out.print(
        "Which header is which column can also be said: --map mrn=Project. An empty file, explained: "
        f"cocm import --template {kind or 'entries'}.{'' if kind else _MORE}",
        markup=False,
    )


def _described(kind: ImportKind, *, is_alone: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns of a kind; under which other names they are known only where there is no other kind."""
    names: tuple[str, ...] = ("Column", "Needed", "Meaning", "Example")
    rows = [(one.name, _must(kind, one), one.meaning, one.example) for one in _columns(kind)]
    if not is_alone:
        return names, list(rows)
    others = map(_others, _columns(kind))
    return (*names, "Also known as"), [(*row, other) for row, other in zip(rows, others, strict=True)]


def _columns(kind: ImportKind) -> list[Column]:
    known = kinds_of_files()[kind.name].columns
    return [known[name] for name in kind.columns if name in known]


def _must(kind: ImportKind, column: Column) -> str:
    return "yes" if column.name in kind.needed else ""


def _others(column: Column) -> str:
    names = sorted(column.synonyms, key=lambda name: (len(name), name))
    more = ", ..." if len(names) > _SHOWN else ""
    return ", ".join(name.replace("_", " ") for name in names[:_SHOWN]) + more


def _mapping_rows(kind: str | None, own: tuple[SavedMapping, ...]) -> list[tuple[str, str, str]]:
    rows = [(name, one.kind, one.title) for name, one in shipped().items() if kind in {None, one.kind}]
    return rows + [
        (one.name, one.kind, f"your own, saved on {one.saved_at.date()}; --forget {one.name} deletes it")
        for one in own
    ]


def _kind_json(kind: ImportKind) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "about": kinds_of_files()[kind.name].about,
        "columns": [
            {
                "name": one.name,
                "needed": one.name in kind.needed,
                "meaning": one.meaning,
                "example": one.example,
                "synonyms": sorted(one.synonyms | one.weak),
            }
            for one in _columns(kind)
        ],
    }


def _mappings_json(kind: str | None, own: tuple[SavedMapping, ...]) -> list[dict[str, str]]:
    return [{"name": name, "kind": of, "title": title} for name, of, title in _mapping_rows(kind, own)]


def write_template(kind: str, output: Path | None) -> None:
    """Write an empty file of a kind, to a file or to standard output.

    Raises:
        BadParameter: when it is no kind of file.
        EnvironmentFault: when the file is there already, or cannot be written.
    """
    own = KINDS.get(kind)
    if own is None:
        raise typer.BadParameter(f"'{kind}' is no kind of file: {', '.join(KINDS)}.", param_hint="--template")
    text = template(kinds_of_files()[kind], own.columns, own.needed)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        # It is to hold patients soon.
        output.touch(mode=0o600, exist_ok=False)
        with output.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError as error:
        raise EnvironmentFault(f"{output} is there already. Name another file.") from error
    except OSError as error:
        raise EnvironmentFault(f"{output} cannot be written: {error.strerror}.") from error
    out.print(f"Wrote a template of {kind} to {output}.", markup=False)


def forget(name: str) -> None:
    """Delete one of the practice's own mappings.

    Raises:
        CommandRefused: when there is none of that name.
    """
    with offline_practice() as practice:
        practice.write(drop_mapping, name)
    out.print(f"The mapping {name} is deleted.", markup=False)
