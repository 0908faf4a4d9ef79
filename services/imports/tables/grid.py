"""A table as it stands in a file: rows of words with their places; nothing is known yet of what they mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

#: A row with the line, or the row of the worksheet, on which it begins.
GridRow = tuple[int, tuple[str, ...]]
#: How many columns of a kind of file a row names.
Fits = Callable[[Sequence[str]], int]

#: Rows among which the header is looked for.
HEADER_ROWS = 30
#: Stands in the cell of a formula whose value the workbook does not hold.
NO_VALUE = "\N{SYMBOL FOR UNIT SEPARATOR}formula"


class NotATable(ValueError):  # noqa: N818 - it is what the file is, in a sentence
    """The file cannot be read as a table; the sentence says what it is and how to save it."""

    def __init__(self, sentence: str, *, line: int = 1) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Cells of a worksheet that are merged into one; counted from 1, both ends are part of it."""

    name: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows that are not blank, as words without outer spaces."""

    rows: Sequence[GridRow] = field(repr=False)
    #: How the file was read, where that is not plain.
    remarks: tuple[str, ...] = ()
    is_workbook: bool = False
    #: What separates the cells of a line; empty in a workbook.
    delimiter: str = ""
    #: Whether words like those of a spreadsheet's errors are in a text file.
    has_errors: bool = False
    #: Rows of a worksheet that are not shown, perhaps by a filter.
    hidden: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()

    def place(self, line: int) -> str:
        """How people find a row: `line 3` of a text file, `row 3` of a worksheet."""
        return f"{'row' if self.is_workbook else 'line'} {line}"


def letters(column: int) -> str:
    """The name of a worksheet's column, counted from 1: 28 is `AB`."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def best_fit(rows: Sequence[Sequence[str]], fits: Fits) -> int:
    """How many columns the row that names most of them names."""
    return max(map(fits, rows[:HEADER_ROWS]), default=0)
