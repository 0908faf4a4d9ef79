"""Logging, undoing and asking first, as a care manager meets them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from billing.people import MemberRole
from services.acts import undo
from services.acts.went import EntryWent, MoreToUndo, TakenBack
from services.entries import log, overviews
from services.entries.pending import Asked
from services.entries.receipts import Receipt
from services.errors import (
    AlreadyUndone,
    DayTooLong,
    NotAllowed,
    NothingToUndo,
    QuestionExpired,
    TooLateToUndo,
    UnknownPatient,
)
from services.people import patients
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.files import loaded
from tests.support.practice import TryPractice, asked, draft


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def logged(outcome: Receipt | Asked | None) -> Receipt:
    assert isinstance(outcome, Receipt)
    return outcome


def question(outcome: Receipt | Asked | None) -> Asked:
    assert isinstance(outcome, Asked)
    return outcome


def counted(receipt: Receipt) -> int:
    return receipt.standings[0].result.threshold.counted_seconds


def test_a_log_is_weighed_against_the_month(practice: TryPractice) -> None:
    """The receipt says what the month now holds and how much reaches the next code."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked(minutes=37, note="chart review")))
    receipt = logged(practice.do(log.log, ana, draft(asked(minutes=15))))
    threshold = receipt.standings[0].result.threshold
    assert threshold.counted_seconds == 52 * 60
    assert threshold.target_seconds == 60 * 60
    assert threshold.next_code == "99493"
    assert threshold.remaining_seconds == 8 * 60


def test_unknown_patients_are_kept_and_marked_not_enrolled(practice: TryPractice) -> None:
    """An MRN nobody has heard of is stored, weighed against the first-month threshold."""
    ana = practice.member()
    receipt = logged(practice.do(log.log, ana, draft(asked("777"))))
    standing = receipt.standings[0]
    assert not standing.patient.on_roster
    assert standing.result.threshold.next_code == "99492"
    assert standing.result.earned == ()


def test_a_patient_known_from_chat_is_spelt_as_typed_until_the_roster_spells_it(
    practice: TryPractice,
) -> None:
    """`mrn777` and `MRN777` are one patient, `MRN777`; a roster's `777` is shown from then on."""
    ana = practice.member()
    typed = replace(asked("777"), patient=PatientRef(text="mrn777", identity="777"))
    receipt = logged(practice.do(log.log, ana, draft(typed)))
    assert receipt.standings[0].patient.mrn == "MRN777"
    loaded(practice, "patients", b"mrn\n777\n")
    assert practice.see(patients.need, PatientRef(text="MRN777", identity="777")).mrn == "777"


def test_unknown_patients_are_refused_where_the_practice_says_so(practice: TryPractice) -> None:
    """With `refuse` nothing is stored for an MRN that is not on the roster."""
    ana = practice.member()
    practice.set(unknown_patient="refuse")
    with pytest.raises(UnknownPatient, match="not on the roster"):
        practice.do(log.log, ana, draft(asked("777")))
    assert practice.see(overviews.today, ana).total_seconds == 0


def test_a_batch_is_stored_all_or_nothing(practice: TryPractice) -> None:
    """One line that cannot be kept keeps the others out too."""
    ana = practice.member()
    practice.patient("123")
    too_much = asked("123", minutes=8 * 60, note="long")
    with pytest.raises(DayTooLong):
        practice.do(log.log, ana, draft(asked(), too_much, asked(minutes=8 * 60, note="longer")))
    assert practice.see(overviews.today, ana).total_seconds == 0


def test_the_same_entry_within_two_minutes_is_asked_about(practice: TryPractice) -> None:
    """Nothing identical is stored before the person says so; then it is, once."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked()))
    practice.clock.pass_(seconds=40)
    again = question(practice.do(log.log, ana, draft(asked())))
    assert "40 seconds ago" in again.question.message
    assert practice.see(overviews.today, ana).total_seconds == 15 * 60
    receipt = logged(practice.do(log.answer, ana, again.pending_id, 0))
    assert counted(receipt) == 30 * 60
    with pytest.raises(QuestionExpired):
        practice.do(log.answer, ana, again.pending_id, 0)


def test_no_to_log_again_stores_nothing(practice: TryPractice) -> None:
    """The second button of the question leaves everything as it was."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked()))
    again = question(practice.do(log.log, ana, draft(asked())))
    assert practice.do(log.answer, ana, again.pending_id, 1) is None
    assert practice.see(overviews.today, ana).total_seconds == 15 * 60


