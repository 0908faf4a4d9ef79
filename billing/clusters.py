"""Totals that cluster just above a threshold are looked at, over many months of one person."""

from collections.abc import Sequence

from billing.evaluate import MonthResult
from billing.findings.finding import Finding, Severity
from billing.rules import PracticeRules

RULE = "R-408"

#: Fewer months than this say nothing, and of those at least every second must lie just above.
_FEWEST = 5
_ONE_IN = 2


def just_above(results: Sequence[MonthResult], practice: PracticeRules) -> Finding | None:
    """Tells supervisors when most of one care manager's finished months barely reach their code.

    Args:
        results: Months of one care manager's patients, all of them.
        practice: Says how near is "just above".
    """
    reached = [result for result in results if result.earned]
    near = [result for result in reached if _margin(result) <= practice.just_above_seconds]
    if len(near) < _FEWEST or len(near) * _ONE_IN < len(reached):
        return None
    return Finding(
        code="just_above",
        severity=Severity.WARNING,
        message=f"{len(near)} of {len(reached)} months lie just above a threshold: look at how time is kept.",
        rule=RULE,
        supervisors_only=True,
    )


def _margin(result: MonthResult) -> int:
    """Seconds above the last threshold that was reached."""
    return result.threshold.counted_seconds - result.threshold.reached_seconds
