"""What a roster says of people: one person under two MRNs, who is new, changed or left out."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.people import MemberRole, Patient
from services.care import merging
from services.context import Context
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import csv_of, entries_csv, load, loaded
from tests.support.practice import TryPractice

COLUMNS = (
    "mrn",
    "first_name",
    "last_name",
    "birth_date",
    "payer",
    "care_manager",
    "enrolled_on",
    "discharged_on",
)
BO = {
    "mrn": "MRN00417",
    "first_name": "Bo",
    "last_name": "Reyes",
    "birth_date": "1980-02-03",
    "enrolled_on": "2026-01-05",
}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[TryPractice]:
    """The same practice on each of the two databases."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield TryPractice(database)
    database.close()


def roster(*rows: dict[str, str]) -> bytes:
    """A roster with birth dates."""
    return csv_of(COLUMNS, rows)


def patients(practice: TryPractice) -> dict[str, Patient]:
    """Who is on file, by MRN."""
    return practice.see(lambda context: {one.mrn: one for one in context.uow.patients.all()})


def test_the_same_name_and_birth_date_under_another_mrn_is_asked_about(practice: TryPractice) -> None:
    """Against what is on file, and within one file; answered, the rows are that patient's, or another's."""
    loaded(practice, "patients", roster(BO))
    twin = BO | {"mrn": "999123", "first_name": "BO", "birth_date": "2/3/1980"}
    asked = load(practice, "patients", roster(twin))
    assert [(one.name, one.lines) for one in asked.questions] == [("999123", (2,))]
    assert "MRN00417 on file has the same name and birth date" in asked.problems[0].message
    assert "--new-patient 999123" in asked.problems[0].message
    taken = loaded(
        practice, "patients", roster(twin | {"payer": "Cigna"}), answers="patient 999123 = MRN00417"
    )
    assert (taken.added, taken.changed) == (0, 1)
    assert list(patients(practice)) == ["MRN00417"]
    loaded(practice, "patients", roster(twin), new_patients=["999123"])
    assert patients(practice)["999123"].birth_date == date(1980, 2, 3)
    both = [{**BO, "mrn": mrn, "first_name": "Al"} for mrn in ("51000", "62000")]
    within = load(practice, "patients", roster(*both))
    assert [one.name for one in within.questions] == ["62000"]
    assert "51000 (line 2) has the same name and birth date" in within.problems[0].message


def test_an_mrn_that_lost_its_zeros_can_be_taken_as_the_patients(practice: TryPractice) -> None:
    """In a roster and in entries; an answer that names nobody is refused."""
    loaded(practice, "patients", roster(BO))
    for kind, data in (
        ("patients", roster({"mrn": "417"})),
        ("entries", entries_csv({"mrn": "417"}, {"mrn": "417"})),
    ):
        assert load(practice, kind, data).questions[0].name == "417"
        wrong = load(practice, kind, data, answers="patient 417 = MRN418")
        assert "no patient on file has that MRN" in wrong.problems[0].message
        loaded(practice, kind, data, answers="patient 417 = MRN00417")
    assert list(patients(practice)) == ["MRN00417"]


def test_one_name_without_birth_dates_is_told_once(practice: TryPractice) -> None:
    """Two people may have one name; what tells them apart is said to be missing."""
    rows = [{**BO, "mrn": mrn, "birth_date": ""} for mrn in ("51000", "62000")]
    first = loaded(practice, "patients", roster(*rows))
    assert (
        "Same first and last name, and no birth date to tell whether they are one person: 62000 (line 3) and 51000. "
        "If they are: /cocm merge."
    ) in first.remarks
    again = loaded(practice, "patients", roster(*rows))
    assert not any("Same first" in one for one in again.remarks)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2027-01-01", "has not come yet"),
        ("2026-11-18", "today"),
        ("1900-01-01", "placeholder"),
        ("1905-05-05", "ago"),
    ],
)
def test_a_day_that_is_nobodys_birth_date_is_refused(practice: TryPractice, written: str, why: str) -> None:
    """What a spreadsheet or a form writes where nobody knew it."""
    outcome = load(practice, "patients", roster(BO | {"birth_date": written}))
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "birth_date")]
    assert why in outcome.problems[0].message
    assert "eave it empty" in outcome.problems[0].message


