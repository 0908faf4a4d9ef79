"""Three months of scheduled messages on two to eight nodes, with Slack, store, nodes and clocks failing."""

from benchmarks.soak.tally import KeptTally
from tests.support.nodes import Hazards, live


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Live through seeds until so many messages were shown."""
    number = 0
    while tally.tried < budget:
        # Seeds are small, so that one that fails is replayed as `live(17)`.
        one = (seed * 7_919 + number) % 1_000_000
        verdict = live(one)
        tally.tried += len(verdict.shown)
        for kind, found in (("lost", verdict.lost), ("twice", verdict.twice), ("faults", verdict.strange)):
            for what in found:
                tally.wrong(kind, f"{what} of seed {one}")
        if verdict.lapsed and not Hazards.of(one).billing_shut:
            tally.wrong("lost", f"lapsed: {verdict.lapsed[:3]} of seed {one}")
        tally.met.update(verdict.fates)
        tally.met["seeds"] += 1
        tally.met["kills"] += verdict.kills
        tally.met["shown twice since Slack took it after the settle time"] += len(verdict.residual)
        number += 1
        tally.keep()
