"""Files of several kinds, with random rows in random dress; and words that spoil them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from hypothesis import assume
from hypothesis import strategies as st

from services.context import Context
from services.imports.request import ImportRequest
from tests.support.any_facts import (
    COLLEAGUES,
    NEWCOMERS,
    PATIENT_COLUMNS,
    PATIENTS,
    PAYERS,
    PEOPLE,
    Facts,
    coverage_facts,
    coverage_stored,
    entries_stored,
    entry_facts,
    identity,
    members_facts,
    members_stored,
    patients_stored,
    plain_facts,
    roster_facts,
    scores_stored,
    stays_stored,
)
from tests.support.dresses import DURATION, Dress, Row, Value, dresses, table_of, written

_NO_DAYS = (
    "2026-02-30",
    "1/1/1900",
    "9999-12-31",
    "13/13/2026",
    "soon",
    "12/30/1899",
    "2027-11-03",
    "46329.5",
)
HOSTILE: Mapping[str, tuple[str, ...]] = {
    "mrn": (
        "Total",
        "N/A",
        "1.23E+08",
        "124.0",
        '="00123"',
        "00123, 00124",
        "",
        "unknown",
        "-",
        "3-Nov",
        "#REF!",
        "TRUE",
    ),
    "service_date": (*_NO_DAYS, "2016-01-01"),
    "measured_on": _NO_DAYS,
    "admitted_on": _NO_DAYS,
    DURATION: (
        "-5",
        "n/a",
        "abc",
        "1e5",
        "999999",
        "1.2.3",
        "0",
        "#VALUE!",
        "15 min phone",
        "--",
        "nan",
        "inf",
    ),
    "performed_by": ("", "#N/A", "12"),
    "started_at": ("25:00", "2026-11-01", "soon", "09:61", "#REF!"),
    "role": ("nurse", "biller"),
    "activity": ("dancing",),
    "scale": ("", "PHQ", "BMI"),
    "value": ("-1", "99", "14.5", "high", ""),
    "left_on": _NO_DAYS,
    "enrolled_on": _NO_DAYS,
    "birth_date": ("2026-02-30", "1/1/1900", "12/30/1899", "2027-01-01", "soon", "0"),
    "payer": ("N/A", "#REF!", "unknown"),
    "from": ("2026-02-30", "1/1/1900", "soon", "46329.5"),
    "to": ("2026-02-30", "1/1/1900", "soon", "9999-12-31"),
    "roles": ("nurse", "care_manager; boss"),
    "email": ("ana", "x@", "#N/A"),
    "time_zone": ("Mars/Base", "../etc"),
    "display_name": ("", "#REF!"),
}


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of file: its rows, and what of them is to be stored."""

    name: str
    columns: tuple[str, ...]
    #: Columns that may be left out of a file.
    optional: tuple[str, ...]
    row: Callable[[int], st.SearchStrategy[dict[str, Value]]]
    facts: Callable[[Sequence[Row], Dress], Facts | None]
    stored: Callable[[Context], Facts]
    #: Which cells of two rows make them the same row, said twice.
    once: tuple[str, ...] = ()
    #: Without which a file is refused; where nothing is said, all that are not optional.
    needed: tuple[str, ...] = ()


DAYS = st.dates(min_value=date(2026, 10, 28), max_value=date(2026, 11, 17))
MRNS = st.sampled_from(PATIENTS).flatmap(lambda whose: st.sampled_from([whose, f"MRN{whose}", f"mrn{whose}"]))
NOTES = st.sampled_from(
    [
        "",
        "phone check-in",
        "left voicemail",
        'said "well", twice',
        "a;b,c|d\te",
        "=1+1",
        "Zoë – ok",
        "# 3",
        "1,5",
    ]
) | st.text(st.characters(codec="cp1252", exclude_categories=["Cc", "Cn", "Z"]), max_size=12).map(str.strip)


def entry_rows(step: int) -> st.SearchStrategy[dict[str, Value]]:
    starts = st.datetimes(min_value=datetime(2026, 10, 28), max_value=datetime(2026, 11, 17, 11)).map(  # noqa: DTZ001 - a clock on the wall
        lambda at: at.replace(second=at.second or 1, microsecond=0, hour=3 if 1 <= at.hour <= 2 else at.hour)
    )
    return st.fixed_dictionaries(
        {
            "mrn": MRNS,
            "service_date": DAYS,
            DURATION: st.integers(max(1, 36 // step), 36_000 // step).map(
                lambda n: timedelta(seconds=n * step)
            ),
            "started_at": st.just("") | starts,
            "activity": st.sampled_from(["", "phone"]),
            "performed_by": st.sampled_from([one for own in PEOPLE.values() for one in own]),
            "role": st.sampled_from(["", "care_manager"]),
            "note": NOTES,
        }
    ).map(_dated)


def _dated(row: dict[str, Value]) -> dict[str, Value]:
    """A start is on the day of service."""
    start = row["started_at"]
    return {**row, "service_date": start.date()} if isinstance(start, datetime) else row


def score_rows(_: int) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        {
            "mrn": MRNS,
            "scale": st.sampled_from(["PHQ-9", "GAD-7"]),
            "value": st.integers(1, 21).map(str),
            "measured_on": DAYS,
        }
    )


def unique(rows: Sequence[str], **more: st.SearchStrategy[Value]) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({"mrn": st.sampled_from(rows), **more})


def patient_rows(_: int) -> st.SearchStrategy[dict[str, Value]]:
    return unique(
        NEWCOMERS,
        first_name=st.sampled_from(["Bo", "Ann-Marie", "O'Neil", "Zoë"]),
        last_name=st.sampled_from(["Reyes", "de la Cruz", "Li", "Smith; Jr", "Quist, MD"]),
        birth_date=st.just("") | st.dates(date(1940, 1, 1), date(2005, 1, 1)),
        payer=st.sampled_from(["Lakeside", *PAYERS]),
        enrolled_on=DAYS,
        problems=NOTES,
    )


