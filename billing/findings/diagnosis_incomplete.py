"""Reports a diagnosis code that is a header of ICD-10-CM, or no code of it."""

from billing.diagnoses import is_whole_code
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def diagnosis_incomplete(case: MonthCase) -> Finding | None:
    """Warns of codes by which no payer pays."""
    codes = case.claim.diagnosis_codes
    if case.episode is None or all(map(is_whole_code, codes)):
        return None
    return ROW.finding(codes=", ".join(code for code in codes if not is_whole_code(code)))


ROW = Row(
    code="diagnosis_incomplete",
    rule="R-331",
    place=125,
    severities=(Severity.WARNING,),
    find=diagnosis_incomplete,
    title="diagnosis code not complete",
    sentence="Not a complete code of ICD-10-CM: {codes}. Payers deny a claim with it.",
    parameters=("codes",),
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the complete code: `/cocm enroll MRN123 dx F33.1`.",
    told=When.MONTH_END,
    fix=Fix.ENROLL,
    about=About.CLAIM,
)
