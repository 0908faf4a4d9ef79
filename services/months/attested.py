"""What a closer puts their name to: the figures of a month, which must be those of the lines that are frozen."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from billing.evaluate import MonthResult
from billing.months import BillingMonth
from services.errors import CannotChangeMonth

_MARK_DIGITS = 16
_BETWEEN = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The sums of some lines, and a mark that changes with anything that a claim is made of."""

    mark: str
    lines: int
    #: Whole seconds counted.
    seconds: int
    billable_lines: int
    #: Of all codes together.
    units: int

    @classmethod
    def of(cls, results: Iterable[MonthResult]) -> "Figures":
        """The figures of lines in any order."""
        digest = hashlib.sha256()
        lines = seconds = billable_lines = units = 0
        for result in sorted(results, key=lambda one: one.patient_id):
            codes = [(charge.code, charge.units) for charge in result.billable]
            findings = [finding.code for finding in result.findings]
            held = (result.patient_id, result.counted_seconds, result.status.value, codes, findings)
            digest.update(repr(held).encode())
            lines += 1
            seconds += result.counted_seconds
            billable_lines += bool(codes)
            units += sum(number for _, number in codes)
        return cls(
            mark=digest.hexdigest()[:_MARK_DIGITS],
            lines=lines,
            seconds=seconds,
            billable_lines=billable_lines,
            units=units,
        )

    def __str__(self) -> str:
        """As a button carries them: they name nobody."""
        return _BETWEEN.join(map(str, (self.mark, self.lines, self.seconds, self.billable_lines, self.units)))

    @classmethod
    def read(cls, text: str) -> "Figures | None":
        """Those of a button; None where it carries none, as buttons of an earlier version do."""
        mark, *sums = text.split(_BETWEEN)
        try:
            lines, seconds, billable_lines, units = map(int, sums)
        except ValueError:
            return None
        return cls(mark=mark, lines=lines, seconds=seconds, billable_lines=billable_lines, units=units)

    def same_sums(self, other: "Figures") -> bool:
        """Whether only what the sums do not show differs."""
        return (self.lines, self.seconds, self.billable_lines, self.units) == (
            other.lines,
            other.seconds,
            other.billable_lines,
            other.units,
        )


class MonthChanged(CannotChangeMonth):
    """The month has changed since you looked at it. Nothing was closed."""

    code = "month_changed"

    def __init__(self, month: BillingMonth, seen: Figures | None, now: Figures) -> None:
        super().__init__(
            f"{month.name} {month.year} has changed since you looked at it, so nothing was closed. "
            f"Review it again: close {month}."
        )
        self.month = month
        #: What was confirmed; None where the button carried no figures.
        self.seen = seen
        self.now = now
