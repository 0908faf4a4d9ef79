"""Rules of a month in which the payer, or its rules, change, for tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from billing.months import BillingMonth
from billing.payer import Payer, stretches
from billing.rules import PracticeRules, RuleSet


def changing(
    month: BillingMonth, within: Sequence[tuple[date, Payer]], practice: PracticeRules | None = None
) -> RuleSet:
    """The rules of a month by payers, each with the day from which it covers; the first from the month's first day."""
    practice = practice or PracticeRules()
    ends = [*(begins - timedelta(days=1) for begins, _ in within[1:]), month.last_day]
    covered = tuple(
        replace(one, payer=payer.name)
        for (begins, payer), end in zip(within, ends, strict=True)
        for one in stretches(begins, end, practice, payer)
    )
    return replace(covered[-1].rules, by_coverage=covered)
