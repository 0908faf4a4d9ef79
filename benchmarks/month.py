"""Measures judging one patient's month of twenty entries, as every receipt does."""

import statistics
from time import perf_counter

from billing.evaluate import evaluate_month
from billing.payer import rules_for
from billing.rules import PracticeRules
from tests.support.months import NOVEMBER, a_month


def main() -> None:
    """Print the median of evaluating one patient-month."""
    facts = a_month(*([4.0] * 20))
    rules = rules_for(NOVEMBER, PracticeRules())
    took = []
    for _ in range(2000):
        began = perf_counter()
        evaluate_month(facts, rules)
        took.append(perf_counter() - began)
    print(f"{statistics.median(took) * 1e6:.0f} us a patient-month of 20 entries (at most 200)")
