"""Entries of a month, and what was counted of them and why not the rest: for tests of counting."""

from datetime import UTC, date, datetime
from typing import Any

from billing.counting import Tally, tally
from billing.entries import TimeEntry
from billing.facts import MonthFacts
from billing.month_kinds import MonthKind
from billing.payer import rules_for
from billing.rules import PracticeRules
from tests.support.months import NOVEMBER, a_month, an_entry

DAY = date(2026, 11, 3)


def count(facts: MonthFacts, kind: MonthKind = MonthKind.SUBSEQUENT, **practice: Any) -> Tally:
    """What is counted of November by a practice's rules."""
    return tally(facts, rules_for(NOVEMBER, PracticeRules(**practice)), kind)


def reasons(found: Tally) -> dict[str, int]:
    """Seconds that do not count, by their reasons."""
    return {reason.value: seconds for reason, seconds in found.excluded}


def entries(*made: TimeEntry, **changes: Any) -> MonthFacts:
    """A month of those entries."""
    return a_month(entries=made, **changes)


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    """A clock time of November in UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def timed(entry_id: int, start: datetime, minutes: float, **changes: Any) -> TimeEntry:
    """An entry with a clock time."""
    return an_entry(entry_id, minutes, start.date(), started_at=start, **changes)
