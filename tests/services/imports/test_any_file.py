"""Random tables in random dress, whole and damaged, through to the database and back.

Nothing but a refusal may come of a file, or all that it says; never a part of it, and nothing that it does not say.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from services.imports.load import LOADERS
from services.imports.outcome import ImportOutcome
from services.imports.request import DateOrder, ImportRequest, TimeUnit
from services.imports.running import run_import
from services.imports.storing import plan_only
from services.imports.undo import take_back
from tests.support.any_facts import Facts, Hostile
from tests.support.any_files import HOSTILE, File, files
from tests.support.any_practices import Place, founded
from tests.support.dresses import DURATION, cell_of, written
from tests.support.imports_undone import figures, sound
from tests.support.postgres import PostgresServer
from tests.support.reporting import ReportedPractice


def many(usual: int) -> settings:
    """So many examples of a property that takes long; what `make fuzz` asks for is more."""
    own = settings.default.max_examples
    return settings(max_examples=own if own > 100 else usual)


@pytest.fixture(scope="module")
def sqlite_place(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("any_file")
    template = folder / "template.db"
    template.write_bytes(migrated_sqlite.read_bytes())
    founded(f"sqlite:///{template}")
    whole = template.read_bytes()
    path = folder / "cocm.db"

    def copy() -> str:
        path.write_bytes(whole)
        return f"sqlite:///{path}"

    def drop(_: str) -> None:
        for old in folder.glob("cocm.db*"):
            old.unlink()

    return Place(copy=copy, drop=drop)


@pytest.fixture(scope="module")
def postgres_place(postgres_server: PostgresServer, migrated_postgres: str) -> Place:
    template = postgres_server.create_database(template=migrated_postgres)
    founded(postgres_server.url_of(template))
    return Place(
        copy=lambda: postgres_server.url_of(postgres_server.create_database(template=template)),
        drop=lambda url: postgres_server.drop_database(url.split("?")[0].rpartition("/")[2]),
    )


def _silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def same(dry: ImportOutcome, real: ImportOutcome) -> None:
    """A dry run says what the import says."""
    assert replace(dry, stored=False, number=None) == replace(real, stored=False, number=None)


def said(outcome: ImportOutcome) -> str:
    return "\n".join(f"{one.line} {one.column}: {one.message}" for one in outcome.problems)


def taken_in(
    practice: ReportedPractice, file: File, request: ImportRequest, whole: Callable[[], int]
) -> ImportOutcome:
    """Import a file: what the dry run says, all of it or nothing; whatever is asked only of its reading is answered."""
    loader = LOADERS[file.kind.name]
    before = whole()
    dry = practice.see(plan_only, loader, request)
    assert not dry.stored
    assert whole() == before
    real = run_import(practice.practice, loader, request, _silent)
    same(dry, real)
    if real.stored:
        assert not real.problems
        return real
    assert real.problems
    assert all(one.line >= 1 and one.message.endswith((".", "?")) for one in real.problems)
    assert whole() == before
    if all("--dates" in one.message or "--unit" in one.message for one in real.problems) and (
        request.dates is None or request.unit is None
    ):
        event("asked how to read it")
        order = file.dress.order or (DateOrder.ISO if file.dress.dates in {"iso", "sql"} else DateOrder.MDY)
        unit = {"hours": TimeUnit.HOURS, "seconds": TimeUnit.SECONDS, "clock": TimeUnit.HOURS}.get(
            file.dress.unit, TimeUnit.MINUTES
        )
        return taken_in(practice, file, replace(request, dates=order, unit=unit), whole)
    return real


def undone(
    practice: ReportedPractice, file: File, outcome: ImportOutcome, before: tuple[bytes, Facts]
) -> None:
    """Take an import back: all is as before."""
    assert outcome.number is not None
    practice.do(take_back, outcome.number)
    sound(practice)
    assert practice.see(file.kind.stored) == before[1]
    assert figures(practice) == before[0]


def stands(practice: ReportedPractice, file: File) -> Facts:
    return practice.see(file.kind.stored)


# Whole files


def check_whole(place: Place, file: File) -> None:
    with place.practice() as (practice, whole):
        before = figures(practice), stands(practice, file)
        facts = file.facts
        assert facts is not None
        outcome = taken_in(practice, file, file.request, whole)
        assert outcome.stored, said(outcome)
        assert stands(practice, file) - before[1] == facts
        assert before[1] - stands(practice, file) == Counter()
        assert outcome.rows == len(file.rows)
        request = replace(file.request, dates=file.dress.order or file.request.dates)
        again = taken_in(practice, file, request, whole)
        assert again.stored, said(again)
        assert (again.added, again.changed) == (0, 0)
        assert stands(practice, file) - before[1] == facts
        if again.number is not None:
            practice.do(take_back, again.number)
        undone(practice, file, outcome, before)


@many(8)
@given(file=files())
def test_a_good_file_is_stored_as_it_was_written(sqlite_place: Place, file: File) -> None:
    """In any dialect and order, under any of its names, with any form of days and lengths."""
    check_whole(sqlite_place, file)


# Damaged files


@st.composite
def damaged(draw: st.DrawFn) -> tuple[File, str]:
    """A good file in which something was changed afterwards; and what."""
    file = draw(files())
    what = draw(
        st.sampled_from(["hostile", "hostile", "other", "cut", "doubled", "column", "total", "swapped"])
    )
    rows, dress = list(file.rows), file.dress
    at = draw(st.integers(0, len(rows) - 1))
    columns = [column for column in dress.headers if column in file.kind.columns]
    match what:
        case "hostile":
            column = draw(st.sampled_from([one for one in columns if one in HOSTILE]))
            rows[at] = {**rows[at], column: Hostile(draw(st.sampled_from(HOSTILE[column])))}
        case "other":
            other = draw(file.kind.row(1 if dress.unit in {"clock", "seconds"} else 36))
            column = draw(st.sampled_from([one for one in columns if one in other]))
            rows[at] = {**rows[at], column: other[column]}
        case "cut":
            kept = list(dress.headers)[: draw(st.integers(1, len(dress.headers) - 1))]
            assume(
                any(
                    rows[at].get(one)
                    for one in kept
                    if one in ("mrn", "performed_by", "service_date", "scale", "display_name")
                )
            )
            rows[at] = {column: cell for column, cell in rows[at].items() if column in kept}
        case "doubled":
            rows.insert(at, rows[at])
        case "column":
            column = draw(st.sampled_from(columns))
            dress = replace(
                dress, headers={one: name for one, name in dress.headers.items() if one != column}
            )
        case "total":
            assume(DURATION in columns)
            off = timedelta(hours=draw(st.integers(1, 30)))
            total = sum((one for row in rows if isinstance(one := row[DURATION], timedelta)), timedelta())
            # A total may be in minutes where the rows are in hours, and rounded as they are.
            assume(abs(total + off - 60 * total) > timedelta(hours=3))
            dress = replace(dress, total_off=off)
        case _:
            other_at = draw(st.integers(0, len(rows) - 1))
            rows[at], rows[other_at] = rows[other_at], rows[at]
    return replace(file, rows=rows, dress=dress), what


def check_damaged(place: Place, file: File, what: str) -> None:
    with place.practice() as (practice, whole):
        before = figures(practice), stands(practice, file)
        facts = None if what == "total" else file.facts
        outcome = taken_in(practice, file, file.request, whole)
        event(f"{what}: {'stored' if outcome.stored else 'refused'}")
        if not outcome.stored:
            # Nothing is wrong with these: nobody has to be asked.
            assert facts is None or what != "swapped", said(outcome)
            return
        assert facts is not None, "what cannot be read was stored"
        assert stands(practice, file) - before[1] == facts
        assert before[1] - stands(practice, file) == Counter()
        undone(practice, file, outcome, before)


@many(12)
@given(one=damaged())
def test_a_damaged_file_is_refused_or_is_what_it_says(sqlite_place: Place, one: tuple[File, str]) -> None:
    """A cell replaced, a row cut short or there twice, a column gone, a total that is wrong: refused, or as it says."""
    check_damaged(sqlite_place, *one)


@pytest.mark.postgres
@many(3)
@given(file=files(), one=damaged())
def test_the_same_on_a_server(postgres_place: Place, file: File, one: tuple[File, str]) -> None:
    """PostgreSQL holds the same facts, and gives them back."""
    check_whole(postgres_place, file)
    check_damaged(postgres_place, *one)


# Damaged bytes


def flipped(data: bytes, places: Sequence[tuple[float, bytes]], end: float | None) -> bytes:
    """A file with bytes changed, taken out and put in, and maybe cut off."""
    found = bytearray(data)
    for place, put in places:
        at = int(place * len(found))
        found[at : at + 1] = put
    return bytes(found if end is None else found[: int(end * len(found))])


BYTES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.binary(max_size=2)
        | st.sampled_from([b'"', b",", b";", b"\n", b"0", b"1", b"9", b".", b"-", b" ", b"\t"]),
    ),
    min_size=1,
    max_size=3,
)


def check_bytes(place: Place, file: File, data: bytes) -> None:
    with place.practice() as (practice, whole):
        before = figures(practice), stands(practice, file)
        outcome = taken_in(practice, file, replace(file.request, data=data), whole)
        event("stored" if outcome.stored else "refused")
        if not outcome.stored:
            return
        came = stands(practice, file) - before[1]
        if file.dress.is_workbook:
            assert came == file.facts
        else:
            only_lines_that_stand(file, data, came)
        if outcome.number is not None:
            undone(practice, file, outcome, before)


def only_lines_that_stand(file: File, data: bytes, came: Facts) -> None:
    """What came is in a line of the file; and no line that was not touched is lost, unless the header was."""
    end = file.dress.end
    whole = file.data.decode(file.dress.encoding).split(end)
    torn = data.decode(file.dress.encoding, errors="replace").split(end)
    head = len(file.dress.titles) + 1 + file.dress.is_declared
    if torn[:head] != whole[:head]:
        return
    written_lines = Counter(torn)
    expected: Facts = Counter()
    for row in file.rows:
        line = (
            written(
                [[cell_of(row.get(one, ""), one, file.dress) for one in file.dress.headers]],
                replace(file.dress, is_declared=False, encoding="utf-8"),
            )
            .decode()
            .removesuffix(end)
        )
        if written_lines[line]:
            written_lines[line] -= 1
            facts = file.kind.facts([{one: row.get(one, "") for one in file.dress.headers}], file.dress)
            assert facts is not None
            expected += facts
    if file.kind.once:
        expected = Counter(dict.fromkeys(expected, 1))
    assert expected - came == Counter(), "a row that nothing happened to is lost"
    changed = len([line for line in torn if line not in whole])
    # A coverage is a fact of each of its days.
    assert file.kind.name == "coverage" or (came - expected).total() <= changed, "out of nothing"


@many(12)
@given(file=files(plain=True), places=BYTES, end=st.none() | st.floats(0, 1))
def test_damaged_text_is_refused_or_is_what_it_says(
    sqlite_place: Place, file: File, places: list[tuple[float, bytes]], end: float | None
) -> None:
    """What still stands in the file is stored, and nothing else; or nothing is."""
    check_bytes(sqlite_place, file, flipped(file.data, places, end))


@many(5)
@given(file=files(), places=BYTES, end=st.none() | st.floats(0, 1))
def test_a_damaged_workbook_is_refused_or_whole(
    sqlite_place: Place, file: File, places: list[tuple[float, bytes]], end: float | None
) -> None:
    """Its own checksums see to it; here no fault of the library may come out."""
    assume(file.dress.is_workbook)
    check_bytes(sqlite_place, file, flipped(file.data, places, end))
