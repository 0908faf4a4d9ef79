"""The demo's clock: the machine's, moved ahead by what the visitor pressed."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.clock import Clock, SystemClock


class DemoClock:
    """A clock that may be moved ahead. What is stored with its instants needs them again, so it remembers."""

    def __init__(self, file: Path, clock: Clock | None = None) -> None:
        """Take up where the last demo left off.

        Args:
            file: keeps how far it is ahead.
            clock: what it is ahead of; the machine's when left out.
        """
        self._file = file
        self._clock = clock or SystemClock()
        self._ahead = timedelta(seconds=_seconds_in(file))

    def now(self) -> datetime:
        """The demo's present instant, aware, in UTC."""
        return self._clock.now() + self._ahead

    def move_to(self, instant: datetime) -> None:
        """Make it that late; it never goes back."""
        self._ahead = max(self._ahead, instant.astimezone(UTC) - self._clock.now())
        self._file.write_text(f"{self._ahead.total_seconds()}\n", encoding="utf-8")


class SandboxClock:
    """The same clock as the local Slack reads it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return self._clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running event loop: what takes seconds takes them, however the clock was moved."""
        await asyncio.sleep(seconds)


def _seconds_in(file: Path) -> float:
    try:
        return max(0.0, float(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        # No demo before, or one that was cut off while writing: it begins at the present.
        return 0.0
