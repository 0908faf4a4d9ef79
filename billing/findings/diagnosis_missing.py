"""Reports a missing diagnosis."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def diagnosis_missing(case: MonthCase) -> Finding | None:
    """Warns, or by setting blocks, when neither a diagnosis nor a problem list is on file."""
    if case.episode is None or case.facts.problems_recorded or case.claim.diagnosis_codes:
        return None
    return ROW.finding(
        severity=Severity.BLOCKER if case.rules.practice.diagnosis_required else Severity.WARNING
    )


ROW = Row(
    code="diagnosis_missing",
    rule="R-311",
    place=120,
    severities=(
        Severity.WARNING,
        Severity.BLOCKER,
    ),
    find=diagnosis_missing,
    title="diagnosis missing",
    sentence="No diagnosis and no problem list on file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the diagnosis: `/cocm enroll MRN123 dx F32.1`.",
    told=When.MONTH_END,
    fix=Fix.ENROLL,
    about=About.CLAIM,
)
