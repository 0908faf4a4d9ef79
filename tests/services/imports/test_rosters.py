"""The roster: patients and their care, imported, updated, enrolled again."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.episodes import ConsentKind, Episode, Program
from billing.people import Patient
from services.context import Context
from services.entries import log
from storage import Database
from tests.support.files import load, loaded, patients_csv
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def patient(practice: TryPractice, identity: str = "123") -> Patient:
    found = practice.see(lambda context: context.uow.patients.by_identity(identity))
    assert found is not None
    return found


def episodes(practice: TryPractice, identity: str = "123") -> tuple[Episode, ...]:
    def of(context: Context) -> tuple[Episode, ...]:
        found = context.uow.patients.by_identity(identity)
        assert found is not None
        return context.uow.episodes.of_patient(found.patient_id)

    return practice.see(of)


ENROLLED = {
    "mrn": "MRN123",
    "first_name": "Bo",
    "payer": "Cigna",
    "referring_npi": "1234567890",
    "care_manager": "Ana Flores",
    "enrolled_on": "2026-01-05",
    "consent_on": "2026-01-05",
    "consent_kind": "verbal",
    "initial_assessment_on": "2026-01-08",
    "problems": "depression",
}


def test_a_row_makes_a_patient_on_the_roster_and_an_episode(practice: TryPractice) -> None:
    """An NPI that fails its check digit is kept and named by line: a finding will say so, too."""
    outcome = loaded(practice, "patients", patients_csv(ENROLLED))
    assert [(one.line, one.column) for one in outcome.warnings] == [(2, "referring_npi")]
    known = patient(practice)
    assert (known.on_roster, known.referring_npi, known.problems) == (True, "1234567890", "depression")
    (episode,) = episodes(practice)
    assert episode.program is Program.COCM
    assert episode.consent is not None
    assert (episode.consent.given_on, episode.consent.kind) == (date(2026, 1, 5), ConsentKind.VERBAL)
    ana = practice.see(lambda context: context.uow.members.by_name("ana flores"))
    assert ana is not None
    assert episode.care_manager == ana.member_id


def test_importing_the_same_roster_twice_changes_nothing(practice: TryPractice) -> None:
    """Every row is found as it was."""
    data = patients_csv(ENROLLED, {"mrn": "7", "first_name": "Al"})
    loaded(practice, "patients", data)
    again = load(practice, "patients", data)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)


def test_empty_cells_keep_what_is_on_record(practice: TryPractice) -> None:
    """A short roster brings up to date what it names, and no more."""
    loaded(practice, "patients", patients_csv(ENROLLED))
    loaded(practice, "patients", patients_csv({"mrn": "123", "last_name": "Reyes", "payer": "Humana"}))
    known = patient(practice)
    assert (known.first_name, known.last_name, known.mrn) == ("Bo", "Reyes", "123")
    (episode,) = episodes(practice)
    assert (episode.payer, episode.initial_assessment_on) == ("Humana", date(2026, 1, 8))


def test_a_later_initial_assessment_does_not_move_the_first(practice: TryPractice) -> None:
    """The earlier date stays, and a note says so."""
    loaded(practice, "patients", patients_csv(ENROLLED))
    again = loaded(practice, "patients", patients_csv(ENROLLED | {"initial_assessment_on": "2026-03-01"}))
    assert [warning.column for warning in again.warnings] == ["initial_assessment_on", "referring_npi"]
    assert episodes(practice)[0].initial_assessment_on == date(2026, 1, 8)


def test_a_new_enrollment_after_discharge_is_a_new_episode(practice: TryPractice) -> None:
    """Also when both stretches stand in one file, whatever their order."""
    first = ENROLLED | {"discharged_on": "2026-04-01"}
    second = ENROLLED | {"enrolled_on": "2026-11-02", "initial_assessment_on": "2026-11-03", "consent_on": ""}
    second["consent_kind"] = ""
    loaded(practice, "patients", patients_csv(second, first))
    assert [one.enrolled_on for one in episodes(practice)] == [date(2026, 1, 5), date(2026, 11, 2)]
    again = load(practice, "patients", patients_csv(second, first))
    assert (again.added, again.changed) == (0, 0)


def test_a_consent_after_a_revoked_one_stands_beside_it(practice: TryPractice) -> None:
    """What was revoked stays on file."""
    columns = "mrn,enrolled_on,consent_on,consent_kind,consent_cost_sharing,consent_revoked_on\n"
    loaded(practice, "patients", f"{columns}1,2026-01-05,2026-01-05,verbal,yes,2026-02-01\n".encode())
    loaded(practice, "patients", f"{columns}1,2026-01-05,2026-03-01,written,no,\n".encode())
    (episode,) = episodes(practice, "1")
    assert episode.consent is not None
    assert (episode.consent.given_on, episode.consent.revoked_on) == (date(2026, 3, 1), None)
    assert [one.revoked_on for one in episode.earlier_consents] == [date(2026, 2, 1)]


def test_a_patient_known_from_chat_comes_onto_the_roster(practice: TryPractice) -> None:
    """Time logged before the roster came stays with the same patient."""
    ana = practice.member()
    practice.do(log.log, ana, draft(asked("123")))
    before = patient(practice)
    loaded(practice, "patients", patients_csv(ENROLLED))
    after = patient(practice)
    assert (before.on_roster, after.on_roster) == (False, True)
    assert before.patient_id == after.patient_id


def test_the_same_stretch_twice_and_days_out_of_order_are_refused(practice: TryPractice) -> None:
    """Each is named where it stands."""
    data = patients_csv(
        ENROLLED,
        ENROLLED,
        {"mrn": "5", "enrolled_on": "2026-02-01", "discharged_on": "2026-01-01"},
        {"mrn": "6", "consent_kind": "verbal"},
        {"mrn": "MRN"},
    )
    outcome = load(practice, "patients", data)
    assert [(one.line, one.column) for one in outcome.problems] == [
        (3, "mrn"),
        (4, "discharged_on"),
        (5, "consent_kind"),
        (6, "mrn"),
    ]


def test_a_row_without_care_makes_a_patient_who_is_not_enrolled(practice: TryPractice) -> None:
    """Names alone enroll nobody."""
    loaded(practice, "patients", patients_csv({"mrn": "9", "first_name": "Cy"}))
    assert episodes(practice, "9") == ()
