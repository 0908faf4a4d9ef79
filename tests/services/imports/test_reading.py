"""What a whole file says of its cells: the order of its dates and the unit of its durations, said aloud or asked."""

from datetime import date

import pytest

from services.context import Context
from services.imports.outcome import ImportOutcome
from services.imports.request import DateOrder, TimeUnit
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice


@pytest.fixture
def practice(database: Database) -> TryPractice:
    """A practice on Wednesday, November 18, 2026."""
    return TryPractice(database)


def days(context: Context) -> list[date]:
    return sorted(entry.service_date for entry in context.uow.ledger.month(date.min, date.max))


def lengths(context: Context) -> list[int]:
    return sorted(entry.seconds for entry in context.uow.ledger.month(date.min, date.max))


def of_days(*texts: str) -> bytes:
    """Entries of some days, each of its own words."""
    return entries_csv(*({"service_date": text, "entry_key": text, "note": text} for text in texts))


def of_minutes(*texts: str) -> bytes:
    """Entries of some lengths, each of its own words."""
    return entries_csv(
        *(
            {"minutes": text, "entry_key": f"{text}-{place}", "note": f"{place}"}
            for place, text in enumerate(texts)
        )
    )


def problems(outcome: ImportOutcome) -> list[tuple[int, str]]:
    assert not outcome.stored
    return [(one.line, one.column) for one in outcome.problems]


def test_a_day_above_12_decides_for_the_whole_file(practice: TryPractice) -> None:
    """In any column of days, and of any row."""
    outcome = loaded(practice, "entries", of_days("3/11/2026", "13/11/2026"))
    assert practice.see(days) == [date(2026, 11, 3), date(2026, 11, 13)]
    assert outcome.readings == (
        "Dates are read as day/month/year: line 3 has 13/11/2026; 3/11/2026 on line 2 is November 3, 2026.",
    )


def test_one_column_decides_for_another(practice: TryPractice) -> None:
    """All dates of a file are written by one hand."""
    row = {"mrn": "123", "enrolled_on": "3/8/2026", "initial_assessment_on": "17/8/2026"}
    loaded(practice, "patients", patients_csv(row))

    def enrolled(context: Context) -> date | None:
        patient = context.uow.patients.by_identity("123")
        assert patient is not None
        return context.uow.episodes.of_patient(patient.patient_id)[0].enrolled_on

    assert practice.see(enrolled) == date(2026, 8, 3)


def test_two_orders_in_one_file_are_refused(practice: TryPractice) -> None:
    """By the line of the fewer, naming one of the others."""
    outcome = load(practice, "entries", of_days("11/13/2026", "14/11/2026", "11/16/2026"))
    assert problems(outcome) == [(3, "service_date")]
    assert "line 2 has 11/13/2026" in outcome.problems[0].message


def test_without_a_hint_the_month_comes_first_and_that_is_said(practice: TryPractice) -> None:
    """With an example and the way to the other."""
    outcome = loaded(practice, "entries", of_days("11/3/2026", "11/4/2026"))
    assert practice.see(days) == [date(2026, 11, 3), date(2026, 11, 4)]
    (said,) = outcome.readings
    assert said == (
        "Dates are read as month/day/year: 11/3/2026 on line 2 is November 3, 2026. Where the day comes first in this "
        "file, add --dates dmy."
    )
    assert loaded(practice, "entries", of_days("2026-11-05")).readings == ()


@pytest.mark.parametrize(
    "texts",
    [
        ("3/11/2026", "4/11/2026", "5/11/2026"),
        ("3/11/2026", "12/10/2026"),
        ("3.11.2026",),
        ("3/11/26", "13/11/26"),
    ],
)
def test_a_file_that_speaks_for_the_day_first_is_asked_about(
    practice: TryPractice, texts: tuple[str, ...]
) -> None:
    """One month instead of many, the last two months instead of long ago, dots, two figures of a year."""
    outcome = load(practice, "entries", of_days(*texts))
    assert problems(outcome)[0][1] == "service_date"
    assert "--dates dmy" in outcome.problems[0].message
    loaded(practice, "entries", of_days(*texts), dates=DateOrder.DMY)
    assert date(2026, 11, 3) in practice.see(days)


def test_what_was_said_of_dates_is_done_and_said_again(practice: TryPractice) -> None:
    """Also where the file would be read otherwise."""
    outcome = loaded(practice, "entries", of_days("4/11/2026"), dates=DateOrder.DMY)
    assert "4/11/2026 on line 2 is November 4, 2026" in outcome.readings[0]
    outcome = load(practice, "entries", of_days("11/13/2026"), dates=DateOrder.DMY)
    assert problems(outcome) == [(2, "service_date")]
    outcome = load(practice, "entries", of_days("11/3/2026"), dates=DateOrder.ISO)
    assert problems(outcome) == [(2, "service_date")]
    loaded(practice, "entries", of_days("46329"), dates=DateOrder.SERIAL)
    assert practice.see(days) == [date(2026, 11, 3), date(2026, 11, 4)]


def test_a_day_to_come_may_be_one_with_the_day_first(practice: TryPractice) -> None:
    """The refusal says which, and how."""
    outcome = load(practice, "patients", patients_csv({"mrn": "1", "consent_on": "12/3/2026"}))
    assert "If it is March 12, 2026, add --dates dmy." in outcome.problems[0].message


