"""Run every measurement, or those named on the command line, each in one go so that its ratios mean something."""

import asyncio
import importlib
import sys

MEASUREMENTS = ("parsing", "month", "digests", "morning", "http_log", "start")


def main(names: list[str]) -> None:
    """Print the figures of the measurements named, or of all."""
    for name in names or MEASUREMENTS:
        print(f"\n{name}\n{'-' * len(name)}")
        found = importlib.import_module(f"benchmarks.{name}").main()
        if asyncio.iscoroutine(found):
            asyncio.run(found)


if __name__ == "__main__":
    main(sys.argv[1:])
