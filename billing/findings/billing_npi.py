"""Reports an NPI of the billing practitioner or practice that is none."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.npi import is_valid_npi
from billing.people import MemberRole


def billing_npi(case: MonthCase) -> Finding | None:
    """Blocks a month whose billing NPI is on file and fails the check digit; none on file is the practice's own."""
    number = case.claim.billing_npi
    if case.episode is None or not number or is_valid_npi(number):
        return None
    return ROW.finding()


ROW = Row(
    code="billing_npi_invalid",
    rule="R-310",
    place=115,
    severities=(Severity.BLOCKER,),
    find=billing_npi,
    title="billing NPI not valid",
    sentence="The billing NPI on file is not valid: an NPI has 10 digits, the last of which is a check digit.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Check the number and record it again: `/cocm enroll MRN123 billing npi 1234567893`.",
    told=When.NEAR,
    fix=Fix.ENROLL,
    about=About.CLAIM,
)
