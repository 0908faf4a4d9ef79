"""Sends what waits in the outbox, now and whenever something is put into it."""

import asyncio
from contextlib import suppress
from random import Random
from typing import Final

import structlog

from scheduler.attempt import Attempts, steady
from scheduler.lanes import Lanes
from services.clock import Clock
from services.messages.deliveries import Delivery, Recipient
from services.messages.ports import Composer, Notifier, Outbox

log = structlog.get_logger(__name__)

#: So many at most are sent at once by one node; beyond, Slack only answers that there are too many.
_AT_ONCE = 8
#: Seconds between looks at an outbox in which nothing waits, or only for long.
_IDLE: Final = 10.0
#: Seconds between looks while more is ready than can be sent at once, and calls take long.
_CROWDED = 1.0
#: Seconds for which a look at the outbox is good enough to go on from, while more is ready than there is room
#: for: whoever claims is refused what changed since, and a morning of thousands is not read for every message.
_FRESH = 1.0
#: Seconds to leave the outbox alone after the database failed.
_AFTER_FAULT = 5.0


class Sender:
    """Sends what waits in the outbox; any number of them may do so at once, on any number of nodes."""

    def __init__(
        self,
        deliveries: Outbox,
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
        self._under_way: dict[Recipient, asyncio.Task[None]] = {}
        #: What was ready at the last look, one for each recipient, and has not been begun yet.
        self._ready: list[Delivery] = []
        self._looked_at = 0.0
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the outbox now: something may have been put into it."""
        self._ready.clear()
        self._woken.set()

    def stop(self) -> None:
        """Let `run` end, once what is being sent has been answered."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Send whatever waits, until `stop`. Canceled, it leaves what is under way to its lease."""
        try:
            while not self._stopping:
                await self._rest(await self._begin_or_rest())
            await self._end()
        finally:
            self._drop()

    async def drain(self, timeout_seconds: float) -> tuple[Delivery, ...]:
        """Send until nothing is left, or what is left waits for too long.

        Args:
            timeout_seconds: seconds to wait at most, all in all.

        Returns:
            What still waits.

        Raises:
            Exception: what the store raised when the outbox could not be read.
        """
        until = steady() + timeout_seconds
        try:
            while not self._stopping:
                pause = await self._begin()
                if not self._under_way and (pause is None or steady() + pause > until):
                    break
                await self._rest(pause)
            await self._end()
        finally:
            self._drop()
        return await self._deliveries.open()

    async def _begin_or_rest(self) -> float | None:
        try:
            return await self._begin()
        except Exception as error:  # noqa: BLE001 - the outbox keeps everything; the next look tries again
            log.error("outbox not read", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
            return _AFTER_FAULT

    async def _begin(self) -> float | None:
        """Begin the next step with what is ready, as far as there is room.

        Returns:
            Seconds until more may be ready, unless something under way ends before; None when nothing waits.
        """
        self._woken.clear()
        pause: float | None = _CROWDED
        if not self._ready or steady() - self._looked_at >= _FRESH:
            pause = await self._look()
        while self._ready and len(self._under_way) < _AT_ONCE:
            delivery = self._ready.pop()
            self._under_way[delivery.recipient] = asyncio.create_task(self._advance(delivery))
        return _CROWDED if self._ready else pause

    async def _look(self) -> float | None:
        """Read what waits, and choose what is ready; returns the seconds until more may be."""
        waiting = await self._deliveries.open()
        self._looked_at = steady()
        choice = self._lanes.choose(waiting, self._clock.now(), self._looked_at, self._under_way.keys())
        # Nodes that begin at different ends seldom claim the same.
        self._ready = self._chance.sample(choice.ready, k=len(choice.ready))
        return choice.pause

    async def _advance(self, delivery: Delivery) -> None:
        try:
            asked = await self._attempts.advance(delivery)
        except Exception as error:  # noqa: BLE001 - one delivery's fault must not stop the others
            log.error("delivery left to its lease", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
            asked = _AFTER_FAULT
        if asked:
            self._lanes.hold(asked, steady())
            self._ready.clear()
        del self._under_way[delivery.recipient]
        # A look at the outbox is worth it for several at once.
        if self._ready or len(self._under_way) <= _AT_ONCE // 2:
            self._woken.set()

    async def _rest(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._idle if seconds is None else min(seconds, self._idle)):
                await self._woken.wait()

    async def _end(self) -> None:
        """Let what is under way end."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    def _drop(self) -> None:
        for task in self._under_way.values():
            task.cancel()
