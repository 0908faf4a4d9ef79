"""Who is sent a positive answer about suicide, what stays open, and what files, merges and corrections do to it."""

from datetime import date, timedelta

import pytest

from billing.clinical import Scale
from billing.people import MemberRole
from billing.safety import POSITIVE
from services.care import merging
from services.care.assessments import AnswerBeyondTotal
from services.care.receipts import Assessed
from services.care.requests import Assess, Measured, Review
from services.care.safety import SeenState, Tie, circle, see, unseen
from services.messages.safety import words_due
from storage import Database
from tests.support.care import consultant, done, enrolled, record, ref
from tests.support.files import loaded
from tests.support.practice import TryPractice

TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def asks(
    total: int, answer: int | None, on: date = TODAY, scale: Scale = Scale.PHQ9, identity: str = "123"
) -> Assess:
    measured = Measured(scale=scale, value=total, answer=answer)
    return Assess(patient=ref(identity), on=on, scores=(measured,))


def told(practice: TryPractice, patient_id: int) -> dict[str, Tie]:
    return {one.member.display_name: one.tie for one in practice.see(circle, patient_id).told}


def test_each_of_the_patients_own_people_is_sent_it_once(practice: TryPractice) -> None:
    """The care manager; the consultant who reviewed last, and not the other one; the only treating provider."""
    ana = practice.member(slack="U0ANA")
    raman = consultant(practice)
    practice.member("Dr. Osei", MemberRole.CONSULTANT, slack="U0OSEI")
    practice.member("Dr. Lee", MemberRole.TREATING_PROVIDER, slack="U0LEE")
    patient = enrolled(practice, ana, care_manager="U0ANA")
    assert set(told(practice, patient.patient_id)) == {"Ana Flores", "Dr. Raman", "Dr. Osei", "Dr. Lee"}
    record(practice, raman, Review(patients=(ref(),), on=TODAY))
    assert told(practice, patient.patient_id) == {
        "Ana Flores": Tie.CARE_MANAGER,
        "Dr. Raman": Tie.CONSULTANT,
        "Dr. Lee": Tie.TREATING_PROVIDER,
    }


def test_of_many_who_have_nothing_to_do_with_a_patient_nobody_is_sent_it(practice: TryPractice) -> None:
    """Six consultants of whom none has reviewed the patient."""
    ana = practice.member(slack="U0ANA")
    for number in range(6):
        practice.member(f"Dr. {number}", MemberRole.CONSULTANT, slack=f"U0D{number}")
    patient = enrolled(practice, ana, care_manager="U0ANA")
    assert set(told(practice, patient.patient_id)) == {"Ana Flores"}


def test_where_there_is_nobody_supervisors_are_sent_it(practice: TryPractice) -> None:
    """A patient with no care manager, in a practice with no consultant or provider in Slack."""
    ana = practice.member(slack="U0ANA")
    practice.member("Sam Whitfield", MemberRole.SUPERVISOR, slack="U0SAM")
    practice.patient(assessed_on=None)
    outcome = done(practice, ana, asks(14, 2), Assessed)
    assert outcome.circle is not None
    assert {one.tie for one in outcome.circle.told} == {Tie.SUPERVISOR}


def test_the_newest_answer_of_a_patient_is_open_until_it_is_seen_with_the_older_ones(
    practice: TryPractice,
) -> None:
    """Two answers; one [Seen] settles both, a second person is shown who was first."""
    ana = practice.member(slack="U0ANA")
    ben = practice.member("Ben Okoro", slack="U0BEN")
    patient = enrolled(practice, ana, on=date(2026, 10, 5))
    record(practice, ana, asks(12, 1, TODAY - timedelta(days=7)))
    practice.clock.pass_(minutes=1)
    record(practice, ana, asks(4, 4, scale=Scale.CSSRS))
    (signal,) = practice.see(unseen, {patient.patient_id}).values()
    assert (signal.scale, signal.level, signal.recorded_by) == (Scale.CSSRS, 4, ana.member_id)
    assert signal.words == "C-SSRS question 4 of 6 (suicidal thoughts with some intent to act)"
    made = practice.do(see, ben, signal.score_id)
    assert (made.state, made.seen_by) == (SeenState.MARKED, ben)
    assert practice.see(unseen, {patient.patient_id}) == {}
    again = practice.do(see, ana, signal.score_id)
    assert (again.state, again.seen_by, again.act_id) == (SeenState.ALREADY, ben, None)


