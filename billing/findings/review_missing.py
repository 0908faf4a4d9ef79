"""Blocks CoCM codes in a month without the psychiatric consultant's case review."""

from billing.case_reviews import is_review
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def review_missing(case: MonthCase) -> Finding | None:
    """Blocks a CoCM month without a review, unless the practice or payer does not require one.

    A review is one recorded for the month, the consultant's own time entry for a case review, or a colleague's entry
    for one that names the consultant as having been there.
    """
    if not case.is_cocm or not case.rules.practice.review_required or _reviewed(case):
        return None
    return ROW.finding()


def _reviewed(case: MonthCase) -> bool:
    facts = case.facts
    for review in facts.reviews:
        if review.reviewed_on in facts.month:
            return True
    return any(
        is_review(entry, facts.consultants) and entry.service_date in facts.month for entry in facts.entries
    )


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
    fix=Fix.REVIEW,
    about=About.REVIEW,
)
