"""Clock times in files: dates that are none, zones, midnight, and clocks that are put forward and back."""

from datetime import UTC, date, datetime

import pytest

from billing.entries import TimeEntry
from services.context import Context
from services.imports.outcome import ImportOutcome
from storage import Database
from tests.support.files import csv_of, load, loaded
from tests.support.practice import TryPractice

COLUMNS = ("entry_key", "mrn", "service_date", "minutes", "started_at", "ended_at", "performed_by", "note")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    found = TryPractice(database)
    found.member()
    found.clock.at = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
    return found


def timed(*rows: dict[str, str]) -> bytes:
    """20 minutes of Ana for MRN 123 on 3 November at no certain time, but for what a row says."""
    usual = {"mrn": "123", "service_date": "2026-11-03", "minutes": "20", "performed_by": "Ana Flores"}
    return csv_of(
        COLUMNS, [{"entry_key": f"k{n}", **usual, "note": f"call {n}", **row} for n, row in enumerate(rows)]
    )


def stored(practice: TryPractice) -> list[tuple[date, int, str]]:
    """Date, minutes and start in UTC of what stands, in order."""

    def look(context: Context) -> list[TimeEntry]:
        return sorted(context.uow.ledger.month(date.min, date.max), key=lambda one: one.entry_id)

    return [
        (one.service_date, one.seconds // 60, f"{one.started_at:%d %H:%M}" if one.started_at else "")
        for one in practice.see(look)
    ]


def said(outcome: ImportOutcome) -> list[str]:
    assert not outcome.stored
    return [f"{one.line} {one.column}: {one.message}" for one in outcome.problems]


@pytest.mark.parametrize(
    "text",
    ["2026-11-03", "11/3/2026"],
)
def test_a_date_in_place_of_a_start_is_refused(practice: TryPractice, text: str) -> None:
    """It would be midnight."""
    (problem,) = said(load(practice, "entries", timed({"started_at": text})))
    assert problem == (f"2 started_at: {text!r} is a date. Write the time too, or leave the cell empty.")


@pytest.mark.parametrize(
    ("starts", "lines"),
    [
        (["2026-11-03 00:00:00"], [2]),
        (["11/3/2026 0:00", ""], [2]),
        (["12:00 AM", "0:00", "00:00:00"], [2, 3, 4]),
        (["0:00"], []),
        (["2026-11-03 00:00:00", "9:00"], []),
        (["2026-11-03T05:00:00Z", "2026-11-03T05:00:00Z"], []),
    ],
)
def test_starts_that_are_all_midnight_are_dates(
    practice: TryPractice, starts: list[str], lines: list[int]
) -> None:
    """As spreadsheets and databases write a date; beside other times midnight is a time."""
    outcome = load(practice, "entries", timed(*({"started_at": start} for start in starts)))
    assert [one.line for one in outcome.problems] == lines


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("14:00", "03 19:00"),
        ("2:00 PM", "03 19:00"),
        ("2 pm", "03 19:00"),
        ("2:00:30 p.m.", "03 19:00"),
        ("14:00:00.000", "03 19:00"),
        ("2026-11-03 14:00", "03 19:00"),
        ("2026-11-03T14:00:00", "03 19:00"),
        ("11/3/2026 2:00 PM", "03 19:00"),
        ("2026-11-03T19:00:00Z", "03 19:00"),
        ("2026-11-03T19:00:00.000Z", "03 19:00"),
        ("2026-11-03 19:00:00 UTC", "03 19:00"),
        ("2026-11-03T14:00-05:00", "03 19:00"),
        ("2026-11-03T14:00:00-0500", "03 19:00"),
        ("2026-11-04T00:30:00+05:30", "03 19:00"),
        ("2026-11-03 14:00 EST", "03 19:00"),
    ],
)
def test_a_start_is_read_in_many_forms(practice: TryPractice, text: str, utc: str) -> None:
    """With a zone it is that instant; without, the clock on the wall of whoever worked."""
    loaded(practice, "entries", timed({"started_at": text}))
    assert stored(practice) == [(date(2026, 11, 3), 20, utc)]


