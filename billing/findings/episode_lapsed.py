"""Reports an episode that ended by six months without Collaborative Care."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.month_kinds import MonthKind
from billing.months import BillingMonth
from billing.people import MemberRole


def episode_lapsed(case: MonthCase) -> Finding | None:
    """Warns when a month follows a whole gap without CoCM time inside one episode."""
    if case.kind is not MonthKind.SUBSEQUENT or case.episode is None:
        return None
    begun, month = BillingMonth.of(case.episode.starts_on), case.facts.month
    last = max((active for active in case.facts.active_months if begun <= active < month), default=None)
    gap = case.rules.practice.episode_gap_months
    if last is None or month.months_since(last) <= gap:
        return None
    return ROW.finding(gap=str(gap))


ROW = Row(
    code="episode_lapsed",
    rule="R-325",
    place=210,
    severities=(Severity.WARNING,),
    find=episode_lapsed,
    kind=MonthKind.SUBSEQUENT,
    title="no care for months",
    sentence="No CoCM time for {gap} months in a row before this one: that ends an episode.",
    parameters=("gap",),
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="End the old episode, `/cocm discharge MRN123 no contact since 9/1 on 9/1`, then begin a "
    "new one: `/cocm enroll MRN123 on 11/3`.",
    told=When.MONTH_END,
    fix=Fix.DISCHARGE,
    about=About.ENROLLMENT,
)
