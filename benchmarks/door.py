"""The door of a running bot: attacks with a signed command beside each, and more people than it can answer.

    python -m benchmarks.door                       six attacks of ten seconds, then 512 connections; on both databases
    python -m benchmarks.door --on SQLite           on one of them
    python -m benchmarks.door --connections 128     fewer
    python -m benchmarks.door --against ../other --rounds 3 --no-attacks
                                                    beside another tree, in turns

Capacity is what 32 connections reach, before and after the full house. Only ratios taken in one run count, and of a
machine that has other things to do only those of CPU. It ends with 1 unless every figure of this tree holds.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.door_figures import FIGURES, Part, Parts, table
from benchmarks.full_house import Account, house
from benchmarks.logs import postgresql, sqlite
from benchmarks.people_logging import Crowd, notes_on_file
from benchmarks.servers import Running, program
from tests.support.attacks import ATTACKS

_CAPACITY_AT = 32
#: Seconds between two signed commands beside an attack.
_PAUSE = 0.25
_DATABASES = {"SQLite": sqlite, "PostgreSQL": postgresql}


@dataclass(frozen=True, slots=True)
class _Options:
    seconds: float
    connections: int
    attacks: bool
    rounds: int
    on: Sequence[str]
    #: Trees by their names; this one's is None.
    trees: dict[str, Path | None] = field(default_factory=dict)


async def beside_attacks(port: int, seconds: float) -> float:
    """Print how long a signed command took beside each attack; gives the longest of all."""
    longest = 0.0
    for name, attacking in ATTACKS.items():
        async with attacking(port) as attack:
            await attack.under_way()
            began, took, sent = perf_counter(), list[float](), attack.sent
            while perf_counter() - began < seconds:
                told = await house(port, f"a{len(name)}x{len(took)}", 1, 0.0)
                took += [each.seconds for each in told]
                await asyncio.sleep(_PAUSE)
        longest = max(longest, *took)
        print(
            f"{name} ({attack.sent - sent} more in {seconds:.0f} s): {len(took)} signed commands beside them, "
            f"p50 {median(took):.3f} s, longest {max(took):.3f} s",
            flush=True,
        )
    return longest


async def full_house(running: Running, url: str, connections: int, seconds: float) -> dict[str, Part]:
    """Print what became of more than can be answered, beside what can."""
    parts = {}
    for name, count in (("before", _CAPACITY_AT), ("full", connections), ("after", _CAPACITY_AT)):
        cpu = running.cpu()
        told = await house(running.port, name, count, seconds)
        cpu = running.cpu() - cpu
        if name == "full":
            # What was promised is still on its way.
            await asyncio.sleep(5.0)
        parts[name] = Part(account=Account.of(told, notes_on_file(url)), cpu=cpu)
        print(f"{count} connections: {parts[name]}", flush=True)
    return parts


@asynccontextmanager
async def _at_work(url: str, root: Path | None) -> AsyncIterator[Running]:
    async with program(url, root) as running:
        await Crowd(port=running.port, name="greeting").greet()
        yield running


async def _measured(options: _Options, url: str, root: Path | None) -> Parts:
    async with _at_work(url, root) as running:
        longest = await beside_attacks(running.port, options.seconds) if options.attacks else None
        parts = await full_house(running, url, options.connections, options.seconds)
    return Parts(**parts, beside_attacks=longest)


def _measure(options: _Options) -> dict[str, list[Parts]]:
    """Every tree on every database, in turns."""
    found: dict[str, list[Parts]] = {}
    for database in options.on:
        with _DATABASES[database]() as new_url:
            for _ in range(options.rounds):
                for name, root in options.trees.items():
                    column = f"{database}, {name}" if len(options.trees) > 1 else database
                    print(f"{column}:", flush=True)
                    parts = asyncio.run(_measured(options, new_url(), root))
                    found.setdefault(column, []).append(parts)
    return found


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print.

    Raises:
        SystemExit: with 1 when a figure of this tree does not hold.
    """
    parser = argparse.ArgumentParser(
        prog="benchmarks.door", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--connections", type=int, default=512)
    parser.add_argument("--on", action="append", choices=_DATABASES, help="one database; both when left out")
    parser.add_argument("--no-attacks", dest="attacks", action="store_false")
    parser.add_argument("--against", type=Path, help="root of another tree to measure in turns with this one")
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args(arguments)
    other: dict[str, Path | None] = {"the other": given.against.resolve()} if given.against else {}
    options = _Options(
        seconds=given.seconds,
        connections=given.connections,
        attacks=given.attacks,
        rounds=given.rounds,
        on=given.on or list(_DATABASES),
        trees={**other, "this": None},
    )
    found = _measure(options)
    print(f"\nAt {options.connections} connections, medians of {options.rounds}:\n")
    print("\n".join(table(found)))
    own = [parts for column, parts in found.items() if not column.endswith("the other")]
    if not all(figure.holds(parts) for figure in FIGURES for parts in own):
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
