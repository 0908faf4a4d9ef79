"""An event loop whose clock jumps to whatever happens next, so that months pass in seconds, the same each time."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _NothingToWaitForError(Exception):
    """Everything waits for something that will never happen."""


class _Selector(selectors.SelectSelector):
    """Never blocks: the time it would wait passes at once."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Nothing comes from outside."""
        if timeout is None:
            raise _NothingToWaitForError
        # Even a busy loop takes its time, or who waits for less than the clock resolves would wait for ever.
        self.now += max(1e-6, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs on a clock of its own, which begins at 0."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        # Months of seconds leave a float less than the machine's nanosecond.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._virtual.now


def put_forward(seconds: float) -> None:
    """Put the running loop's clock forward for good: whoever waits for less goes on at once."""
    loop = asyncio.get_running_loop()
    steady = loop.time
    # Not to be taken back: what was to happen soon would then wait for so long.
    vars(loop)["time"] = lambda: steady() + seconds


def run_virtually(main: Coroutine[Any, Any, T]) -> T:
    """Run to its end on virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
