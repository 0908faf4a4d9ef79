"""Adds up how forecasts came out, so that years of several processes can be put together."""

from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.pace.backtest import Score

_DECILES = 10


@dataclass(slots=True)
class Row:
    """Some forecasts, added up."""

    forecasts: int = 0
    reached: int = 0
    expected: float = 0.0
    #: Squared differences, and hours off: ours, "all will" (what all lack), the straight line.
    squares: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    mornings: int = 0
    hours: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    @property
    def brier(self) -> tuple[float, float, float]:
        """Mean squared differences."""
        ours, all_, line = (each / self.forecasts for each in self.squares)
        return ours, all_, line

    @property
    def hours_off(self) -> tuple[float, float, float]:
        """Mean hours off, a morning."""
        ours, all_, line = (each / self.mornings for each in self.hours)
        return ours, all_, line

    def add(self, other: "Row") -> None:
        """Add others up too."""
        self.forecasts += other.forecasts
        self.reached += other.reached
        self.expected += other.expected
        self.mornings += other.mornings
        self.squares = [a + b for a, b in zip(self.squares, other.squares, strict=True)]
        self.hours = [a + b for a, b in zip(self.hours, other.hours, strict=True)]


def _rows() -> dict[int, Row]:
    return defaultdict(Row)


@dataclass(slots=True)
class Tally:
    """Forecasts by working days left, and by what was forecast."""

    by_left: dict[int, Row] = field(default_factory=_rows)
    by_decile: dict[int, Row] = field(default_factory=_rows)

    @classmethod
    def of(cls, score: Score) -> "Tally":
        """Add up one practice's."""
        found = cls()
        for one in score.outcomes:
            came, line = one.reached, one.straight
            row = Row(
                forecasts=1,
                reached=int(came),
                expected=one.probability,
                squares=[(one.probability - came) ** 2, 1.0 - came, float(line != came)],
            )
            found.by_left[one.left].add(row)
            found.by_decile[min(_DECILES - 1, int(one.probability * _DECILES))].add(row)
        for hours in score.hours:
            off = [abs(each - hours.done) for each in (hours.forecast, hours.needed, hours.straight)]
            found.by_left[hours.left].add(Row(mornings=1, hours=off))
        return found

    def add(self, other: "Tally") -> None:
        """Add another's."""
        for own, others in ((self.by_left, other.by_left), (self.by_decile, other.by_decile)):
            for key, row in others.items():
                own[key].add(row)

    @property
    def whole(self) -> Row:
        """All of them."""
        found = Row()
        for row in self.by_left.values():
            found.add(row)
        return found
