"""One process's share of a part: `python -m benchmarks.soak.share PART SHARE SEED BUDGET FILE`."""

import importlib
import sys
from pathlib import Path

from benchmarks.soak.tally import KeptTally


def main(part: str, share: int, seed: int, budget: int, file: Path) -> None:
    """Try, and keep what came of it in the file."""
    tally = KeptTally()
    tally.keep_in(file)
    module = importlib.import_module(f"benchmarks.soak.{part}")
    # Each share has inputs of its own, and the same for the same seed.
    module.soak(tally, seed * 1_000 + share, budget)
    tally.write()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
