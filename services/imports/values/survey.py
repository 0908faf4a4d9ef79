"""Looks once over all cells of a file, for what decides how each of them is read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: Columns of durations.
DURATIONS = frozenset({"minutes", "hours", "seconds", "duration"})
#: Names of columns with days end so, or are these.
_DAY_ENDS = ("_on", "_date", "_from", "_at")
_DAYS = frozenset({"from", "to", "on", "until"})
#: Errors as spreadsheets write them, also into the CSV files that they save; and a day or figure in a narrow column.
_ERROR = re.compile(
    r"#(?:n/a|ref!|value!|div/0!|name\?|null!|num!|spill!|calc!|getting_data|error!|field!|blocked!|busy!|##+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The different words of some columns, each with the line on which they first stand."""

    #: By column.
    days: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    durations: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def survey(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Survey:
    """Look over a file.

    Args:
        rows: Lines and their cells by column.
    """
    days: dict[str, dict[str, int]] = {}
    durations: dict[str, dict[str, int]] = {}
    others: set[str] = set()
    for line, cells in rows:
        for column, text in cells.items():
            if text and column not in others and not is_broken(text):
                known = days.get(column) or durations.get(column)
                if known is not None:
                    known.setdefault(text, line)
                elif column in DURATIONS:
                    durations[column] = {text: line}
                elif column in _DAYS or column.endswith(_DAY_ENDS):
                    days[column] = {text: line}
                else:
                    others.add(column)
    return Survey(days=days, durations=durations)


def is_broken(text: str) -> bool:
    """Whether a spreadsheet wrote an error in place of a value: whoever reads the table names such a cell."""
    return text.startswith("#") and _ERROR.fullmatch(text) is not None
