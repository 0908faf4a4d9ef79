"""Lets so much work begin as can end in time; whoever comes to a full house is told so before Slack says it for us.

Work that begins too late is worse than none: Slack tells the person that it failed, they send it again, and it is
done for nobody. So a request waits for its turn for less than a second, in the order of coming. How many have their
turn at once follows how long they take: where the database is slow, or others keep the machine busy, fewer.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

#: How many may be under way at once: at first, at least, and at most.
FIRST, LEAST, MOST = 16.0, 4.0, 48.0
#: How many may wait for their turn. Past it the answer comes at once: reading a request costs something too.
MOST_WAITING: Final = 2_000
#: Work is to take no longer than this, else less of it is begun; and while it takes less than that, more.
_SLOW_SECONDS, _QUICK_SECONDS = 0.6, 0.3
#: One long request says little of the others.
_LONGEST_COUNTED: Final = 1.0
_WEIGHT: Final = 0.05


class Admission:
    """The turns of one program, whichever way requests come to it."""

    def __init__(self, is_crowded: Callable[[], bool] = lambda: False) -> None:
        """Begin empty.

        Args:
            is_crowded: whether more goes on behind answers than may.
        """
        self._is_crowded = is_crowded
        self.limit = FIRST
        self._took = _QUICK_SECONDS
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self.under_way = 0

    @asynccontextmanager
    async def turn(self, patience: float) -> AsyncIterator[bool]:
        """Wait for a turn at most so many seconds; False when none came, and nothing is to be begun."""
        if not await self._admitted(patience):
            yield False
            return
        began = asyncio.get_running_loop().time()
        try:
            yield True
        finally:
            self._ended(asyncio.get_running_loop().time() - began)

    async def _admitted(self, patience: float) -> bool:
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        if self._is_crowded() or len(self._waiting) >= MOST_WAITING:
            # Not at once: who is turned away sooner only comes again sooner.
            await asyncio.sleep(patience if len(self._waiting) < MOST_WAITING else 0)
            return False
        if self.under_way < self.limit and not self._waiting:
            self.under_way += 1
            return True
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(mine)
        alarm = loop.call_later(patience, _give_up, mine)
        try:
            return await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.result():
                self._next()
            raise
        finally:
            alarm.cancel()

    def _ended(self, seconds: float) -> None:
        self._took += _WEIGHT * (min(seconds, _LONGEST_COUNTED) - self._took)
        if self._took > _SLOW_SECONDS:
            self.limit = max(LEAST, self.limit * 0.95)
        elif self._took < _QUICK_SECONDS and self._waiting:
            self.limit = min(MOST, self.limit + 0.25)
        self._next()

    def _next(self) -> None:
        """Give a turn that has ended to whoever waits, as far as there may be so many."""
        self.under_way -= 1
        while self._waiting and self.under_way < self.limit:
            mine = self._waiting.popleft()
            if not mine.done():
                self.under_way += 1
                mine.set_result(True)


def _give_up(mine: asyncio.Future[bool]) -> None:
    if not mine.done():
        mine.set_result(False)
