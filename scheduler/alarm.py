"""Calls the planner once a minute, by APScheduler."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from services.clock import SystemClock

log = structlog.get_logger(__name__)

TICK = timedelta(minutes=1)
#: Ticks after which one that has not come is rung for.
_OVERDUE = 1.5


class Alarm:
    """Calls a piece of work every minute, and remembers when it last came through."""

    def __init__(self, work: Callable[[], Awaitable[object]]) -> None:
        self._work = work
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._job: Job | None = None
        self._watch: asyncio.TimerHandle | None = None
        #: The event loop's clock when the work last ended well; None before the first time.
        self._came_through: float | None = None

    def start(self) -> None:
        """Start ringing: at once, then every minute, within the running event loop."""
        self._job = self._scheduler.add_job(
            self._ring,
            IntervalTrigger(seconds=int(TICK.total_seconds()), timezone=UTC),
            # APScheduler goes by the machine's clock, whatever time it is for the work.
            next_run_time=SystemClock().now(),
            # A tick that could not run in time runs once as soon as it can; none pile up.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        self._watch_over()

    def ticked_within(self, span: timedelta) -> bool:
        """Whether the work has come through in the last so long; to be asked within the event loop."""
        now = asyncio.get_running_loop().time()
        return self._came_through is not None and now - self._came_through <= span.total_seconds()

    def stop(self) -> None:
        """Stop ringing."""
        if self._watch is not None:
            self._watch.cancel()
        self._scheduler.shutdown(wait=False)

    async def _ring(self) -> None:
        self._watch_over()
        try:
            await self._work()
        except Exception as error:  # noqa: BLE001 - the next minute tries again; readiness shows that it fails
            log.error("tick failed", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
            return
        self._came_through = asyncio.get_running_loop().time()

    def _watch_over(self) -> None:
        """See to it that a machine's clock that is put back by hours silences the alarm for minutes at most."""
        if self._watch is not None:
            self._watch.cancel()
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(_OVERDUE * TICK.total_seconds(), self._ring_now)

    def _ring_now(self) -> None:
        assert self._job is not None, "the watch begins with the job"
        self._job.modify(next_run_time=SystemClock().now())
        self._watch_over()
