"""The parts: what each tries, how much of it, and in how much time."""

from dataclasses import dataclass

#: No part may take longer, on two cores.
MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One row: a module of this package that has a function `soak`."""

    name: str
    #: What it does, for `--list` and the docs.
    does: str
    #: Inputs of a whole run, and of a quick one.
    whole: int
    quick: int
    #: Processes that share them.
    shares: int = 2
    minutes: float = MINUTES

    def budget(self, *, quick: bool, share: int) -> int:
        """The inputs of one share."""
        every, over = divmod(self.quick if quick else self.whole, self.shares)
        return every + (share < over)


PARTS = (
    Part(
        name="parser",
        does="typed lines and commands by Hypothesis: no exception, and what is understood is whole",
        whole=120_000,
        quick=1_000,
    ),
    Part(
        name="door",
        does="bytes, headers and payloads at the HTTP door of a running bot, signed and not",
        whole=400_000,
        quick=4_000,
    ),
    Part(
        name="acts",
        does="all acts, undone and put back in any order, against a simple model, on SQLite and PostgreSQL",
        whole=16_000,
        quick=160,
    ),
    Part(
        name="nodes",
        does="two to eight nodes: logs, undo, corrections, a close; redelivered, with restarts and clocks that jump",
        whole=24_000,
        quick=160,
    ),
)
BY_NAME = {part.name: part for part in PARTS}
