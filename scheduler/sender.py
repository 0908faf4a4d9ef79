"""Sends what waits in the outbox, now and whenever something is put into it."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Final

import structlog

from scheduler.attempt import Attempts, steady
from scheduler.lanes import Lanes
from services.deliveries import Delivery
from services.ports import Clock, Composer, Deliveries, Notifier

log = structlog.get_logger(__name__)

#: So many at most are sent at once by one node; beyond, Slack only answers that there are too many.
_AT_ONCE = 8
#: So many are taken on before the outbox is read again.
_BATCH = 64
#: Seconds between looks at an outbox in which nothing waits, or only for long.
_IDLE: Final = 10.0
#: Seconds to leave the outbox alone after the database failed.
_AFTER_FAULT = 5.0


class Sender:
    """Sends what waits in the outbox; any number of them may do so at once, on any number of nodes."""

    def __init__(
        self,
        deliveries: Deliveries,
        notifier: Notifier,
        composer: Composer,
        clock: Clock,
        *,
        chance: Random,
        one_shot: bool = False,
        idle: float = _IDLE,
    ) -> None:
        """Make a sender.

        Args:
            deliveries: the outbox.
            notifier: shows people what they are owed.
            composer: says what a delivery is to tell.
            clock: gives the instants that are stored.
            chance: spreads second attempts, and nodes over the outbox.
            one_shot: for a program that runs but once, see `Lanes`.
            idle: seconds between looks at an outbox in which nothing waits, or only for long.
        """
        self._deliveries = deliveries
        self._attempts = Attempts(deliveries, notifier, composer, clock, chance)
        self._clock = clock
        self._chance = chance
        self._idle = idle
        self._lanes = Lanes(one_shot=one_shot)
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the outbox now: something may have been put into it."""
        self._woken.set()

    def stop(self) -> None:
        """Let `run` end, once what is being sent has been answered."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Send whatever waits, until `stop`."""
        while not self._stopping:
            try:
                pause = await self._round()
            except Exception as error:  # noqa: BLE001 - the outbox keeps everything; the next round tries again
                log.error("outbox not read", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
                pause = _AFTER_FAULT
            await self._rest(self._idle if pause is None else min(pause, self._idle))

    async def drain(self, patience: float) -> tuple[Delivery, ...]:
        """Send until nothing is left, or what is left waits for too long.

        Args:
            patience: seconds to wait at most, all in all.

        Returns:
            What still waits.

        Raises:
            Exception: what the store raised when the outbox could not be read.
        """
        until = steady() + patience
        while not self._stopping:
            pause = await self._round()
            if pause is None or steady() + pause > until:
                break
            await self._rest(pause)
        return await self._deliveries.open()

    async def _round(self) -> float | None:
        """Take the next step with everything that is ready.

        Returns:
            Seconds until something may be ready: 0 at once, None when nothing waits.
        """
        self._woken.clear()
        waiting = await self._deliveries.open()
        choice = self._lanes.choose(waiting, self._clock.now(), steady())
        if not choice.ready:
            return choice.pause
        # Nodes that begin at different ends seldom claim the same.
        ready = self._chance.sample(choice.ready, k=min(_BATCH, len(choice.ready)))
        gate = asyncio.Semaphore(_AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for delivery in ready:
                group.create_task(self._advance(gate, delivery))
        return 0.0

    async def _advance(self, gate: asyncio.Semaphore, delivery: Delivery) -> None:
        async with gate:
            if self._stopping or self._lanes.is_held(steady()):
                return
            try:
                asked = await self._attempts.advance(delivery)
            except Exception as error:  # noqa: BLE001 - one delivery's fault must not stop the others
                log.error("delivery left to its lease", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
                asked = _AFTER_FAULT
            self._lanes.hold(asked, steady())

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
