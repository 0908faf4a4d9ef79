"""Runs parts one after the other, prints one table, and ends with 1 when anything was wrong."""

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.soak.parts import BY_NAME, PARTS
from benchmarks.soak.running import Ran, run
from benchmarks.soak.tally import Tally

_FILE = Path("soak.json")


def table_of(ran: Sequence[Ran], seed: int) -> Table:
    """What the run came to."""
    table = Table(title=f"Soak, seed {seed}", title_justify="left")
    table.add_column("part")
    for heading in ("tried", "lost", "twice", "leaked", "faults", "minutes"):
        table.add_column(heading, justify="right")
    whole = Tally()
    for one in ran:
        table.add_row(one.part.name, *_cells(one.tally), f"{one.minutes:.1f}")
        whole.add(one.tally)
    table.add_section()
    table.add_row("all", *_cells(whole), f"{sum(one.minutes for one in ran):.1f}")
    return table


def _cells(tally: Tally) -> list[str]:
    return [f"{count:,}" for count in (tally.tried, tally.lost, tally.twice, tally.leaked, tally.faults)]


def as_json(ran: Sequence[Ran], seed: int, *, quick: bool) -> str:
    """The run as a file."""
    rows = [
        {"part": one.part.name, "minutes": round(one.minutes, 2), "seed": seed, **one.tally.as_json()}
        for one in ran
    ]
    return json.dumps({"seed": seed, "quick": quick, "parts": rows}, indent=1) + "\n"


def markdown(found: str) -> str:
    """The table of a run's file, as docs/reliability.md and the release note have it."""
    lines = ["| part | tried | lost | twice | leaked | faults | minutes |", "|---|---|---|---|---|---|---|"]
    for one in json.loads(found)["parts"]:
        cells = [f"{one[name]:,}" for name in ("tried", "lost", "twice", "leaked", "faults")]
        lines.append(f"| {' | '.join((one['part'], *cells, format(one['minutes'], '.1f')))} |")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(BY_NAME)}; all of them")
    parser.add_argument("--quick", action="store_true", help="each in about 20 seconds")
    parser.add_argument("--seed", type=int, default=None, help="the same again; a fresh one when left out")
    parser.add_argument("--json", type=Path, default=_FILE, help="where the run is written (%(default)s)")
    parser.add_argument("--list", action="store_true", help="say what there is, and do nothing")
    parser.add_argument("--markdown", type=Path, help="print the table of a run's file, and do nothing")
    asked = parser.parse_args(arguments)
    if asked.markdown:
        print(markdown(asked.markdown.read_text(encoding="utf-8")))
        return 0
    if unknown := sorted(set(asked.parts) - BY_NAME.keys()):
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(BY_NAME)}")
    if asked.list:
        print("\n".join(f"{part.name:12}{part.does}" for part in PARTS))
        return 0
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    quick = " QUICK=1" if asked.quick else ""
    print(f"Seed {seed}. The same again: make soak{quick} SEED={seed}", flush=True)
    ran: list[Ran] = []
    for part in [BY_NAME[name] for name in asked.parts] or PARTS:
        print(f"{part.name}: {part.does} ...", flush=True)
        ran.append(run(part, seed, quick=asked.quick))
        asked.json.write_text(as_json(ran, seed, quick=asked.quick), encoding="utf-8")
        for said in (*ran[-1].tally.said, *ran[-1].tally.left_out):
            print(f"  {said}", flush=True)
    Console(width=100).print(table_of(ran, seed))
    return 0 if all(one.tally.is_clean for one in ran) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
