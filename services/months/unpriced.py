"""Says what an estimate lacks, so that no amount is empty or too small in silence (R-602)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.charges import Charge
from billing.money import Estimate, RateGap, joined_gaps, spoken_gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpriced:
    """What of some billable lines is in no amount, because no rate is on file for it."""

    #: Lines of which some unit has no rate, and lines of which none has.
    lines: int = 0
    wholly: int = 0
    units: int = 0
    gaps: tuple[RateGap, ...] = ()

    @classmethod
    def of(cls, found: Estimate, billable: Sequence[Charge]) -> "Unpriced":
        """What the estimate of one line lacks of its billable codes."""
        lacking = found.unpriced
        return cls(
            lines=int(bool(lacking)),
            wholly=int(bool(lacking) and len(lacking) == len(billable)),
            units=sum(charge.units for charge in lacking),
            gaps=found.gaps,
        )

    @property
    def words(self) -> str:
        """`no Medicare rate for 2027 on file`; empty where nothing lacks."""
        return spoken_gaps(self.gaps)

    @property
    def extent(self) -> str:
        """`1 line, 2 units`."""
        return f"{_count(self.lines, 'line')}, {_count(self.units, 'unit')}"

    def estimated(self, amount: Decimal, billable_lines: int) -> str:
        """`estimated $206.42`, with what the amount lacks.

        Args:
            amount: Of the units that have a rate.
            billable_lines: How many lines the amount is of.
        """
        if not self.lines:
            return f"estimated ${amount:,.2f}"
        if self.wholly == billable_lines:
            return f"estimated: {self.words} ({self.extent})"
        return f"estimated ${amount:,.2f} without {self.extent}: {self.words}"


NOTHING_UNPRICED = Unpriced()


def together(some: Iterable[Unpriced]) -> Unpriced:
    """What several lack in all."""
    found = tuple(some)
    return Unpriced(
        lines=sum(one.lines for one in found),
        wholly=sum(one.wholly for one in found),
        units=sum(one.units for one in found),
        gaps=joined_gaps(gap for one in found for gap in one.gaps),
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
