"""Hypothesis in rounds, until a budget is spent: what is drawn follows from the seed alone."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from benchmarks.soak.tally import KeptTally

#: Examples of one round. Larger ones spend ever more time on not drawing the same again.
_ROUND = 1_000
#: A part that finds so much has found enough.
MOST_FAULTS = 40


def rounds(
    tally: KeptTally,
    first: int,
    budget: int,
    strategy: st.SearchStrategy[Any],
    trial: Callable[[Any], None],
    *,
    each: int = 1,
) -> None:
    """Try so many inputs.

    Args:
        tally: `trial` counts in it what it tries.
        first: the seed of the first round; each later one has the next.
        budget: how many inputs.
        strategy: what is drawn.
        trial: tries one, and notes by itself what is wrong with it.
        each: how many inputs a trial makes of one example.
    """
    done = 0
    for number in range(2 * budget // _ROUND + 2):
        if done >= budget or tally.faults > MOST_FAULTS:
            return
        before = tally.tried
        quietly = settings(
            max_examples=max(1, min(_ROUND, (budget - done) // each)),
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(first * 1_000_003 + number)(quietly(given(strategy)(trial)))()
        except HypothesisException as error:
            tally.wrong("faults", f"Hypothesis: {type(error).__name__}")
            return
        done += tally.tried - before
        tally.keep()
