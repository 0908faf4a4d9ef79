"""Tells the rows of a table from what stands around them: titles, headers repeated, totals, remarks at the end."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from services.imports.outcome import RowProblem
from services.imports.request import TimeUnit
from services.imports.tables.columns import DURATIONS, plain
from services.imports.tables.figures import Figures, Length, adds_up, length
from services.imports.tables.grid import Grid, GridRow
from services.imports.tables.headers import Header

_TOTAL = re.compile(
    r"(?:grand|sub-?|report|overall|running|monthly)?\s*totals?\b.*|sum\b.*|.+\s(?:sub)?total:?",
    re.IGNORECASE,
)
_ONLY_TOTAL = re.compile(r"(?:grand|sub-?)?\s*totals?:?|sum:?|count:?|average:?|mean:?", re.IGNORECASE)
_COUNT = re.compile(
    r"(?:row\s|record\s|entry\s|patient\s)?(?:count|number of \w+|average|mean|records|rows|entries)\b.*",
    re.IGNORECASE,
)
#: `14 patients`.
_COUNTED = re.compile(r"\d[\d,]*\s+[a-z]+", re.IGNORECASE)
_FOOTER = re.compile(
    r"(?:(?:report\s)?(?:generated|printed|exported|created|downloaded|run|prepared|produced|as of|last updated)\b"
    r"|(?:report|data|export)\s(?:run|date|as of|generated)\b|page\s\d+|end of (?:report|file|data)|confidential\b"
    r"|source:|filters?:|filtered by|applied filters|note:|notes:|disclaimer|copyright|©|\*{1,3}\s?\w|-{3,}|={3,}).*",
    re.IGNORECASE | re.DOTALL,
)
#: The row of a template that shows how a row looks.
_EXAMPLE = re.compile(r"#\s*example\b.*", re.IGNORECASE | re.DOTALL)
#: A line drawn between header and rows, as text tables have it.
_RULE = re.compile(r":?(?:-{2,}|={2,}|_{2,}):?")
#: With what such a line begins: most rows are seen at a glance to be none.
_RULING = ":-=_"
_NUMERIC = re.compile(r"[\d\s.,:$%+-]+")
#: Columns that rows of time have filled, and rows of totals have not.
_NAMING = ("service_date",)
_SHOWN = 60
_NAMED = 5
_UNIT_WORDS = {TimeUnit.HOURS: " h", TimeUnit.MINUTES: " min", TimeUnit.SECONDS: " s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The rows of a table, and what was left out around them."""

    rows: Sequence[GridRow] = field(repr=False)
    problems: tuple[RowProblem, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Total:
    """A row of totals."""

    line: int
    words: str
    #: How long all took, as the file has it; None where it does not say.
    length: Length | None
    text: str


def body_of(grid: Grid, header: Header, needed: Collection[str], *, decimal_comma: bool) -> Body:
    """The rows below a header.

    Args:
        grid: The file.
        header: Of the table.
        needed: Columns that each row must have.
        decimal_comma: Whether figures are written with a decimal comma.
    """
    telling = _Telling(header, needed, decimal_comma=decimal_comma)
    below = [row for row in grid.rows if row[0] > header.line]
    footers = telling.footers(below)
    repeated, examples, totals, rows = [], [], [], []
    for row in below[: len(below) - len(footers)]:
        line, cells = row
        if next(filter(None, cells), "-")[0] in _RULING and all(
            _RULE.fullmatch(cell) for cell in cells if cell
        ):
            continue
        if telling.is_header(cells):
            repeated.append(line)
        elif _EXAMPLE.fullmatch(cells[0]):
            examples.append(line)
        elif telling.is_total(cells):
            totals.append(row)
        else:
            rows.append(row)
    rows, nameless = telling.nameless_total(rows)
    said, problems = telling.checked(rows, [*totals, *nameless], grid)
    remarks = [
        *_titles(grid, header),
        *_lines("Left out the header's copy on", repeated, grid),
        *_lines("Left out the template's example on", examples, grid),
        *said,
        *(f"Left out {grid.place(line)} at the end: {_shown(cells)}." for line, cells in footers),
        *(["No rows stand below the header."] if not rows else []),
    ]
    return Body(rows=rows, problems=tuple(problems), remarks=tuple(remarks))


def _titles(grid: Grid, header: Header) -> Iterator[str]:
    above = [row for row in grid.rows if row[0] < header.line and not row[1][0].startswith("#")]
    if above:
        words = "; ".join(_shown(cells) for _, cells in above[:_NAMED])
        yield f"The header is on {grid.place(header.line)}. Left out above it: {words}."


def _lines(words: str, lines: Sequence[int], grid: Grid) -> Iterator[str]:
    if lines:
        more = f" and {len(lines) - _NAMED} more" if len(lines) > _NAMED else ""
        yield f"{words} {grid.place(lines[0])}{''.join(f', {line}' for line in lines[1:_NAMED])}{more}."


def _shown(cells: Sequence[str]) -> str:
    words = " ".join(cell for cell in cells if cell)
    return repr(words if len(words) <= _SHOWN else f"{words[:_SHOWN]}...")


class _Telling:
    """Tells rows from what is none, by the places of a file's columns."""

    def __init__(self, header: Header, needed: Collection[str], *, decimal_comma: bool) -> None:
        self._names = tuple(map(plain, header.names))
        self._durations = header.places_of(DURATIONS)
        self._unit = header.unit
        self._comma = decimal_comma
        known = dict.fromkeys((*needed, *_NAMING))
        own = [header.places_of(column) for column in known if column != DURATIONS]
        #: Places of what a row cannot be without, by column.
        self._identity = [places for places in own if places]

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row repeats the header, as pages printed one below the other do."""
        named = 0
        for place, cell in enumerate(cells):
            if cell:
                if place >= len(self._names) or plain(cell) != self._names[place]:
                    return False
                named += 1
        return named * 2 >= len([name for name in self._names if name])

    def footers(self, rows: Sequence[GridRow]) -> Sequence[GridRow]:
        """The last rows that are words about the file: one cell each."""
        count = 0
        for _, cells in reversed(rows):
            filled = [cell for cell in cells if cell]
            if len(filled) > 2 or not _FOOTER.fullmatch(filled[0]) or self._is_complete(cells):  # noqa: PLR2004 - a word and its value
                break
            count += 1
        return rows[len(rows) - count :] if count else ()

    def _is_complete(self, cells: Sequence[str]) -> bool:
        return len(self._identity) > 1 and all(self._filled(cells, places) for places in self._identity)

    def _filled(self, cells: Sequence[str], places: Sequence[int]) -> str:
        return next((cells[place] for place in places if place < len(cells) and cells[place]), "")

    def is_total(self, cells: Sequence[str]) -> bool:
        """Whether a row sums others up: it says so where the others are named, and names nobody itself."""
        place, first = 0, ""
        for at, cell in enumerate(cells):
            if cell and not _NUMERIC.fullmatch(cell):
                place, first = at, cell
                break
        several = len(self._identity) > 1
        if several and not (_TOTAL.fullmatch(first) or _COUNT.fullmatch(first)):
            return False
        others = [places for places in self._identity if place not in places]
        if not several:
            words = [cell for cell in cells if cell and not _NUMERIC.fullmatch(cell)]
            # With no column but one to go by, whatever else a row says makes it somebody's: `Total, Bo, Reyes`.
            says_more = any(not (_COUNT.fullmatch(cell) or _COUNTED.fullmatch(cell)) for cell in words[1:])
            return _ONLY_TOTAL.fullmatch(first) is not None and not (
                says_more or (others and self._filled(cells, others[0]))
            )
        return any(not self._filled(cells, places) for places in others)

    def nameless_total(self, rows: list[GridRow]) -> tuple[list[GridRow], list[GridRow]]:
        """The last row apart, where it names nobody and has the sum of the rows before."""
        if len(rows) < 2 or not self._durations or not self._identity:  # noqa: PLR2004 - one row is no sum
            return rows, []
        last = rows[-1]
        own = length(self._filled(last[1], self._durations), decimal_comma=self._comma)
        if own is None or any(self._filled(last[1], places) for places in self._identity):
            return rows, []
        figures = self._figures(rows[:-1])
        if figures is None or not adds_up(figures, own):
            return rows, []
        return rows[:-1], [last]

    def _figures(self, rows: Sequence[GridRow]) -> Figures | None:
        """The durations of rows; None where one cannot be read here."""
        found = [
            length(text, decimal_comma=self._comma)
            for _, cells in rows
            if (text := self._filled(cells, self._durations))
        ]
        read = [one for one in found if one is not None]
        return Figures.of(read) if len(read) == len(found) else None

    def _is_count(self, cells: Sequence[str]) -> bool:
        """Whether a row counts the others, or has their average: no figure of it is their sum."""
        return any(_COUNT.fullmatch(cell) for cell in cells if cell)

    def checked(
        self, rows: Sequence[GridRow], totals: Sequence[GridRow], grid: Grid
    ) -> tuple[list[str], list[RowProblem]]:
        """What is said of rows of totals; those of durations must be what the rows add up to."""
        said: list[str] = []
        problems: list[RowProblem] = []
        since = 0
        for line, cells in sorted(totals):
            text = self._filled(cells, self._durations)
            total = length(text, decimal_comma=self._comma) if text and not self._is_count(cells) else None
            said.append(f"Left out {grid.place(line)}, a row of totals: {_shown(cells)}.")
            if total is None:
                if text and not self._is_count(cells):
                    said[-1] += (
                        f" It was not compared with the rows: {_shown((text,))} is not a length of time."
                    )
                continue
            before = [row for row in rows if row[0] < line]
            figures, part = self._figures(before), self._figures([row for row in before if row[0] > since])
            since = line
            if figures is None or figures.is_clock is not total.is_clock:
                said[-1] += " It was not compared with the rows: their durations are written in several ways."
            elif not adds_up(figures, total) and not (part is not None and adds_up(part, total)):
                unit = "" if total.is_clock else _UNIT_WORDS.get(self._unit or TimeUnit.MINUTES, "")
                message = (
                    f"The file's own total is {text}{unit}, its rows add up to {figures.written}{unit}. "
                    "Rows are missing, or there twice: export the file again, or delete the row of totals if it is old."
                )
                problems.append(RowProblem(line=line, column=DURATIONS, message=message))
        return said, problems


def uses_decimal_comma(rows: Sequence[GridRow], places: Sequence[int]) -> bool:
    """Whether durations are written as `12,5`: some are, and none has a point or three figures behind the comma."""
    found = False
    for _, cells in rows:
        for place in places:
            text = cells[place] if place < len(cells) else ""
            if "." in text and any(letter.isdigit() for letter in text):
                return False
            head, comma, tail = text.partition(",")
            if comma and head.lstrip("-").isdigit() and tail.isdigit():
                found = found or len(tail) != 3 or head == "0"  # noqa: PLR2004 - 1,234 may be thousands
    return found
