"""Makes the rules of a month in which the patient's coverage changes: each stretch of days under its own payer's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from billing.months import BillingMonth
from billing.rules import CoveredDays, RuleSet

#: Payers in force, each with the first day of the month from which it is; see `billing.claim_days.payers_within`.
Stretches = Sequence[tuple[date, str]]


def rules_by_coverage(
    month: BillingMonth, stretches: Stretches, rules_of: Callable[[str], RuleSet]
) -> RuleSet:
    """The rules of the month's last day; where payers change within it, with those of each stretch of days (R-116).

    Args:
        month: The month judged.
        stretches: At least one, the first from the month's first day on.
        rules_of: The rules of the month under a payer of that name.
    """
    merged = _merged(stretches, rules_of)
    last = rules_of(merged[-1][1])
    if len(merged) == 1:
        return last
    ends = [*(begins - timedelta(days=1) for begins, _ in merged[1:]), month.last_day]
    return replace(
        last,
        by_coverage=tuple(
            CoveredDays(first_day=begins, last_day=ends_on, payer=payer, rules=rules_of(payer))
            for (begins, payer), ends_on in zip(merged, ends, strict=True)
        ),
    )


def _merged(stretches: Stretches, rules_of: Callable[[str], RuleSet]) -> list[tuple[date, str]]:
    """Without changes of nothing but a payer's spelling; the newest stays."""
    found: list[tuple[date, str]] = []
    for begins, payer in stretches:
        if found and _same_payer(found[-1][1], payer, rules_of):
            found[-1] = found[-1][0], payer
        else:
            found.append((begins, payer))
    return found


def _same_payer(one: str, other: str, rules_of: Callable[[str], RuleSet]) -> bool:
    if one.strip().casefold() == other.strip().casefold():
        return True
    known = rules_of(one).payer
    return bool(known) and known == rules_of(other).payer
