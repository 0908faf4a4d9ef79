"""Finds cells in which a spreadsheet wrote an error in place of a value."""

import re
from collections.abc import Iterator, Mapping, Sequence

from services.imports.outcome import RowProblem
from services.imports.values.shown import shown

_ERROR = re.compile(
    r"#(?:n/a|ref!|value!|div/0!|name\?|null!|num!|spill!|calc!|getting_data|error!|#+)", re.IGNORECASE
)


def broken_cells(rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[RowProblem]:
    """A problem for each cell that holds an error or only marks of a column too narrow.

    Args:
        rows: Lines and their cells by column.
    """
    for line, cells in rows:
        for column, text in cells.items():
            if text.startswith("#") and _ERROR.fullmatch(text):
                message = (
                    f"{shown(text)} is a spreadsheet's error. Correct its formula, or leave the cell empty."
                )
                yield RowProblem(line=line, column=column, message=message)
