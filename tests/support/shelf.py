"""An outbox in memory that several nodes share, each through a connection that can be slow, fail, or die."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import TypeVar

from services.messages.deliveries import Delivered, Delivery, Key

T = TypeVar("T")


class ConnectionLostError(Exception):
    """The store did not answer; whether it did what was asked is not known."""


class Shelf:
    """The rows; every method is one transaction."""

    def __init__(self) -> None:
        self.rows: dict[str, Delivery] = {}
        self._open: dict[str, Delivery] = {}
        self._keys: dict[Key, None] = {}
        self._known = Delivered()
        self._listeners: list[Callable[[], None]] = []

    def on_add(self, listener: Callable[[], None]) -> None:
        """Call back whenever something new is put in."""
        self._listeners.append(listener)

    def delivered(self) -> Delivered:
        """Every key, and the first planning."""
        return self._known

    def add(self, deliveries: tuple[Delivery, ...]) -> int:
        """Put in those of deliveries that are not there."""
        new = [each for each in deliveries if each.key not in self._keys]
        for each in new:
            self.rows[each.delivery_id] = self._open[each.delivery_id] = each
        if new:
            self._keys |= dict.fromkeys(each.key for each in new)
            since = min(each.planned_at for each in new)
            before = self._known.since
            self._known = Delivered(
                keys=frozenset(self._keys), since=since if before is None else min(before, since)
            )
            for listener in self._listeners:
                listener()
        return len(new)

    def open(self) -> tuple[Delivery, ...]:
        """What is not final, earliest due first."""
        return tuple(sorted(self._open.values(), key=lambda row: row.due_at))

    def swap(self, after: Delivery) -> bool:
        """Compare the version and swap."""
        if self.rows[after.delivery_id].version != after.version - 1:
            return False
        self.rows[after.delivery_id] = after
        if after.state.is_final:
            del self._open[after.delivery_id]
        else:
            self._open[after.delivery_id] = after
        return True


class Connection:
    """One node's way to the shelf: the `Deliveries` of services."""

    def __init__(self, shelf: Shelf, chance: Random | None = None, faults: float = 0.0) -> None:
        """Make a connection.

        Args:
            shelf: what it leads to.
            chance: makes it slow at times; None is always prompt.
            faults: how often writing fails, before or after it was done.
        """
        self._shelf = shelf
        self._chance = chance
        self._faults = faults
        #: A dead node writes nothing any more.
        self.is_cut = False

    async def delivered(self, now: datetime) -> Delivered:  # noqa: ARG002 - the shelf tells everything
        """See `Deliveries`."""
        await self._lag()
        return self._shelf.delivered()

    async def add(self, deliveries: tuple[Delivery, ...]) -> int:
        """See `Deliveries`."""
        return await self._written(lambda: self._shelf.add(deliveries))

    async def open(self) -> tuple[Delivery, ...]:
        """See `Deliveries`."""
        await self._lag()
        return self._shelf.open()

    async def by_id(self, delivery_id: str) -> Delivery:
        """See `Deliveries`."""
        await self._lag()
        return self._shelf.rows[delivery_id]

    async def swap(self, after: Delivery) -> bool:
        """See `Deliveries`."""
        return await self._written(lambda: self._shelf.swap(after))

    async def _written(self, write: Callable[[], T]) -> T:
        await self._lag()
        self._fail()
        done = write()
        await self._lag()
        self._fail()
        return done

    def _fail(self) -> None:
        if self.is_cut or (self._chance is not None and self._chance.random() < self._faults):
            raise ConnectionLostError

    async def _lag(self) -> None:
        if self._chance is None:
            return
        luck = self._chance.random()
        if luck < 0.2:
            await asyncio.sleep(luck if luck > 0.01 else 60 * luck)
