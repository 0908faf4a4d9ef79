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
        whole=50_000,
        quick=1_000,
    ),
    Part(
        name="door",
        does="bytes, headers and payloads at the HTTP door of a running bot, signed and not",
        whole=200_000,
        quick=3_000,
    ),
    Part(
        name="forms",
        does="every form of a running bot, filled in with anything, sent twice",
        whole=9_000,
        quick=100,
    ),
    Part(
        name="files",
        does="tables, workbooks and bytes of every kind of import: refused, or stored as they say and taken back",
        whole=24_000,
        quick=500,
    ),
    Part(
        name="guided",
        does="lines, bodies and tables by atheris, led by what they reach in the program",
        whole=1_000_000,
        quick=3_000,
    ),
    Part(
        name="acts",
        does="all acts, undone and put back beside merges, closes and memberships, against a model, on both databases",
        whole=8_000,
        quick=150,
    ),
    Part(
        name="nodes",
        does="two to eight nodes: logs, undo, corrections, a close; redelivered, with restarts and clocks that jump",
        whole=14_000,
        quick=160,
    ),
    Part(
        name="deliveries",
        does="months of scheduled messages on two to eight nodes, with Slack, store, nodes and clocks failing",
        whole=150_000,
        quick=4_000,
    ),
    Part(
        name="races",
        does="a month is closed beside 2,000 writes from two nodes, twenty times, on PostgreSQL",
        whole=40_000,
        quick=400,
    ),
    Part(
        name="kill",
        does="a program that logs is killed with SIGKILL; what it acknowledged is there once, on both databases",
        whole=30_000,
        quick=600,
    ),
    Part(
        name="house",
        does="more commands at once than can be answered, on both databases: told is what is on file",
        whole=10_000,
        quick=300,
    ),
    Part(
        name="programs",
        does="programs that are killed and replaced while they send, and clocks over years (tests)",
        whole=4,
        quick=1,
    ),
)
BY_NAME = {part.name: part for part in PARTS}