def test_three_minutes_later_the_same_words_are_a_new_entry(practice: TryPractice) -> None:
    """The guard reaches back two minutes, not further."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked()))
    practice.clock.pass_(minutes=3)
    assert counted(logged(practice.do(log.log, ana, draft(asked())))) == 30 * 60


def test_two_equal_lines_of_one_message_are_asked_about(practice: TryPractice) -> None:
    """Typing the same line twice in one message may be a slip, so it is asked, and nothing stored."""
    ana = practice.member()
    practice.patient("123")
    first = question(practice.do(log.log, ana, draft(asked(), asked())))
    receipt = logged(practice.do(log.answer, ana, first.pending_id, 1))
    assert len(receipt.entries) == 1


def test_a_typo_in_an_mrn_is_asked_about_first(practice: TryPractice) -> None:
    """A roster MRN one typo away is offered; the choice is what gets stored."""
    ana = practice.member()
    patient = practice.patient("40173")
    asked_first = question(practice.do(log.log, ana, draft(asked("40713"))))
    assert [choice.label for choice in asked_first.question.choices] == [
        "MRN40173",
        "Keep MRN40713",
        "Log nothing",
    ]
    receipt = logged(practice.do(log.answer, ana, asked_first.pending_id, 0))
    assert receipt.entries[0].patient == patient


def test_a_question_expires_after_a_quarter_of_an_hour(practice: TryPractice) -> None:
    """An answer that comes too late stores nothing and says so."""
    ana = practice.member()
    practice.patient("40173")
    late = question(practice.do(log.log, ana, draft(asked("40713"))))
    practice.clock.pass_(minutes=16)
    with pytest.raises(QuestionExpired):
        practice.do(log.answer, ana, late.pending_id, 0)


def test_a_question_is_answered_only_by_whom_it_was_put_to(practice: TryPractice) -> None:
    """Somebody else's click on a button stores nothing."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    practice.patient("40173")
    put = question(practice.do(log.log, ana, draft(asked("40713"))))
    with pytest.raises(QuestionExpired):
        practice.do(log.answer, ben, put.pending_id, 0)


def test_the_same_delivery_again_stores_nothing(practice: TryPractice) -> None:
    """Slack's redelivery is answered with the first receipt, and counted once."""
    ana = practice.member()
    practice.patient("123")
    first = logged(practice.do(log.log, ana, draft(asked()), request_key="event:Ev1"))
    again = logged(practice.do(log.log, ana, draft(asked()), request_key="event:Ev1"))
    assert again.repeated
    assert again.receipt_id == first.receipt_id
    assert practice.see(overviews.today, ana).total_seconds == 15 * 60


def test_undo_takes_back_the_last_receipt_whole(practice: TryPractice) -> None:
    """The word undo voids every entry of the person's last message, and the total falls back."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked(minutes=20, note="earlier")))
    practice.clock.pass_(minutes=5)
    practice.do(log.log, ana, draft(asked(minutes=15), asked("98765", minutes=10)))
    undone = practice.do(undo.undo_last, ana)
    assert isinstance(undone, TakenBack)
    assert [type(one) for one in undone.went] == [EntryWent, EntryWent]
    assert undone.standings[-1].result.threshold.counted_seconds == 20 * 60
    practice.clock.pass_(minutes=2)
    earlier = practice.do(undo.undo_last, ana)
    assert earlier.standings[0].result.threshold.counted_seconds == 0
    with pytest.raises(NothingToUndo):
        practice.do(undo.undo_last, ana)


def test_a_second_undo_at_once_asks(practice: TryPractice) -> None:
    """Within a minute nothing more goes: what would go is named, and its button takes it back."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked(minutes=20, note="earlier")))
    practice.do(log.log, ana, draft(asked(minutes=15)))
    practice.do(undo.undo_last, ana)
    practice.clock.pass_(seconds=59)
    more = practice.do(undo.undo_last, ana)
    assert isinstance(more, MoreToUndo)
    assert more.seconds_ago == 59
    assert practice.see(overviews.today, ana).total_seconds == 20 * 60
    practice.do(undo.undo_act, ana, more.act_id)
    assert practice.see(overviews.today, ana).total_seconds == 0


