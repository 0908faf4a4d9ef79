"""Files as they come: whatever is wrong with one is said at once, by line and column, and nothing is stored."""

from collections.abc import Iterator

import pytest

from billing.people import MemberRole
from services.context import Context
from services.imports.outcome import ImportOutcome
from storage import Database
from tests.support.files import entries_csv, load, loaded, patients_csv
from tests.support.practice import TryPractice


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def where(outcome: ImportOutcome) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in outcome.problems]


def known(context: Context) -> tuple[int, int]:
    return len(context.uow.patients.all()), len(context.uow.members.all())


def test_a_byte_order_mark_and_columns_in_any_order_are_taken(practice: TryPractice) -> None:
    """What a spreadsheet saves as CSV UTF-8 can be imported as it is."""
    outcome = load(practice, "patients", b"\xef\xbb\xbflast_name,MRN,First Name\r\nReyes,MRN0042,Bo\r\n")
    assert outcome.stored
    patient = practice.see(lambda context: context.uow.patients.by_identity("0042"))
    assert patient is not None
    assert (patient.mrn, patient.first_name, patient.last_name) == ("MRN0042", "Bo", "Reyes")


def test_dates_are_read_in_both_forms(practice: TryPractice) -> None:
    """ISO dates and M/D/YYYY name the same day."""
    data = patients_csv(
        {"mrn": "1", "initial_assessment_on": "2024-03-02"}, {"mrn": "2", "initial_assessment_on": "3/2/2024"}
    )
    loaded(practice, "patients", data)

    def assessed(context: Context) -> set[object]:
        return {
            context.uow.episodes.of_patient(patient.patient_id)[0].initial_assessment_on
            for patient in context.uow.patients.all()
        }

    assert len(practice.see(assessed)) == 1


def test_every_bad_cell_is_named_and_nothing_is_stored(practice: TryPractice) -> None:
    """All problems of all rows come at once, each with line and column; good rows wait with the bad ones."""
    data = entries_csv(
        {},
        {"minutes": "NaN"},
        {"minutes": "-5", "service_date": "2026-02-30"},
        {"minutes": "inf", "activity": "juggling", "role": "nurse"},
        {"minutes": "1441"},
        {"minutes": "0.001"},
        {"minutes": "1e9999999", "started_at": "25:00"},
        {"mrn": "", "performed_by": ""},
    )
    outcome = load(practice, "entries", data)
    assert not outcome.stored
    assert where(outcome) == [
        (3, "minutes"),
        (4, "minutes"),
        (4, "service_date"),
        (5, "activity"),
        (5, "minutes"),
        (5, "role"),
        (6, "minutes"),
        (7, "minutes"),
        (8, "minutes"),
        (8, "started_at"),
        (9, "mrn"),
        (9, "performed_by"),
    ]
    assert practice.see(known) == (0, 0)


def test_a_row_over_several_lines_is_named_by_its_first(practice: TryPractice) -> None:
    """A note with line breaks does not shift the lines of the rows after it."""
    outcome = load(practice, "entries", entries_csv({"note": "one\ntwo\nthree"}, {"minutes": "x"}))
    assert where(outcome) == [(5, "minutes")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"mrn\n\x81\xff\xfe", "UTF-8"),
        (b'mrn\n"12"3\n', "quotes"),
        (b"mrn,first_nam\n1,Bo\n", "Did you mean first_name?"),
        (b"first_name\nBo\n", "column mrn is missing"),
        (b"mrn,mrn\n1,1\n", "twice"),
        (b"mrn,first_name\n1,Bo,Reyes\n", "3 cells"),
    ],
)
def test_a_file_of_another_form_is_refused_in_a_sentence(
    practice: TryPractice, data: bytes, said: str
) -> None:
    """What is wrong with the whole file is said with how to fix it."""
    outcome = load(practice, "patients", data)
    assert not outcome.stored
    assert said in outcome.problems[0].message


def test_a_dry_run_stores_nothing_and_shows_what_it_would(practice: TryPractice) -> None:
    """The preview has the first rows as they were understood."""
    outcome = load(practice, "entries", entries_csv({}, {"minutes": "12.5"}), dry_run=True)
    assert (outcome.stored, outcome.added) == (False, 2)
    assert outcome.preview is not None
    assert [row[4] for row in outcome.preview.rows] == ["15 min", "12 min 30 s"]
    assert practice.see(known) == (0, 0)


def test_members_come_with_roles_and_are_found_again_by_slack_id_or_name(practice: TryPractice) -> None:
    """A member named first in another file is the same one when the list of members comes."""
    loaded(practice, "entries", entries_csv({}))
    header = b"slack_user_id,display_name,roles,time_zone,digest_at,credential\n"
    loaded(
        practice,
        "members",
        header + b"U0ANAFLORES,Ana Flores,care_manager supervisor,America/Chicago,8:15,LCSW\n",
    )
    ana = practice.see(lambda context: context.uow.members.by_slack_id("U0ANAFLORES"))
    assert ana is not None
    assert ana.roles == {MemberRole.CARE_MANAGER, MemberRole.SUPERVISOR}
    assert (ana.time_zone, str(ana.digest_at), ana.credential) == ("America/Chicago", "08:15:00", "LCSW")
    again = load(practice, "members", header + b"U0ANAFLORES,Ana Flores,care_manager,,,\n")
    assert (again.added, again.changed) == (0, 1)


def test_bad_members_are_named(practice: TryPractice) -> None:
    """Unknown roles, zones and times are each said."""
    data = b"display_name,roles,time_zone,digest_at\nBo,chef,Mars/Base,noonish\n,biller,,\n"
    outcome = load(practice, "members", data)
    assert where(outcome) == [(2, "digest_at"), (2, "roles"), (2, "time_zone"), (3, "display_name")]


def test_an_import_leaves_its_link_in_the_audit_chain(practice: TryPractice) -> None:
    """Who looks later sees that a file came in, and the chain holds."""
    loaded(practice, "patients", patients_csv({"mrn": "1"}))
    assert practice.see(lambda context: context.uow.chain.findings()) == ()
