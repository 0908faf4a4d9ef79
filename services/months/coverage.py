"""Makes the rules of a month in which the patient's coverage changes: each stretch of days under its own payer's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

from billing.months import BillingMonth
from billing.rules import CoveredDays, RuleSet

#: Payers in force, each with the first day of the month from which it is; see `billing.claim_days.payers_within`.
PayersWithin: TypeAlias = tuple[tuple[date, str], ...]


def rules_by_coverage(
    month: BillingMonth,
    within: PayersWithin,
    name_of: Callable[[str], str],
    days_of: Callable[[date, date, str], tuple[CoveredDays, ...]],
) -> RuleSet:
    """The rules of the month's last day; where they change within it, with those of each stretch of days (R-116).

    Args:
        month: The month judged.
        within: At least one payer, the first from the month's first day on.
        name_of: The usual name of a payer, of whom the record may have another spelling.
        days_of: The rules of a payer from one day to another, cut where they change.
    """
    merged = _merged(within, name_of)
    ends = [*(begins - timedelta(days=1) for begins, _ in merged[1:]), month.last_day]
    days = tuple(
        replace(one, payer=payer)
        for (begins, payer), last_day in zip(merged, ends, strict=True)
        for one in days_of(begins, last_day, payer)
    )
    last = days[-1].rules
    return last if len(days) == 1 else replace(last, by_coverage=days)


def _merged(within: PayersWithin, name_of: Callable[[str], str]) -> list[tuple[date, str]]:
    """Without changes of nothing but a payer's spelling; the newest stays."""
    found: list[tuple[date, str]] = []
    for begins, payer in within:
        if found and name_of(found[-1][1]).casefold() == name_of(payer).casefold():
            found[-1] = found[-1][0], payer
        else:
            found.append((begins, payer))
    return found
