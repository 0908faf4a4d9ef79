"""Two to eight nodes on one database: people log, undo, correct and close, and deliveries come again.

Each request has the key that Slack gives its delivery, and comes once, twice or three times, one after the other or at
once, to any node; an answer is lost now and then, a node restarts, a backend of the server is ended, a clock jumps.
"""

import asyncio
import contextlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import psycopg

from benchmarks.soak.places import on_server, server, sqlite
from benchmarks.soak.rounds import MOST_FAULTS
from benchmarks.soak.tally import KeptTally
from billing.months import BillingMonth
from billing.people import Member, MemberRole
from services.acts import undo
from services.acts.went import EntryWent, TakenBack
from services.checks import verify
from services.context import Context, Practice, PracticeSettings
from services.entries import amend, log
from services.entries.changes import EntryEdit
from services.entries.receipts import Receipt
from services.errors import Refusal, StorageError
from services.messages.revisions import close_month
from services.once import run as once
from services.people import arrivals
from storage import ActKind, Database
from tests.support.practice import NEW_YORK, TryPractice, asked, draft

OCTOBER = BillingMonth(2026, 10)
_ADDENDUM = "this is an addendum"
_BEGINS = datetime(2026, 11, 10, 15, tzinfo=UTC)
_REQUESTS, _PEOPLE, _PATIENTS = 60, 6, 5
#: Requests under way at once.
_AT_ONCE = 10


@dataclass
class SkewedClock:
    """A node's own clock: the world's, and how wrong it is."""

    world: "World"
    skew: timedelta = timedelta(0)

    def now(self) -> datetime:
        """What it shows."""
        return self.world.now + self.skew


class Node:
    """One program on the database."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self.clock = SkewedClock(world)
        self.start()

    def start(self) -> None:
        """Open the database."""
        self.database = Database.open(self._world.url)
        self.practice = Practice(
            self.database,
            self.clock,
            PracticeSettings(zone=NEW_YORK, unknown_member="welcome"),
            self._world.tenant_id,
        )

    def restart(self) -> None:
        """End, and begin again: what is under way ends first, as when the program is told to end."""
        self.database.close()
        self.start()


@dataclass(kw_only=True)
class Wanted:
    """A request of somebody's, and what each of its deliveries was answered."""

    key: str
    kind: str
    user: str
    note: str = ""
    day: date = date(2026, 11, 9)
    #: What is corrected.
    entry_id: int = 0
    answers: list[Any] = field(default_factory=list)

    @property
    def done(self) -> Any:
        """What it was answered; None where nobody heard anything but that it did not work."""
        return next((one for one in self.answers if not isinstance(one, Exception)), None)

    @property
    def taken_back(self) -> list[TakenBack]:
        """The answers that say what was undone; before them another node, by its own clock, may have asked first."""
        return [one for one in self.answers if isinstance(one, TakenBack)]


