"""Reports a missing or invalid NPI of the treating or referring practitioner."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.npi import is_valid_npi
from billing.people import MemberRole


def npi(case: MonthCase) -> Finding | None:
    """Blocks a month whose NPI is missing, or fails the check digit."""
    number = case.claim.referring_npi
    if case.episode is None or is_valid_npi(number):
        return None
    if not number:
        return NPI_MISSING.finding()
    return NPI_INVALID.finding()


NPI_MISSING = Row(
    code="npi_missing",
    rule="R-310",
    place=100,
    severities=(Severity.BLOCKER,),
    find=npi,
    title="NPI missing",
    sentence="NPI missing: a claim names the treating or referring practitioner by it.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record the treating or referring practitioner's NPI: `/cocm enroll MRN123 npi 1234567893`.",
    told=When.NEAR,
    fix=Fix.ENROLL,
    about=About.CLAIM,
)

NPI_INVALID = Row(
    code="npi_invalid",
    rule="R-310",
    place=110,
    severities=(Severity.BLOCKER,),
    find=npi,
    title="NPI not valid",
    sentence="The NPI on file is not valid: an NPI has 10 digits, the last of which is a check digit.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Check the number and record it again: `/cocm enroll MRN123 npi 1234567893`.",
    told=When.NEAR,
    fix=Fix.ENROLL,
    about=About.CLAIM,
)
