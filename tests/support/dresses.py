"""Writes tables as practices have them, by code that shares nothing with what reads them: text and workbooks.

A cell is a word, a day, a length of time, or a start; a dress decides how each is written down.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import strategies as st
from openpyxl import Workbook

from services.imports.request import DateOrder, ImportRequest, TimeUnit
from services.imports.tables.columns import kinds_of_files

Value = str | date | timedelta | datetime
Row = Mapping[str, Value]

DURATION = "minutes"
#: Headers that no kind of file knows.
STRANGE = ("Zq", "Spalte 7", "Feld A", "Xyz", "Column Q", "Kolonne", "Vv 3", "Ww", "Qx 9", "Yy", "Jj 2", "Kk")
EXTRAS = ("Color", "Tags", "Billable", "Cost center", "Weather")
_UNIT_HEADERS = {
    "minutes": ("Minutes", "Duration (min)", "time spent (minutes)", "MINUTES"),
    "hours": ("Hours", "Duration (h)", "Duration (decimal)", "hours"),
    "seconds": ("Seconds", "Time spent (s)", "duration (seconds)"),
    "clock": ("Duration", "Time spent", "minutes", "Duration (h)", "Logged time"),
}
_UNITS = {"minutes": TimeUnit.MINUTES, "hours": TimeUnit.HOURS, "seconds": TimeUnit.SECONDS}
_SECONDS = {"minutes": 60, "hours": 3600, "seconds": 1}


@dataclass(frozen=True, kw_only=True)
class Dress:
    """How a table is written down."""

    is_workbook: bool = False
    delimiter: str = ","
    quoting: int = csv.QUOTE_MINIMAL
    end: str = "\n"
    encoding: str = "utf-8"
    is_declared: bool = False
    #: By column, in the order of the file; columns that the program does not know are their own headers.
    headers: Mapping[str, str] = field(default_factory=dict)
    mapped: frozenset[str] = frozenset()
    #: Whether the headers are said in a mapping of the practice's own.
    is_mapping: bool = False
    titles: tuple[str, ...] = ()
    blanks: frozenset[int] = frozenset()
    footer: str = ""
    #: By how much the row of totals is wrong; None for no such row.
    total_off: timedelta | None = None
    dates: str = "iso"
    #: Whether days, lengths and starts of a workbook are typed cells.
    is_typed: bool = False
    unit: str = "minutes"
    is_comma: bool = False
    starts: str = "clock"

    @property
    def order(self) -> DateOrder | None:
        """What has to be said about its dates."""
        return DateOrder.DMY if self.dates == "dmy" else None

    def request(self, data: bytes, kind: str) -> ImportRequest:
        """The import of a file that was written so, with what has to be said about it."""
        known = [column for column in self.headers if column not in EXTRAS]
        has_unit = DURATION in known and self.unit in _UNITS
        request = ImportRequest(data=data, dates=self.order)
        if self.is_mapping:
            lines = [
                f'kind = "{kind}"',
                *([f'unit = "{_UNITS[self.unit]}"'] if has_unit else []),
                "[columns]",
            ]
            lines += [f"{column} = {toml(self.headers[column])}" for column in known]
            return replace(request, mapping="own", mapping_text="\n".join(lines))
        headers = tuple((column, self.headers[column]) for column in known if column in self.mapped)
        unit = _UNITS[self.unit] if has_unit and (DURATION in self.mapped or self.is_comma) else None
        return replace(request, headers=headers, unit=unit)


def toml(text: str) -> str:
    """A word as TOML has it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def table_of(rows: Sequence[Row], dress: Dress) -> list[list[object]]:
    """The rows of a file, from its titles to its footer, as cells that are written down as they are."""
    width = len(dress.headers)
    table: list[list[object]] = [[title] for title in dress.titles]
    table.append(list(dress.headers.values()))
    for place, row in enumerate(rows):
        if place in dress.blanks:
            table.append([""] * width)
        table.append([cell_of(row.get(column, ""), column, dress) for column in dress.headers])
    if dress.total_off is not None and DURATION in dress.headers:
        lengths = [one for row in rows if isinstance(one := row.get(DURATION), timedelta)]
        total = sum(lengths, timedelta()) + dress.total_off
        label = next(column for column in dress.headers if column != DURATION)
        cells = {label: "Total", DURATION: _length(total, dress)}
        table.append([cells.get(column, "") for column in dress.headers])
    if dress.footer:
        table.append([dress.footer])
    return table


def cell_of(value: Value, column: str, dress: Dress) -> object:
    """A cell as it is written down."""
    if isinstance(value, timedelta):
        return _length(value, dress)
    if isinstance(value, datetime):
        return _start(value, dress)
    if isinstance(value, date):
        return value if dress.is_workbook and dress.is_typed else _day(value, dress.dates)
    if (
        column == "mrn"
        and dress.is_workbook
        and dress.is_typed
        and value.isdecimal()
        and value == value.strip()
    ):
        return _Padded(int(value), len(value))
    return value


@dataclass(frozen=True)
class _Padded:
    """A number with the zeros that its format shows."""

    number: int
    width: int


