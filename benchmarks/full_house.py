"""Many connections that each send one command after the other: what each was told, and what is on file afterwards."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter

from benchmarks.load import requests

#: Numbers a request of no other: the same again would be answered with what became of the first.
_NUMBERS = itertools.count(100)
#: Slack tells a person after so many seconds that it did not work.
SLACK_WAITS = 3.0
STORED, SAVING, BUSY, OTHER = "stored", "saving", "busy", "something else"
_SAID = (
    ("Logged", STORED),
    ("Saving ...", SAVING),
    ("Nothing was stored. Send it again", BUSY),
    ("Nothing of yours was saved", BUSY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One command, and what its person read."""

    note: str
    said: str
    #: Until they read it.
    seconds: float
    #: When, from the beginning.
    at: float


async def house(port: int, name: str, connections: int, seconds: float) -> list[Told]:
    """Keep so many connections sending for so long; each sends its next when it has been answered."""
    began, told = perf_counter(), list[Told]()

    async def one(place: int) -> None:
        count = 0
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while not count or perf_counter() - began < seconds:
            note = f"call about the plan {name}x{place}x{count}"
            # Notes of one's own for each, and people of the benchmark's practice in turn.
            text = f"log 1m MRN{10_000 + (place * 37 + count) % 4_000} {note}"
            (request,) = requests([text], port, next(_NUMBERS))
            sent = perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = (await reader.readexactly(length)).decode()
            now = perf_counter()
            told.append(Told(note=note, said=_said(body), seconds=now - sent, at=now - began))
            count += 1
        writer.close()

    await asyncio.gather(*(one(place) for place in range(connections)))
    return told


def _said(body: str) -> str:
    return next((said for words, said in _SAID if words in body), OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the commands of a full house."""

    said: Mapping[str, int]
    #: Stored a second.
    rate: float
    #: The longest until somebody read anything, and until somebody read "Busy".
    longest: float
    busy_longest: float
    #: Past three seconds without a word.
    untold: int
    #: Told that they are stored, and not on file.
    lost: int
    #: Told that they are not stored, and on file.
    wrongly_said_lost: int
    #: On file more than once.
    twice: int

    @classmethod
    def of(cls, told: list[Told], on_file: Iterable[str]) -> "Account":
        """Hold what was said against the notes on file."""
        counted, whole = Counter(on_file), max(each.at for each in told)
        busy = [each.seconds for each in told if each.said == BUSY]
        return cls(
            said=Counter(each.said for each in told),
            rate=sum(each.said == STORED for each in told) / whole,
            longest=max(each.seconds for each in told),
            busy_longest=max(busy, default=0.0),
            untold=sum(each.seconds > SLACK_WAITS for each in told),
            lost=sum(each.said == STORED and not counted[each.note] for each in told),
            wrongly_said_lost=sum(each.said == BUSY and counted[each.note] > 0 for each in told),
            twice=sum(counted[each.note] > 1 for each in told),
        )

    def __str__(self) -> str:
        said = ", ".join(f"{count} {what}" for what, count in sorted(self.said.items()))
        return (
            f"{sum(self.said.values())} commands: {said}; {self.rate:.0f} stored a second; "
            f"longest {self.longest:.2f} s, "
            f'"Busy" after at most {self.busy_longest:.2f} s; past 3 s without a word {self.untold}; '
            f"lost {self.lost}, said to be lost and stored {self.wrongly_said_lost}, twice {self.twice}"
        )
