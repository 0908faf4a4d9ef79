"""The calendar month, the unit in which Collaborative Care is billed."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Self

_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class BillingMonth:
    """One calendar month of local service dates (R-102). Ordered; `str()` gives `2026-11`."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and date.min.year <= self.year <= date.max.year):  # noqa: PLR2004 - months of a year
            raise ValueError(f"{self.year}-{self.month} is not a calendar month")

    def __hash__(self) -> int:
        return self.year * 12 + self.month

    @classmethod
    def of(cls, day: date) -> "BillingMonth":
        """The month in which a local date lies."""
        return _month(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-MM`.

        Raises:
            ValueError: with a sentence that names the text and the form expected.
        """
        match = _ISO_MONTH.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a month. Write it as 2026-11.")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> date:
        """The first local date of the month."""
        return _first_day(self.year, self.month)

    @property
    def last_day(self) -> date:
        """The last local date of the month."""
        return _last_day(self.year, self.month)

    @property
    def name(self) -> str:
        """The month's English name, `November`."""
        return calendar.month_name[self.month]

    def plus(self, months: int) -> "BillingMonth":
        """The month that many months later (earlier when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return _month(index // 12, index % 12 + 1)

    def months_since(self, other: "BillingMonth") -> int:
        """How many months lie between: 0 for the same month, 1 for the one after `other`."""
        return (self.year - other.year) * 12 + self.month - other.month

    def __contains__(self, day: date) -> bool:
        return day.month == self.month and day.year == self.year

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@lru_cache(maxsize=1024)
def _last_day(year: int, month: int) -> date:
    """Asked several times for each patient of a report."""
    return date(year, month, calendar.monthrange(year, month)[1])


#: Asked for as often.
_first_day = lru_cache(maxsize=1024)(partial(date, day=1))
_month = lru_cache(maxsize=1024)(BillingMonth)
