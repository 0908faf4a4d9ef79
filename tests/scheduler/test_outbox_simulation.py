"""Three months of forty people on two to eight nodes, where whatever can go wrong does: none lost, none twice.

A seed that fails is replayed by its number: `live(17)`.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.support.nodes import Hazards, live
from tests.support.owing import utc

#: Months take seconds of a core, and more where many share it.
SEEDS, SOAK_SEEDS = 50, 2_000
SHARES = 100


@pytest.fixture(autouse=True)
def _lines_not_counted() -> Iterator[None]:
    """Months take three times as long with every line counted, and other tests count these lines.

    pytest-cov's own `no_cover` stops one count, and in xdist's workers there are two.
    """
    counting = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(counting)


def check(seed: int) -> Counter[str]:
    """Live through a seed.

    Returns:
        What went wrong on the way, counted; `residual` is what Slack took too late.
    """
    verdict = live(seed)
    assert verdict.is_good, f"seed {seed} with {Hazards.of(seed)}: {verdict}"
    assert not verdict.lapsed or Hazards.of(seed).billing_shut
    return verdict.fates + Counter(seeds=1, kills=verdict.kills, residual=len(verdict.residual))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_is_lost_and_nothing_comes_twice(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """Every digest, reminder and month end is seen once, and its files once in its thread."""
    met = check(seed)
    record_property("met", dict(met))
    hazards = Hazards.of(seed)
    # What was to go wrong did go wrong.
    assert (
        not hazards.storms or min(met[fate] for fate in ("drop_before", "drop_after", "hang", "limited")) > 0
    )
    assert not hazards.kills or met["kills"] > 0
    assert hazards.residual or met["residual"] == 0


def test_the_residual_is_met_and_counted_apart() -> None:
    """Slack taking a message after the settle time is the one way to a second copy; the simulation finds it."""
    seeds = [seed for seed in range(SEEDS) if Hazards.of(seed).residual]
    assert seeds
    assert any(check(seed)["residual"] for seed in seeds[:2])


def test_a_seed_replays_to_the_same_messages() -> None:
    """The same seed gives the same messages at the same instants."""
    hazards = Hazards(nodes=4, storms=4, kills=6, jumps=2, store_faults=0.01)
    once, again = (live(4711, hazards, utc("2026-11-05 05:00")) for _ in range(2))
    assert once.is_good
    assert once.shown == again.shown


def test_one_node_keeps_slack_s_pace() -> None:
    """In fair weather one node never has Slack say that it is too fast."""
    verdict = live(1, Hazards(nodes=1), utc("2026-11-05 05:00"))
    assert verdict.is_good
    assert verdict.fates == Counter()


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_is_lost_and_nothing_comes_twice_over_two_thousand_seeds(
    share: int, record_property: Callable[[str, object], None]
) -> None:
    """The same, for as many seeds as an hour or two have room for."""
    met: Counter[str] = Counter()
    for seed in range(SEEDS + share, SEEDS + SOAK_SEEDS, SHARES):
        met += check(seed)
    record_property("met", dict(met))
