"""Runs a use case and waits for it, where a test is about what was stored."""

from collections.abc import Callable
from typing import TypeVar

from storage import Database, UnitOfWork

T = TypeVar("T")


def kept(database: Database, work: Callable[[UnitOfWork], T], tenant_id: int) -> T:
    """Run a use case and keep what it wrote."""

    def keep(uow: UnitOfWork) -> T:
        value = work(uow)
        uow.commit()
        return value

    return database.write(keep, tenant_id=tenant_id).result()


def read(database: Database, work: Callable[[UnitOfWork], T], tenant_id: int) -> T:
    """Run a use case that only reads."""
    return database.read(work, tenant_id=tenant_id).result()
