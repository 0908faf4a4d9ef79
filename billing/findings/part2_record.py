"""Warns that substance use treatment records need consent to disclose (42 CFR Part 2)."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def part2_record(case: MonthCase) -> Finding | None:
    """Warns that the record falls under 42 CFR Part 2."""
    if case.episode is None or not case.episode.part2_record:
        return None
    return ROW.finding()


ROW = Row(
    code="part2_record",
    rule="R-321",
    place=350,
    severities=(Severity.WARNING,),
    find=part2_record,
    title="substance use record",
    sentence="The record holds substance use treatment (42 CFR Part 2): disclose only with that consent.",
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller checks the consent to disclose before the claim goes out.",
    about=About.CLAIM,
)
