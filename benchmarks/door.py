"""The door of a running bot: attacks with a signed command beside each, and more people than it can answer.

    python -m benchmarks.door                       six attacks of ten seconds, then 512 connections on PostgreSQL
    python -m benchmarks.door --sqlite              the same on SQLite
    python -m benchmarks.door --connections 128     fewer

Capacity is what 32 connections reach, before and after the full house. Only ratios taken in one run count.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median
from time import perf_counter

from benchmarks.full_house import Account, house
from benchmarks.people_logging import Crowd, notes_on_file
from benchmarks.servers import program
from tests.support.attacks import ATTACKS
from tests.support.postgres import running_server

_CAPACITY_AT = 32
#: Seconds between two signed commands beside an attack.
_PAUSE = 0.25
_LONGEST, _LEAST = 1.0, 0.9


async def beside_attacks(port: int, seconds: float) -> None:
    """Print how long a signed command took beside each attack."""
    for name, attacking in ATTACKS.items():
        async with attacking(port) as attack:
            await attack.under_way()
            began, took, sent = perf_counter(), list[float](), attack.sent
            while perf_counter() - began < seconds:
                told = await house(port, f"a{len(name)}x{len(took)}", 1, 0.0)
                took += [each.seconds for each in told]
                await asyncio.sleep(_PAUSE)
        verdict = "holds" if max(took) <= _LONGEST else "DOES NOT HOLD"
        print(
            f"{name} ({attack.sent - sent} more in {seconds:.0f} s): {len(took)} signed commands beside them, "
            f"p50 {median(took):.3f} s, longest {max(took):.3f} s (at most {_LONGEST:.0f} s: {verdict})",
            flush=True,
        )


async def full_house(port: int, url: str, connections: int, seconds: float) -> None:
    """Print what became of more than can be answered, beside what can."""
    accounts = {}
    for name, count in (("before", _CAPACITY_AT), ("full", connections), ("after", _CAPACITY_AT)):
        told = await house(port, name, count, seconds)
        if name == "full":
            # What was promised is still on its way.
            await asyncio.sleep(5.0)
        accounts[name] = Account.of(told, notes_on_file(url))
        print(f"{count} connections: {accounts[name]}", flush=True)
    capacity = max(accounts["before"].rate, accounts["after"].rate)
    ratio = accounts["full"].rate / capacity
    print(
        f"completed work of the full house to capacity: {ratio:.2f} (at least {_LEAST}: "
        f"{'holds' if ratio >= _LEAST else 'DOES NOT HOLD'}); afterwards {accounts['after'].rate / capacity:.2f}"
    )


@asynccontextmanager
async def _at_work(url: str) -> AsyncIterator[int]:
    async with program(url) as running:
        await Crowd(port=running.port, name="greeting").greet()
        yield running.port


async def _measure(options: argparse.Namespace, url: str) -> None:
    async with _at_work(url) as port:
        if options.attacks:
            await beside_attacks(port, options.seconds)
        await full_house(port, url, options.connections, options.seconds)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.door", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--connections", type=int, default=512)
    parser.add_argument("--sqlite", action="store_true", help="on SQLite instead of PostgreSQL")
    parser.add_argument("--no-attacks", dest="attacks", action="store_false")
    options = parser.parse_args(arguments)
    if options.sqlite:
        with tempfile.TemporaryDirectory(prefix="cocm-door-") as folder:
            asyncio.run(_measure(options, f"sqlite:///{folder}/practice.db"))
        return
    with running_server() as server:
        asyncio.run(_measure(options, server.url_of(server.create_database())))


if __name__ == "__main__":
    main(sys.argv[1:])
