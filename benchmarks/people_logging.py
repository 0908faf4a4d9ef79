"""Twenty people log over signed HTTP, and what each was told is held against what is on file afterwards."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from random import Random
from time import perf_counter

from benchmarks.load import requests
from storage import NO_TENANT, Database, UnitOfWork

PEOPLE = 20
#: Slack tells a person after so many seconds that it did not work.
SLACK_WAITS = 3.0


class Told(StrEnum):
    """What a person was told within Slack's three seconds."""

    STORED = "stored"
    NOT_STORED = "not stored, send it again"
    FOLLOWS = "the answer follows"
    NOTHING = "nothing: Slack says that it did not work"
    OTHER = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log of one person."""

    #: Its note, by which it is found on file.
    note: str
    told: Told
    #: Seconds until the answer came, if later than Slack waits.
    seconds: float


@dataclass(slots=True)
class Crowd:
    """People who log at random moments until they are stopped."""

    port: int
    name: str
    #: Seconds between two logs of one person, on average.
    pause: float = 1.5
    logs: list[Log] = field(default_factory=list)
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def greet(self) -> None:
        """Let each log once before anything counts: whoever is new is looked up in Slack, and the bot warms up."""
        await asyncio.gather(
            *(
                self._log(number, f"log 1m MRN10000 first call {self.name}x{number}", "")
                for number in range(PEOPLE)
            )
        )

    async def run(self) -> None:
        """Log until stopped, and until the last has been answered."""
        await asyncio.gather(*(self._person(number) for number in range(PEOPLE)))

    def stop(self) -> None:
        """Let each end what they are at."""
        self._stopped.set()

    async def _person(self, number: int) -> None:
        chance = Random(f"{self.name} {number}")
        count = 0
        while not self._stopped.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), chance.uniform(0, 2 * self.pause))
                return
            note = f"call about the plan {self.name}x{number}x{count}"
            text = f"log {1 + count % 3}m MRN{10_000 + chance.randrange(5_000)} {note}"
            count += 1
            # Its number tells a request from a delivery of the same again; what it leaves over is the person.
            self.logs.append(await self._log(number + PEOPLE * count, text, note))

    async def _log(self, number: int, text: str, note: str) -> Log:
        (request,) = requests([text], self.port, number)
        began = perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = (await reader.readexactly(length)).decode()
        seconds = perf_counter() - began
        writer.close()
        return Log(note=note, told=_told(body, seconds), seconds=seconds)


def _told(body: str, seconds: float) -> Told:
    if seconds > SLACK_WAITS:
        return Told.NOTHING
    for words, told in (
        ("Logged", Told.STORED),
        ("Nothing of yours was saved", Told.NOT_STORED),
        ("Nothing was stored. Send it again", Told.NOT_STORED),
        ("Do not send it again", Told.FOLLOWS),
    ):
        if words in body:
            return told
    return Told.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the logs of a crowd."""

    #: How many were told what.
    told: Mapping[Told, int]
    #: Told that they are stored, and not on file.
    lost: int
    #: Told that they are not stored, or nothing, and on file.
    wrongly_said_lost: int
    #: Seconds until an answer came: the middle, and the longest.
    p50: float
    longest: float

    @classmethod
    def of(cls, logs: list[Log], on_file: frozenset[str]) -> "Account":
        """Hold what was told against the notes on file."""
        took = sorted(log.seconds for log in logs)
        return cls(
            told=Counter(log.told for log in logs),
            lost=sum(log.told is Told.STORED and log.note not in on_file for log in logs),
            wrongly_said_lost=sum(
                log.told in {Told.NOT_STORED, Told.NOTHING} and log.note in on_file for log in logs
            ),
            p50=took[len(took) // 2],
            longest=took[-1],
        )

    def __str__(self) -> str:
        said = ", ".join(f"{count} {told}" for told, count in sorted(self.told.items()))
        return (
            f"{sum(self.told.values())} logs: {said}; lost {self.lost}, stored but said to be lost "
            f"{self.wrongly_said_lost}; p50 {self.p50:.2f} s, longest {self.longest:.2f} s"
        )


def notes_on_file(url: str) -> list[str]:
    """The notes of all that stands, as often as they stand."""

    def found(uow: UnitOfWork) -> list[str]:
        numbers = [entry.entry_id for entry in uow.ledger.month(date.min, date.max)]
        return list(uow.ledger.notes(numbers).values())

    database = Database.open(url)
    try:
        tenant = database.read(lambda uow: uow.tenants.default(), tenant_id=NO_TENANT).result()
        return database.read(found, tenant_id=tenant.tenant_id).result()
    finally:
        database.close()