def test_seen_on_what_was_corrected_shows_what_is_on_file(practice: TryPractice) -> None:
    """Whoever saw a 1 has not seen the 3 that it is now."""
    ana = practice.member(slack="U0ANA")
    patient = enrolled(practice, ana)
    first = done(practice, ana, asks(14, 1), Assessed).scores[0]
    practice.clock.pass_(minutes=1)
    record(practice, ana, asks(14, 3))
    made = practice.do(see, ana, first.score_id)
    assert (made.state, made.signal.level) == (SeenState.CORRECTED, 3)
    assert patient.patient_id in practice.see(unseen, {patient.patient_id})
    record(practice, ana, asks(14, 0))
    assert practice.do(see, ana, first.score_id).state is SeenState.GONE


def test_a_corrected_total_that_the_answer_does_not_go_with_is_refused(practice: TryPractice) -> None:
    """A total of 1 with the 2 on file: both have to be said."""
    ana = practice.member(slack="U0ANA")
    enrolled(practice, ana)
    record(practice, ana, asks(14, 2))
    with pytest.raises(AnswerBeyondTotal, match="PHQ-9 1 does not go with item 9: 2"):
        record(practice, ana, asks(1, None))


def test_the_same_line_again_changes_nothing(practice: TryPractice) -> None:
    """Typed twice, it is one score and one signal."""
    ana = practice.member(slack="U0ANA")
    patient = enrolled(practice, ana)
    first = done(practice, ana, asks(1, POSITIVE, scale=Scale.CSSRS), Assessed)
    again = done(practice, ana, asks(1, POSITIVE, scale=Scale.CSSRS), Assessed)
    assert again.scores == first.scores
    assert again.circle is None
    assert practice.see(unseen, {patient.patient_id})[patient.patient_id].words == "C-SSRS positive"


def _file(*rows: str) -> bytes:
    return "\n".join(("mrn,scale,value,measured_on,item9", *rows, "")).encode()


def test_a_file_brings_answers_and_old_ones_are_history(practice: TryPractice) -> None:
    """Of the last 30 days it is news; an older one is kept, open nowhere and sent to nobody."""
    ana = practice.member(slack="U0ANA")
    patient = enrolled(practice, ana, care_manager="U0ANA")
    old = loaded(practice, "scores", _file("MRN123,PHQ-9,14,2026-08-03,2"))
    assert "1 older is kept as history" in " ".join(old.remarks)
    assert practice.see(unseen, {patient.patient_id}) == {}
    assert practice.see(words_due) == ()
    new = loaded(practice, "scores", _file("MRN123,PHQ-9,16,2026-11-16,3", "MRN123,C-SSRS,4,2026-11-17,"))
    assert "2 of the last 30 days go" in " ".join(new.remarks)
    assert practice.see(unseen, {patient.patient_id})[patient.patient_id].scale is Scale.CSSRS
    assert {one.member_id for one in practice.see(words_due)} == {ana.member_id}


def test_a_file_adds_an_answer_to_a_score_and_never_changes_one(practice: TryPractice) -> None:
    """What somebody wrote stands, whatever a file says; the same file again adds nothing."""
    ana = practice.member(slack="U0ANA")
    patient = enrolled(practice, ana)
    record(practice, ana, asks(14, None))
    added = loaded(practice, "scores", _file("MRN123,PHQ-9,14,2026-11-18,2"))
    assert (added.added, added.changed) == (0, 1)
    assert practice.see(unseen, {patient.patient_id})[patient.patient_id].level == 2
    again = loaded(practice, "scores", _file("MRN123,PHQ-9,14,2026-11-18,0"))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    assert practice.see(unseen, {patient.patient_id})[patient.patient_id].level == 2


def test_a_merged_patient_brings_the_answer_along(practice: TryPractice) -> None:
    """It is open for the one who has everything now; taken apart, it is the other's again."""
    ana = practice.member(slack="U0ANA")
    boss = practice.member("Sam Whitfield", MemberRole.SUPERVISOR, slack="U0SAM")
    kept = enrolled(practice, ana)
    other = practice.patient("417", assessed_on=None)
    record(practice, ana, asks(14, 2, identity="417"))
    practice.do(merging.merge, boss, ref("417"), ref())
    assert set(practice.see(unseen, {kept.patient_id, other.patient_id})) == {kept.patient_id}
    practice.do(merging.unmerge, boss, ref("417"))
    assert set(practice.see(unseen, {kept.patient_id, other.patient_id})) == {other.patient_id}