class World:
    """The nodes, the people, and what goes wrong."""

    def __init__(self, url: str, seed: int, tally: KeptTally) -> None:
        self.url, self._tally = url, tally
        self.chance = Random(seed)
        self.now = _BEGINS
        self._begin()
        self.nodes = [Node(self) for _ in range(self.chance.randint(2, 8))]
        self.requests: list[Wanted] = []
        self._acknowledged: dict[str, list[int]] = defaultdict(list)

    def _begin(self) -> None:
        database = Database.open(self.url)
        practice = TryPractice(database)
        self.tenant_id = practice.tenant_id
        practice.clock.at = self.now
        for number in range(_PEOPLE):
            practice.member(f"Care {number}", slack=f"U0CARE{number}")
        practice.member("Sam Whitfield", MemberRole.BILLER, slack="U0SAM")
        for number in range(_PATIENTS):
            practice.patient(str(500 + number), assessed_on=date(2026, 8, 3))
        database.close()

    async def run(self) -> None:
        """Live through so many requests."""
        gate = asyncio.Semaphore(_AT_ONCE)
        closes_at = self.chance.randrange(_REQUESTS // 4, _REQUESTS * 3 // 4)
        async with asyncio.TaskGroup() as tasks:
            for number in range(_REQUESTS):
                self.now += timedelta(seconds=self.chance.randint(1, 200))
                self._mishap()
                wanted = self._wanted(number, is_close=number == closes_at)
                self.requests.append(wanted)
                await gate.acquire()
                task = tasks.create_task(self._deliver(wanted))
                task.add_done_callback(lambda _: gate.release())
                await asyncio.sleep(self.chance.random() * 0.01)

    def _wanted(self, number: int, *, is_close: bool) -> Wanted:
        key = f"key-{number}"
        if is_close:
            return Wanted(key=key, kind="close", user="U0SAM")
        user = f"U0CARE{self.chance.randrange(_PEOPLE)}"
        kind = self.chance.choices(["log", "undo", "edit"], [70, 20, 10])[0]
        day = date(2026, self.chance.choice([10, 11]), self.chance.randint(2, 9))
        found = self._acknowledged[user]
        if kind == "edit" and not found:
            kind = "log"
        entry_id = self.chance.choice(found) if kind == "edit" else 0
        return Wanted(key=key, kind=kind, user=user, note=f"call number {number}", day=day, entry_id=entry_id)

    async def _deliver(self, wanted: Wanted) -> None:
        """Once, or again; each node by itself."""
        times = self.chance.choice([1, 1, 2, 3])
        at_once = self.chance.random() < 0.4
        works = [self._delivery(wanted) for _ in range(times)]
        self._tally.tried += times
        if at_once:
            await asyncio.gather(*works)
            return
        for work in works:
            await work

    async def _delivery(self, wanted: Wanted) -> None:
        node = self.chance.choice(self.nodes)
        work = asyncio.create_task(self._carried_out(node, wanted))
        if self.chance.random() < 0.1:
            # Nobody hears the answer; Slack delivers again.
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(self.chance.random() * 0.02)
                work.cancel()
                await work
            self._tally.met["answer lost"] += 1
            work = asyncio.create_task(self._carried_out(self.chance.choice(self.nodes), wanted))
        answer = await work
        # A fault that passes is tried again, as Slack and people do.
        for _ in range(5):
            if not isinstance(answer, StorageError):
                break
            self._tally.met["tried again"] += 1
            answer = await self._carried_out(self.chance.choice(self.nodes), wanted)
        wanted.answers.append(answer)
        if isinstance(answer, Receipt) and wanted.kind == "log":
            self._acknowledged[wanted.user] += [view.entry.entry_id for view in answer.entries]

    async def _carried_out(self, node: Node, wanted: Wanted) -> Any:
        """As the bot does it: what was done for the delivery before is taken up first."""
        try:
            with once.carrying_out(wanted.key):
                run = once.current()
                assert run is not None
                with once.apart():
                    member, steps = await node.practice.read(arrivals.met, wanted.user, run.key)
                run.take_up(steps)
                assert member is not None
                return await self._use_case(node.practice, member, wanted)
        except (Refusal, StorageError) as refused:
            return refused

    async def _use_case(self, practice: Practice, member: Member, wanted: Wanted) -> Any:
        if wanted.kind == "close":
            return await practice.write(close_month, member, OCTOBER)
        if wanted.kind == "undo":
            return await practice.write(undo.undo_last, member, request_key=wanted.key)
        if wanted.kind == "edit":
            change = EntryEdit(entry_id=wanted.entry_id, seconds=60 * 9, reason="a slip")
            return await practice.write(amend.edit, member, change)
        identity = str(500 + int(wanted.key.partition("-")[2]) % _PATIENTS)
        request = asked(identity, 3 + len(wanted.key), wanted.note, service_date=wanted.day)
        return await practice.write(log.log, member, draft(request), request_key=wanted.key)

    # -- what goes wrong ---------------------------------------------------------------------------------

    def _mishap(self) -> None:
        dice = self.chance.random()
        node = self.chance.choice(self.nodes)
        if dice < 0.04:
            node.clock.skew = timedelta(hours=self.chance.choice([-3, -1, 1, 3]))
            self._tally.met["clock jumped"] += 1
        elif dice < 0.10:
            node.clock.skew += timedelta(milliseconds=self.chance.randint(-4_000, 4_000))
            self._tally.met["clock stepped"] += 1
        elif dice < 0.14:
            node.clock.skew = timedelta(0)
        elif dice < 0.17:
            node.restart()
            self._tally.met["node restarted"] += 1
        elif dice < 0.20 and self.url.startswith("postgresql"):
            self._end_a_backend()

    def _end_a_backend(self) -> None:
        """One connection of the server dies, whatever it is at."""
        address = self.url.replace("postgresql+psycopg", "postgresql")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"
            )
        self._tally.met["backend ended"] += 1

    # -- what came of it ---------------------------------------------------------------------------------

    def judge(self) -> None:
        """Hold what everybody was told against what is on file."""
        for node in self.nodes:
            node.database.close()
        database = Database.open(self.url)
        try:
            practice = TryPractice(database)
            practice.clock.at = self.now + timedelta(hours=4)
            on_file = practice.see(_on_file)
            found = practice.see(verify)
            if found.changed or found.totals:
                self._tally.wrong("faults", f"verify: {found.changed} {found.totals}")
            self._judge_logs(on_file)
            self._judge_undo(practice.see(_acts))
            self._judge_close(practice)
        finally:
            database.close()

    def _judge_logs(self, on_file: dict[str, list[int]]) -> None:
        for wanted in self.requests:
            told = {_ids(one) for one in wanted.answers if isinstance(one, Receipt)}
            self._tally.met[f"{wanted.kind}: {type(wanted.done).__name__}"] += 1
            if wanted.kind != "log":
                continue
            written = on_file.get(wanted.note, [])
            if told and not written:
                self._tally.wrong("lost", f"{wanted.note} was acknowledged")
            if len(written) > 1 or len(told) > 1:
                self._tally.wrong("twice", f"{wanted.note}: entries {written}, told {told}")
            elif told and told != {tuple(written)}:
                self._tally.wrong("faults", f"{wanted.note}: told {told}, written {written}")

    def _judge_undo(self, acts: Counter[ActKind]) -> None:
        """Each undo took back one act, whatever it was delivered to and how often."""
        undone = [one for one in self.requests if one.kind == "undo"]
        taken = sum(bool(one.taken_back) for one in undone)
        if acts[ActKind.UNDO] > taken:
            self._tally.wrong("twice", f"{acts[ActKind.UNDO]} undone, and {taken} told")
        if acts[ActKind.UNDO] < taken:
            self._tally.wrong("lost", f"{acts[ActKind.UNDO]} undone, and {taken} told")
        for one in undone:
            named = {answer.act_id for answer in one.taken_back}
            if len(named) > 1:
                self._tally.wrong("twice", f"{one.key} took back in acts {named}")

    def _judge_close(self, practice: TryPractice) -> None:
        """What was told without a word is in the frozen lines; what was called an addendum is not."""
        if not any(one.kind == "close" and one.done is not None for one in self.requests):
            return
        frozen = practice.see(_frozen)
        changed = {
            went.before.entry.entry_id
            for one in self.requests
            for answer in one.taken_back
            for went in answer.went
            if isinstance(went, EntryWent) and went.before is not None
        } | {one.entry_id for one in self.requests if one.kind == "edit"}
        for wanted in self.requests:
            if wanted.kind != "log" or wanted.day not in OCTOBER or not isinstance(wanted.done, Receipt):
                continue
            for view in wanted.done.entries:
                told = any(_ADDENDUM in remark for remark in view.remarks)
                if view.entry.entry_id in changed:
                    continue
                if told == (view.entry.entry_id in frozen):
                    self._tally.wrong(
                        "faults" if told else "lost",
                        f"{wanted.note} was {'' if told else 'not '}called an addendum, and is "
                        f"{'' if told else 'not '}frozen",
                    )
                self._tally.met["held against the close"] += 1


