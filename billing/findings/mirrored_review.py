"""Asks whether a case review that the care manager and the consultant both wrote down is one or two."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def mirrored_review(case: MonthCase) -> Finding | None:
    """Warns about two entries that may be one case review, whose time counts once until somebody says so."""
    pairs = [
        (part.kept_by, verdict.entry_id)
        for verdict in case.tally.verdicts
        for part in verdict.excluded
        if part.reason is Exclusion.MIRRORED and part.kept_by is not None
    ]
    if not pairs:
        return None
    asked = {entry_id for _, entry_id in pairs}
    days = sorted({entry.service_date for entry in case.facts.entries if entry.entry_id in asked})
    return ROW.finding(
        entries=tuple(entry_id for pair in pairs for entry_id in pair),
        days=" and ".join(f"{day:%b} {day.day}" for day in days),
    )


ROW = Row(
    code="mirrored_review",
    rule="R-215",
    place=266,
    severities=(Severity.WARNING,),
    find=mirrored_review,
    needs=Has.EXCLUDED,
    title="one case review or two",
    sentence="The care manager and the consultant each logged a case review on {days}. It counts once until someone "
    "says that these are two reviews.",
    parameters=("days",),
    fixed_by=(
        MemberRole.CARE_MANAGER,
        MemberRole.CONSULTANT,
        MemberRole.TREATING_PROVIDER,
        MemberRole.SUPERVISOR,
    ),
    to_do="Say which it was: `/cocm state MRN123 same review` or `/cocm state MRN123 two reviews`.",
    told=When.FROM_THE_START,
    fix=Fix.SAME_REVIEW,
    about=About.TIME,
    entry_title="may be one review with another entry",
)
