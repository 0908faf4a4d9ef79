"""Adds up durations as a file writes them, to compare them with its own totals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: A workbook's own numbers have up to 15 digits, behind zeros: `0.0102777777777778`.
_FIGURE = re.compile(
    r"[+-]?(\d{1,12})(?:\.(\d{1,30}))?\s*(?:h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)?", re.IGNORECASE
)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_CLOCK = re.compile(r"(\d{1,6}):(\d{2})(?::(\d{2}))?")
_SIXTY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """One duration: a figure, or a clock form as so many of its smallest part."""

    amount: Decimal
    is_clock: bool = False
    #: Parts of a clock form: 2 for `1:30`, 3 for `1:30:00`.
    parts: int = 0
    #: Figures behind the point.
    places: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Durations added up."""

    amount: Decimal
    count: int
    is_clock: bool
    parts: int
    places: int

    @classmethod
    def of(cls, lengths: Sequence[Length]) -> "Figures | None":
        """The sum; None where they are written in several ways."""
        if not lengths or len({(one.is_clock, one.parts) for one in lengths}) > 1:
            return None
        return cls(
            amount=sum((one.amount for one in lengths), Decimal(0)),
            count=len(lengths),
            is_clock=lengths[0].is_clock,
            parts=lengths[0].parts,
            places=max(one.places for one in lengths),
        )

    @property
    def written(self) -> str:
        """The sum as the file would write it."""
        if not self.is_clock:
            return f"{self.amount:f}"
        whole = int(self.amount)
        if self.parts == 2:  # noqa: PLR2004 - hours and minutes
            return f"{whole // _SIXTY}:{whole % _SIXTY:02d}"
        return f"{whole // _SIXTY // _SIXTY}:{whole // _SIXTY % _SIXTY:02d}:{whole % _SIXTY:02d}"


def length(text: str, *, decimal_comma: bool) -> Length | None:
    """A duration; None for what is written in another way."""
    if match := _CLOCK.fullmatch(text):
        amount = int(match[1]) * _SIXTY + int(match[2])
        if match[3] is not None:
            amount = amount * _SIXTY + int(match[3])
        return Length(amount=Decimal(amount), is_clock=True, parts=2 if match[3] is None else 3)
    plain = text.replace(".", "").replace(",", ".") if decimal_comma else text
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    if match := _FIGURE.fullmatch(plain):
        figure = plain.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ")
        return Length(amount=Decimal(figure), places=len(match[2] or ""))
    return None


def adds_up(rows: Figures, total: Length) -> bool:
    """Whether a total is the sum of the rows, but for their rounding, which grows with the root of their number."""
    if rows.is_clock is not total.is_clock or (rows.is_clock and rows.parts != total.parts):
        return False
    if rows.is_clock:
        return rows.amount == total.amount
    # A total of minutes may be in hours, and the reverse.
    return (
        _adds_up(rows, total, Decimal(1))
        or _adds_up(rows, total, 1 / Decimal(_SIXTY))
        or (total.places > 1 and _adds_up(rows, total, Decimal(_SIXTY)))
    )


def _adds_up(rows: Figures, total: Length, per: Decimal) -> bool:
    unit = Decimal(1).scaleb(-rows.places)
    slack = unit * Decimal(rows.count).sqrt() / per if rows.places else Decimal(0)
    if per != 1 or total.places < rows.places:
        slack += Decimal(1).scaleb(-total.places) / 2
    return abs(rows.amount / per - total.amount) <= slack
