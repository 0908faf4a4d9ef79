"""Writes to the ledger and asks it, each in a unit of work of its own."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Unpack

from billing.entries import TimeEntry
from storage import Database, EntryChanges, NewEntry, StoredReceipt, UnitOfWork
from tests.support.storing import NOW, SmallPractice

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def write(
    database: Database,
    practice: SmallPractice,
    *entries: NewEntry,
    at: datetime = NOW,
    request_key: str | None = None,
) -> StoredReceipt:
    """Append entries in a unit of work of their own."""

    def append(uow: UnitOfWork) -> StoredReceipt:
        receipt = uow.ledger.append(
            entries, by=practice.ana.member_id, at=at, source="chat", request_key=request_key
        )
        uow.commit()
        return receipt

    return database.write(append, tenant_id=practice.tenant_id).result()


def correct(
    database: Database, practice: SmallPractice, entry: TimeEntry, **changes: Unpack[EntryChanges]
) -> TimeEntry:
    """Correct an entry in a unit of work of its own."""

    def change(uow: UnitOfWork) -> TimeEntry:
        corrected = uow.ledger.correct(
            entry.entry_id,
            entry.version,
            changes,
            by=practice.ana.member_id,
            at=NOW + timedelta(hours=1),
            reason="mistyped",
        )
        uow.commit()
        return corrected

    return database.write(change, tenant_id=practice.tenant_id).result()


def void(database: Database, practice: SmallPractice, *entries: TimeEntry) -> tuple[TimeEntry, ...]:
    """Void entries in a unit of work of their own."""

    def change(uow: UnitOfWork) -> tuple[TimeEntry, ...]:
        voided = uow.ledger.void(
            [entry.entry_id for entry in entries],
            by=practice.ana.member_id,
            at=NOW + timedelta(hours=2),
            reason="undone",
        )
        uow.commit()
        return voided

    return database.write(change, tenant_id=practice.tenant_id).result()


class Reader:
    """Asks the ledger one question at a time, as the practice's reader."""

    def __init__(self, database: Database, practice: SmallPractice) -> None:
        self._database = database
        self._tenant_id = practice.tenant_id

    def __getattr__(self, question: str) -> Callable[..., Any]:
        def ask(*args: object) -> Any:
            work = self._database.read(
                lambda uow: getattr(uow.ledger, question)(*args), tenant_id=self._tenant_id
            )
            return work.result()

        return ask
