"""Psychiatric case reviews: for each patient, with or without time, alone or together."""

from datetime import date

import pytest

from billing.activities import Activity
from billing.clinical import CaseReview
from billing.people import Member, MemberRole, Patient, Role
from services.acts import undo
from services.care.case_review import NoConsultant, NoReview, ReviewedAlready
from services.care.receipts import AdviceSent, Reviewed
from services.care.requests import Review
from services.context import Context
from services.entries import void
from services.errors import UnknownPatient, UnknownPerson
from storage import Database
from tests.support.care import audited, consultant, done, record, ref
from tests.support.practice import TryPractice, asked

TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def of(*identities: str, minutes: int = 0, words: str = "continue sertraline", **more: object) -> Review:
    entries = (
        tuple(asked(identity, minutes=minutes, note=words) for identity in identities) if minutes else ()
    )
    return Review(
        patients=tuple(ref(identity) for identity in identities),
        on=TODAY,
        entries=entries,
        recommendation=words,
        **more,  # type: ignore[arg-type]
    )


def reviews(practice: TryPractice, patient: Patient) -> tuple[CaseReview, ...]:
    def read(context: Context) -> tuple[CaseReview, ...]:
        found = context.uow.reviews.of_patients((patient.patient_id,), date.min, date.max)
        return found.get(patient.patient_id, ())

    return practice.see(read)


def test_the_consultants_own_review_is_recorded_for_each_patient(practice: TryPractice) -> None:
    """Minutes each, as the consultant's case review; the month's blocker goes."""
    doc = consultant(practice)
    both = practice.patient("123"), practice.patient("124")
    receipt = record(practice, doc, of("123", "124", minutes=20))
    assert isinstance(receipt.outcome, Reviewed)
    assert receipt.outcome.time is not None
    entries = [view.entry for view in receipt.outcome.time.entries]
    assert [(entry.seconds, entry.activity, entry.role) for entry in entries] == [
        (1200, Activity.CASE_REVIEW, Role.CONSULTANT)
    ] * 2
    for patient, entry in zip(both, entries, strict=True):
        (kept,) = reviews(practice, patient)
        assert (kept.consultant, kept.entry_id, kept.reviewed_on) == (doc.member_id, entry.entry_id, TODAY)
    for standing in receipt.standings:
        assert "review_missing" not in {finding.code for finding in standing.result.findings}
    assert audited(practice) == ["review.recorded"] * 2


def test_the_recommendation_lies_in_identified_text(practice: TryPractice) -> None:
    """It is read back by the review's number, and a review without minutes keeps it too."""
    doc, patient = consultant(practice), practice.patient()
    outcome = done(practice, doc, of("123", sent_on=TODAY), Reviewed)
    assert outcome.time is None
    (kept,) = reviews(practice, patient)
    assert (kept.entry_id, kept.sent_on) == (None, TODAY)
    words = practice.see(lambda context: context.uow.reviews.recommendations([kept.review_id]))
    assert words == {kept.review_id: "continue sertraline"}


def test_joint_time_is_one_entry_with_its_participants(practice: TryPractice) -> None:
    """A care manager's `with @dr` is her own entry, and what the consultant logs of it counts once."""
    ana, doc, patient = practice.member(), consultant(practice), practice.patient()
    outcome = done(practice, ana, of("123", minutes=20, participants=("Dr. Raman",)), Reviewed)
    assert (outcome.consultant, outcome.participants) == (doc, (doc,))
    assert outcome.time is not None
    (view,) = outcome.time.entries
    assert (view.entry.performed_by, view.entry.participants) == (ana.member_id, (doc.member_id,))
    assert view.entry.role is Role.CARE_MANAGER
    (kept,) = reviews(practice, patient)
    assert (kept.consultant, kept.recorded_by) == (doc.member_id, ana.member_id)


def test_the_care_manager_keeps_joint_time_whoever_types(practice: TryPractice) -> None:
    """The consultant's `with @ana` is Ana's entry with the consultant in it, and the consultant's review."""
    ana, doc, patient = practice.member(), consultant(practice), practice.patient()
    outcome = done(practice, doc, of("123", minutes=20, participants=(ana.display_name,)), Reviewed)
    assert outcome.consultant == doc
    assert outcome.time is not None
    (view,) = outcome.time.entries
    assert (view.entry.performed_by, view.entry.participants) == (ana.member_id, (doc.member_id,))
    assert (view.entry.recorded_by, view.entry.role) == (doc.member_id, Role.CARE_MANAGER)
    (kept,) = reviews(practice, patient)
    assert (kept.consultant, kept.entry_id) == (doc.member_id, view.entry.entry_id)


