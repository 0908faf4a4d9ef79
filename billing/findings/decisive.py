"""Computes whether a month's codes depend on some of its entries."""

from collections.abc import Sequence
from enum import StrEnum

from billing.charges import charges
from billing.counting import Exclusion, tally
from billing.entries import TimeEntry
from billing.findings.finding import MonthCase

#: Time that one entry yields to another.
_SHARED = frozenset({Exclusion.JOINT, Exclusion.MIRRORED, Exclusion.OVERLAP})


class Weight(StrEnum):
    """What a month would lose without the entries."""

    NONE = "none"
    UNITS = "units"
    LINE = "line"


def weight_of(case: MonthCase, entries: Sequence[TimeEntry], instead: Sequence[TimeEntry] = ()) -> Weight:
    """Count the month again without some entries, or with others instead, and compare what is earned."""
    taken = {entry.entry_id for entry in entries}
    if not instead and not any(reason in _SHARED for reason, _ in case.tally.excluded):
        # Where no entry yields time to another, each counts by itself.
        counted = sum(one.counted for one in case.tally.verdicts if one.entry_id not in taken)
        return _weight(case, counted)
    kept = [entry for entry in case.facts.entries if entry.entry_id not in taken]
    again = tally(case.facts, case.rules, case.kind, [*kept, *instead], case.portion)
    return _weight(case, again.counted)


def _weight(case: MonthCase, counted: int) -> Weight:
    earned = charges(counted, case.kind, case.rules, case.rules.max_99494)
    if earned == case.earned:
        return Weight.NONE
    return Weight.UNITS if earned and earned[0] == case.earned[0] else Weight.LINE
