"""The forecast of a month's end against practices whose people know nothing of it: see `benchmarks.pace`."""

from functools import lru_cache

from benchmarks.pace.__main__ import lines, year
from benchmarks.pace.practice import simulate
from benchmarks.pace.tally import Tally

#: Seeds, and how far a tenth of the forecasts may be from what came about: few forecasts are off by chance alone.
_SEEDS = range(1, 4)
_OFF = 0.12


@lru_cache(maxsize=1)
def tally() -> Tally:
    found = Tally()
    for seed in _SEEDS:
        found.add(year(seed))
    return found


def test_both_rules_of_thumb_are_beaten_comfortably() -> None:
    """Squared differences a third below the straight line and half below "all will", hours a fifth below both."""
    ours, all_, line = tally().whole.brier
    assert ours < 2 / 3 * line
    assert ours < all_ / 2
    hours, needed, straight = tally().whole.hours_off
    assert hours < 0.8 * min(needed, straight)


def test_on_every_morning_looked_at_it_is_better_than_either() -> None:
    """Early in a month as on its last days."""
    for left, row in tally().by_left.items():
        ours, all_, line = row.brier
        assert ours < min(all_, line), left


def test_of_those_with_a_like_chance_as_many_come_about() -> None:
    """Each tenth is near what was said of it, and all together are within three in a hundred."""
    whole = tally().whole
    assert abs(whole.expected - whole.reached) < 0.03 * whole.forecasts
    for decile, row in tally().by_decile.items():
        assert abs(row.expected - row.reached) < _OFF * row.forecasts, decile


def test_the_same_seed_is_the_same_practice() -> None:
    """Figures in the documents can be made again."""
    assert simulate(5) == simulate(5)
    assert simulate(5) != simulate(6)


def test_the_tables_are_those_of_the_documents() -> None:
    """What is printed can be put into docs/pace.md as it is."""
    printed = list(lines(tally(), len(_SEEDS)))
    assert printed[0].startswith("3 practice-years, ")
    assert sum(one.startswith("| ") for one in printed) == 2 + len(tally().by_left) + 1 + len(
        tally().by_decile
    )
