"""What people are to be told: kept with the change that it is about, on both databases."""

from datetime import timedelta

from billing.people import Member, MemberRole
from storage import Database, Notice, NoticeOf, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.storing import NOW, SmallPractice

LATER = NOW + timedelta(minutes=3)


def another(database: Database, practice: SmallPractice) -> Member:
    """Sue, who supervises."""
    return kept(
        database,
        lambda uow: uow.members.add(
            display_name="Sue Park", slack_user_id="U0SUE", roles=frozenset({MemberRole.SUPERVISOR})
        ),
        practice.tenant_id,
    )


def test_every_version_by_somebody_else_leaves_a_notice(database: Database, practice: SmallPractice) -> None:
    """Written for them, corrected and made void; their own versions leave none."""
    sue, ana = another(database, practice), practice.ana

    def work(uow: UnitOfWork) -> int:
        own = uow.ledger.append([practice.entry()], by=ana.member_id, at=NOW, source="chat")
        entry_id = own.entries[0].entry_id
        uow.ledger.correct(entry_id, 1, {"seconds": 600}, by=ana.member_id, at=NOW, reason="")
        uow.ledger.correct(entry_id, 2, {"seconds": 300}, by=sue.member_id, at=NOW, reason="hold")
        uow.ledger.void([entry_id], by=sue.member_id, at=LATER, reason="twice")
        uow.ledger.append([practice.entry()], by=sue.member_id, at=LATER, source="chat")
        return entry_id

    entry_id = kept(database, work, practice.tenant_id)
    found = read(
        database,
        lambda uow: uow.notices.of(ana.member_id, NOW, LATER + timedelta(seconds=1)),
        practice.tenant_id,
    )
    assert [(one.entry_id, one.n, one.by) for one in found] == [
        (entry_id, 3, sue.member_id),
        (entry_id, 4, sue.member_id),
        (entry_id + 1, 1, sue.member_id),
    ]
    assert {one.what for one in found} == {NoticeOf.ENTRY}
    assert [one.at for one in found] == [NOW, LATER, LATER]
    since = read(database, lambda uow: uow.notices.since(LATER), practice.tenant_id)
    assert since == ((ana.member_id, LATER),) * 2
    first = read(database, lambda uow: uow.notices.of(ana.member_id, NOW, LATER), practice.tenant_id)
    assert len(first) == 1


def test_a_notice_of_a_patient_comes_back_as_it_was_kept(database: Database, practice: SmallPractice) -> None:
    """Who has the patient from then on stands with it."""
    sue = another(database, practice)
    notice = Notice(
        member_id=practice.ana.member_id,
        at=NOW,
        by=sue.member_id,
        what=NoticeOf.ASSIGNED,
        patient_id=practice.patient.patient_id,
        given_to=sue.member_id,
    )
    kept(database, lambda uow: uow.notices.add([notice]), practice.tenant_id)
    found = read(database, lambda uow: uow.notices.of(practice.ana.member_id, NOW, LATER), practice.tenant_id)
    assert found == (notice,)
