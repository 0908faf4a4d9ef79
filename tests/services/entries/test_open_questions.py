"""Questions that wait for an answer, and what is only kept for a button."""

import pytest

from services.entries import kept_forms, log, open_questions, suggested, timers, typed_mrns
from services.entries.pending import Asked
from services.entries.timer_requests import TimerBegun, TimerWords
from services.errors import QuestionExpired
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.practice import TryPractice, asked

REF = PatientRef(text="MRN123", identity="123")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    made = TryPractice(database)
    made.patient("123")
    return made


def test_a_question_is_named_in_its_words_with_its_answers(practice: TryPractice) -> None:
    """Until it is answered, and to the person alone to whom it was put."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    begun = practice.do(timers.start, ana, TimerWords(patient=REF))
    assert isinstance(begun, TimerBegun)
    practice.clock.pass_(hours=5)
    about = (asked("123", minutes=1),)
    question = practice.do(timers.stop, ana, begun.running.timer.timer_id, TimerWords(), about)
    assert isinstance(question, Asked)
    (waits,) = practice.see(open_questions.waits, ana)
    assert waits.pending_id == question.pending_id
    assert waits.message == question.question.message
    assert waits.labels == tuple(one.label for one in question.question.choices)
    assert practice.see(open_questions.one_of, ana, question.pending_id) == waits
    assert practice.see(open_questions.waits, ben) == ()
    practice.do(log.answer, ana, question.pending_id, 0)
    assert practice.see(open_questions.waits, ana) == ()
    with pytest.raises(QuestionExpired):
        practice.see(open_questions.one_of, ana, question.pending_id)


def test_what_is_kept_for_a_button_is_no_question(practice: TryPractice) -> None:
    """A form that was not saved, a line that a refusal suggests, an MRN that was typed into a menu."""
    ana = practice.member()
    practice.do(kept_forms.keep, ana, {"note": "x"})
    practice.do(suggested.keep, ana, ["log 15m MRN123"])
    practice.do(typed_mrns.keep, ana, "typed:abc", "771")
    assert practice.see(open_questions.waits, ana) == ()


def test_a_typed_mrn_is_known_to_every_node_and_to_whoever_typed_it_alone(practice: TryPractice) -> None:
    """It outlives a restart, is kept once, and is forgotten after a day."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    for _ in range(2):
        practice.do(typed_mrns.keep, ana, "typed:abc", "771")
    assert practice.see(typed_mrns.find, ana, "typed:abc") == "771"
    assert practice.see(typed_mrns.find, ben, "typed:abc") is None
    assert practice.see(typed_mrns.find, ana, "typed:other") is None
    practice.clock.pass_(hours=25)
    assert practice.see(typed_mrns.find, ana, "typed:abc") is None


def test_a_line_that_opens_something_can_be_looked_at_again(practice: TryPractice) -> None:
    """Sending it uses it up, looking does not."""
    ana = practice.member()
    (kept,) = practice.do(suggested.keep, ana, ["assess MRN123 PHQ-9 14"])
    for _ in range(2):
        assert practice.see(suggested.look, ana, kept) == "assess MRN123 PHQ-9 14"
    practice.do(suggested.take, ana, kept)
    with pytest.raises(QuestionExpired):
        practice.see(suggested.look, ana, kept)
