"""Case reviews of several lines in one message: all or none, one act, joint time once, those on file left."""

from datetime import date

import pytest

from billing.clinical import CaseReview
from billing.people import MemberRole, Patient, Role
from services.acts import undo
from services.care.case_review import NoConsultant, ReviewedAlready, TwiceInMessage
from services.care.receipts import Reviewed, ReviewedLines
from services.care.requests import Review, Reviews
from services.context import Context
from services.errors import UnknownPatient
from storage import Database
from tests.support.care import audited, consultant, done, record, ref
from tests.support.practice import TryPractice, asked

TODAY = date(2026, 11, 18)


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


def line(identity: str, words: str, minutes: int = 0, **more: object) -> Review:
    entries = (asked(identity, minutes=minutes, note=words),) if minutes else ()
    said = {"on": TODAY, **more}
    return Review(patients=(ref(identity),), entries=entries, recommendation=words, **said)  # type: ignore[arg-type]


def reviews(practice: TryPractice, patient: Patient) -> tuple[CaseReview, ...]:
    def read(context: Context) -> tuple[CaseReview, ...]:
        found = context.uow.reviews.of_patients((patient.patient_id,), date.min, date.max)
        return found.get(patient.patient_id, ())

    return practice.see(read)


def words_of(practice: TryPractice, patient: Patient) -> list[str]:
    kept = reviews(practice, patient)
    found = practice.see(lambda context: context.uow.reviews.recommendations([one.review_id for one in kept]))
    return list(found.values())


def test_each_line_keeps_its_own_words_and_minutes(practice: TryPractice) -> None:
    """Three patients, one without time; one act takes all of them back."""
    doc = consultant(practice)
    first, second, third = (practice.patient(mrn) for mrn in ("123", "124", "125"))
    several = Reviews(lines=(line("123", "continue", 20), line("124", "start CBT", 10), line("125", "wait")))
    receipt = record(practice, doc, several)
    assert isinstance(receipt.outcome, ReviewedLines)
    assert receipt.outcome.time is not None
    assert [view.entry.seconds for view in receipt.outcome.time.entries] == [1200, 600]
    assert [words_of(practice, one) for one in (first, second, third)] == [
        ["continue"],
        ["start CBT"],
        ["wait"],
    ]
    assert [reviews(practice, one)[0].entry_id is not None for one in (first, second, third)] == [
        True,
        True,
        False,
    ]
    assert receipt.act_id is not None
    practice.do(undo.undo_act, doc, receipt.act_id)
    assert [reviews(practice, one) for one in (first, second, third)] == [(), (), ()]
    assert practice.see(lambda context: context.uow.ledger.member_days(doc.member_id, TODAY, TODAY)) == ()
    assert audited(practice) == ["review.recorded"] * 3 + ["act.undone"]


def test_one_line_that_cannot_be_stores_none(practice: TryPractice) -> None:
    """An unknown patient on the last line: nothing of the others is kept."""
    doc, patient = consultant(practice), practice.patient("123")
    with pytest.raises(UnknownPatient):
        record(practice, doc, Reviews(lines=(line("123", "continue", 20), line("98765", "start CBT"))))
    assert reviews(practice, patient) == ()


def test_who_was_reviewed_already_is_left_and_named(practice: TryPractice) -> None:
    """The others are recorded; the receipt has what of the line was not stored."""
    doc = consultant(practice)
    first, second = practice.patient("123"), practice.patient("124")
    record(practice, doc, line("123", "continue", 20))
    several = Reviews(lines=(line("123", "increase", 15), line("124", "start CBT", 10)))
    outcome = done(practice, doc, several, ReviewedLines)
    assert [(one.patient, one.recommendation, one.seconds) for one in outcome.left] == [
        (first, "increase", 900)
    ]
    assert words_of(practice, first) == ["continue"]
    assert words_of(practice, second) == ["start CBT"]
    with pytest.raises(ReviewedAlready, match="MRN123, MRN124 on Nov 18, 2026 is already on file"):
        record(practice, doc, several)


