"""Random practices judged twice: by the program, and by a reckoning written from the rules' text alone.

    make reckoning                                20,000 patient-months
    make reckoning ARGS="--practices 2 --seed 7"  fewer, others

Each practice is stored by the program and reported by it; `benchmarks.reckoning.reckoning` reckons the same plain data
without a line of the program. Whatever differs of a line is printed, and makes it end with exit code 1.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.reckoning.loading import reported
from benchmarks.reckoning.practices import practice
from benchmarks.reckoning.reckoning import reckon

PATIENTS, PRACTICES, SHOWN = 270, 12, 10
#: First months of the stretches of seven months that practices are about: payers' rules changed in each of them.
_BEGINS = (date(2025, 9, 1), date(2024, 4, 1), date(2025, 1, 1), date(2026, 2, 1))
_MONTHS = 7


def months_from(first: date, count: int = _MONTHS) -> tuple[date, ...]:
    """First days of so many months."""
    return tuple(
        date(first.year + (first.month + step - 1) // 12, (first.month + step - 1) % 12 + 1, 1)
        for step in range(count)
    )


def shown_of(line: Mapping[str, Any]) -> dict[str, Any]:
    """What of a line of the program's report is compared."""
    blockers = {finding["rule"] for finding in line["findings"] if finding["severity"] == "blocker"}
    return {
        "seconds": line["seconds"],
        "codes": line["codes"],
        "billable_codes": line["billable_codes"],
        "status": line["status"],
        "date_of_service": line["date_of_service"],
        "blockers": sorted(blockers),
    }


def differences(made: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Lines of one practice that the two have otherwise: month, MRN, the program's and the reckoning's."""
    with tempfile.TemporaryDirectory(prefix="cocm-reckoning-") as folder:
        report = reported(made, Path(folder) / "practice.db")
    ours = {(line["month"], line["mrn"]): shown_of(line) for line in report["lines"]}
    theirs = reckon(made)
    for key in sorted(ours.keys() | theirs.keys()):
        one, other = ours.get(key, {}), theirs.get(key, {})
        if one != other:
            yield (*key, one, other)
    yield ("", "", {"lines": len(ours)}, {"lines": len(theirs)})


def compare(seed: int, patients: int = PATIENTS) -> tuple[int, list[tuple[str, str, Any, Any]]]:
    """How many patient-months of one practice were compared, and those that differ."""
    *found, last = differences(practice(seed, patients, months_from(_BEGINS[seed % len(_BEGINS)])))
    return last[2]["lines"], found


def _tell(seed: int, found: Sequence[tuple[str, str, Any, Any]], shown: int) -> None:
    keys: Counter[str] = Counter()
    for _, _, one, other in found:
        keys.update(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    print(f"practice {seed}: {len(found)} lines differ: {dict(keys)}")
    for month, mrn, one, other in found[:shown]:
        both = {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys()}
        print(
            f"  {month} {mrn} " + json.dumps({key: pair for key, pair in both.items() if pair[0] != pair[1]})
        )


def main(arguments: Sequence[str] = ()) -> None:
    """Compare, print, and end with exit code 1 on differences."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.reckoning", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--practices", type=int, default=PRACTICES)
    parser.add_argument("--patients", type=int, default=PATIENTS, help="of each practice")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=SHOWN, help="differences shown of each practice")
    options = parser.parse_args(arguments)
    seeds = range(options.seed, options.seed + options.practices)
    compared = differing = 0
    with ProcessPoolExecutor() as pool:
        for seed, (count, found) in zip(
            seeds, pool.map(compare, seeds, [options.patients] * len(seeds)), strict=True
        ):
            compared += count
            differing += len(found)
            if found:
                _tell(seed, found, options.show)
    print(f"{compared} patient-months compared, {differing} differ")
    if differing:
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
