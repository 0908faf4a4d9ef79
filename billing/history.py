"""A patient's months one after the other, for rules that look back."""

from collections.abc import Iterable
from dataclasses import replace

from billing.evaluate import MonthResult, evaluate_month
from billing.facts import MonthFacts
from billing.months import BillingMonth
from billing.rules import INITIAL_MONTH, RuleSet


def evaluate_months(months: Iterable[tuple[MonthFacts, RuleSet]]) -> tuple[MonthResult, ...]:
    """Evaluate one patient's months, each knowing which earlier ones had care and which earned 99492.

    Args:
        months: Facts and rule set of each month, in any order, each month once. What their
            `active_months` and `initial_months` say of months not given is kept.

    Returns:
        The results, oldest month first.
    """
    results: list[MonthResult] = []
    active: set[BillingMonth] = set()
    initial: set[BillingMonth] = set()
    for facts, rules in sorted(months, key=lambda pair: pair[0].month):
        known = replace(
            facts,
            active_months=tuple(sorted(active.union(facts.active_months))),
            initial_months=tuple(sorted(initial.union(facts.initial_months))),
        )
        result = evaluate_month(known, rules)
        results.append(result)
        if result.counted_seconds:
            active.add(facts.month)
        if any(charge.code == INITIAL_MONTH for charge in result.earned):
            initial.add(facts.month)
    return tuple(results)