def test_a_redelivered_undo_takes_back_one_act(practice: TryPractice) -> None:
    """The same key again, however much later, is answered with what it took back, and takes back nothing."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked(minutes=20, note="earlier")))
    practice.do(log.log, ana, draft(asked(minutes=15)))
    first = practice.do(undo.undo_last, ana, request_key="event:7")
    practice.clock.pass_(minutes=3)
    again = practice.do(undo.undo_last, ana, request_key="event:7")
    assert isinstance(first, TakenBack)
    assert isinstance(again, TakenBack)
    assert again.repeated
    assert (again.act_id, again.names, again.went) == (first.act_id, first.names, first.went)
    assert practice.see(overviews.today, ana).total_seconds == 20 * 60


def test_undo_reaches_back_a_day(practice: TryPractice) -> None:
    """After 24 hours neither the word nor the button takes an entry back."""
    ana = practice.member()
    practice.patient("123")
    receipt = logged(practice.do(log.log, ana, draft(asked())))
    practice.clock.pass_(hours=25)
    with pytest.raises(NothingToUndo):
        practice.do(undo.undo_last, ana)
    with pytest.raises(TooLateToUndo):
        practice.do(undo.undo_receipt, ana, receipt.receipt_id)


def test_the_undo_button_works_once_and_only_for_its_author(practice: TryPractice) -> None:
    """Another person's click is refused; the author's second click says it is done already."""
    ana, ben = practice.member(), practice.member("Ben Okoro")
    practice.patient("123")
    receipt = logged(practice.do(log.log, ana, draft(asked())))
    with pytest.raises(NotAllowed):
        practice.do(undo.undo_receipt, ben, receipt.receipt_id)
    practice.do(undo.undo_receipt, ana, receipt.receipt_id)
    with pytest.raises(AlreadyUndone):
        practice.do(undo.undo_receipt, ana, receipt.receipt_id)


def test_a_day_holds_sixteen_hours(practice: TryPractice) -> None:
    """More than a day can hold is refused with what the day holds so far; exactly that much is kept."""
    ana = practice.member()
    practice.patient("123")
    practice.do(log.log, ana, draft(asked(minutes=480, note="a"), asked(minutes=479, note="b")))
    with pytest.raises(DayTooLong, match="16 h 1 min on Wed Nov 18"):
        practice.do(log.log, ana, draft(asked(minutes=2, note="c")))
    practice.do(log.log, ana, draft(asked(minutes=1, note="d")))
    assert practice.see(overviews.today, ana).total_seconds == 16 * 3600


def test_supervisors_log_for_anyone_and_others_for_consultants(practice: TryPractice) -> None:
    """`for @ben` records Ben's time under Ben's name, with who wrote it down kept beside it."""
    ana = practice.member()
    boss = practice.member("Chloe", MemberRole.SUPERVISOR)
    ben = practice.member("Ben Okoro", slack="UBEN")
    practice.member("Priya", MemberRole.CONSULTANT, slack="UPRI")
    practice.patient("123")
    kept = logged(practice.do(log.log, boss, draft(asked(performed_by="UBEN")))).entries[0].entry
    assert (kept.performed_by, kept.recorded_by) == (ben.member_id, boss.member_id)
    with pytest.raises(NotAllowed, match="Only a supervisor"):
        practice.do(log.log, ana, draft(asked(performed_by="UBEN")))
    consult = logged(practice.do(log.log, ana, draft(asked(performed_by="@priya", note="consult"))))
    assert consult.entries[0].entry.role == "consultant"


def test_late_entries_are_said_to_be_late(practice: TryPractice) -> None:
    """An entry keyed more than one business day after its date is marked on the receipt."""
    ana = practice.member()
    practice.patient("123")
    late = logged(practice.do(log.log, ana, draft(asked(service_date=date(2026, 11, 13)))))
    assert any("Late entry" in remark for remark in late.entries[0].remarks)
    in_time = logged(practice.do(log.log, ana, draft(asked(service_date=date(2026, 11, 17)))))
    assert in_time.entries[0].remarks == ()


def test_a_back_dated_log_shows_its_own_month(practice: TryPractice) -> None:
    """The standing on a receipt is of the month in which the work was done."""
    ana = practice.member()
    practice.patient("123")
    receipt = logged(practice.do(log.log, ana, draft(asked(service_date=date(2026, 10, 30)))))
    assert str(receipt.standings[0].month) == "2026-10"
    assert receipt.standings[0].result.threshold.next_code == "99492"


def test_status_names_near_patients_for_a_slip(practice: TryPractice) -> None:
    """A status for nobody says who is near."""
    ana = practice.member()
    practice.patient("40173")
    with pytest.raises(UnknownPatient, match="Did you mean MRN40173"):
        practice.see(overviews.status, ana, PatientRef(text="MRN40713", identity="40713"))
