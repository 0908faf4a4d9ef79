"""How long whoever asked can wait for their turn to write, and the turns that a group of writers takes.

A person in Slack is told by Slack itself, three seconds after they spoke, that it did not work. What is stored after
that is stored and said to be lost. So what a person waits for carries an end: a write that has not begun by then is
not begun at all, and they are told so in time.
"""

import queue
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

from storage.errors import Busy, StorageError
from storage.jobs import Job

#: How long a write waits that nobody stands and waits for.
PATIENT_SECONDS = 30.0

_UNTIL: ContextVar[float | None] = ContextVar("until", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Have what is asked for inside begin within so many seconds from now, or not at all."""
    mark = _UNTIL.set(monotonic() + seconds)
    try:
        yield
    finally:
        _UNTIL.reset(mark)


@contextmanager
def unhurried() -> Iterator[None]:
    """Let what is asked for inside wait as long as it takes: its answer comes by another way."""
    mark = _UNTIL.set(None)
    try:
        yield
    finally:
        _UNTIL.reset(mark)


def end_of_patience() -> tuple[bool, float]:
    """Whether a person waits for what is asked for now, and until when it may begin (of the monotonic clock)."""
    until = _UNTIL.get()
    return (False, monotonic() + PATIENT_SECONDS) if until is None else (True, until)


class Turns:
    """Use cases that wait for the one writer.

    Those for which a person waits go first and never share a COMMIT with others, which may take long. The others
    have every second turn, so that none waits for ever.
    """

    def __init__(self) -> None:
        self._coming: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._hurried: deque[Job] = deque()
        self._others: deque[Job] = deque()
        self._last_was_hurried = False
        #: True once no more will come.
        self.ended = False

    def add(self, job: Job) -> None:
        """Let a use case wait; any thread may."""
        self._coming.put(job)

    def end(self) -> None:
        """Say that no more will come."""
        self._coming.put(None)

    def wait(self) -> bool:
        """Wait until there is something to do; False once all is done and no more will come."""
        while not self.any and not self.ended:
            self._sort_in(self._coming.get())
            self.look()
        return self.any

    @property
    def any(self) -> bool:
        """Whether a use case waits."""
        return bool(self._hurried or self._others)

    def look(self) -> None:
        """Take in what came, and turn away whoever has waited too long."""
        while not self._coming.empty():
            self._sort_in(self._coming.get())
        now = monotonic()
        for waiting in (self._hurried, self._others):
            # Nearly all wait equally long, so the first to come is the first to go.
            while waiting and is_over(waiting[0], now):
                waiting.popleft()

    def group(self, most: int) -> list[Job]:
        """The next that share a COMMIT, at most so many."""
        hurried = bool(self._hurried) and not (self._last_was_hurried and self._others)
        self._last_was_hurried = hurried
        waiting = self._hurried if hurried else self._others
        return [waiting.popleft() for _ in range(min(most, len(waiting)))]

    def fail(self, failure: Callable[[], StorageError], cause: Exception) -> None:
        """Tell everybody who waits why the database takes nothing; each is given an error of their own."""
        for waiting in (self._hurried, self._others):
            while waiting:
                job = waiting.popleft()
                if job.future.set_running_or_notify_cancel():
                    failed = failure()
                    failed.__cause__ = cause
                    job.future.set_exception(failed)

    def _sort_in(self, job: Job | None) -> None:
        if job is None:
            self.ended = True
        else:
            (self._hurried if job.hurried else self._others).append(job)


def is_over(job: Job, now: float) -> bool:
    """Whether a use case was given up by whoever asked, or has waited too long, which they are then told."""
    if job.until > now and not job.future.cancelled():
        return False
    if job.future.set_running_or_notify_cancel():
        job.future.set_exception(Busy())
    return True
