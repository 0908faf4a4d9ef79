"""Finds what of a spreadsheet cannot be taken as it looks: errors, formulas without values, hidden and merged cells."""

from collections.abc import Iterator, Sequence

from services.imports.outcome import RowProblem
from services.imports.tables.columns import DURATIONS
from services.imports.tables.grid import NO_VALUE, Grid, GridRow, Merge, letters
from services.imports.tables.headers import Header
from services.imports.tables.workbook_cells import LOST_DIGITS
from services.imports.values.survey import is_broken

_MARKS = {
    NO_VALUE: (
        "is a formula without a value: the program that wrote the workbook left it out. Open it in Excel and save it."
    ),
    LOST_DIGITS: (
        "is a number of more than 15 digits, of which a spreadsheet loses the last. Format the column as text, and "
        "enter it again from the source."
    ),
}
_NAMED = 10


def faults(
    grid: Grid, header: Header, rows: Sequence[GridRow]
) -> tuple[list[RowProblem], Sequence[GridRow], list[str]]:
    """What is wrong with cells that are taken; the rows with merged cells filled, and what is said of it.

    Args:
        grid: The file.
        header: Of the table.
        rows: Those of the table.
    """
    problems: list[RowProblem] = []
    remarks: list[str] = []
    if grid.is_workbook:
        problems += _hidden(grid, rows)
        rows = _filled(grid, header, rows, problems, remarks)
    if grid.is_workbook or grid.has_errors:
        problems += _errors(grid, header, rows)
    return problems, rows, remarks


def _errors(grid: Grid, header: Header, rows: Sequence[GridRow]) -> Iterator[RowProblem]:
    used = sorted(header.used)
    for line, cells in rows:
        for place in used:
            text = cells[place] if place < len(cells) else ""
            wrong = _MARKS.get(text)
            if wrong is None and is_broken(text):
                wrong = f"is {text}, an error of the spreadsheet. Correct its formula, or write the value."
            if wrong is not None:
                where = f"The cell {letters(place + 1)}{line}" if grid.is_workbook else "The cell"
                yield RowProblem(line=line, column=header.names[place], message=f"{where} {wrong}")


def _hidden(grid: Grid, rows: Sequence[GridRow]) -> Iterator[RowProblem]:
    lines = [line for line, _ in rows if line in grid.hidden]
    if lines:
        named = ", ".join(map(str, lines[:_NAMED]))
        more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        count = "1 row is" if len(lines) == 1 else f"{len(lines):,} rows are"
        message = (
            f"{count} hidden, perhaps by a filter: {named}{more}. Show all rows (clear the filter, Unhide), or delete "
            "those that are not meant, and save."
        )
        yield RowProblem(line=lines[0], column="", message=message)


def _filled(
    grid: Grid, header: Header, rows: Sequence[GridRow], problems: list[RowProblem], remarks: list[str]
) -> Sequence[GridRow]:
    """Rows with what a cell merged over several of them says in each; a merged duration may be meant once."""
    used, durations = header.used, set(header.places_of(DURATIONS))
    lines = {line for line, _ in rows}
    says: dict[int, dict[int, str]] = {}
    by_line = dict(rows)
    filled: list[str] = []
    for merge in grid.merges:
        places = [place for place in range(merge.first_column - 1, merge.last_column) if place in used]
        own = [line for line in range(merge.first_row, merge.last_row + 1) if line in lines]
        if not places or merge.first_row == merge.last_row or not own:
            continue
        if durations.intersection(places):
            problems.append(_merged_duration(merge, header, places))
            continue
        first = by_line.get(merge.first_row, ())
        place = merge.first_column - 1
        text = first[place] if place < len(first) else ""
        for line in own if place in used and text else ():
            says.setdefault(line, {})[place] = text
        filled.append(merge.name)
    if not filled:
        return rows
    named = ", ".join(filled[:_NAMED]) + (f" and {len(filled) - _NAMED} more" if len(filled) > _NAMED else "")
    remarks.append(f"Merged cells say the same for each of their rows: {named}.")
    return [(line, _with(cells, says.get(line, {}))) for line, cells in rows]


def _merged_duration(merge: Merge, header: Header, places: Sequence[int]) -> RowProblem:
    return RowProblem(
        line=merge.first_row,
        column=header.names[places[0]],
        message=(
            f"The cells {merge.name} are merged, so it is not plain whether the time counts once or for each row. "
            "Unmerge them and write the time of each row."
        ),
    )


def _with(cells: tuple[str, ...], own: dict[int, str]) -> tuple[str, ...]:
    if not own:
        return cells
    width = max(len(cells), max(own) + 1)
    return tuple(own.get(place, cells[place] if place < len(cells) else "") for place in range(width))
