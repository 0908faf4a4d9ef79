"""What the audit chain costs a log: this build with it and without it in turns, each with an audit key.

python -m benchmarks.chain_cost                    five rounds on SQLite
python -m benchmarks.chain_cost --postgresql       the same on a PostgreSQL server of its own
"""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.logs import Logged, measured, postgresql, sqlite
from benchmarks.servers import program

_MODULES = {"with the chain": "cocm", "without": "benchmarks.unchained"}
#: A log takes at most so much of one without the chain.
HOLD = 1.1


async def _rounds(new_url: Callable[[], str], times: int, count: int) -> dict[str, list[Logged]]:
    found: dict[str, list[Logged]] = {name: [] for name in _MODULES}
    for number in range(times):
        for name in sorted(_MODULES, reverse=bool(number % 2)):
            async with program(new_url(), module=_MODULES[name]) as running:
                found[name].append(await measured(running, count))
    return found


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.chain_cost",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=2_000)
    options = parser.parse_args(arguments)
    os.environ["COCM_AUDIT_KEY"] = secrets.token_urlsafe(32)
    with (postgresql if options.postgresql else sqlite)() as new_url:
        found = asyncio.run(_rounds(new_url, options.rounds, options.count))
    chained, bare = found["with the chain"], found["without"]
    for what, said in (
        ("p50", "median of a log alone"),
        ("cpu_alone", "its CPU"),
        ("cpu", "CPU of a log of many"),
    ):
        ratios = [getattr(one, what) / getattr(other, what) for one, other in zip(chained, bare, strict=True)]
        print(f"{said}: {median(ratios):.2f} of a build without the chain (hold {HOLD})")
    rates = [one.rate / other.rate for one, other in zip(chained, bare, strict=True)]
    print(f"logs a second at many connections: {median(rates):.2f} of it (hold {1 / HOLD:.2f})")


if __name__ == "__main__":
    main(sys.argv[1:])
