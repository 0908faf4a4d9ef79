"""A practice on the morning of December 1, and the programs that serve it, which can be killed and replaced."""

import asyncio
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from sandbox.clock import SystemClock as SandboxClock
from sandbox.config import User
from sandbox.model import Message
from services.clock import SystemClock
from services.context import Practice
from services.messages.deliveries import BILLING, Key, Recipient
from services.messages.store import StoredDeliveries
from storage import Database
from tests.support.bot import clinic_with_bot
from tests.support.doors import CallUnderWay, Doors
from tests.support.files import csv_of, entries_csv, loaded, patients_csv
from tests.support.practice import TryPractice
from tests.support.serve_ahead import ClockAhead
from tests.support.serving import Served, environment, serving_ahead
from tests.support.slack import LocalSlack, running_slack

#: Eight in the morning in New York, when November's end is told.
EIGHT = datetime(2026, 12, 1, 13, tzinfo=UTC)
CHANNEL = "C0BILLING"
#: How long a call hangs whose node is about to die.
HANGS_SECONDS = 3.0
_LOOK_SECONDS = 0.2


class _SlackAhead(SandboxClock):
    """Slack's clock, ahead like that of everybody else."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead.total_seconds()

    def now(self) -> float:
        """See `Clock`."""
        return super().now() + self._ahead


def user_id(number: int) -> str:
    """The Slack id of a care manager."""
    return f"U0CARE{number:03d}"


class Morning:
    """Some care managers whose digests are due at eight and in the minutes after it, and the nodes that serve them."""

    def __init__(
        self,
        slack: LocalSlack,
        doors: Doors,
        database: Database,
        url: str,
        *,
        ahead: timedelta,
        people: int,
        chance: Random,
    ) -> None:
        self.slack = slack
        self.kills = 0
        #: Nodes that were told to end while they had a call under way.
        self.ended_busy = 0
        #: Calls that were under way when the node that had made them died, by method.
        self.cut_off: Counter[str] = Counter()
        self._doors = doors
        self._people = people
        self._chance = chance
        self._stack = AsyncExitStack()
        self._env = environment(slack, url, COCM_BILLING_CHANNEL=CHANNEL)
        #: The processes, from their beginning on, and those of them that serve.
        self._alive: dict[int, Process] = {}
        self._up: dict[int, Served] = {}
        self._served: list[Served] = []
        self._ahead = ahead
        trying = TryPractice(database)
        practice = Practice(database, ClockAhead(self._ahead), trying.settings, trying.tenant_id)
        self._outbox = StoredDeliveries(practice)
        self._clock = practice.clock

    async def start(self, doors: Collection[int], later: timedelta = timedelta(0)) -> None:
        """Start a node at each of these doors, its clock so much later than everybody's."""
        await asyncio.gather(*(self._start(door, self._ahead + later) for door in doors))

    async def restart_each(self, while_calling: str) -> list[int | None]:
        """End the nodes one after the other as an operator would, and replace each; returns their exit codes.

        Args:
            while_calling: end each while it has a call of this method under way, as long as there are such.
        """
        old, replaced = dict(self._up), []
        while len(replaced) < len(old):
            left = [door for door in old if door not in replaced]
            call = await self._call_while_owed(while_calling, left)
            door = call.door if call else left[0]
            self.ended_busy += call is not None
            old[door].process.terminate()
            replaced.append(door)
        # They come up while the old ones still end.
        await self.start(replaced)
        return [await served.process.wait() for served in old.values()]

    async def _call_while_owed(self, method: str, doors: Collection[int]) -> CallUnderWay | None:
        """A call under way through some doors; None once there is nothing left to call for."""
        while (call := await self._doors.call_of([method], HANGS_SECONDS, through=doors)) is None:
            if not await self._is_anything_owed():
                return None
        return call

    async def start_and_kill(
        self,
        doors: Collection[int],
        methods: Collection[str] = (),
        *,
        later: timedelta = timedelta(0),
        patience: float = 60.0,
    ) -> list[int]:
        """Start nodes, and kill two meanwhile or afterwards, with no time to put anything in order.

        Args:
            doors: where to start some.
            methods: kill one that has such a call under way, and another; any two at any moment when left out.
            later: how much later the clocks of the new ones are.
            patience: seconds to wait for such a call at most; then any two.

        Returns:
            The doors of the dead, at which nobody is now.
        """
        async with asyncio.TaskGroup() as meanwhile:
            meanwhile.create_task(self.start(doors, later))
            for method in methods:
                # Slack carries it out once its caller is dead, or has done so, and the caller never hears of it.
                kind = self._chance.choice(["latency", "drop_after"])
                self.slack.fail_next(method, kind, times=1000, seconds=HANGS_SECONDS)
            call = await self._doors.call_of(methods, patience, through=self._alive) if methods else None
            await asyncio.sleep(self._chance.uniform(0.05, HANGS_SECONDS / 3))
            first = [call.door] if call else []
            others = [door for door in self._alive if door not in first]
            victims = first + self._chance.sample(others, k=min(2 - len(first), len(others)))
            await self._kill(victims)
            self.slack.sandbox.api.faults.clear()
        return victims

    async def until_nothing_is_owed(self, within: float) -> None:
        """Wait until all that was due by now is in the outbox, and none of it is open."""
        async with asyncio.timeout(within):
            while await self._is_anything_owed():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(_LOOK_SECONDS)

    async def _is_anything_owed(self) -> bool:
        return bool(await self._outbox.open()) or not self._owed() <= await self._keys()

    async def end(self) -> None:
        """End every node as an operator would."""
        await self._stack.aclose()

    def log(self) -> str:
        """What all nodes have logged."""
        return "".join(line for served in self._served for line in served.log)

    def shown(self, channel: str) -> list[Message]:
        """What stands in a channel, oldest first."""
        return sorted(self.slack.world.channels[channel].messages.values(), key=lambda each: each.ts)

    def digests(self) -> dict[str, list[Message]]:
        """What stands in each care manager's direct message, by the MRN of their one patient."""
        return {mrn(each): self.shown(self.slack.person(user_id(each)).dm) for each in range(self._people)}

    async def _kill(self, doors: Collection[int]) -> None:
        dying = [self._alive.pop(door) for door in doors]
        for door in doors:
            self._up.pop(door, None)
        for process in dying:
            process.kill()
        await asyncio.gather(*(process.wait() for process in dying))
        self.kills += len(dying)
        self.cut_off.update(each.method for each in self._doors.under_way if each.door in doors)

    def _owed(self) -> set[Key]:
        digests = {("digest:2026-12-01", Recipient(number + 1)) for number in range(self._people)}
        return {("month_end:2026-11", BILLING), *digests}

    async def _keys(self) -> frozenset[Key]:
        return (await self._outbox.delivered(self._clock.now())).keys

    async def _start(self, door: int, ahead: timedelta) -> None:
        env = {**self._env, "COCM_SLACK_API_URL": f"{self._doors.urls[door]}api/"}
        own: list[Process] = []

        def begun(process: Process) -> None:
            own.append(process)
            self._alive[door] = process

        try:
            served = await self._stack.enter_async_context(serving_ahead(env, ahead, begun=begun))
        except AssertionError:
            # One that was killed before it was ready: it may send before it serves.
            if self._alive.get(door) in own:
                raise
            return
        if self._alive.get(door) in own:
            self._up[door] = served
        self._served.append(served)


