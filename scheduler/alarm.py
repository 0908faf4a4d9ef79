"""The alarm clock: APScheduler rings once a minute, and what then is to do decides itself elsewhere."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from services.clock import SystemClock
from services.ports import Clock

log = structlog.get_logger(__name__)

TICK = timedelta(minutes=1)


class Alarm:
    """Calls a piece of work every minute, and remembers when it last came through."""

    def __init__(self, work: Callable[[], Awaitable[object]], clock: Clock) -> None:
        self._work = work
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        #: Instant at which the work last ended well; None before the first time.
        self.last_tick: datetime | None = None

    def start(self) -> None:
        """Start ringing: at once, then every minute, within the running event loop."""
        self._scheduler.add_job(
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

    def ticked_since(self, instant: datetime) -> bool:
        """Whether the work has come through at or after an aware instant."""
        return self.last_tick is not None and self.last_tick >= instant

    def stop(self) -> None:
        """Stop ringing."""
        self._scheduler.shutdown(wait=False)

    async def _ring(self) -> None:
        try:
            await self._work()
        except Exception as error:  # noqa: BLE001 - the next minute tries again; readiness shows that it fails
            log.error("tick failed", error=type(error).__qualname__)  # noqa: TRY400 - a traceback could hold a person's words
            return
        self.last_tick = self._clock.now()
