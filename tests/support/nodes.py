"""Nodes that plan and send together on virtual time, while everything goes wrong that a seed can think of."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from structlog.testing import capture_logs

from bot.replies import Reply
from scheduler.planner import Planner
from scheduler.sender import Sender
from services.messages.deliveries import BILLING, Delivery, NotNow, State
from services.messages.files import FileContent
from services.messages.kind import Part
from tests.support.autumn import BEGINS, ENDS, FortyPeople, has_something_to_say, parts_of
from tests.support.shelf import Connection, ConnectionLostError, Shelf
from tests.support.slack_simulated import SHUT, Shown, SimulatedSlack, something_for
from tests.support.virtual_time import run_virtually

_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazards:
    """How much goes wrong."""

    nodes: int
    #: A day, each: storms over Slack, kills of a node, jumps of a clock.
    storms: float = 0.0
    kills: float = 0.0
    jumps: float = 0.0
    #: How often a write to the store fails, before or after it was done.
    store_faults: float = 0.0
    #: How often somebody wants something only later when it is about to be sent.
    put_off: float = 0.0
    #: Whether the billing channel takes nothing for some days around a month's end.
    billing_shut: bool = False
    #: How often a call that hangs is accepted after the settle time.
    residual: float = 0.0

    @classmethod
    def of(cls, seed: int) -> "Hazards":
        """The hazards of a seed; every eighth runs in fair weather."""
        chance = Random(seed)
        if seed % 8 == 0:
            return cls(nodes=chance.randint(1, 8))
        return cls(
            nodes=chance.randint(2, 8),
            storms=chance.choice([0.5, 2, 4]),
            kills=chance.choice([0, 1, 6]),
            jumps=chance.choice([0, 1, 6]),
            store_faults=chance.choice([0, 0.002, 0.01]),
            billing_shut=chance.random() < 0.3,
            put_off=chance.choice([0, 0, 0.1]),
            residual=0.02 if seed % 8 == 1 else 0.0,
        )


class _SkewedClock:
    """The wall clock of a node."""

    def __init__(self, begins: datetime) -> None:
        self._begins = begins
        self.skew = timedelta(0)

    def now(self) -> datetime:
        """What it shows."""
        return self._begins + timedelta(seconds=asyncio.get_running_loop().time()) + self.skew


class _Composing:
    """The `Composer`: says something, or nothing, or not now; fails once in a while."""

    def __init__(self, chance: Random, hazards: Hazards) -> None:
        self._chance = chance
        self._hazards = hazards

    async def compose(self, delivery: Delivery) -> Reply | FileContent | NotNow | None:
        """See `Composer`."""
        if self._chance.random() < self._hazards.store_faults:
            raise ValueError("a report could not be made")
        if not delivery.is_file and self._chance.random() < self._hazards.put_off:
            return NotNow(seconds=self._chance.randint(1, 1_800))
        if delivery.kind != "trouble" and not has_something_to_say(delivery.key):
            return None
        return something_for(delivery)


class Node:
    """One process: it can be killed, and started again."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.clock = _SkewedClock(world.begins)
        self._connection: Connection | None = None
        self._sender: Sender | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._sender is not None

    def start(self) -> None:
        """Begin, as `cocm serve` does: a first tick at once."""
        world = self._world
        self._connection = Connection(world.shelf, world.chance, world.hazards.store_faults)
        composer = _Composing(world.chance, world.hazards)
        self._sender = Sender(
            self._connection,
            world.slack.notifier(),
            composer,
            self.clock,
            chance=world.chance,
            idle=world.idle,
        )
        self._tasks = [asyncio.create_task(self._sender.run())]
        self.tick()

    def kill(self) -> None:
        """Die at once, whatever was under way."""
        assert self._connection is not None
        self._connection.is_cut = True
        self._connection = self._sender = None
        for task in self._tasks:
            task.cancel()

    async def stop(self) -> None:
        """End in good order, after what is under way."""
        if self._sender is not None:
            self._sender.stop()
            await asyncio.gather(*self._tasks)
            self._sender = None

    def tick(self) -> None:
        """What the alarm clock does once a minute."""
        if self._sender is not None:
            self._tasks = [task for task in self._tasks if not task.done()]
            self._tasks.append(asyncio.create_task(self._tick()))

    def wake(self) -> None:
        """What the sender does by itself every ten seconds."""
        if self._sender is not None:
            self._sender.wake()

    async def _tick(self) -> None:
        connection, sender, world = self._connection, self._sender, self._world
        assert connection is not None
        assert sender is not None
        planner = Planner(connection, world.people, self.clock, lambda: f"d{next(world.ids)}")
        try:
            await planner.plan()
        except ConnectionLostError:
            # A minute later it ticks again.
            asyncio.get_running_loop().call_later(60, self.tick)
        sender.wake()


