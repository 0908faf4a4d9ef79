"""How much of a month hangs on some of its entries."""

from collections.abc import Sequence
from enum import StrEnum

from billing.charges import charges
from billing.counting import tally
from billing.entries import TimeEntry
from billing.findings.finding import MonthCase


class Weight(StrEnum):
    """What a month would lose without the entries."""

    NONE = "none"
    UNITS = "units"
    LINE = "line"


def weight_of(case: MonthCase, entries: Sequence[TimeEntry], instead: Sequence[TimeEntry] = ()) -> Weight:
    """Count the month again without some entries, or with others instead, and compare what is earned."""
    taken = {entry.entry_id for entry in entries}
    kept = [entry for entry in case.facts.entries if entry.entry_id not in taken]
    again = tally(case.facts, case.rules, case.kind, [*kept, *instead])
    earned = charges(again.counted, case.kind, case.rules, case.rules.max_99494)
    if earned == case.earned:
        return Weight.NONE
    return Weight.UNITS if earned and earned[0] == case.earned[0] else Weight.LINE
