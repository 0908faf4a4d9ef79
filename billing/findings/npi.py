"""A claim names the treating or referring practitioner by a valid NPI."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.npi import is_valid_npi

RULE = "R-310"


def npi(case: MonthCase) -> Finding | None:
    """Blocks a month whose NPI is missing, or fails the check digit."""
    number = case.facts.referring_npi
    if case.episode is None or is_valid_npi(number):
        return None
    if not number:
        return Finding(
            code="npi_missing",
            severity=Severity.BLOCKER,
            message="NPI missing: record the treating or referring practitioner's NPI.",
            rule=RULE,
        )
    return Finding(
        code="npi_invalid",
        severity=Severity.BLOCKER,
        message="The NPI on record is not valid: an NPI has 10 digits, the last of which is a check digit.",
        rule=RULE,
    )
