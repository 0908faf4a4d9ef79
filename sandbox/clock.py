"""The sandbox's clock: the one place here that reads the machine's. Simulations hand in their own."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Where the sandbox takes the time from, and how it waits."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return once that many seconds of this clock have passed."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()  # noqa: TID251 - the sandbox's one reader of the machine's clock

    async def sleep(self, seconds: float) -> None:
        """Wait on the running event loop."""
        await asyncio.sleep(seconds)
