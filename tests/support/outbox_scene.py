"""A scene on virtual time: an outbox, nodes around it, and the local Slack that takes messages in its own way."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from billing.people import MemberRole
from scheduler.planner import Planner
from scheduler.sender import Sender
from services.errors import StorageError
from services.messages.audience import Audience
from services.messages.deliveries import Delivery, NotNow
from services.messages.kind import Part
from tests.support.owing import person, practice, utc
from tests.support.shelf import Connection, Shelf
from tests.support.slack_simulated import Shown, SimulatedSlack, something_for
from tests.support.virtual_time import run_virtually

#: Nine in the morning in New York, the day after a month's end.
NINE = utc("2026-12-01 14:00")
MINUTE = 60


@dataclass
class WallClock:
    """Shows what the test says, and goes on from there."""

    shows: datetime = NINE

    def now(self) -> datetime:
        return self.shows + timedelta(seconds=asyncio.get_running_loop().time())


@dataclass
class Roll:
    """Ana, who manages care, and Zoe, who administers."""

    people: tuple[Any, ...] = (person(1), person(2, roles=frozenset({MemberRole.ADMIN})))

    async def audience(self) -> Audience:
        return Audience(people=self.people, practice=practice())


@dataclass
class Words:
    """Says something about everything, but for what the test names."""

    nothing: frozenset[str] = frozenset()
    faulty: set[str] = field(default_factory=set)
    #: Seconds after which to ask again, by period.
    not_now: dict[str, int] = field(default_factory=dict)
    #: Periods about which the database does not answer.
    store_fails: set[str] = field(default_factory=set)

    async def compose(self, delivery: Delivery) -> object | None:
        if delivery.period in self.faulty:
            raise KeyError("MRN0042")
        if delivery.period in self.store_fails:
            raise StorageError
        if delivery.period in self.not_now:
            return NotNow(seconds=self.not_now[delivery.period])
        return None if delivery.period in self.nothing else something_for(delivery)


class OutboxScene:
    """An outbox with nodes around it."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.chance = Random(7)
        self.slack = SimulatedSlack(self.chance, NINE, range(1, 201))
        self.network = self.slack.network
        self.clock = WallClock()
        self.words = Words()
        self.roll = Roll()
        self._ids = count(1)

    def sender(self, connection: Connection | None = None, *, one_shot: bool = False) -> Sender:
        store = connection or Connection(self.shelf)
        return Sender(
            store, self.slack.notifier(), self.words, self.clock, chance=self.chance, one_shot=one_shot
        )

    async def plan(self) -> int:
        store = Connection(self.shelf)
        return await Planner(store, self.roll, self.clock, lambda: f"d{next(self._ids)}").plan()

    @property
    def shown(self) -> tuple[Shown, ...]:
        return self.slack.shown(self.shelf.rows)

    def seen(self) -> list[str]:
        return sorted(f"{shown.period} {shown.part}" for shown in self.shown)

    def rows(self, period: str, part: Part = Part.MESSAGE) -> list[Delivery]:
        """What there is of one period and part, whoever gets it."""
        found = (row for row in self.shelf.rows.values() if row.period == period and row.part is part)
        return sorted(found, key=lambda row: row.recipient)

    def row(self, period: str, part: Part = Part.MESSAGE) -> Delivery:
        """The first person's, or the channel's."""
        return self.rows(period, part)[0]

    async def until(self, condition: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            # Virtual time passes by sleeping alone, and what is waited for is spread over the rows.
            while not condition():  # noqa: ASYNC110 - see above
                await asyncio.sleep(0.25)


DIGEST, MONTH_END, AUDIT = "digest:2026-12-01", "month_end:2026-11", "audit:2026-W48"
#: What is owed on a first run on 1 December; Monday's audit was before it.
MORNINGS = [f"{DIGEST} message"] * 2
MONTH = [f"{MONTH_END} {part}" for part in ("csv", "message", "xlsx")]
EVERYTHING = [*MORNINGS, *MONTH]


def played(scene: Callable[[OutboxScene], Coroutine[Any, Any, None]]) -> OutboxScene:
    """Play a scene on virtual time."""

    async def main() -> OutboxScene:
        outbox = OutboxScene()
        await scene(outbox)
        return outbox

    return run_virtually(main())


async def drained(outbox: OutboxScene, timeout_seconds: float = 5 * MINUTE) -> tuple[Delivery, ...]:
    await outbox.plan()
    return await outbox.sender().drain(timeout_seconds)