@pytest.mark.parametrize(
    "text",
    [
        "25:00",
        "13:00 am",
        "0:30 pm",
        "9:00-10:00",
        "14:00Z",
        "2026-11-03T14:00:00+25:00",
        "noonish",
        "14",
        "0.58333",
        "2026-11-04 9:00",
    ],
)
def test_what_is_no_clear_start_is_refused(practice: TryPractice, text: str) -> None:
    """A stretch of time, a zone without a date, a figure, another day."""
    (problem,) = said(load(practice, "entries", timed({"started_at": text})))
    assert problem.startswith("2 started_at: ")


def test_an_instant_is_of_the_day_that_the_person_had(practice: TryPractice) -> None:
    """02:30 UTC on 1 December is the evening of 30 November in New York: the month before."""
    instant = "2026-12-01T02:30:00Z"
    (problem,) = said(load(practice, "entries", timed({"service_date": "2026-12-01", "started_at": instant})))
    assert "2026-11-30 at 21:30" in problem
    loaded(practice, "entries", timed({"service_date": "", "started_at": instant}))
    loaded(practice, "members", b"display_name,roles,time_zone\nLi Wei,care_manager,Asia/Shanghai\n")
    loaded(
        practice,
        "entries",
        timed({"entry_key": "b", "service_date": "", "started_at": instant, "performed_by": "Li Wei"}),
    )
    assert stored(practice) == [
        (date(2026, 11, 30), 20, "01 02:30"),
        (date(2026, 12, 1), 20, "01 02:30"),
    ]


def test_a_date_or_a_dated_start_is_needed(practice: TryPractice) -> None:
    """And minutes, or a start and an end."""
    data = timed(
        {"service_date": ""},
        {"service_date": "", "started_at": "9:00"},
        {"minutes": ""},
        {"minutes": "", "ended_at": "9:00"},
        {"minutes": "", "started_at": "9:00"},
    )
    assert [problem.partition(": ")[0] for problem in said(load(practice, "entries", data))] == [
        *("2 service_date", "3 service_date", "4 minutes", "5 minutes", "6 minutes")
    ]


@pytest.mark.parametrize(
    ("row", "minutes"),
    [
        ({"started_at": "9:00", "ended_at": "9:25", "minutes": ""}, [25]),
        ({"started_at": "9:00", "ended_at": "9:20"}, [20]),
        ({"started_at": "9:00", "ended_at": "9:19:31"}, [20]),
        ({"started_at": "9:00", "ended_at": "9:50"}, None),
        ({"started_at": "9:00", "ended_at": "9:10"}, None),
        ({"started_at": "9:00", "ended_at": "9:00"}, None),
        ({"started_at": "9:00", "ended_at": "2026-11-05 9:00", "minutes": ""}, None),
        ({"started_at": "23:50", "ended_at": "0:20", "minutes": ""}, [10, 20]),
        # An afternoon that ends before it began is no night of 23 hours.
        ({"started_at": "14:00", "ended_at": "13:00", "minutes": ""}, None),
        ({"started_at": "14:00", "ended_at": "2:15", "minutes": ""}, None),
        ({"started_at": "9:00\u202fAM", "ended_at": "9:25\u202fAM", "minutes": ""}, [25]),
        ({"started_at": "2026-11-03 23:50", "ended_at": "2026-11-04 00:20", "minutes": ""}, [10, 20]),
        ({"service_date": "2026-11-01", "started_at": "0:30", "ended_at": "2:30", "minutes": ""}, [180]),
        ({"service_date": "2026-11-01", "started_at": "1:50", "ended_at": "1:10", "minutes": ""}, [20]),
    ],
)
def test_an_end_gives_the_length_or_agrees_with_it(
    practice: TryPractice, row: dict[str, str], minutes: list[int] | None
) -> None:
    """Within a minute, for exports round; over an hour that comes twice by the time that passed."""
    outcome = load(practice, "entries", timed(row))
    assert outcome.stored is (minutes is not None)
    assert [found for _, found, _ in stored(practice)] == (minutes or [])