def test_a_roster_names_who_is_new_what_changes_and_who_is_left_out(practice: TryPractice) -> None:
    """By line; of those left out nothing is changed, and those out of care are not missed."""
    practice.member("Ana Flores")
    practice.member("Ben Okoye")
    left = [{"mrn": f"70{number}00", "enrolled_on": "2026-01-05"} for number in range(1, 3)]
    gone = {"mrn": "90900", "enrolled_on": "2026-01-05", "discharged_on": "2026-03-01"}
    first = loaded(practice, "patients", roster(BO | {"payer": "Cigna", "care_manager": "ana"}, *left, gone))
    assert first.news[0].startswith("New patients (4): MRN00417 Bo Reyes (line 2), 70100 (line 3), ")
    changed = BO | {
        "payer": "Medicare",
        "care_manager": "Okoye, Ben",
        "last_name": "Ruiz",
        "birth_date": "1981-02-03",
    }
    second = loaded(practice, "patients", roster(changed, {"mrn": "81000", "enrolled_on": "2026-11-02"}))
    assert second.news == (
        "New patients (1): 81000 (line 3).",
        (
            "Changes (1): MRN00417 Bo Ruiz (line 2): last name Reyes -> Ruiz, birth date 1980-02-03 -> 1981-02-03, "
            "payer Cigna -> Medicare from today, care manager Ana Flores -> Ben Okoye from today."
        ),
    )
    assert (
        "2 patients in care are not in this file: 70100, 70200. Nothing is changed of them. If care has ended, give "
        "the day in discharged_on, or type /cocm discharge 70100."
    ) in second.remarks
    assert "90900" not in " ".join(second.remarks)


def test_a_merge_keeps_the_birth_date_of_who_is_kept(practice: TryPractice) -> None:
    """And taking the two apart gives each their own again."""
    loaded(
        practice,
        "patients",
        roster(BO, BO | {"mrn": "62000", "first_name": "Al", "birth_date": "1990-01-01", "enrolled_on": ""}),
    )
    alma = practice.member("Alma Reid", MemberRole.ADMIN, MemberRole.SUPERVISOR)
    old, kept = (PatientRef(text=mrn, identity=mrn) for mrn in ("62000", "00417"))
    practice.do(merging.merge, alma, old, kept)
    assert [one.birth_date for one in patients(practice).values()] == [date(1980, 2, 3)]
    practice.do(merging.unmerge, alma, old)

    def stored(context: Context) -> date | None:
        found = context.uow.patients.by_identity("62000")
        assert found is not None
        return found.birth_date

    assert practice.see(stored) == date(1990, 1, 1)


def test_whoever_looks_after_no_patients_is_pointed_out_as_a_care_manager(practice: TryPractice) -> None:
    """A biller, and somebody whose membership ended: the row is taken, and a note names its line."""
    practice.member("Sam Whitfield", MemberRole.BILLER)
    practice.member("Ana Flores")
    loaded(practice, "members", b"display_name,roles,active\nEve Gone,care_manager,no\n")
    for number, (manager, why) in enumerate(
        (
            ("Sam Whitfield", "is a biller here, not a care manager"),
            ("Eve Gone", "takes no part"),
            ("Ana Flores", ""),
        )
    ):
        row = {**BO, "mrn": f"MRN9{number}71", "birth_date": "", "care_manager": manager}
        outcome = loaded(practice, "patients", csv_of(COLUMNS, [row]), new_patients=["all"])
        named = [one.message for one in outcome.warnings if one.column == "care_manager"]
        assert [why in message for message in named] == ([True] if why else [])
