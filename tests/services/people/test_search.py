"""Patients found while somebody types: their own first, by any spelling of an MRN or a handle, and nobody twice."""

from datetime import date

import pytest

from billing.people import Member, MemberRole
from services.care.merging import merge
from services.entries import log
from services.errors import NotAllowed
from services.people.patient_ref import PatientRef
from services.people.search import Fit, Found, search
from storage import Database, patient_handles
from tests.support.caseloads import in_care
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def mrns(found: Found) -> list[tuple[str, Fit]]:
    return [(one.patient.identity, one.fit) for one in found.patients]


def test_ones_own_come_before_a_letter_is_typed(practice: TryPractice) -> None:
    """Those worked for last, then the caseload, each once; strangers are not among them."""
    ana = practice.member()
    in_care(practice, ana, "11", enrolled_on=date(2026, 1, 5), initial_assessment_on=None)
    practice.patient("22")
    practice.patient("33")
    practice.do(log.log, ana, draft(asked("22")))
    for typed in ("", "m", "MRN", "mrn #"):
        found = practice.see(search, ana, typed)
        assert mrns(found) == [("22", Fit.RECENT), ("11", Fit.CASELOAD)]
    assert practice.see(search, ana, "").patients[0].last_seen == date(2026, 11, 18)


@pytest.mark.parametrize(
    "typed", ["0042", "MRN0042", "mrn 0042", "mrn#0042", "#0042", "MRN-0042", "\uff10\uff10\uff14\uff12"]
)
def test_any_spelling_of_an_mrn_finds_it(practice: TryPractice, typed: str) -> None:
    """As a typed line would; the one that is exactly it comes first."""
    ana = practice.member()
    for identity in ("00421", "0042", "10042"):
        practice.patient(identity)
    assert mrns(practice.see(search, ana, typed)) == [
        ("0042", Fit.EXACT),
        ("00421", Fit.BEGINS),
        ("10042", Fit.CONTAINS),
    ]


@pytest.mark.parametrize("letters", ["7F3K", "P7F3", "PP2P", "2345"])
def test_a_handle_is_found_with_and_without_its_mark(
    practice: TryPractice, monkeypatch: pytest.MonkeyPatch, letters: str
) -> None:
    """As far as it is typed, in any case, also where it begins like the mark or reads like an MRN."""
    monkeypatch.setattr(patient_handles, "_any_handle", lambda: f"P-{letters}")
    ana = practice.member()
    patient = practice.patient("900000")
    for typed in (patient.handle, patient.handle.lower(), letters, letters.lower(), f"p{letters}"):
        assert mrns(practice.see(search, ana, typed)) == [("900000", Fit.EXACT)]
    assert ("900000", Fit.BEGINS) in mrns(practice.see(search, ana, patient.handle[:-1]))


def test_signs_of_a_pattern_are_signs(practice: TryPractice) -> None:
    """Nothing that is typed finds everybody."""
    ana = practice.member()
    practice.patient("123")
    for typed in ("%%", "__", "1%", "/%", "\\"):
        assert mrns(practice.see(search, ana, typed)) == []


def test_more_than_fit_is_said(practice: TryPractice) -> None:
    """So many at most, and whether there are others."""
    ana = practice.member()
    for number in range(5):
        practice.patient(f"77{number}")
    found = practice.see(search, ana, "77", 3)
    assert (len(found.patients), found.is_more) == (3, True)
    assert not practice.see(search, ana, "77", 5).is_more


def test_an_alias_finds_whom_it_names_now(practice: TryPractice) -> None:
    """Once, under the MRN that stands."""
    ana = practice.member()
    practice.patient("501", assessed_on=None)
    practice.patient("502", assessed_on=None)
    boss = _supervisor(practice)
    practice.do(
        merge,
        boss,
        PatientRef(text="501", identity="501"),
        PatientRef(text="502", identity="502"),
        "same person",
    )
    (only,) = practice.see(search, ana, "50").patients
    assert practice.see(search, ana, "501").patients[0].patient == only.patient


def test_what_is_nobodys_is_offered_only_where_it_is_taken(practice: TryPractice) -> None:
    """As an MRN of its own, where the practice takes patients from chat."""
    ana = practice.member()
    assert practice.see(search, ana, "MRN 9X1").unknown_mrn == "9x1"
    assert practice.see(search, ana, "smith").unknown_mrn == ""
    practice.set(unknown_patient="refuse")
    assert practice.see(search, ana, "9x1").unknown_mrn == ""


def test_whoever_has_no_role_is_refused(practice: TryPractice) -> None:
    """Nobody is found by somebody who may see nobody."""
    practice.patient("123")
    with pytest.raises(NotAllowed):
        practice.see(search, Member(member_id=99, display_name="Nobody", roles=frozenset()), "123")


def _supervisor(practice: TryPractice) -> Member:
    return practice.member("Sam Whitfield", MemberRole.SUPERVISOR)