def coverage_rows(_: int) -> st.SearchStrategy[dict[str, Value]]:
    rows = unique(PATIENTS, payer=st.sampled_from(PAYERS), to=st.just("") | DAYS, **{"from": DAYS})
    return rows.map(lambda row: {**row, "to": max(row["from"], row["to"]) if row["to"] else ""})  # type: ignore[type-var]


def member_rows(_: int) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        {
            "display_name": st.sampled_from(COLLEAGUES),
            "email": st.just("") | st.sampled_from(["kim@clinic.org", "raj@clinic.org", "o.h@clinic.org"]),
            "roles": st.sampled_from(["care_manager", "biller", "biller supervisor"]),
            "time_zone": st.sampled_from(["", "America/Denver"]),
        }
    )


def stay_rows(_: int) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries(
        {
            "mrn": MRNS,
            "admitted_on": DAYS,
            "left_on": DAYS,
        }
    ).map(lambda row: {**row, "left_on": max(row["admitted_on"], row["left_on"])})  # type: ignore[type-var]


ENTRIES = Kind(
    name="entries",
    columns=(
        "entry_key",
        "mrn",
        "service_date",
        DURATION,
        "started_at",
        "activity",
        "performed_by",
        "role",
        "note",
    ),
    optional=("entry_key", "started_at", "activity", "role", "note"),
    row=entry_rows,
    facts=entry_facts,
    stored=entries_stored,
)
SCORES = Kind(
    name="scores",
    columns=("mrn", "scale", "value", "measured_on"),
    optional=(),
    row=score_rows,
    facts=plain_facts(("mrn", "scale", "value", "measured_on"), ("mrn", "scale", "value", "measured_on")),
    stored=scores_stored,
    once=("mrn", "scale", "measured_on"),
)
STAYS = Kind(
    name="stays",
    columns=("mrn", "admitted_on", "left_on"),
    optional=("left_on",),
    row=stay_rows,
    facts=plain_facts(("mrn", "admitted_on", "left_on"), ("mrn", "admitted_on"), key="mrn"),
    stored=stays_stored,
    once=("mrn",),
)
ROSTER = Kind(
    name="patients",
    columns=PATIENT_COLUMNS,
    optional=("birth_date", "problems", "payer"),
    needed=("mrn",),
    row=patient_rows,
    facts=roster_facts,
    stored=patients_stored,
    once=("mrn",),
)
COVERAGE = Kind(
    name="coverage",
    columns=("mrn", "payer", "from", "to"),
    optional=("to",),
    row=coverage_rows,
    facts=coverage_facts,
    stored=coverage_stored,
    once=("mrn",),
)
STAFF = Kind(
    name="members",
    columns=("display_name", "email", "roles", "time_zone"),
    optional=("email", "time_zone"),
    row=member_rows,
    facts=members_facts,
    stored=members_stored,
    once=("display_name", "email"),
)
KINDS = {one.name: one for one in (ENTRIES, SCORES, STAYS, ROSTER, COVERAGE, STAFF)}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as somebody exported it."""

    kind: Kind
    rows: list[Row] = field(default_factory=list)
    dress: Dress

    @property
    def data(self) -> bytes:
        return written(table_of(self.rows, self.dress), self.dress)

    @property
    def facts(self) -> Facts | None:
        """What is to be stored of it; None where it has to be refused."""
        needed = self.kind.needed or set(self.kind.columns) - set(self.kind.optional)
        if any(column not in self.dress.headers for column in needed):
            return None
        shown = [{column: row.get(column, "") for column in self.dress.headers} for row in self.rows]
        return self.kind.facts(shown, self.dress)

    @property
    def request(self) -> ImportRequest:
        return self.dress.request(self.data, self.kind.name)


def _plain_cell(column: str, row: Row) -> object:
    """What of a row no other row of a good file has; an empty cell is no one's."""
    cell = row[column]
    return (identity(str(cell)) if column == "mrn" else cell) or object()


@st.composite
def files(draw: st.DrawFn, *kinds: str, plain: bool = False) -> File:
    """Any good file; a plain one is text, without starts, each row on a line of its own."""
    kind = KINDS[draw(st.sampled_from(kinds or ("entries", "entries", *sorted(KINDS))))]
    left_out = set(draw(st.sets(st.sampled_from(kind.optional)))) if kind.optional else set()
    columns = [
        column for column in kind.columns if column not in left_out | ({"started_at"} if plain else set())
    ]
    dress = draw(dresses(kind.name, columns))
    if plain:
        narrow = "utf-8" if dress.encoding.startswith("utf-16") else dress.encoding
        dress = replace(dress, is_workbook=False, is_typed=False, encoding=narrow)
    is_exact = dress.unit in {"clock", "seconds"} or (dress.is_workbook and dress.is_typed)
    step = 1 if is_exact else {"minutes": 3, "hours": 36}[dress.unit]
    alike = tuple(partial(_plain_cell, column) for column in kind.once if kind.once != SCORES.once)
    rows = draw(st.lists(kind.row(step), min_size=1, max_size=6, unique_by=alike or None))
    if "entry_key" in columns:
        rows = [{**row, "entry_key": f"k{place}"} for place, row in enumerate(rows)]
    if dress.encoding == "cp1252" and not dress.is_workbook:
        data = written(table_of(rows, dress), dress)
        with suppress(UnicodeDecodeError):  # what is no UTF-8 can be nothing else
            assume(data.decode("utf-8") == data.decode("cp1252"))
    return File(kind=kind, rows=list(rows), dress=dress)
