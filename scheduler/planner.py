"""Puts due deliveries into the outbox."""

from collections.abc import Callable

from scheduler.due import owed, safety_words, tellings, troubles
from scheduler.timers import timer_questions
from services.clock import Clock
from services.messages.deliveries import DueDelivery, deliveries_for, random_id
from services.messages.ports import Outbox, Roster


class Planner:
    """Compares the calendar with the outbox; any number of them may do so at once."""

    def __init__(
        self, deliveries: Outbox, roster: Roster, clock: Clock, new_id: Callable[[], str] = random_id
    ) -> None:
        self._deliveries = deliveries
        self._roster = roster
        self._clock = clock
        self._new_id = new_id

    async def due(self) -> tuple[DueDelivery, ...]:
        """What is owed now, and changes nothing."""
        now = self._clock.now()
        audience = await self._roster.audience()
        delivered = await self._deliveries.delivered(now)
        waiting = await self._deliveries.open()
        return (
            *safety_words(audience.safety, audience.people, delivered),
            *owed(now, audience.people, audience.practice, delivered),
            *tellings(now, audience.done_by_others, audience.people, delivered),
            *timer_questions(now, audience.timers, audience.people, audience.practice, delivered),
            *troubles(now, waiting, audience.people, audience.practice, delivered),
        )

    async def plan(self) -> int:
        """Put what is owed now into the outbox, all of it or nothing; returns how many parts were new."""
        found = await self.due()
        if not found:
            return 0
        now = self._clock.now()
        parts = (part for due in found for part in deliveries_for(due, now, self._new_id))
        return await self._deliveries.add(tuple(parts))
