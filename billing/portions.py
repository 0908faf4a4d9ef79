"""The days of a month whose time one claim may count."""

from dataclasses import dataclass
from datetime import date

from billing.episodes import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The time of a month that one claim may count; without anything said, all of it."""

    #: Only days that belong to an episode of that program (R-115).
    program: Program | None = None
    #: Only those local dates (R-119).
    days: frozenset[date] | None = None


WHOLE = Portion()