def test_on_one_line_the_others_are_recorded_too(practice: TryPractice) -> None:
    """`review MRN123, MRN124 20m` with MRN123 on file: MRN124 has its 20 minutes, and no more."""
    doc = consultant(practice)
    practice.patient("123")
    second = practice.patient("124")
    record(practice, doc, line("123", "continue", 20))
    both = Review(
        patients=(ref("123"), ref("124")),
        on=TODAY,
        entries=(asked("123", minutes=20), asked("124", minutes=20)),
        recommendation="continue",
    )
    outcome = done(practice, doc, both, Reviewed)
    assert [(one.patient.identity, one.seconds) for one in outcome.left] == [("123", 1200)]
    assert outcome.time is not None
    assert [view.patient for view in outcome.time.entries] == [second]


def test_a_line_that_names_nobody_has_the_consultant_of_the_line_before(practice: TryPractice) -> None:
    """For a care manager, who is none; the receipt says so, and joint time is her entry each time."""
    ana, doc = practice.member(), consultant(practice)
    practice.patient("123")
    practice.patient("124")
    several = Reviews(
        lines=(line("123", "continue", 20, participants=("Dr. Raman",)), line("124", "start CBT", 10))
    )
    receipt = record(practice, ana, several)
    assert "MRN124: with Dr. Raman, as on the line before." in receipt.remarks
    assert isinstance(receipt.outcome, ReviewedLines)
    assert receipt.outcome.time is not None
    assert {(view.entry.role, view.entry.participants) for view in receipt.outcome.time.entries} == {
        (Role.CARE_MANAGER, (doc.member_id,))
    }


def test_the_first_line_must_name_one(practice: TryPractice) -> None:
    """Nobody before it: asked for, and nothing is stored."""
    ana = practice.member()
    consultant(practice)
    first = practice.patient("123")
    practice.patient("124")
    with pytest.raises(NoConsultant):
        record(practice, ana, Reviews(lines=(line("123", "continue"), line("124", "start CBT"))))
    assert reviews(practice, first) == ()


def test_a_patient_on_two_lines_is_refused(practice: TryPractice) -> None:
    """One review a patient, day and consultant: which words were meant is not guessed."""
    doc, patient = consultant(practice), practice.patient("123")
    with pytest.raises(TwiceInMessage, match="MRN123 is on two lines"):
        record(practice, doc, Reviews(lines=(line("123", "continue", 20), line("123", "start CBT", 10))))
    assert reviews(practice, patient) == ()


def test_a_redelivered_message_is_recorded_once(practice: TryPractice) -> None:
    """The same key again neither logs nor refuses, with time or without."""
    doc, patient = consultant(practice), practice.patient("123")
    practice.patient("124")
    several = Reviews(lines=(line("123", "continue"), line("124", "start CBT", 10)))
    record(practice, doc, several, key="event:9")
    assert record(practice, doc, several, key="event:9").outcome is None
    alone = line("123", "later", on=date(2026, 11, 17))
    record(practice, doc, alone, key="event:10")
    assert record(practice, doc, alone, key="event:10").outcome is None
    assert len(reviews(practice, patient)) == 2


def test_two_consultants_reviews_of_one_patient_keep_their_own_time(practice: TryPractice) -> None:
    """Each review is tied to the entry of its own line."""
    ana, doc = practice.member(), consultant(practice)
    vale = practice.member("Dr. Vale", MemberRole.CONSULTANT, slack="U0VALE")
    patient = practice.patient("123")
    several = Reviews(
        lines=(line("123", "continue", 20, by="Dr. Raman"), line("123", "start CBT", 10, by="Dr. Vale"))
    )
    record(practice, ana, several)
    kept = {one.consultant: one.entry_id for one in reviews(practice, patient)}
    assert set(kept) == {doc.member_id, vale.member_id}
    assert len(set(kept.values())) == 2