def _day(day: date, form: str) -> str:
    return {
        "iso": f"{day}",
        "sql": f"{day} 00:00:00",
        "mdy": f"{day.month}/{day.day}/{day.year}",
        "mdy0": f"{day:%m/%d/%Y}",
        "mdy2": f"{day:%m/%d/%y}",
        "midnight": f"{day.month}/{day.day}/{day.year} 0:00",
        "dmy": f"{day.day}/{day.month}/{day.year}",
        "name": f"{day.day}-{day:%b-%y}",
        "long": f"{day:%b} {day.day}, {day.year}",
    }[form]


def _start(start: datetime, dress: Dress) -> object:
    if dress.is_workbook and dress.is_typed:
        return start.time() if dress.starts in {"clock", "half"} else start
    return start.strftime(
        {"clock": "%H:%M:%S", "half": "%I:%M:%S %p", "dated": "%Y-%m-%dT%H:%M:%S"}[dress.starts]
    )


def _length(length: timedelta, dress: Dress) -> object:
    seconds = round(length.total_seconds())
    if dress.unit == "clock":
        if dress.is_workbook and dress.is_typed:
            return length
        return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if dress.is_workbook and dress.is_typed:
        return (
            seconds / _SECONDS[dress.unit]
            if seconds % _SECONDS[dress.unit]
            else seconds // _SECONDS[dress.unit]
        )
    figure = (Decimal(seconds) / _SECONDS[dress.unit]).quantize(Decimal("0.01")).normalize()
    return f"{figure:f}".replace(".", "," if dress.is_comma else ".")


def written(table: Sequence[Sequence[object]], dress: Dress) -> bytes:
    """The bytes of a file."""
    return _workbook(table) if dress.is_workbook else _text(table, dress)


def _text(table: Sequence[Sequence[object]], dress: Dress) -> bytes:
    out = io.StringIO(newline="")
    if dress.is_declared:
        out.write(f"sep={dress.delimiter}{dress.end}")
    writer = csv.writer(out, delimiter=dress.delimiter, quoting=dress.quoting, lineterminator=dress.end)  # type: ignore[arg-type]
    writer.writerows(table)
    return out.getvalue().encode(dress.encoding)


def _workbook(table: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row, cells in enumerate(table, start=1):
        for column, value in enumerate(cells, start=1):
            if value == "":
                continue
            cell = sheet.cell(row=row, column=column)
            cell.value = value.number if isinstance(value, _Padded) else value  # type: ignore[assignment]
            if isinstance(value, str):
                cell.data_type = "s"
            elif isinstance(value, _Padded):
                cell.number_format = "0" * value.width
            elif isinstance(value, timedelta):
                cell.number_format = "[h]:mm:ss"
            elif isinstance(value, time):
                cell.number_format = "h:mm:ss"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_STYLES = (
    str,
    str.title,
    str.upper,
    lambda words: words.replace(" ", "_"),
    lambda words: words.replace(" ", "-"),
)


@st.composite
def dresses(draw: st.DrawFn, kind: str, columns: Sequence[str]) -> Dress:
    """Any way to write down a table of some columns of a kind."""
    is_workbook = draw(st.booleans())
    unit = draw(st.sampled_from(sorted(_UNIT_HEADERS)))
    delimiter = draw(st.sampled_from(",;\t|"))
    extras = draw(st.lists(st.sampled_from(EXTRAS), unique=True, max_size=2))
    is_mapping = draw(st.integers(0, 4)) == 0
    mapped = (
        frozenset(draw(st.sets(st.sampled_from(columns), max_size=3))) if draw(st.booleans()) else frozenset()
    )
    strange = draw(st.permutations(STRANGE))
    known = kinds_of_files()[kind].columns
    headers = {}
    for place, column in enumerate(draw(st.permutations([*columns, *extras]))):
        if column in EXTRAS:
            headers[column] = column
        elif is_mapping or column in mapped:
            headers[column] = strange[place]
        elif column == DURATION:
            headers[column] = draw(st.sampled_from(_UNIT_HEADERS[unit]))
        else:
            name = draw(st.sampled_from([column.replace("_", " "), *sorted(known[column].synonyms)]))
            headers[column] = draw(st.sampled_from(_STYLES))(name.replace("_", " "))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]))
    return Dress(
        is_workbook=is_workbook,
        delimiter=delimiter,
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
        end=draw(st.sampled_from(["\n", "\r\n"])),
        encoding=encoding,
        is_declared=draw(st.integers(0, 4)) == 0,
        headers=headers,
        mapped=mapped,
        is_mapping=is_mapping,
        titles=draw(st.sampled_from([(), (), ("Time report",), ("Clinic A, main site", "All of November")])),
        blanks=frozenset(draw(st.sets(st.integers(0, 5), max_size=2))),
        footer=draw(
            st.sampled_from(["", "", "Generated on 12/01/2026 08:00", "Page 1 of 1", "End of report"])
        ),
        total_off=draw(st.sampled_from([None, None, timedelta()])),
        dates=draw(st.sampled_from(["iso", "sql", "mdy", "mdy0", "mdy2", "midnight", "dmy", "name", "long"])),
        is_typed=draw(st.booleans()),
        unit=unit,
        is_comma=not is_workbook and unit in {"minutes", "hours"} and draw(st.booleans()),
        starts=draw(st.sampled_from(["clock", "half", "dated"])),
    )
