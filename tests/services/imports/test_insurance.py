"""`insurance` files: what claims say of patients comes in, is kept as it was said, and is shown nowhere."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.claim_parties import (
    Address,
    Authorization,
    Insurance,
    PatientDetails,
    Relationship,
    Sex,
    authorization_on,
)
from services.checks import verify
from services.imports.outcome import ImportOutcome
from services.imports.undo import take_back
from storage import Database
from tests.support.files import csv_of, load, loaded
from tests.support.reporting import ReportedPractice

ROW = {
    "mrn": "MRN123",
    "payer": "Lakeside",
    "member_id": "1eg4-te5-mk73",
    "relationship": "self",
    "group_number": "G-1",
    "sex": "female",
    "address_line": "12 Main St",
    "address_line_2": "Apt 4",
    "city": "Albany",
    "state": "ny",
    "zip": "2207",
    "authorization": "PA-1",
    "authorization_from": "2026-10-01",
    "authorization_to": "2026-12-31",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield ReportedPractice(database)
    database.close()


@pytest.fixture
def on_sqlite(database: Database) -> ReportedPractice:
    return ReportedPractice(database)


def file(*rows: dict[str, str]) -> bytes:
    return csv_of(tuple(ROW), rows)


def details(practice: ReportedPractice, patient_id: int) -> PatientDetails | None:
    return practice.see(lambda context: context.uow.claim_details.of_patients({patient_id}).get(patient_id))


def said(outcome: ImportOutcome) -> dict[str, str]:
    return {problem.column: problem.message for problem in outcome.problems}


def test_a_card_is_kept_as_it_was_said(practice: ReportedPractice) -> None:
    """Each cell in its form; the same file again changes nothing, and what was there before comes back."""
    patient = practice.enrolled("123")
    first = loaded(practice, "insurance", file(ROW))
    assert (first.added, first.changed, first.unchanged) == (1, 0, 0)
    kept = details(practice, patient.patient_id)
    assert kept == PatientDetails(
        patient_id=patient.patient_id,
        sex=Sex.FEMALE,
        address=Address(line="12 Main St", line_2="Apt 4", city="Albany", state="NY", zip="02207"),
        insurances=(Insurance(payer="Lakeside", member_id="1EG4TE5MK73", group_number="G-1"),),
        authorizations=(
            Authorization(
                payer="Lakeside",
                number="PA-1",
                first_day=date(2026, 10, 1),
                last_day=date(2026, 12, 31),
            ),
        ),
    )
    assert loaded(practice, "insurance", file(ROW)).unchanged == 1
    moved = {"mrn": "MRN123", "payer": "Lakeside", "member_id": "W-9", "relationship": "self", "city": "Troy"}
    changed = loaded(practice, "insurance", file(moved))
    assert (changed.added, changed.changed) == (0, 1)
    now = details(practice, patient.patient_id)
    assert now is not None
    assert (now.address.line, now.address.city, now.insurances[0].member_id) == ("12 Main St", "Troy", "W-9")
    assert now.insurances[0].group_number == "G-1"
    assert changed.number is not None
    practice.do(take_back, changed.number)
    assert details(practice, patient.patient_id) == kept
    assert first.number is not None
    practice.do(take_back, first.number)
    assert details(practice, patient.patient_id) is None
    assert practice.see(verify).changed == ()


def test_what_is_emptied_goes_and_a_new_street_has_its_own_second_line(on_sqlite: ReportedPractice) -> None:
    """`none` empties a group number and a second line."""
    patient = on_sqlite.enrolled("123")
    loaded(on_sqlite, "insurance", file(ROW))
    loaded(on_sqlite, "insurance", file({**ROW, "group_number": "none", "address_line_2": "none"}))
    kept = details(on_sqlite, patient.patient_id)
    assert kept is not None
    assert (kept.insurances[0].group_number, kept.address.line_2) == ("", "")


def test_somebody_else_holds_the_insurance(on_sqlite: ReportedPractice) -> None:
    """Then their names are needed; the second payer of a patient stands beside the first."""
    patient = on_sqlite.enrolled("123")
    child = {**ROW, "payer": "Cedar Mutual", "member_id": "C-77", "relationship": "daughter"}
    assert "subscriber_last_name" in said(load(on_sqlite, "insurance", csv_of(tuple(child), [child])))
    child |= {"subscriber_first_name": "Carla", "subscriber_last_name": "Guzman"}
    loaded(on_sqlite, "insurance", csv_of(tuple(child), [{**child, **ROW}, child]))
    kept = details(on_sqlite, patient.patient_id)
    assert kept is not None
    cedar, lakeside = kept.insurances
    assert (cedar.relationship, cedar.subscriber_first_name) == (Relationship.CHILD, "Carla")
    assert (lakeside.is_own, lakeside.subscriber_first_name) == (True, "")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("member_id", "?"),
        ("relationship", "neighbor"),
        ("sex", "often"),
        ("address_line", "x" * 56),
        ("city", "y" * 31),
        ("state", "New Amsterdam"),
        ("zip", "12"),
        ("authorization_from", ""),
        ("authorization_to", "2026-09-30"),
        ("authorization", ""),
        ("mrn", "MRN999"),
    ],
)
def test_what_cannot_be_taken_is_refused_without_its_words(
    on_sqlite: ReportedPractice, column: str, cell: str
) -> None:
    """Nothing is stored; no sentence repeats what a card or an address says."""
    patient = on_sqlite.enrolled("123")
    outcome = load(on_sqlite, "insurance", file({**ROW, column: cell}))
    assert column in said(outcome)
    assert not outcome.stored
    words = f"{outcome.problems} {outcome.remarks} {outcome.news} {outcome.preview}"
    assert not any(secret in words for secret in ("1eg4", "1EG4", "Main St", "Albany", "often", "PA-1"))
    assert details(on_sqlite, patient.patient_id) is None


def test_rows_that_contradict_each_other_are_refused(on_sqlite: ReportedPractice) -> None:
    """Of one payer's card, or of where somebody lives."""
    on_sqlite.enrolled("123")
    outcome = load(on_sqlite, "insurance", file(ROW, {**ROW, "member_id": "W-2"}))
    assert said(outcome).keys() == {"payer"}
    outcome = load(on_sqlite, "insurance", file(ROW, {**ROW, "payer": "Cedar Mutual", "city": "Troy"}))
    assert said(outcome).keys() == {"city"}


def test_the_newest_authorization_that_holds_is_taken() -> None:
    """None before the first day, after the last, or where there is none."""
    first = Authorization(payer="A", number="one", first_day=date(2026, 1, 1), last_day=date(2026, 6, 30))
    second = Authorization(payer="A", number="two", first_day=date(2026, 5, 1))
    days = (date(2025, 12, 31), date(2026, 4, 30), date(2026, 6, 30), date(2026, 7, 1))
    assert [authorization_on((first, second), day) for day in days] == ["", "one", "two", "two"]
    assert authorization_on((first,), date(2026, 7, 1)) == ""
