"""Six months without Collaborative Care end an episode."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.month_kinds import MonthKind
from billing.months import BillingMonth

RULE = "R-325"


def episode_lapsed(case: MonthCase) -> Finding | None:
    """Warns when a month follows a whole gap without CoCM time inside one episode."""
    if case.kind is not MonthKind.SUBSEQUENT or case.episode is None:
        return None
    begun, month = BillingMonth.of(case.episode.starts_on), case.facts.month
    last = max((active for active in case.facts.active_months if begun <= active < month), default=None)
    gap = case.rules.practice.episode_gap_months
    if last is None or month.months_since(last) <= gap:
        return None
    return Finding(
        code="episode_lapsed",
        severity=Severity.WARNING,
        message=f"No CoCM time for {gap} months in a row before this one: that ends an episode. Enroll again.",
        rule=RULE,
    )