@pytest.mark.parametrize(
    ("texts", "unit", "seconds"),
    [
        (("0.50", "1.25"), TimeUnit.HOURS, [1800, 4500]),
        (("0.25", "2", "0.1"), TimeUnit.HOURS, [360, 900, 7200]),
        (("0.0104166667", "0.0208333333"), TimeUnit.DAYS, [900, 1800]),
        (("900", "1200", "600"), TimeUnit.SECONDS, [600, 900, 1200]),
    ],
)
def test_minutes_that_look_like_another_unit_are_asked_about(
    practice: TryPractice, texts: tuple[str, ...], unit: TimeUnit, seconds: list[int]
) -> None:
    """Until it is said; also that they are minutes."""
    outcome = load(practice, "entries", of_minutes(*texts))
    assert problems(outcome) == [(2, "minutes")]
    assert f"--unit {unit}" in outcome.problems[0].message
    assert load(practice, "entries", of_minutes(*texts), unit=TimeUnit.MINUTES, dry_run=True).problems == ()
    loaded(practice, "entries", of_minutes(*texts), unit=unit)
    assert practice.see(lengths) == seconds


@pytest.mark.parametrize(
    "texts", [("5", "3", "2"), ("7.5", "15"), ("600", "45"), ("7.25",), ("1.5", "20"), ("300", "300")]
)
def test_minutes_that_may_well_be_minutes_are_taken(practice: TryPractice, texts: tuple[str, ...]) -> None:
    """Short ones, one fraction among longer ones, one long day."""
    loaded(practice, "entries", of_minutes(*texts))
    assert practice.see(lengths) == sorted(round(float(text) * 60) for text in texts)


def test_clock_forms_of_two_parts_are_asked_about_unless_they_cannot_be_hours(practice: TryPractice) -> None:
    """`31:16` cannot begin with hours, and speaks for the others."""
    assert problems(load(practice, "entries", of_minutes("0:15"))) == [(2, "minutes")]
    outcome = loaded(practice, "entries", of_minutes("31:16", "8:30"))
    assert practice.see(lengths) == [510, 1876]
    assert outcome.readings == ("Durations are read as minutes:seconds: line 2 has 31:16.",)
    loaded(practice, "entries", of_minutes("0:45"), unit=TimeUnit.HOURS)
    assert practice.see(lengths) == [510, 1876, 2700]


def test_a_payers_rule_may_end_ahead_and_not_at_the_end_of_time(practice: TryPractice) -> None:
    """Days that make sense ahead are taken."""
    header = ("mrn", "payer", "from", "to")
    loaded(practice, "patients", patients_csv({"mrn": "123", "enrolled_on": "2026-08-03"}))
    ahead = {"mrn": "123", "payer": "Cigna", "from": "2026-12-01", "to": "2027-12-31"}
    loaded(practice, "coverage", csv_of(header, [ahead]))
    outcome = load(practice, "coverage", csv_of(header, [ahead | {"to": "12/31/2099"}]))
    assert problems(outcome) == [(2, "to")]


def test_like_problems_are_alike_whatever_their_cells(practice: TryPractice) -> None:
    """So that ten thousand can be one line."""
    texts = [f"{month}/31/2026 noon" for month in (1, 3, 5, 7, 8)]
    outcome = load(practice, "entries", of_days(*texts, "1/1/1900", "1/2/1900"))
    assert len({one.like for one in outcome.problems}) == 2


def test_minutes_under_a_header_that_says_hours_are_asked_about(practice: TryPractice) -> None:
    """So are seconds that are few; `--unit` settles it, and what it says against the header is said."""
    file = {"mrn": "123", "service_date": "2026-11-03", "performed_by": "Ana Flores", "note": "phone"}

    def of(header: str, *figures: str) -> bytes:
        rows = [{**file, "note": f"phone {figure}", header: figure} for figure in figures]
        return csv_of(tuple(rows[0]), rows)

    for header, figures in (("Hours", ("0.25", "15")), ("Hours", ("15:00",)), ("Seconds", ("15", "20"))):
        outcome = load(practice, "entries", of(header, *figures), new_patients=["all"])
        assert [one.message for one in outcome.problems if f"The header says {header.lower()}" in one.message]
    outcome = loaded(practice, "entries", of("Hours", "15"), new_patients=["all"], unit=TimeUnit.MINUTES)
    assert "Durations are read as minutes, as asked, although the header says hours." in outcome.readings
    assert practice.see(lengths) == [900]


def test_part_of_an_hour_or_a_day_among_whole_minutes_is_asked_about(practice: TryPractice) -> None:
    """A file that writes minutes with fractions is not."""
    for figures in (("0.25", "15"), ("1.5", "0.5", "30"), ("15", "0.0104166667")):
        outcome = load(practice, "entries", of_minutes(*figures), new_patients=["all"])
        assert ["stands among whole minutes" in one.message for one in outcome.problems] == [True]
    loaded(practice, "entries", of_minutes("0.5", "12.5", "20"), new_patients=["all"])
    assert practice.see(lengths) == [30, 750, 1200]
