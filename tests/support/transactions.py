"""Use cases that log, and what is then on file: for tests of units of work."""

from collections.abc import Callable

from sqlalchemy import text

from storage import Database, UnitOfWork
from storage.statements import PreparedStatement
from tests.support.storing import NOW, TODAY, SmallPractice


def log(practice: SmallPractice, seconds: int = 900) -> Callable[[UnitOfWork], int]:
    """A use case that appends one entry and keeps it."""

    def work(uow: UnitOfWork) -> int:
        receipt = uow.ledger.append(
            [practice.entry(seconds=seconds)], by=practice.ana.member_id, at=NOW, source="chat"
        )
        uow.commit()
        return receipt.receipt_id

    return work


def day_total(database: Database, practice: SmallPractice) -> int:
    """Seconds that Ana has today, as a reader sees them."""
    return database.read(
        lambda uow: uow.ledger.member_seconds_on(practice.ana.member_id, TODAY), tenant_id=practice.tenant_id
    ).result()


def say(uow: UnitOfWork, sql: str) -> None:
    """Run bare SQL in a unit of work, for what its repositories would never do."""
    uow.ledger._wire.run(PreparedStatement(text(sql)))
