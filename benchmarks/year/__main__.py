"""Runs a year, prints its seed and a table, and ends with 1 when anything was lost, came twice, or does not agree."""

import argparse
import secrets
import sys
from collections.abc import Sequence
from time import monotonic

from rich.console import Console
from rich.table import Table

from benchmarks.soak.places import sqlite
from benchmarks.year.life import Life

_COLUMNS = {
    "logs": ("log",),
    "undone": ("undo", "void"),
    "corrected": ("edit",),
    "files": ("file",),
    "redelivered": ("redelivered",),
    "kills": ("killed",),
    "away": ("database away",),
    "full": ("disk full",),
    "not saved": ("told that it was not saved",),
    "clocks": ("clock wrong",),
}


def main(arguments: Sequence[str]) -> int:
    """Live through it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.year", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two months of 20 patients")
    parser.add_argument("--seed", type=int, default=None, help="the same again; a fresh one when left out")
    asked = parser.parse_args(arguments)
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    print(
        f"Seed {seed}. The same again: make year{' QUICK=1' if asked.quick else ''} SEED={seed}", flush=True
    )
    patients, months = (20, 2) if asked.quick else (300, 12)
    began = monotonic()
    with sqlite() as url:
        life = Life(url, seed, patients=patients, months=months)
        life.run()
    table = Table(title=f"{months} months of {patients} patients, seed {seed}", title_justify="left")
    table.add_column("month")
    for heading in _COLUMNS:
        table.add_column(heading, justify="right")
    for row in life.rows:
        table.add_row(
            row.name, *(f"{sum(row.counts[one] for one in names):,}" for names in _COLUMNS.values())
        )
    Console(width=120).print(table)
    tally = life.tally
    for said in tally.said:
        print(f"  {said}")
    print(
        f"{tally.tried:,} requests in {(monotonic() - began) / 60:.1f} minutes: lost {tally.lost}, "
        f"twice {tally.twice}, other faults {tally.faults}"
    )
    return 0 if tally.is_clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