def mrn(number: int) -> str:
    """The MRN of a care manager's one patient."""
    return f"MRN{4000 + number}"


@asynccontextmanager
async def morning(
    database_url: str, *, nodes: int, people: int, minutes: int, seed: int
) -> AsyncIterator[Morning]:
    """A practice whose digests are spread over some minutes from eight on, and doors for its nodes.

    Nodes begin at ten seconds past eight, unless told otherwise.
    """
    doors = Doors(nodes)
    ahead = EIGHT + timedelta(seconds=10) - SystemClock().now()
    users = tuple(User(id=user_id(number), name=f"care{number}") for number in range(people))
    database = Database.open(database_url)
    try:
        _fill(TryPractice(database), people, minutes)
        async with running_slack(
            replace(clinic_with_bot(), users=users), clock=_SlackAhead(ahead), doors=doors
        ) as slack:
            served = Morning(
                slack, doors, database, database_url, ahead=ahead, people=people, chance=Random(seed)
            )
            try:
                yield served
            finally:
                await served.end()
    finally:
        database.close()


def _fill(practice: TryPractice, people: int, minutes: int) -> None:
    """Each care manager has a patient who reached 99493 in November, and whose consent is missing."""
    names = [f"Care Manager {number}" for number in range(people)]
    members = [
        {
            "slack_user_id": user_id(number),
            "display_name": name,
            "roles": "care_manager",
            "digest_at": f"8:{number % minutes:02d}",
        }
        for number, name in enumerate(names)
    ]
    patients = [
        {
            "mrn": mrn(number),
            "care_manager": name,
            "enrolled_on": "2026-09-01",
            "initial_assessment_on": "2026-09-01",
        }
        for number, name in enumerate(names)
    ]
    worked = [
        {"mrn": mrn(number), "performed_by": name, "service_date": "2026-11-10", "minutes": "65"}
        for number, name in enumerate(names)
    ]
    loaded(practice, "members", csv_of(("slack_user_id", "display_name", "roles", "digest_at"), members))
    loaded(practice, "patients", patients_csv(*patients))
    loaded(practice, "entries", entries_csv(*worked))
