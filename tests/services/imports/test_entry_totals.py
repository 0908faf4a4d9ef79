"""What is stored of files is what stands in them, however they are cut, repeated and written."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.months import BillingMonth
from billing.people import MemberRole
from services.context import Context
from services.imports.outcome import ImportOutcome, ImportTotal
from services.messages.revisions import close_month
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded
from tests.support.practice import TryPractice

COLUMNS = ("entry_key", "mrn", "service_date", "minutes", "started_at", "performed_by", "role", "note")
MEMBERS = (
    b"slack_user_id,display_name,roles,time_zone\n"
    b"U0ANAFLORES,Ana Flores,care_manager,America/Chicago\n"
    b"U0BENOKORO0,Ben Okoro,care_manager,\n"
)
SPELLINGS = {"ana": ("Ana Flores", "@ana flores", "U0ANAFLORES"), "ben": ("Ben Okoro", "BEN OKORO")}


@dataclass(frozen=True)
class Work:
    """A row, before it is written down in one way or another."""

    key: str
    mrn: str
    day: date
    minutes: int
    #: Hour and minute.
    start: tuple[int, int] | None
    who: str
    note: str

    def written(self, way: int) -> dict[str, str]:
        """The row, spelled in one of several ways."""
        names = SPELLINGS[self.who]
        start = ""
        if self.start is not None:
            at = datetime.combine(self.day, time(*self.start))
            start = at.strftime(("%H:%M", "%I:%M %p", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %I:%M %p")[way % 4])
        return {
            "entry_key": self.key,
            "mrn": (self.mrn, f"MRN{self.mrn}")[way % 2],
            "service_date": (f"{self.day}", f"{self.day:%m/%d/%Y}", "")[
                way % 3 if way % 4 > 1 and start else way % 2
            ],
            "minutes": (f"{self.minutes}", f"{self.minutes}.0")[way % 2],
            "started_at": start,
            "performed_by": names[way % len(names)],
            "note": self.note,
        }


WORK = st.builds(
    Work,
    key=st.just(""),
    mrn=st.sampled_from(["123", "98765"]),
    day=st.dates(min_value=date(2026, 10, 30), max_value=date(2026, 11, 3)),
    minutes=st.sampled_from([10, 15, 90]),
    start=st.none() | st.tuples(st.sampled_from([9, 23]), st.sampled_from([0, 50])),
    who=st.sampled_from(sorted(SPELLINGS)),
    note=st.sampled_from(["", "phone check-in", "left voicemail"]),
)


@st.composite
def exports(draw: st.DrawFn) -> list[list[Work]]:
    """A tracker's rows, in exports that each hold some of them, in any order."""
    rows = draw(st.lists(WORK, min_size=1, max_size=12))
    if draw(st.booleans()):
        keyed = draw(st.integers(min_value=0, max_value=len(rows)))
        rows = [replace(row, key=f"k{n}") if n < keyed else row for n, row in enumerate(rows)]
    some = st.lists(st.sampled_from(range(len(rows))), unique=True, min_size=1)
    return [[rows[place] for place in draw(some)] for _ in range(draw(st.integers(1, 4)))]


@contextmanager
def practice_of(template: Path, folder: Path) -> Iterator[TryPractice]:
    """A practice of its own, a month later."""
    path = folder / "cocm.db"
    for old in folder.glob("cocm.db*"):
        old.unlink()
    shutil.copyfile(template, path)
    database = Database.open(f"sqlite:///{path}")
    try:
        practice = TryPractice(database)
        practice.clock.pass_(days=20)
        loaded(practice, "members", MEMBERS)
        yield practice
    finally:
        database.close()


def stored(practice: TryPractice) -> tuple[int, int]:
    """How many entries stand, and their seconds."""

    def look(context: Context) -> tuple[int, int]:
        found = [entry.seconds for entry in context.uow.ledger.month(date.min, date.max)]
        return len(found), sum(found)

    return practice.see(look)


def union(files: Sequence[Sequence[Work]]) -> int:
    """The seconds of all files together: as often as a row stands in one of them, it is there."""
    rows: Counter[Work] = Counter()
    for file in files:
        rows |= Counter(file)
    return sum(row.minutes * 60 * count for row, count in rows.items())


def seconds_of(outcome: ImportOutcome) -> tuple[int, int]:
    return sum(one.seconds for one in outcome.totals), sum(one.known_seconds for one in outcome.totals)


@settings(max_examples=15)
@given(files=exports(), ways=st.integers(min_value=0, max_value=11))
def test_exports_add_up_to_their_union(
    migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, files: list[list[Work]], ways: int
) -> None:
    """With keys and without, twins, repeats, midnight and zones: nothing is lost, nothing comes twice."""
    folder = tmp_path_factory.mktemp("exports")
    with practice_of(migrated_sqlite, folder) as practice:
        for number, file in enumerate(files):
            rows = [row.written(ways + number + place) for place, row in enumerate(file)]
            before = stored(practice)[1]
            outcome = loaded(practice, "entries", csv_of(COLUMNS, rows))
            added, known = seconds_of(outcome)
            assert added + known == sum(row.minutes * 60 for row in file)
            assert stored(practice)[1] == before + added == union(files[: number + 1])
            assert outcome.added + outcome.unchanged == outcome.rows == len(file)


