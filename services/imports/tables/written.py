"""Writes mappings as TOML, and templates of files."""

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping, Sequence

from services.imports.tables.columns import KindOfFile
from services.imports.tables.headers import Header
from services.imports.tables.layouts import Layout, Source


def mapping_text(header: Header, layout: Layout) -> str:
    """The mapping by which a file was read, so that the next one can be read the same way.

    Args:
        header: Of the file, matched.
        layout: What it was matched by.
    """
    return "\n".join(_mapping_lines(header, layout)) + "\n"


def _mapping_lines(header: Header, layout: Layout) -> Iterator[str]:
    yield f"kind = {_quoted(layout.kind)}"
    unit = layout.unit or header.unit
    if unit is not None:
        yield f"unit = {_quoted(unit)}"
    if layout.dates is not None:
        yield f"dates = {_quoted(layout.dates)}"
    yield "\n[columns]"
    for column, place in header.plain.items():
        yield f"{column} = {_quoted(header.names[place])}"
    for column, source in header.derived.items():
        yield f"{column} = {_source(source)}"
    if layout.constants:
        yield "\n[constants]"
        yield from (f"{column} = {_quoted(words)}" for column, words in layout.constants.items())
    if layout.skipped:
        yield "\n[skip]"
        yield from (f"{_quoted(name)} = {_listed(sorted(words))}" for name, words in layout.skipped.items())
    for group in layout.groups:
        yield f"\n[[groups]]\nconstants = {_table(group.constants)}\ncolumns = {_table(group.headers)}"


def _source(source: Source) -> str:
    said = [f"{'join' if source.is_joined else 'headers'} = {_listed(source.headers)}"]
    if source.pattern is not None:
        said.append(f"pattern = {_quoted(source.pattern.pattern)}")
    if source.part is not None:
        said.append(f"part = {_quoted(source.part)}")
    if source.values:
        said.append(f"values = {_table(source.values)}")
    if source.carried_by:
        said.append(f"carried_by = {_quoted(source.carried_by)}")
    return f"{{ {', '.join(said)} }}"


def _table(words: Mapping[str, str]) -> str:
    return f"{{ {', '.join(f'{_quoted(name)} = {_quoted(one)}' for name, one in words.items())} }}"


def _listed(words: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(words: str) -> str:
    """TOML's basic strings are JSON's, but for the delete character."""
    return json.dumps(str(words), ensure_ascii=False).replace("\x7f", "\\u007f")


def template(kind: KindOfFile, columns: Collection[str], needed: Collection[str]) -> str:
    """An empty file of a kind, with what each column means above its header, and a row as an example.

    Neither the lines that begin with # above the header nor the example are read.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    own = [kind.columns[name] for name in columns if name in kind.columns]
    writer.writerow([f"# {kind.name}: {kind.about}."])
    writer.writerow(
        ["# Lines that begin with # above the header are not read; columns may be left out and in any order."]
    )
    for column in own:
        must = "needed" if column.name in needed else "may be empty"
        writer.writerow([f"# {column.name} ({must}): {column.meaning}."])
    writer.writerow([column.name for column in own])
    examples = [column.example for column in own]
    writer.writerow([f"# example: {examples[0]}", *examples[1:]])
    return written.getvalue()
