"""The projection of what stands: rebuilt from the versions, and checked against them."""

from sqlalchemy import text

from storage import Database, ProjectionFault, UnitOfWork
from storage.statements import PreparedStatement
from tests.support.ledger import NOVEMBER, Reader, correct, void, write
from tests.support.storing import SmallPractice


def test_the_projection_can_be_rebuilt(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """After writes, corrections and voids the projection is what the versions say, and rebuilding changes nothing."""
    a, b, c = write(database, practice, *[practice.entry()] * 3).entries
    correct(database, practice, a, seconds=60)
    void(database, practice, b)
    before = ledger.member_days(practice.ana.member_id, *NOVEMBER)

    assert ledger.projection_differences() == ()

    def rebuild(uow: UnitOfWork) -> int:
        count = uow.ledger.rebuild_projection()
        uow.commit()
        return count

    assert database.write(rebuild, tenant_id=practice.tenant_id).result() == 2
    assert ledger.member_days(practice.ana.member_id, *NOVEMBER) == before
    assert {entry.entry_id for entry in before} == {a.entry_id, c.entry_id}


def test_a_wrong_projection_is_noticed(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """An entry missing, changed or left over in the projection is named, and a rebuild fixes all three."""
    a, b, c = write(database, practice, *[practice.entry()] * 3).entries
    void(database, practice, c)

    def spoil(uow: UnitOfWork) -> None:
        wire = uow.ledger._wire
        wire.run(PreparedStatement(text(f"DELETE FROM current_entry WHERE entry_id = {a.entry_id}")))
        names = "version, tenant_id, receipt_id, patient_id, seconds, service_date, activity, activity_source"
        names += ", role, performed_by, recorded_by, recorded_at, participants, note_digest"
        wire.run(
            PreparedStatement(
                text(
                    f"INSERT INTO current_entry (entry_id, {names}) "
                    f"SELECT {c.entry_id}, {names} FROM current_entry WHERE entry_id = {b.entry_id}"
                )
            )
        )
        wire.run(
            PreparedStatement(text(f"UPDATE current_entry SET seconds = 1 WHERE entry_id = {b.entry_id}"))
        )
        uow.commit()

    database.write(spoil, tenant_id=practice.tenant_id).result()

    assert [(found.entry_id, found.difference) for found in ledger.projection_differences()] == [
        (a.entry_id, ProjectionFault.MISSING),
        (b.entry_id, ProjectionFault.DIFFERENT),
        (c.entry_id, ProjectionFault.EXTRA),
    ]

    def rebuild(uow: UnitOfWork) -> None:
        uow.ledger.rebuild_projection()
        uow.commit()

    database.write(rebuild, tenant_id=practice.tenant_id).result()
    assert ledger.projection_differences() == ()
