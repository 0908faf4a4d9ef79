"""Forecast simulated practice-years and print how it came out: `make pace`, `make pace ARGS="--years 20"`."""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from time import perf_counter

from benchmarks.pace.backtest import Score, backtest
from benchmarks.pace.practice import simulate
from benchmarks.pace.tally import Tally

#: The first seed; those below served while the forecast was written.
FIRST_SEED = 1_000
YEARS = 200
_BY_LEFT = (
    *("working days left", "forecasts", "reached", "expected", "Brier", "all will", "straight line"),
    *("hours off", "straight line"),
)


def main() -> None:
    """Print the tables of docs/pace.md."""
    parser = argparse.ArgumentParser(prog="make pace", description=__doc__)
    parser.add_argument("--years", type=int, default=YEARS, help="practice-years (%(default)s)")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the first year (%(default)s)")
    asked = parser.parse_args()
    began = perf_counter()
    tally = Tally()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for one in pool.map(year, range(asked.seed, asked.seed + asked.years)):
            tally.add(one)
    for line in lines(tally, asked.years):
        print(line)
    print(f"\n{perf_counter() - began:.0f} s")


def year(seed: int) -> Tally:
    """A simulated practice's year, forecast."""
    score = Score()
    backtest(simulate(seed), score)
    return Tally.of(score)


def lines(tally: Tally, years: int) -> Iterator[str]:
    """The tables, in Markdown."""
    whole = tally.whole
    yield (
        f"{years} practice-years, {whole.forecasts:,} forecasts of patients who had not reached their code, "
        f"{whole.mornings:,} mornings."
    )
    yield ""
    yield f"| {' | '.join(_BY_LEFT)} |"
    yield f"|{'---:|' * len(_BY_LEFT)}"
    rows = [*((str(left), one) for left, one in sorted(tally.by_left.items(), reverse=True)), ("all", whole)]
    for words, one in rows:
        ours, all_, line = one.brier
        hours, _, straight = one.hours_off
        yield (
            f"| {words} | {one.forecasts:,} | {one.reached / one.forecasts:.1%} | {one.expected / one.forecasts:.1%} "
            f"| {ours:.3f} | {all_:.3f} | {line:.3f} | {hours:.2f} | {straight:.2f} |"
        )
    ours, all_, line = whole.brier
    hours, needed, straight = whole.hours_off
    yield ""
    yield (
        f'Brier score {ours:.3f}: {1 - ours / all_:.0%} below "all will", {1 - ours / line:.0%} below the straight '
        f"line. Hours left {hours:.2f} h off: {1 - hours / straight:.0%} below the straight line, "
        f'{1 - hours / needed:.0%} below "what all lack" ({needed:.2f} h).'
    )
    yield ""
    yield "| forecast | forecasts | mean forecast | reached |"
    yield f"|{'---:|' * 4}"
    for decile, one in sorted(tally.by_decile.items()):
        yield (
            f"| {decile * 10} to {decile * 10 + 10} % | {one.forecasts:,} "
            f"| {one.expected / one.forecasts:.1%} | {one.reached / one.forecasts:.1%} |"
        )


if __name__ == "__main__":
    main()
