"""Enrolling, discharging and assigning patients, as a care manager meets it."""

from dataclasses import replace
from datetime import date

import pytest

from billing.clinical import Scale
from billing.episodes import ConsentKind, Program
from billing.month_kinds import MonthKind
from billing.people import MemberRole
from services.care import carry_out
from services.care.enrollment import OtherProgram
from services.care.episodes import DatesOutOfOrder, NotEnrolled
from services.care.receipts import Assessed, Assigned, CareQuestion, Detail, Discharged, Enrolled
from services.care.requests import Assess, Assign, Discharge, Enroll, GiveConsent, Measured
from services.errors import NotAllowed, QuestionExpired, UnknownPatient, UnknownPerson
from storage import Database
from tests.support.care import audited, done, enrolled, episodes, record, ref
from tests.support.practice import TryPractice

PHQ = (Measured(scale=Scale.PHQ9, value=14),)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def test_enrolling_begins_an_episode_today_with_the_one_who_enrolls(practice: TryPractice) -> None:
    """Payer, NPI, program and care manager are kept; the patient is on the roster from now on."""
    ana = practice.member()
    receipt = record(practice, ana, Enroll(patient=ref(), payer="bcbs nd", npi="1234567893"))
    (episode,) = episodes(practice, receipt.patients[0])
    assert (episode.enrolled_on, episode.program) == (date(2026, 11, 18), Program.COCM)
    assert (episode.payer, episode.care_manager) == ("BCBS ND", ana.member_id)
    assert (receipt.patients[0].on_roster, receipt.patients[0].referring_npi) == (True, "1234567893")
    assert isinstance(receipt.outcome, Enrolled)
    assert receipt.outcome.payer_known
    assert receipt.outcome.details == {Detail.PAYER, Detail.NPI, Detail.CARE_MANAGER, Detail.BEGIN}
    assert [standing.month.name for standing in receipt.standings] == ["November"]
    assert audited(practice) == ["episode.begun"]


def test_an_open_episode_is_said_and_never_doubled(practice: TryPractice) -> None:
    """Enrolling again changes nothing when it says nothing new, and is not in the audit trail."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    again = done(practice, ana, Enroll(patient=ref()), Enrolled)
    assert again.before == again.episode
    assert again.details == frozenset()
    assert len(episodes(practice, patient)) == 1
    assert audited(practice) == ["episode.begun"]


def test_what_is_new_is_added_to_the_open_episode(practice: TryPractice) -> None:
    """A payer, an earlier beginning and a care manager named later are brought up to date."""
    ana = practice.member()
    ben = practice.member("Ben Okoro")
    enrolled(practice, ana)
    asked = Enroll(patient=ref(), on=date(2026, 10, 28), payer="Cedar Health", care_manager="Ben Okoro")
    outcome = done(practice, ana, asked, Enrolled)
    assert outcome.details == {Detail.BEGIN, Detail.PAYER, Detail.CARE_MANAGER}
    assert outcome.care_manager == ben
    assert not outcome.payer_known
    assert outcome.episode.enrolled_on == date(2026, 10, 28)
    later = done(practice, ana, replace(asked, on=date(2026, 11, 5)), Enrolled)
    assert later.episode.enrolled_on == date(2026, 10, 28)


def test_after_a_discharge_a_new_episode_begins_within_the_gap(practice: TryPractice) -> None:
    """The old episode stands as it was; the new one's assessment opens no first month so soon."""
    ana = practice.member()
    patient = enrolled(practice, ana, on=date(2026, 10, 5), payer="Cedar Health")
    record(practice, ana, Assess(patient=ref(), on=date(2026, 10, 5), scores=PHQ))
    record(practice, ana, Discharge(patient=ref(), on=date(2026, 10, 30), reason="goals met"))
    again = done(practice, ana, Enroll(patient=ref()), Enrolled)
    assert again.again
    assert again.before is None
    assert again.episode.payer == "Cedar Health"
    receipt = record(practice, ana, Assess(patient=ref(), on=date(2026, 11, 18), scores=PHQ))
    first, second = episodes(practice, patient)
    assert (first.initial_assessment_on, first.discharged_on) == (date(2026, 10, 5), date(2026, 10, 30))
    assert second.initial_assessment_on == date(2026, 11, 18)
    assert receipt.standings[0].result.kind is MonthKind.SUBSEQUENT


def test_a_new_episode_cannot_begin_before_the_last_one_ended(practice: TryPractice) -> None:
    """Two episodes never overlap."""
    ana = practice.member()
    enrolled(practice, ana)
    record(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 10), reason="moved"))
    with pytest.raises(DatesOutOfOrder, match="discharged on Nov 10, 2026"):
        record(practice, ana, Enroll(patient=ref(), on=date(2026, 11, 9)))


def test_one_patient_is_in_one_program(practice: TryPractice) -> None:
    """Changing the program of an open episode is refused with the way to do it."""
    ana = practice.member()
    enrolled(practice, ana)
    with pytest.raises(OtherProgram, match="Discharge first"):
        record(practice, ana, Enroll(patient=ref(), program=Program.BHI))


def test_a_score_recorded_before_the_enrollment_was_is_its_initial_assessment(practice: TryPractice) -> None:
    """Whoever assesses first and enrolls afterwards loses nothing."""
    ana = practice.member()
    practice.patient(assessed_on=None)
    outcome = done(practice, ana, Assess(patient=ref(), on=date(2026, 11, 16), scores=PHQ), Assessed)
    assert outcome.initial_on is None
    begun = done(practice, ana, Enroll(patient=ref(), on=date(2026, 11, 16)), Enrolled)
    assert begun.episode.initial_assessment_on == date(2026, 11, 16)


