"""Reads text whose cells are separated: by commas, semicolons, tabs or bars, whichever the file has."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from services.imports.tables.grid import HEADER_ROWS, Fits, Grid, GridRow, NotATable, best_fit
from services.imports.tables.texts import FileText

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
#: Excel's own word for what separates the cells of the file: its first line.
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[;,\t]*\r?\n?', re.IGNORECASE)
#: Lines above the header that are left out, as templates write them.
COMMENT = "#"
#: With it begin the errors that spreadsheets write.
_ERROR_MARK = "#"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
#: Different cells that are remembered at a time.
_KEPT = 20_000
_SAMPLED = HEADER_ROWS + 60


def read_text(file: FileText, fits: Fits) -> Grid:
    """The rows of a text file.

    Raises:
        NotATable: when its quotes do not match.
    """
    text, first, said = file.text, 1, ""
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        said, first, text = declared[1], 2, text[declared.end() :]
    delimiter = said if said in DELIMITERS else _delimiter(text, fits)
    remarks = [file.remark] if file.remark else []
    if delimiter != "," and not said:
        remarks.append(f"The cells of the file are separated by {DELIMITERS[delimiter]}.")
    return Grid(
        rows=tuple(_rows(text, delimiter, first)),
        remarks=tuple(remarks),
        delimiter=delimiter,
        has_errors=_ERROR_MARK in text,
    )


def _delimiter(text: str, fits: Fits) -> str:
    """What separates the cells: whatever lets a row name most columns, else what makes most cells."""
    best, most = ",", (0, 0.0)
    for delimiter in DELIMITERS:
        sample: list[tuple[str, ...]] = []
        try:
            for _, cells in islice(_rows(text, delimiter, 1), _SAMPLED):
                if not cells[0].startswith(COMMENT):
                    sample.append(cells)
        except NotATable:
            pass  # the quotes match by another delimiter, or reading the whole file says that they do not
        widths = sum(len(cells) - 1 for cells in sample) / max(1, len(sample))
        reached = (best_fit(sample, fits), widths)
        if reached > most:
            best, most = delimiter, reached
    return best


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, one after the other: a stream of text would hold four bytes a letter."""
    return (match[0] for match in _LINE.finditer(text))


def _rows(text: str, delimiter: str, first: int) -> Iterator[GridRow]:
    """Rows that are not blank, each with the line on which it begins.

    Raises:
        NotATable: at the row whose quotes do not match.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    # The same words are kept once: most of a large file is its days, people and patients again and again.
    kept: dict[str, str] = {}
    offset = first - 1
    line = first
    try:
        for cells in reader:
            stripped = tuple(map(str.strip, cells))
            stripped = tuple(map(kept.setdefault, stripped, stripped))
            if len(kept) > _KEPT:
                kept.clear()
            if any(stripped):
                yield line, stripped
            line = reader.line_num + 1 + offset
    except csv.Error as error:
        raise NotATable(
            "The row's quotes do not match. Write a quote inside a cell twice.", line=line
        ) from error
