"""Logs over signed HTTP, stored durably and answered, by both builds in turns.

python -m benchmarks.logs                       five rounds on SQLite
python -m benchmarks.logs --postgresql          the same on a PostgreSQL server of its own
python -m benchmarks.logs --quick               one short round
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.builds import Build, both_builds
from benchmarks.load import requests, run
from benchmarks.servers import Running, acknowledging, program
from tests.support.postgres import running_server

#: Connections of the busy measurement.
MANY = 32
_WARM = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One round of one build."""

    #: Logs a second at 32 connections, and seconds of the server's CPU for each.
    rate: float
    cpu: float
    #: Median seconds of a log at one connection, and seconds of the server's CPU for each.
    p50: float
    cpu_alone: float
    #: Of the busy measurement; each costs CPU, too.
    turned_away: int = 0


def texts(count: int) -> list[str]:
    """Logs of four hundred patients, none like another."""
    return [f"log {1 + n % 9}m MRN{1000 + 37 * (n % 400)} phone check-in {n}" for n in range(count)]


async def measured(running: Running, count: int) -> Logged:
    """Send so many logs over many connections, a third as many over one."""
    alone = count // 3
    made = requests(texts(_WARM + alone + count), running.port)
    await run(running.port, made[:_WARM], 8)
    before = running.cpu()
    one = await run(running.port, made[_WARM : _WARM + alone], 1)
    between = running.cpu()
    many = await run(running.port, made[_WARM + alone :], MANY)
    return Logged(
        rate=many.rate,
        cpu=(running.cpu() - between) / (count - many.turned_away),
        p50=one.p50,
        cpu_alone=(between - before) / alone,
        turned_away=many.turned_away,
    )


async def floor(count: int) -> Logged:
    """The same requests, only acknowledged."""
    async with acknowledging() as running:
        return await measured(running, count)


async def one_round(build: Build, url: str, count: int) -> Logged:
    """Start a bot of a build on a new database, and log."""
    async with program(url, build.root) as running:
        return await measured(running, count)


@contextmanager
def sqlite() -> Iterator[Callable[[], str]]:
    """Gives URLs of new SQLite databases."""
    with tempfile.TemporaryDirectory(prefix="cocm-logs-") as folder:
        numbers = iter(range(1_000))
        yield lambda: f"sqlite:///{Path(folder) / f'practice-{next(numbers)}.db'}"


@contextmanager
def postgresql() -> Iterator[Callable[[], str]]:
    """Gives URLs of new databases of a PostgreSQL server."""
    with running_server() as server:
        yield lambda: server.url_of(server.create_database())


async def rounds(
    builds: Sequence[Build], new_url: Callable[[], str], *, times: int, count: int, with_floor: bool
) -> dict[str, list[Logged]]:
    """Rounds of each build in turns, and of the floor."""
    found: dict[str, list[Logged]] = {build.name: [] for build in builds}
    for number in range(times):
        for build in builds if number % 2 else reversed(builds):
            found[build.name].append(await one_round(build, new_url(), count))
        if with_floor:
            found.setdefault("acknowledge only", []).append(await floor(count))
    return found


def show(found: dict[str, list[Logged]]) -> None:
    """Print the medians."""
    for name, logged in found.items():
        print(
            f"{name:17} {median(one.rate for one in logged):6.0f} a second at {MANY} connections, "
            f"{1e6 * median(one.cpu for one in logged):5.0f} us of CPU each; alone "
            f"p50 {1e3 * median(one.p50 for one in logged):5.2f} ms, "
            f"{1e6 * median(one.cpu_alone for one in logged):5.0f} us of CPU; "
            f"{sum(one.turned_away for one in logged)} turned away",
            flush=True,
        )


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.logs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--quick", action="store_true", help="one round of a few hundred")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", type=Path, help="root of another tree in place of the base build")
    options = parser.parse_args(arguments)
    times, count = (1, 600) if options.quick else (options.rounds, 2_000)
    with both_builds() as (base, new), (postgresql if options.postgresql else sqlite)() as new_url:
        other = Build(name="other", root=options.against.resolve()) if options.against else base
        found = asyncio.run(rounds((other, new), new_url, times=times, count=count, with_floor=True))
    show(found)
    for what in ("rate", "p50", "cpu", "cpu_alone"):
        ratios = [
            getattr(mine, what) / getattr(theirs, what)
            for mine, theirs in zip(found[new.name], found[other.name], strict=True)
        ]
        print(f"{what}: {median(ratios):.2f} of {other.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
