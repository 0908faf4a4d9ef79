"""A cell that says none takes away what is on file; an empty one keeps it."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.episodes import Episode
from billing.people import Patient
from services.context import Context
from storage import Database
from tests.support.files import csv_of, load, loaded
from tests.support.practice import TryPractice

FULL = {
    "mrn": "MRN123",
    "payer": "Cigna",
    "referring_npi": "1234567893",
    "billing_npi": "1679576722",
    "care_manager": "Ana Flores",
    "enrolled_on": "2026-08-03",
    "consent_on": "2026-08-03",
    "consent_kind": "verbal",
    "consent_cost_sharing": "yes",
    "initial_assessment_on": "2026-08-03",
    "initiating_visit_on": "2026-07-28",
    "diagnosis_codes": "F32.1 F41.1",
    "place_of_service": "11",
    "apcm": "yes",
    "outside_therapist": "yes",
    "problems": "depression",
    "discharged_on": "2026-11-02",
}


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def known(context: Context) -> tuple[Patient, Episode]:
    patient = context.uow.patients.by_identity("123")
    assert patient is not None
    (episode,) = context.uow.episodes.of_patient(patient.patient_id)
    return patient, episode


def test_none_takes_away_and_an_empty_cell_keeps(practice: TryPractice) -> None:
    """Of claims from today on, as any other value; earlier days keep what was on file."""
    loaded(practice, "patients", csv_of(tuple(FULL), [FULL]))
    emptied = dict.fromkeys(FULL, "none") | {
        "mrn": "123",
        "last_name": "",
        "enrolled_on": "",
        "consent_on": "",
        "consent_kind": "",
        "initial_assessment_on": "",
    }
    outcome = loaded(practice, "patients", csv_of(tuple(emptied), [emptied]))
    assert (outcome.added, outcome.changed) == (0, 1)
    patient, episode = practice.see(known)
    assert (patient.referring_npi, patient.problems) == ("", "")
    assert (episode.payer, episode.billing_npi, episode.diagnosis_codes) == ("", "", ())
    assert (episode.place_of_service, episode.apcm, episode.care_manager) == ("", False, None)
    assert (episode.discharged_on, episode.initiating_visit_on) == (None, None)
    assert episode.outside_therapist is False
    assert episode.initial_assessment_on == episode.enrolled_on == date(2026, 8, 3)
    assert episode.consent is not None
    assert episode.consent.cost_sharing_disclosed is None
    again = loaded(practice, "patients", csv_of(tuple(emptied), [emptied]))
    assert (again.changed, again.unchanged) == (0, 1)


def test_a_wrong_assessment_or_consent_can_be_taken_away(practice: TryPractice) -> None:
    """Also where a later day would not move it."""
    loaded(practice, "patients", csv_of(tuple(FULL), [FULL]))
    loaded(practice, "patients", b"mrn,initial_assessment_on,consent_on\n123,None,NONE\n")
    _, episode = practice.see(known)
    assert (episode.initial_assessment_on, episode.assessment_recorded_on, episode.consent) == (
        None,
        None,
        None,
    )


def test_a_payer_ends_on_a_day(practice: TryPractice) -> None:
    """The day column goes with a cell that says none, too."""
    loaded(practice, "patients", csv_of(tuple(FULL), [FULL | {"discharged_on": ""}]))
    loaded(practice, "patients", b"mrn,payer,payer_from\n123,none,2026-11-10\n")
    _, episode = practice.see(known)
    assert episode.payer == ""
    facts = practice.see(lambda context: context.uow.claim_facts.of_patient(known(context)[0].patient_id))
    assert [(one.value, one.from_day) for one in facts] == [
        ("Cigna", date(2026, 8, 3)),
        ("", date(2026, 11, 10)),
    ]


def test_none_about_somebody_without_care_enrolls_nobody(practice: TryPractice) -> None:
    """There is nothing to take away."""
    loaded(practice, "patients", b"mrn,payer,discharged_on\n123,none,none\n")
    patient = practice.see(lambda context: context.uow.patients.by_identity("123"))
    assert patient is not None
    assert practice.see(lambda context: context.uow.episodes.of_patient(patient.patient_id)) == ()


@pytest.mark.parametrize("column", ["mrn", "enrolled_on", "program"])
def test_what_a_row_needs_cannot_be_taken_away(practice: TryPractice, column: str) -> None:
    """There it is refused as any other word."""
    row = FULL | {column: "none"}
    outcome = load(practice, "patients", csv_of(tuple(row), [row]))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, column)]
