"""Taking back by those whose roles are others now, and where it would enroll a patient twice."""

from dataclasses import replace
from datetime import date

import pytest

from billing.people import Member, MemberRole
from services.acts import fact_history, undo
from services.acts.references import FactReference
from services.acts.went import TakenBack
from services.care import carry_out
from services.care.receipts import CareReceipt
from services.care.requests import CareRequest, Discharge, Enroll
from services.context import Context
from services.entries import amend, log
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import CannotTakeBack, NotAllowed
from services.people.patient_ref import PatientRef
from storage import Database
from tests.support.practice import TryPractice, asked, draft

TODAY = date(2026, 11, 18)
REF = PatientRef(text="MRN123", identity="123")


@pytest.fixture
def practice(database: Database) -> TryPractice:
    return TryPractice(database)


@pytest.fixture
def ana(practice: TryPractice) -> Member:
    return practice.member("Ana Flores")


@pytest.fixture
def sue(practice: TryPractice) -> Member:
    return practice.member("Sue Park", MemberRole.SUPERVISOR, MemberRole.CARE_MANAGER)


def done(practice: TryPractice, who: Member, request: CareRequest) -> int:
    """The number of the act."""
    made = practice.do(carry_out.carry_out, who, request)
    assert isinstance(made, CareReceipt)
    assert made.act_id is not None
    return made.act_id


def become(practice: TryPractice, who: Member, *roles: MemberRole) -> Member:
    """The member with other roles."""

    def change(context: Context) -> Member:
        changed = replace(who, roles=frozenset(roles))
        context.uow.members.update(changed)
        context.uow.commit()
        return changed

    return practice.do(change)


def test_a_discharge_is_not_undone_over_an_enrollment_that_came_after(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """One patient has one enrollment at a time, whichever way an older one would come back."""
    first = done(practice, ana, Enroll(patient=REF))
    gone = done(practice, ana, Discharge(patient=REF, on=TODAY, reason="moved away"))
    again = done(practice, sue, Enroll(patient=REF))
    with pytest.raises(CannotTakeBack, match=r"MRN123 has another enrollment, since Nov 18, 2026") as refused:
        practice.do(undo.undo_act, ana, gone)
    assert "Nothing was changed" in str(refused.value)
    reference = FactReference(kind="episode", fact_id=_episodes(practice)[0], n=2)
    with pytest.raises(CannotTakeBack):
        practice.do(fact_history.void_fact, ana, reference, "never left")
    back = practice.do(undo.undo_act, sue, again)
    practice.do(undo.undo_act, ana, gone)
    with pytest.raises(CannotTakeBack):
        practice.do(undo.put_back, sue, back.act_id)
    assert len(_episodes(practice)) == 1
    assert first != again


def test_whoever_is_no_care_manager_any_more_takes_no_care_act_back(
    practice: TryPractice, ana: Member
) -> None:
    """By the word, by the button and by the reference; their own minutes stay theirs."""
    made = practice.do(log.log, ana, draft(asked()))
    assert isinstance(made, Receipt)
    enrolled = done(practice, ana, Enroll(patient=REF))
    gone = done(practice, ana, Discharge(patient=REF, on=TODAY, reason="moved away"))
    back = practice.do(undo.undo_act, ana, gone)
    biller = become(practice, ana, MemberRole.BILLER)
    for take_back in (undo.undo_last, lambda context, who: undo.undo_act(context, who, enrolled)):
        practice.clock.pass_(minutes=2)
        with pytest.raises(NotAllowed, match=r"You are a biller here\. Only .* can enroll patients"):
            practice.do(take_back, biller)
    with pytest.raises(NotAllowed, match="can discharge patients"):
        practice.do(undo.put_back, biller, back.act_id)
    reference = FactReference(kind="episode", fact_id=_episodes(practice)[0], n=1)
    with pytest.raises(NotAllowed, match="can enroll patients"):
        practice.do(fact_history.void_fact, biller, reference, "wrong")
    assert isinstance(practice.do(undo.undo_receipt, biller, made.receipt_id), TakenBack)


def test_whoever_supervises_no_more_leaves_others_entries_as_they_are(
    practice: TryPractice, ana: Member, sue: Member
) -> None:
    """A correction of somebody else's entry is taken back by a supervisor alone."""
    made = practice.do(log.log, ana, draft(asked()))
    assert isinstance(made, Receipt)
    entry_id = made.entries[0].entry.entry_id
    edited = practice.do(amend.edit, sue, EntryEdit(entry_id=entry_id, seconds=600, reason="hold music"))
    colleague = become(practice, sue, MemberRole.CARE_MANAGER)
    assert edited.act_id is not None
    with pytest.raises(NotAllowed, match="correct, void and split anybody's entries"):
        practice.do(undo.undo_act, colleague, edited.act_id)


def _episodes(practice: TryPractice) -> list[int]:
    def read(context: Context) -> list[int]:
        patient = context.uow.patients.by_identity("123")
        assert patient is not None
        return [one.episode_id for one in context.uow.episodes.of_patient(patient.patient_id)]

    return practice.see(read)