def test_work_across_midnight_is_two_entries(practice: TryPractice) -> None:
    """At the end of a month they are in two months; the file again, with a key or without, adds nothing."""
    for key, day in (("k", "2026-11-30"), ("", "2026-10-31")):
        row = {
            "entry_key": key,
            "service_date": day,
            "started_at": "23:50",
            "minutes": "30",
            "note": f"night call {key}",
        }
        outcome = loaded(practice, "entries", timed(row))
        assert (outcome.added, [one.column for one in outcome.warnings]) == (1, ["started_at"])
        again = loaded(practice, "entries", timed(row))
        assert (again.added, again.unchanged) == (0, 1)
        assert sum(one.known_seconds for one in again.totals) == 1800
    assert stored(practice) == [
        (date(2026, 11, 30), 10, "01 04:50"),
        (date(2026, 12, 1), 20, "01 05:00"),
        (date(2026, 10, 31), 10, "01 03:50"),
        (date(2026, 11, 1), 20, "01 04:00"),
    ]
    other = load(
        practice, "entries", timed({"entry_key": "k", "service_date": "2026-11-30", "minutes": "30"})
    )
    assert [one.column for one in other.problems] == ["entry_key"]


def test_a_row_after_midnight_is_not_the_part_of_another(practice: TryPractice) -> None:
    """Without keys, a row that says what a part says is work of its own, and held as a double."""
    across = {"entry_key": "", "started_at": "23:50", "minutes": "30", "note": "a"}
    alone = {
        "entry_key": "",
        "service_date": "2026-11-04",
        "started_at": "0:00",
        "minutes": "20",
        "note": "a",
    }
    loaded(practice, "entries", timed(across, alone))
    assert [minutes for _, minutes, _ in stored(practice)] == [10, 20, 20]
    assert loaded(practice, "entries", timed(across, alone)).added == 0


def test_clocks_that_are_put_forward_and_back(practice: TryPractice) -> None:
    """A time that never was is refused; of one that came twice the first is taken, and said."""
    (problem,) = said(load(practice, "entries", timed({"service_date": "2026-03-08", "started_at": "2:30"})))
    assert "does not exist" in problem
    outcome = loaded(practice, "entries", timed({"service_date": "2026-11-01", "started_at": "1:30"}))
    assert [one.column for one in outcome.warnings] == ["started_at"]
    assert stored(practice) == [(date(2026, 11, 1), 20, "01 05:30")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"service_date": "2026-12-04"}, "service_date"),
        ({"service_date": "2062-11-03"}, "service_date"),
        ({"service_date": "2016-12-31"}, "service_date"),
        ({"service_date": "2026-12-03", "started_at": "16:00"}, "started_at"),
        ({"service_date": "", "started_at": "2062-11-03 9:00"}, "started_at"),
    ],
)
def test_days_that_cannot_be_are_refused(practice: TryPractice, row: dict[str, str], column: str) -> None:
    """Work that was not done yet, and work before Collaborative Care was paid."""
    outcome = load(practice, "entries", timed(row))
    assert [one.column for one in outcome.problems] == [column]


def test_overlapping_clock_times_are_pointed_out(practice: TryPractice) -> None:
    """Of one person, in the file and against what is on file; the time counts once (R-211)."""
    rows = ({"started_at": "9:00"}, {"started_at": "9:10", "mrn": "98765"}, {"started_at": "9:30"})
    outcome = loaded(practice, "entries", timed(*rows))
    assert [(one.line, one.column) for one in outcome.warnings] == [(3, "started_at")]
    later = loaded(practice, "entries", timed({"entry_key": "x", "started_at": "9:45"}))
    assert [(one.line, one.column) for one in later.warnings] == [(2, "started_at")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-05 16:20:11", date(2026, 11, 5)),
        ("11/5/2026 4:20 PM", date(2026, 11, 5)),
        ("2026-11-06T02:30:00Z", date(2026, 11, 5)),
        ("2026-11-05", date(2026, 11, 5)),
    ],
)
def test_when_it_was_written_down_may_have_a_time(practice: TryPractice, text: str, day: date) -> None:
    """As trackers write it: by the practice's clocks, where it has a zone."""
    header, row = timed({}).decode().splitlines()
    loaded(practice, "entries", f"{header},recorded_on\n{row},{text}\n".encode())
    (entry,) = practice.see(lambda context: context.uow.ledger.month(date.min, date.max))
    assert entry.recorded_on == day