class World:
    """The nodes, their store, Slack, and what goes wrong."""

    def __init__(self, seed: int, hazards: Hazards, ends: datetime) -> None:
        self.chance = Random(seed)
        self.hazards = hazards
        self.begins, self._ends = BEGINS, ends
        self.people = FortyPeople()
        self.shelf = Shelf()
        self.slack = SimulatedSlack(self.chance, self.begins, range(1, 41))
        self.slack.network.residual = hazards.residual
        self.ids = count(1)
        #: Idle looks are left out, and stood in for by waking nodes when there is something to see.
        self.idle = 30 * 24 * _HOUR
        self.nodes = [Node(self) for _ in range(hazards.nodes)]
        self.expected = {
            key: due
            for key, due in self.people.expected().items()
            if BEGINS <= due < ends - timedelta(hours=3)
        }
        self._due_at = {self._seconds(due) for due in self.expected.values()}
        self._dues = sorted(self._due_at)
        self._month_ends = [
            self._seconds(due)
            for (period, _), due in self.expected.items()
            if period.startswith("month_end:")
        ]
        self.kills = 0

    async def run(self) -> None:
        """Live from the beginning to the end."""
        loop = asyncio.get_running_loop()
        self.shelf.on_add(self._wake_all)
        for node in self.nodes:
            node.start()
        self._schedule_hazards(loop)
        for at in self._rings():
            await asyncio.sleep(at - loop.time())
            # Two hours after something was due, only a clock that is wrong has news.
            self._ring([node for node in self.nodes if at in self._due_at or node.clock.skew])
        await asyncio.sleep(self._seconds(self._ends) - loop.time())
        for node in self.nodes:
            await node.stop()

    def _schedule_hazards(self, loop: asyncio.AbstractEventLoop) -> None:
        length = self._seconds(self._ends)
        days = length / (24 * _HOUR)
        hazards, chance = self.hazards, self.chance
        # Storms and kills are best spent where something is being sent.
        for _ in range(round(hazards.storms * days)):
            loop.call_at(max(0.0, self._busy_time() - chance.uniform(0, 600)), self._storm)
        for _ in range(round(hazards.kills * days)):
            loop.call_at(self._busy_time() + chance.uniform(0, 120), self._kill)
        for _ in range(round(hazards.jumps * days)):
            # The first run is by a clock that is right, or it would serve the day before.
            loop.call_at(chance.uniform(3 * _HOUR, length - 12 * _HOUR), self._jump)
        if hazards.billing_shut:
            opens = chance.uniform(0.2, 0.9) * length
            loop.call_at(max(0.0, opens - chance.uniform(1, 96) * _HOUR), self.slack.shut_billing)
            loop.call_at(opens, self.slack.open_billing)

    def _seconds(self, instant: datetime) -> float:
        return (instant - self.begins).total_seconds()

    def _busy_time(self) -> float:
        """When something is due, and the few month ends more often than their share."""
        return self.chance.choice(self._month_ends if self.chance.random() < 0.1 else self._dues)

    def _rings(self) -> list[float]:
        """When anything could be due by anybody's clock: the minutes in between are not worth their while."""
        late = (due + 2 * _HOUR + 60 for due in self._dues) if self.hazards.jumps else ()
        return sorted({*self._dues, *late})

    def _ring(self, nodes: list[Node]) -> None:
        loop = asyncio.get_running_loop()
        for node in nodes:
            loop.call_later(self.chance.uniform(0, 60), node.tick)

    def _wake_all(self) -> None:
        loop = asyncio.get_running_loop()
        for node in self.nodes:
            loop.call_later(self.chance.uniform(0, 10), node.wake)

    def _storm(self) -> None:
        self.slack.network.storm = self.chance.choice([0.3, 1, 1.5])
        asyncio.get_running_loop().call_later(self.chance.uniform(60, _HOUR / 2), self._calm)

    def _calm(self) -> None:
        self.slack.network.storm = 0.0

    def _kill(self) -> None:
        victim = self.chance.choice(self.nodes)
        if victim.is_alive:
            self.kills += 1
            victim.kill()
            asyncio.get_running_loop().call_later(self.chance.uniform(1, 600), victim.start)
            self._wake_all()

    def _jump(self) -> None:
        """One clock, or all of them, go two hours wrong until somebody puts them right."""
        some = self.nodes if self.chance.random() < 0.3 else [self.chance.choice(self.nodes)]
        skew = timedelta(hours=self.chance.choice([-2, 2]))
        for node in some:
            node.clock.skew = skew
        self._ring(self.nodes)
        asyncio.get_running_loop().call_later(self.chance.uniform(1, 6 * _HOUR), self._put_right, some)

    def _put_right(self, some: list[Node]) -> None:
        for node in some:
            node.clock.skew = timedelta(0)
        self._ring(self.nodes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a seed."""

    #: Deliveries and parts that people never saw, as text.
    lost: tuple[str, ...]
    #: What lapsed because the billing channel took nothing while it was of use: kept, told and not lost.
    lapsed: tuple[str, ...]
    #: What they saw more than once, but for what Slack accepted too late.
    twice: tuple[str, ...]
    #: What they saw more than once because Slack accepted it too late.
    residual: tuple[str, ...]
    #: What they saw and were not owed, or outside the message's thread.
    strange: tuple[str, ...]
    shown: tuple[Shown, ...] = field(repr=False)
    fates: Counter[str] = field(repr=False)
    kills: int

    @property
    def is_good(self) -> bool:
        """No message lost, none twice, none out of place."""
        return not (self.lost or self.twice or self.strange)


def live(seed: int, hazards: Hazards | None = None, ends: datetime = ENDS) -> Verdict:
    """Live through three months, unless it ends before, with the hazards of a seed."""

    async def main() -> Verdict:
        world = World(seed, hazards or Hazards.of(seed), ends)
        await world.run()
        return _judged(world)

    # Thousands of lines on what went wrong, as it was meant to, would cost more than the rest.
    with capture_logs():
        return run_virtually(main())


def _judged(world: World) -> Verdict:
    slack, rows = world.slack, world.shelf.rows
    everything = slack.shown(rows)
    seen = Counter((shown.period, shown.recipient, shown.part) for shown in everything)
    spoken = [key for key in world.expected if has_something_to_say(key)]
    wanted = {(*key, part) for key in spoken for part in parts_of(key)}
    shut_out = {
        (*row.key, row.part)
        for row in rows.values()
        if row.state is State.LAPSED and row.code == SHUT and row.recipient == BILLING
    }
    late = {(one.period, one.recipient, one.part) for one in everything if slack.is_too_late(one)}
    threads = {shown.ts: shown.period for shown in everything if shown.part is Part.MESSAGE}
    misplaced = [
        shown.period
        for shown in everything
        if (shown.part is not Part.MESSAGE or shown.thread_ts)
        and threads.get(shown.thread_ts or "") != shown.period
    ]
    strays = [shown.period for shown in everything if shown.recipient != rows[shown.delivery_id].recipient]
    extra = [what for what in seen if what not in wanted and not what[0].startswith("trouble:")]
    return Verdict(
        lost=_texts(wanted - seen.keys() - shut_out),
        lapsed=_texts(shut_out - seen.keys()),
        twice=_texts(what for what, times in seen.items() if times > 1 and what not in late),
        residual=_texts(what for what, times in seen.items() if times > 1 and what in late),
        strange=_texts((*extra, *misplaced, *strays, *slack.sandbox.world.violations)),
        shown=everything,
        fates=slack.network.fates + Counter(paced=slack.paced),
        kills=world.kills,
    )


def _texts(what: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(map(str, what)))
