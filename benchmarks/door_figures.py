"""What is to hold of a full house, figure by figure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.full_house import STORED, Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many connections for a while."""

    account: Account
    #: Seconds that the bot's process took.
    cpu: float

    @property
    def for_cpu(self) -> float:
        """Stored for each second of CPU."""
        return self.account.said.get(STORED, 0) / self.cpu if self.cpu else 0.0

    def __str__(self) -> str:
        return f"{self.account}; {self.for_cpu:.0f} stored for each second of its CPU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One run: what can be answered, more than that, and what can be answered again."""

    before: Part
    full: Part
    after: Part
    #: The longest answer beside attacks; None when there were none.
    beside_attacks: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table."""

    name: str
    of: Callable[[Parts], float | None]
    at_least: float | None = None
    at_most: float | None = None

    def among(self, runs: Sequence[Parts]) -> float | None:
        """The median of several runs, or the most of what is not to happen once; None where it was not measured."""
        found = [figure for run in runs if (figure := self.of(run)) is not None]
        if not found:
            return None
        return max(found) if self.at_most is not None else median(found)

    def holds(self, runs: Sequence[Parts]) -> bool:
        """Whether it is as it should be; what was not measured is not held against anybody."""
        figure = self.among(runs)
        if figure is None:
            return True
        return not (
            (self.at_least is not None and figure < self.at_least)
            or (self.at_most is not None and figure > self.at_most)
        )

    @property
    def hold(self) -> str:
        """What is to hold, in words."""
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return "-" if self.at_most is None else f"at most {self.at_most:g}"


def _ratio(figure: float, to: float) -> float | None:
    """None where nothing was stored that it could be a ratio to."""
    return figure / to if to else None


def _to_capacity(run: Parts) -> float | None:
    return _ratio(run.full.account.rate, max(run.before.account.rate, run.after.account.rate))


def _for_cpu(run: Parts) -> float | None:
    return _ratio(run.full.for_cpu, max(run.before.for_cpu, run.after.for_cpu))


def _afterwards(run: Parts) -> float | None:
    return _ratio(run.after.account.rate, run.before.account.rate)


FIGURES: tuple[Figure, ...] = (
    Figure(name="completed work, to capacity", of=_to_capacity, at_least=0.9),
    Figure(name="the same for each second of the bot's CPU", of=_for_cpu),
    Figure(name="afterwards, to before", of=_afterwards, at_least=0.9),
    Figure(name="commands past 3 s without a word", of=lambda run: run.full.account.untold, at_most=0),
    Figure(name="longest answer, s", of=lambda run: run.full.account.longest, at_most=3.0),
    Figure(name='longest until "Busy", s', of=lambda run: run.full.account.busy_longest, at_most=1.0),
    Figure(name="lost", of=lambda run: _all(run, "lost"), at_most=0),
    Figure(
        name="said not to be stored, and stored", of=lambda run: _all(run, "wrongly_said_lost"), at_most=0
    ),
    Figure(name="stored twice", of=lambda run: _all(run, "twice"), at_most=0),
    Figure(name="longest answer beside attacks, s", of=lambda run: run.beside_attacks, at_most=1.0),
)


def _all(run: Parts, name: str) -> float:
    return sum(float(getattr(part.account, name)) for part in (run.before, run.full, run.after))


def table(found: Mapping[str, Sequence[Parts]]) -> Iterator[str]:
    """The lines of a table: a row a figure, a column a database, and what is to hold beside them."""
    yield "| figure | " + " | ".join(found) + " | hold |"
    yield "|---|" + "---|" * (len(found) + 1)
    for figure in FIGURES:
        cells = [_cell(figure, runs) for runs in found.values()]
        yield f"| {figure.name} | " + " | ".join(cells) + f" | {figure.hold} |"


def _cell(figure: Figure, runs: Sequence[Parts]) -> str:
    among = figure.among(runs)
    if among is None:
        return "not measured"
    shown = f"{among:g}" if among == int(among) else f"{among:.2f}"
    return shown if figure.holds(runs) else f"**{shown} DOES NOT HOLD**"
