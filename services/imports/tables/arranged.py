"""Arranges the rows of a file as our columns: cells that a mapping takes apart, constants, and wide rows as many."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.imports.outcome import RowProblem
from services.imports.tables.grid import GridRow
from services.imports.tables.headers import Header
from services.imports.tables.layouts import Group, Layout, Part, Source

_MOMENT = re.compile(
    r"(.*?\d)(?:T|[\s,]+)(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?\s?m\.?)?)(\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_MIDNIGHT = re.compile(r"0?0:00(?::00(?:\.0+)?)?|12:00(?::00)?\s*a\.?m?\.?", re.IGNORECASE)
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Rows with the place of each column's cell."""

    rows: Sequence[GridRow] = field(repr=False)
    index: Mapping[str, int]
    problems: tuple[RowProblem, ...] = ()
    remarks: tuple[str, ...] = ()


def arrange(rows: Sequence[GridRow], header: Header, layout: Layout) -> Arranged:
    """The rows by our columns; without a mapping they stay as they are."""
    remarks: list[str] = []
    rows = _without_skipped(rows, header, layout, remarks)
    groups = [one for group in layout.groups for one in _instances(group, header)]
    if not (header.derived or layout.constants or groups):
        return Arranged(rows=rows, index=header.plain, remarks=tuple(remarks))
    problems: list[RowProblem] = []
    takers = {
        column: _taker(column, source, header, rows, problems) for column, source in header.derived.items()
    }
    width = len(header.names)
    made = [*takers, *layout.constants]
    arranged = list(_taken(rows, takers, tuple(layout.constants.values()), width))
    index = {**header.plain, **{column: width + place for place, column in enumerate(made)}}
    if groups:
        arranged, index = _lengthened(arranged, index, groups)
    return Arranged(rows=arranged, index=index, problems=tuple(problems), remarks=tuple(remarks))


def _without_skipped(
    rows: Sequence[GridRow], header: Header, layout: Layout, remarks: list[str]
) -> Sequence[GridRow]:
    """The rows but for those that were asked to be left out, which are said."""
    for name, words in layout.skipped.items():
        place = header.place(name)
        if place is None:
            continue
        left = [line for line, cells in rows if place < len(cells) and cells[place].casefold() in words]
        if left:
            gone = set(left)
            rows = [row for row in rows if row[0] not in gone]
            shown = ", ".join(map(str, left[:_NAMED])) + (
                f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
            )
            remarks.append(f"Left out {_rows(len(left))} by {name!r}, as asked: {shown}.")
    return rows


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


_Taker = Callable[[int, tuple[str, ...]], str | None]


def _taken(
    rows: Iterable[GridRow], takers: Mapping[str, _Taker], constants: tuple[str, ...], width: int
) -> Iterator[GridRow]:
    for line, cells in rows:
        own = [take(line, cells) for take in takers.values()]
        found = tuple(text for text in own if text is not None)
        if len(found) < len(own):
            continue  # what is wrong with the row is said
        padding = ("",) * (width - len(cells))
        yield line, (*cells[:width], *padding, *found, *constants)


def _taker(
    column: str, source: Source, header: Header, rows: Sequence[GridRow], problems: list[RowProblem]
) -> _Taker:
    """Takes the cell of a column from a row; None where it cannot be taken, which is then a problem."""
    places = header.places_of(column)
    carried = _carried(source, header, places, rows) if source.carried_by else {}
    by = header.place(source.carried_by) if source.carried_by else None

    def take(line: int, cells: tuple[str, ...]) -> str | None:
        text = _words(cells, places, is_joined=source.is_joined)
        if not text and by is not None and by < len(cells):
            text = carried.get(cells[by], "")
        if text and source.pattern is not None:
            match = source.pattern.search(text)
            found = next((one for one in match.groups() if one), "") if match else ""
            if not found:
                problems.append(
                    RowProblem(line=line, column=column, message=_unmatched(column, text, header, places))
                )
                return None
            text = found.strip()
        if source.part is not None:
            text = _part(text, source.part)
        return source.values.get(text.casefold(), text)

    return take


def _unmatched(column: str, text: str, header: Header, places: Sequence[int]) -> str:
    name = header.names[places[0]] if places else column
    if column == "mrn":
        return (
            f"{text!r} in {name!r} holds no MRN. Write it at the start, as in MRN123 - phone, "
            f'or leave such rows out: --skip {name}="{text}".'
        )
    return f"{text!r} in {name!r} is not in the form that the mapping takes {column} from."


def _words(cells: tuple[str, ...], places: Sequence[int], *, is_joined: bool) -> str:
    there = [cells[place] for place in places if place < len(cells) and cells[place]]
    return " ".join(there) if is_joined else (there[0] if there else "")


def _carried(
    source: Source, header: Header, places: Sequence[int], rows: Sequence[GridRow]
) -> dict[str, str]:
    """The filled cells of a column by the words that rows of one record share; none where two differ."""
    by = header.place(source.carried_by)
    found: dict[str, str] = {}
    for _, cells in rows if by is not None else ():
        text = _words(cells, places, is_joined=source.is_joined)
        if text and by is not None and by < len(cells) and found.setdefault(cells[by], text) != text:
            found[cells[by]] = ""
    return found


def _part(text: str, part: Part) -> str:
    """The date or the time of day of a moment; with an offset from UTC the whole moment says when it was."""
    moment = _MOMENT.fullmatch(text)
    if moment is None:
        return text if part is Part.DATE or _CLOCK.match(text) else ""
    if moment[3].strip():
        return moment[1] if part is Part.DATE else text
    if part is Part.DATE:
        return moment[1]
    # Midnight is what systems add to a bare date.
    return "" if _MIDNIGHT.fullmatch(moment[2].strip()) else moment[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Instance:
    """A group of columns in one file: constants, and places by column."""

    constants: Mapping[str, str]
    places: Mapping[str, int]


def _instances(group: Group, header: Header) -> Iterator[_Instance]:
    for number in range(1, len(header.names) + 1) if group.is_numbered else (0,):
        places = {
            column: place
            for column, name in group.headers.items()
            if (place := header.place(name.replace("{n}", str(number)))) is not None
        }
        if len(places) == len(group.headers):
            yield _Instance(constants=group.constants, places=places)


def _lengthened(
    rows: Sequence[GridRow], index: Mapping[str, int], groups: Sequence[_Instance]
) -> tuple[list[GridRow], dict[str, int]]:
    """Each row as one for every group of which it fills a cell."""
    columns = list(dict.fromkeys(name for one in groups for name in (*one.constants, *one.places)))
    shared = [column for column in index if column not in columns]
    longer: list[GridRow] = []
    for line, cells in rows:
        own = tuple(cells[index[column]] if index[column] < len(cells) else "" for column in shared)
        for one in groups:
            filled = {
                column: cells[place]
                for column, place in one.places.items()
                if place < len(cells) and cells[place]
            }
            if filled:
                made = {**one.constants, **filled}
                longer.append((line, (*own, *(made.get(column, "") for column in columns))))
    return longer, {column: place for place, column in enumerate((*shared, *columns))}