def test_a_care_manager_records_the_consultants_own_review(practice: TryPractice) -> None:
    """`by @dr` is the consultant's time, written down by somebody else."""
    ana, doc = practice.member(), consultant(practice)
    practice.patient()
    outcome = done(practice, ana, of("123", minutes=10, words="", by="U0DOC"), Reviewed)
    assert outcome.time is not None
    (view,) = outcome.time.entries
    assert (view.entry.performed_by, view.entry.recorded_by, view.entry.role) == (
        doc.member_id,
        ana.member_id,
        Role.CONSULTANT,
    )
    assert view.note == "psychiatric case review"


def test_without_a_consultant_nothing_is_stored(practice: TryPractice) -> None:
    """Neither the typist nor anybody named is one: asked for, and no time is kept."""
    ana, patient = practice.member(), practice.patient()
    practice.member("Ben Okoro")
    with pytest.raises(NoConsultant, match="Add by @dr"):
        record(practice, ana, of("123", minutes=20, participants=("Ben Okoro",)))
    with pytest.raises(NoConsultant, match="not a psychiatric consultant"):
        record(practice, ana, of("123", minutes=20, by="Ben Okoro"))
    with pytest.raises(UnknownPerson):
        record(practice, ana, of("123", minutes=20, by="Nobody"))
    assert reviews(practice, patient) == ()
    assert practice.see(lambda context: context.uow.ledger.member_days(ana.member_id, TODAY, TODAY)) == ()


def test_one_unknown_patient_stores_none_of_them(practice: TryPractice) -> None:
    """All or nothing."""
    doc, patient = consultant(practice), practice.patient()
    with pytest.raises(UnknownPatient):
        record(practice, doc, of("123", "98765", minutes=20))
    assert reviews(practice, patient) == ()


def test_the_same_review_twice_is_refused(practice: TryPractice) -> None:
    """One review a patient, day and consultant; another consultant's is another."""
    doc = consultant(practice)
    practice.patient()
    record(practice, doc, of("123", minutes=20))
    with pytest.raises(ReviewedAlready, match="is already on file"):
        record(practice, doc, of("123", minutes=20))
    other = practice.member("Dr. Vale", MemberRole.CONSULTANT, slack="U0VALE")
    record(practice, other, of("123", minutes=20))


def test_a_redelivered_review_is_kept_once(practice: TryPractice) -> None:
    """The same key again neither logs nor refuses."""
    doc, patient = consultant(practice), practice.patient()
    record(practice, doc, of("123", minutes=20), key="event:9")
    assert record(practice, doc, of("123", minutes=20), key="event:9").outcome is None
    assert len(reviews(practice, patient)) == 1


def test_undoing_its_time_withdraws_the_review(practice: TryPractice) -> None:
    """A review recorded by mistake does not stand for the month, and can be recorded again."""
    doc, patient = consultant(practice), practice.patient()
    record(practice, doc, of("123", minutes=20))
    practice.do(undo.undo_last, doc)
    assert reviews(practice, patient) == ()
    assert audited(practice)[-1] == "act.undone"
    record(practice, doc, of("123", minutes=15))


def test_voiding_its_time_withdraws_the_review(practice: TryPractice) -> None:
    """Only that patient's review goes; the other stands."""
    doc = consultant(practice)
    first, second = practice.patient("123"), practice.patient("124")
    outcome = done(practice, doc, of("123", "124", minutes=20), Reviewed)
    assert outcome.time is not None
    practice.do(void.void, doc, outcome.time.entries[0].entry.entry_id, "wrong patient")
    assert reviews(practice, first) == ()
    assert len(reviews(practice, second)) == 1


def test_word_of_sending_is_kept_with_the_last_review(practice: TryPractice) -> None:
    """`review MRN123 sent 11/18` alone; without a review on file it is refused."""
    doc, patient = consultant(practice), practice.patient()
    word = Review(patients=(ref(),), on=TODAY, sent_on=TODAY)
    with pytest.raises(NoReview, match="/cocm review MRN123 10m by @dr"):
        record(practice, doc, word)
    record(practice, doc, of("123", minutes=20))
    ana: Member = practice.member()
    assert done(practice, ana, word, AdviceSent) == AdviceSent(reviewed_on=TODAY, sent_on=TODAY)
    assert reviews(practice, patient)[0].sent_on == TODAY
