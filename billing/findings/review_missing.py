"""Blocks CoCM codes in a month without the psychiatric consultant's case review."""

from billing.activities import Activity
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole, Role


def review_missing(case: MonthCase) -> Finding | None:
    """Blocks a CoCM month without a review, unless the practice or payer does not require one.

    A review is one recorded for the month, or the consultant's own time entry for a case review.
    """
    if not case.is_cocm or not case.rules.practice.review_required or _reviewed(case):
        return None
    return ROW.finding()


def _reviewed(case: MonthCase) -> bool:
    month = case.facts.month
    for review in case.facts.reviews:
        if review.reviewed_on in month:
            return True
    own = [entry for entry in case.facts.entries if entry.role is Role.CONSULTANT]
    return any(entry.activity is Activity.CASE_REVIEW and entry.service_date in month for entry in own)


ROW = Row(
    code="review_missing",
    rule="R-309",
    place=90,
    severities=(Severity.BLOCKER,),
    find=review_missing,
    title="case review missing",
    sentence="Case review missing: the psychiatric consultant has not reviewed this case in the month.",
    fixed_by=(
        MemberRole.CARE_MANAGER,
        MemberRole.CONSULTANT,
    ),
    to_do="Present the case to the psychiatric consultant and record the review: `/cocm review "
    "MRN123 on 11/3 by @dr`.",
    told=When.NEAR,
    about=About.REVIEW,
)
