"""Checks whether the program is ready to work, for load balancers and operators."""

import asyncio
from datetime import timedelta

from scheduler.alarm import Alarm
from storage import Database, StorageError

#: A scheduler that has not ticked for this long is not working.
TICK_WITHIN = timedelta(minutes=2)


class Readiness:
    """Looks at the parts that a working program needs."""

    def __init__(self, database: Database, alarm: Alarm | None) -> None:
        self._database = database
        self._alarm = alarm

    async def faults(self) -> dict[str, str]:
        """What stands in the way, by part; empty when ready."""
        wrong: dict[str, str] = {}
        try:
            await asyncio.to_thread(self._database.ping)
            if not await asyncio.to_thread(self._database.migrations_current):
                wrong["migrations"] = "The database's tables are of another version. Run: cocm migrate"
        except StorageError as error:
            wrong["database"] = error.sentence
        if self._alarm is not None and not self._alarm.ticked_within(TICK_WITHIN):
            wrong["scheduler"] = "The scheduler has not run for two minutes."
        return wrong