def test_an_mrn_one_typo_from_the_roster_is_asked_about(practice: TryPractice) -> None:
    """Nothing is stored before the answer; each answer does what its button says, once."""
    ana = practice.member()
    known = practice.patient("1234", assessed_on=None)
    question = practice.do(carry_out.carry_out, ana, Enroll(patient=ref("1243")), request_key="k1")
    assert isinstance(question, CareQuestion)
    assert question.choices == ("MRN1234", "MRN1243 is new", "Enroll nobody")
    receipt = practice.do(carry_out.answer, ana, question.pending_id, 0)
    assert receipt is not None
    assert not isinstance(receipt, CareQuestion)
    assert receipt.patients[0].patient_id == known.patient_id
    with pytest.raises(QuestionExpired):
        practice.do(carry_out.answer, ana, question.pending_id, 0)

    sure = practice.do(carry_out.carry_out, ana, Enroll(patient=ref("1243")))
    assert isinstance(sure, CareQuestion)
    new = practice.do(carry_out.answer, ana, sure.pending_id, 1)
    assert new is not None
    assert not isinstance(new, CareQuestion)
    assert new.patients[0].identity == "1243"

    nobody = practice.do(carry_out.carry_out, ana, Enroll(patient=ref("1244")))
    assert isinstance(nobody, CareQuestion)
    assert practice.do(carry_out.answer, ana, nobody.pending_id, len(nobody.choices) - 1) is None


def test_where_unknown_patients_are_refused_nobody_new_is_enrolled(practice: TryPractice) -> None:
    """The roster is then the only way in."""
    practice.set(unknown_patient="refuse")
    with pytest.raises(UnknownPatient, match="not on the roster"):
        record(practice, practice.member(), Enroll(patient=ref("77")))


def test_a_redelivered_request_is_done_once(practice: TryPractice) -> None:
    """The same key again changes nothing and is answered with where the patient stands."""
    ana = practice.member()
    first = record(practice, ana, Enroll(patient=ref()), key="event:1")
    again = record(practice, ana, Enroll(patient=ref(), payer="Cedar Health"), key="event:1")
    assert again.outcome is None
    assert again.patients == first.patients
    assert episodes(practice, first.patients[0])[0].payer == ""


def test_discharge_ends_the_open_episode_with_its_reason(practice: TryPractice) -> None:
    """A second discharge says when it was; what follows needs a new enrollment."""
    ana = practice.member()
    patient = enrolled(practice, ana)
    outcome = done(
        practice, ana, Discharge(patient=ref(), on=date(2026, 11, 17), reason="goals met"), Discharged
    )
    assert (outcome.already, outcome.on) == (False, date(2026, 11, 17))
    (episode,) = episodes(practice, patient)
    assert (episode.discharged_on, episode.discharge_reason) == (date(2026, 11, 17), "goals met")
    again = done(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 18), reason="moved"), Discharged)
    assert (again.already, again.on, again.reason) == (True, date(2026, 11, 17), "goals met")
    consent = GiveConsent(patient=ref(), on=date(2026, 11, 18), kind=ConsentKind.VERBAL)
    with pytest.raises(NotEnrolled, match="was discharged on Nov 17, 2026"):
        record(practice, ana, consent)


def test_discharge_does_not_come_before_enrollment_or_assessment(practice: TryPractice) -> None:
    """Care does not end before it began."""
    ana = practice.member()
    enrolled(practice, ana)
    with pytest.raises(DatesOutOfOrder, match="Nov 2, 2026"):
        record(practice, ana, Discharge(patient=ref(), on=date(2026, 11, 1), reason="goals met"))


def test_discharging_somebody_never_enrolled_says_how_to_begin(practice: TryPractice) -> None:
    """The refusal holds a line that works."""
    practice.patient(assessed_on=None)
    with pytest.raises(NotEnrolled, match="/cocm enroll MRN123"):
        record(practice, practice.member(), Discharge(patient=ref(), on=date(2026, 11, 1), reason="x"))


def test_assigning_moves_a_patient_to_another_care_manager(practice: TryPractice) -> None:
    """The one before is named; the same again changes nothing."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    patient = enrolled(practice, ana)
    moved = done(practice, ana, Assign(patient=ref(), care_manager="@Ben Okoro"), Assigned)
    assert (moved.care_manager, moved.before) == (ben, ana)
    assert episodes(practice, patient)[0].care_manager == ben.member_id
    assert done(practice, ben, Assign(patient=ref(), care_manager=None), Assigned).before == ben
    assert audited(practice) == ["episode.begun", "episode.changed"]


def test_only_care_managers_look_after_patients(practice: TryPractice) -> None:
    """A biller, and somebody nobody knows, are refused."""
    ana = practice.member()
    practice.member("Sam Whitfield", MemberRole.BILLER)
    enrolled(practice, ana)
    with pytest.raises(NotAllowed, match="not a care manager"):
        record(practice, ana, Assign(patient=ref(), care_manager="Sam Whitfield"))
    with pytest.raises(UnknownPerson):
        record(practice, ana, Assign(patient=ref(), care_manager="Nobody"))


def test_enrollment_takes_the_persons_own_today(practice: TryPractice) -> None:
    """Late in the evening on the coast, it is still that day there."""
    west = replace(practice.member(), time_zone="America/Los_Angeles")
    practice.clock.pass_(hours=16)  # 2:00 in New York, the next day
    assert done(practice, west, Enroll(patient=ref()), Enrolled).episode.enrolled_on == date(2026, 11, 18)
