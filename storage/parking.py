"""Use cases that wait until a month is frozen, without keeping a thread from others meanwhile."""

import threading
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from time import monotonic
from typing import Any

from storage.errors import MonthFreezing, NotSaved

#: How often one of those that wait for a month looks whether it may go on.
LOOK_SECONDS = 0.05
#: A close of many thousand patients takes less; whoever has waited so long is told that nothing was stored.
LONGEST_WAIT_SECONDS = 120.0


class Waiting:
    """One use case: what it does, who asked, and since when it waits."""

    __slots__ = ("attempt", "future", "looks", "since", "waits_for")

    def __init__(self, attempt: Callable[[], Any]) -> None:
        self.attempt = attempt
        self.future: Future[Any] = Future()
        self.since: float | None = None
        #: The lock that it waited for last, and whether it is the one that looks.
        self.waits_for: int | None = None
        self.looks = False


class Parking:
    """Runs use cases on the threads of a pool; one that meets a month being frozen is run again when it is.

    Of all that wait for one lock a single one looks; when it comes through, the others do.
    """

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._waiting: defaultdict[int, deque[Waiting]] = defaultdict(deque)
        self._guard = threading.Lock()
        self._closed = False

    def submit(self, attempt: Callable[[], Any]) -> "Future[Any]":
        """Run a use case as soon as a thread is free."""
        one = Waiting(attempt)
        self._threads.submit(self._run, one)
        return one.future

    def close(self) -> None:
        """Tell those that wait that nothing of theirs was stored; nobody waits from now on."""
        with self._guard:
            self._closed = True
            left = [one for waiting in self._waiting.values() for one in waiting]
            self._waiting.clear()
        for one in left:
            one.future.set_exception(NotSaved())

    def _run(self, one: Waiting) -> None:
        if one.since is None and not one.future.set_running_or_notify_cancel():
            return
        try:
            value = one.attempt()
        except MonthFreezing as error:
            self._park(one, error)
        except BaseException as error:  # noqa: BLE001 - whatever a use case raises is its caller's
            self._release(one)
            one.future.set_exception(error)
        else:
            self._release(one)
            one.future.set_result(value)

    def _park(self, one: Waiting, error: MonthFreezing) -> None:
        now = monotonic()
        one.since = one.since or now
        if now - one.since > LONGEST_WAIT_SECONDS:
            self._release(one)
            one.future.set_exception(error)
            return
        with self._guard:
            closed = self._closed
            if not closed:
                waiting = self._waiting[error.key]
                # Who looked is the next to look.
                is_first = not waiting or one.looks
                (waiting.appendleft if is_first else waiting.append)(one)
                one.waits_for, one.looks = error.key, False
        if closed:
            one.future.set_exception(error)
        elif is_first:
            self._look_later(error.key)

    def _look_later(self, key: int) -> None:
        alarm = threading.Timer(LOOK_SECONDS, self._look, [key])
        alarm.daemon = True
        alarm.start()

    def _look(self, key: int) -> None:
        with self._guard:
            waiting = self._waiting.get(key)
            one = waiting.popleft() if waiting else None
            if waiting is not None and not waiting:
                del self._waiting[key]
        if one is not None:
            one.looks = True
            self._start(one)

    def _release(self, one: Waiting) -> None:
        """Let all go on that wait for the lock that this one has got past."""
        if one.waits_for is None:
            return
        with self._guard:
            free = self._waiting.pop(one.waits_for, ())
        for other in free:
            self._start(other)

    def _start(self, one: Waiting) -> None:
        try:
            self._threads.submit(self._run, one)
        except RuntimeError:
            # The pool has ended.
            one.future.set_exception(NotSaved())
