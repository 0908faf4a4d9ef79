"""Carries out one use case of a delivery once, and keeps what it gave in its own transaction."""

import contextlib
from collections.abc import Callable
from typing import TypeVar, cast

from services.clock import Clock
from services.errors import Refusal
from services.once.run import Run, raised
from storage import AlreadyExists, Database, NotFound, StaleVersion, StorageError, UnitOfWork

T = TypeVar("T")

#: Answers of the database to what was asked: they are the same when it is asked again, and no fault that passes.
_ANSWERS = (Refusal, NotFound, StaleVersion, AlreadyExists)


class Step:
    """One use case of a delivery, carried out once."""

    def __init__(self, database: Database, clock: Clock, tenant_id: int, run: Run, step: str) -> None:
        self._database = database
        self._clock = clock
        self._tenant_id = tenant_id
        self._run = run
        self._step = step
        self._attempts = 0
        self._is_kept = False

    async def write(self, work: Callable[[UnitOfWork], T]) -> T:
        """Carry it out; of two at once, one does, and both give what came of that."""
        try:
            value = await self._writing(lambda uow: self._carried_out(uow, work))
        except _ANSWERS as refused:
            # Perhaps of what another delivery of the same has just done.
            return cast("T", await self._kept(raised(refused), refused))
        if self._run.was_done(self._step):
            return cast("T", self._run.given_before(self._step))
        if not self._is_kept:
            # It stored nothing, and is answered the same all the same when it comes again.
            return cast("T", await self._kept(value))
        self._run.stored()
        return cast("T", value)

    async def keep(self, value: object) -> None:
        """Keep what was answered; a database that takes nothing is no reason not to answer."""
        await self._kept(value)

    def _carried_out(self, uow: UnitOfWork, work: Callable[[UnitOfWork], T]) -> T | None:
        self._attempts += 1
        if self._attempts > 1 and self._look(uow):
            return None
        uow.requests.carry(self._run.key, self._step, self._clock.now())
        value = work(uow)
        self._is_kept = uow.kept
        if uow.kept:
            uow.requests.answer(self._run.done(value))
        return value

    async def _kept(self, value: object, refused: Exception | None = None) -> object:
        """Keep an outcome for which nothing is stored, unless another delivery has one, which then counts."""

        def keep(uow: UnitOfWork) -> None:
            if not self._look(uow):
                uow.requests.carry(self._run.key, self._step, self._clock.now())
                uow.requests.answer(self._run.done(value))
                uow.commit()

        with contextlib.suppress(StorageError):
            await self._writing(keep)
        if self._run.was_done(self._step):
            return self._run.given_before(self._step)
        self._run.stored()
        if refused is not None:
            raise refused
        return value

    def _look(self, uow: UnitOfWork) -> bool:
        """Whether another delivery of the same has carried it out in the meantime."""
        found = uow.requests.steps(self._run.key)
        if self._step in found:
            self._run.take_up({self._step: found[self._step]})
        return self._step in found

    async def _writing(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._database.writing(work, tenant_id=self._tenant_id)