@settings(max_examples=8)
@given(
    rows=st.lists(WORK, min_size=1, max_size=6),
    damage=st.sampled_from(
        [
            *({"minutes": "-5"}, {"minutes": ""}, {"service_date": "2026-02-30"}, {"mrn": ""}),
            *({"performed_by": ""}, {"started_at": "2026-11-01"}, {"service_date": "2062-11-03"}),
            *({"entry_key": "1.2E+11"}, {"role": "nurse"}),
        ]
    ),
    place=st.integers(min_value=0, max_value=5),
)
def test_one_bad_row_keeps_all_out(
    migrated_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Work],
    damage: dict[str, str],
    place: int,
) -> None:
    """Nothing of the file is stored, and the row is named."""
    folder = tmp_path_factory.mktemp("damaged")
    with practice_of(migrated_sqlite, folder) as practice:
        written = [{**row.written(0)} for row in rows]
        bad = place % len(rows)
        written[bad] |= damage
        outcome = load(practice, "entries", csv_of(COLUMNS, written))
        assert not outcome.stored
        assert bad + 2 in {problem.line for problem in outcome.problems}
        assert stored(practice) == (0, 0)


def test_the_totals_are_told_by_person_and_month(database: Database) -> None:
    """What is new, what of it is held, and what was there; in a dry run and afterwards alike."""
    practice = TryPractice(database)
    loaded(practice, "entries", entries_csv({}))
    data = entries_csv(
        {},
        {"minutes": "20"},
        {"minutes": "20"},
        {"service_date": "2026-10-05", "minutes": "12.5"},
        {"performed_by": "Ben Okoro", "note": "therapy session", "activity": "", "minutes": "60"},
    )
    expected = (
        total("Ana Flores", 10, entries=1, seconds=750),
        total("Ana Flores", 11, entries=2, seconds=2400, held=(1, 1200), known=(1, 900)),
        total("Ben Okoro", 11, entries=1, seconds=3600, held=(1, 3600)),
    )
    assert load(practice, "entries", data, dry_run=True).totals == expected
    outcome = loaded(practice, "entries", data)
    assert outcome.totals == expected
    assert stored(practice) == (5, 900 + 750 + 2400 + 3600)


def total(
    person: str,
    month: int,
    *,
    entries: int,
    seconds: int,
    held: tuple[int, int] = (0, 0),
    known: tuple[int, int] = (0, 0),
) -> ImportTotal:
    return ImportTotal(
        person=person,
        month=BillingMonth(2026, month),
        entries=entries,
        seconds=seconds,
        held_entries=held[0],
        held_seconds=held[1],
        known_entries=known[0],
        known_seconds=known[1],
    )


def test_a_dry_run_says_how_the_file_was_read(database: Database) -> None:
    """Zones by person, and the first rows with their lines, dates and starts as they were understood."""
    practice = TryPractice(database)
    practice.clock.pass_(days=20)
    loaded(practice, "members", MEMBERS)
    long = "x" * 50
    rows = (
        {"entry_key": "a", "started_at": "2026-11-04T05:55:00Z", "service_date": "", "note": long},
        {"entry_key": "b", "performed_by": "Ben Okoro", "started_at": "9:05 AM", "minutes": "0.5"},
    )
    usual = {"mrn": "123", "service_date": "2026-11-03", "minutes": "15", "performed_by": "Ana Flores"}
    outcome = load(practice, "entries", csv_of(COLUMNS, [{**usual, **row} for row in rows]), dry_run=True)
    assert outcome.readings == (
        "Clock times are those of America/Chicago for Ana Flores; America/New_York for Ben Okoro.",
    )
    assert outcome.preview is not None
    assert outcome.preview.rows == (
        ("2", "MRN123", "2026-11-03", "23:55", "5 min", "other", "Ana Flores", "x" * 29 + "..."),
        ("2", "MRN123", "2026-11-04", "00:00", "10 min", "other", "Ana Flores", "x" * 29 + "..."),
        ("3", "MRN123", "2026-11-03", "09:05", "30 s", "other", "Ben Okoro", ""),
    )


def test_what_becomes_an_addendum_is_said(database: Database) -> None:
    """Time for a month that is closed, by month and in minutes."""
    practice = TryPractice(database)
    practice.clock.pass_(days=20)
    practice.patient("123")
    sam = practice.member("Sam Whitfield", MemberRole.BILLER)
    practice.do(close_month, sam, BillingMonth(2026, 11))
    outcome = loaded(practice, "entries", entries_csv({}, {"minutes": "20"}, {"service_date": "2026-12-01"}))
    (said,) = [remark for remark in outcome.remarks if "closed" in remark]
    assert said.startswith("November 2026 is closed and its figures stand: 2 entries (35 min)")


def test_people_who_do_no_such_work_here_are_pointed_out(database: Database) -> None:
    """A role that is not theirs, and a membership that ended."""
    practice = TryPractice(database)
    loaded(practice, "members", MEMBERS)

    def leave(context: Context) -> None:
        ben = context.uow.members.by_name("Ben Okoro")
        assert ben is not None
        context.uow.members.update(replace(ben, active=False))
        context.uow.commit()

    practice.do(leave)
    outcome = loaded(
        practice,
        "entries",
        entries_csv({"role": "consultant"}, {"performed_by": "Ben Okoro", "minutes": "20"}),
    )
    assert [(one.line, one.column) for one in outcome.warnings] == [(2, "role"), (3, "performed_by")]