def _ids(receipt: Receipt) -> tuple[int, ...]:
    return tuple(view.entry.entry_id for view in receipt.entries)


def _on_file(context: Context) -> dict[str, list[int]]:
    """Every note that was ever written by a log, with its entries; void ones too."""
    found: dict[str, list[int]] = defaultdict(list)
    ledger = context.uow.ledger
    for entry_id in range(1, 3 * _REQUESTS):
        versions = ledger.versions(entry_id)
        if versions:
            found[_note_of(context, entry_id)].append(entry_id)
    return found


def _note_of(context: Context, entry_id: int) -> str:
    return context.uow.ledger.versions(entry_id)[0].note


def _acts(context: Context) -> Counter[ActKind]:
    return Counter({kind: len(context.uow.acts.of_kind(kind)) for kind in ActKind})


def _frozen(context: Context) -> set[int]:
    return {entry.entry_id for line in context.uow.closes.lines(OCTOBER, 1) for entry in line.facts.entries}


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Live in worlds until so many requests were delivered: one share on SQLite, the other on PostgreSQL."""
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(server()) if seed % 2 else None
        if seed % 2 and found is None:
            tally.left_out.append("nodes: no PostgreSQL here, so that it was not tried there")
            return
        number = 0
        while tally.tried < budget and tally.faults <= MOST_FAULTS:
            with contextlib.ExitStack() as own:
                url = on_server(found) if found is not None else own.enter_context(sqlite())
                world = World(url, seed * 100_003 + number, tally)
                with tally.trying(f"world {seed * 100_003 + number}"):
                    asyncio.run(world.run())
                world.judge()
                if found is not None:
                    found.drop_database(url.rpartition("/")[2].partition("?")[0])
            number += 1
            tally.keep()
