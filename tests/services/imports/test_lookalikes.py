"""An MRN in a file that is much like a patient's: refused by line until somebody says that it is another patient."""

from collections.abc import Iterator

import pytest

from services.context import Context
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[TryPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield TryPractice(database)
    database.close()


def rows(kind: str, mrn: str) -> bytes:
    """A file of one row about a patient."""
    if kind == "patients":
        return patients_csv({"mrn": mrn})
    if kind == "entries":
        return entries_csv({"mrn": mrn})
    if kind == "scores":
        cells = {"mrn": mrn, "scale": "PHQ-9", "value": "14", "measured_on": "2026-11-03"}
    else:
        cells = {"mrn": mrn, "code": "96127", "service_on": "2026-11-03"}
    return csv_of(tuple(cells), [cells])


def identities(context: Context) -> list[str]:
    return sorted(patient.identity for patient in context.uow.patients.all())


KINDS = ("patients", "entries", "scores", "services")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("mrn", "differs_by"),
    [
        ("417", "leading zeros"),
        ("MRN0417", "leading zeros"),
        ("000417", "leading zeros"),
        ("00471", "one typo"),
        ("00418", "one typo"),
    ],
)
def test_a_lookalike_is_refused_by_line_and_named(
    practice: TryPractice, kind: str, mrn: str, differs_by: str
) -> None:
    """Nothing of the file is stored; the sentence names the patient, the difference and the way on."""
    loaded(practice, "patients", patients_csv({"mrn": "MRN00417"}))
    outcome = load(practice, kind, rows(kind, mrn))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "mrn")]
    for word in ("MRN00417", differs_by, f"--new-patient {mrn}"):
        assert word in outcome.problems[0].message
    assert not outcome.stored
    assert practice.see(identities) == ["00417"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", ["417", "MRN417", "all", "ALL"])
def test_said_to_be_another_patient_it_is_taken(practice: TryPractice, kind: str, said: str) -> None:
    """The option names the MRN as the file or as chat writes it, or all of them."""
    loaded(practice, "patients", patients_csv({"mrn": "MRN00417"}))
    loaded(practice, kind, rows(kind, "417"), new_patients=[said])
    assert practice.see(identities) == ["00417", "417"]


def test_a_dry_run_shows_the_same(practice: TryPractice) -> None:
    """What would be refused is said before anything is tried."""
    loaded(practice, "patients", patients_csv({"mrn": "MRN00417"}))
    outcome = load(practice, "entries", entries_csv({}, {"mrn": "417"}), dry_run=True)
    assert [(one.line, one.column) for one in outcome.problems] == [(3, "mrn")]


def test_a_roster_tells_neighbors_from_typos_by_names_and_by_naming_both(practice: TryPractice) -> None:
    """MRNs in a row are no slips: another name, or both MRNs in the file, make them two patients."""
    loaded(practice, "patients", patients_csv({"mrn": "1001", "last_name": "Okoye"}))
    loaded(practice, "patients", patients_csv({"mrn": "1002", "last_name": "Reyes"}))
    loaded(practice, "patients", patients_csv({"mrn": "1001"}, {"mrn": "1002"}, {"mrn": "1003"}))
    twice = load(practice, "patients", patients_csv({"mrn": "1004", "last_name": "okoye"}))
    assert [(one.line, one.column) for one in twice.problems] == [(2, "mrn")]


def test_the_same_number_with_other_zeros_twice_in_a_file_of_entries(practice: TryPractice) -> None:
    """The second spelling would be a second patient who is nobody."""
    outcome = load(practice, "entries", entries_csv({"mrn": "0088"}, {"mrn": "88"}, {"mrn": "89"}))
    assert [(one.line, one.column) for one in outcome.problems] == [(3, "mrn")]


def test_patients_known_only_from_chat_are_told_apart_by_zeros_alone(practice: TryPractice) -> None:
    """Without a roster, MRNs that follow each other are no typos, but lost zeros are."""
    loaded(practice, "entries", entries_csv({"mrn": "0088"}))
    loaded(practice, "entries", entries_csv({"mrn": "0089", "entry_key": "b"}))
    outcome = load(practice, "entries", entries_csv({"mrn": "88", "entry_key": "c"}))
    assert "0088" in outcome.problems[0].message
