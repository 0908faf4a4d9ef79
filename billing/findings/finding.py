"""A finding, and the month that findings are looked for in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from billing.charges import Charge
from billing.counting import Tally
from billing.episodes import Episode
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind, MonthPlace
from billing.rules import RuleSet
from billing.thresholds import Threshold


class Severity(StrEnum):
    """Whether a finding stops a line, wants a look, or only explains."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a biller should know about a month. Its sentence names no patient and no words of a note."""

    #: Stable word, `consent_missing`.
    code: str
    severity: Severity
    #: What is the matter, and what to do.
    message: str
    #: Id of the rule in docs/billing-rules.md, `R-301`.
    rule: str
    #: Ids of the entries concerned.
    entries: tuple[int, ...] = ()
    #: True for what only supervisors see: never in the channel, never on a care manager's screen.
    supervisors_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCase:
    """A month with its time counted and weighed, before anybody has looked for findings."""

    facts: MonthFacts
    rules: RuleSet
    place: MonthPlace
    tally: Tally
    threshold: Threshold
    #: Codes as earned by minutes; none in a month of a kind that bills nothing.
    earned: tuple[Charge, ...]

    @property
    def kind(self) -> MonthKind:
        """The month's kind."""
        return self.place.kind

    @property
    def episode(self) -> Episode | None:
        """The episode that governs the month."""
        return self.place.episode

    @property
    def is_cocm(self) -> bool:
        """Whether the month bills, or could come to bill, CoCM codes."""
        return self.place.kind in _COCM


_COCM = frozenset(
    {MonthKind.INITIAL, MonthKind.SUBSEQUENT, MonthKind.BEFORE_ASSESSMENT, MonthKind.UNASSESSED}
)

#: A rule: looks at a month and says what it finds, or nothing.
Rule = Callable[[MonthCase], Finding | None]
