"""Notes codes without a rate on file, which the estimate leaves out."""

from billing.findings.finding import Finding, Severity
from billing.findings.row import About, Row
from billing.money import Estimate, spoken_gaps
from billing.people import MemberRole


def rate_missing(found: Estimate) -> Finding | None:
    """Notes billable codes that have no rate on file, and which rates those are."""
    if not found.unpriced:
        return None
    return ROW.finding(codes=", ".join(found.without_rate), lacking=spoken_gaps(found.gaps))


ROW = Row(
    code="rate_missing",
    rule="R-602",
    place=440,
    severities=(Severity.NOTE,),
    title="rate missing",
    sentence="The estimate leaves out {codes}: {lacking}.",
    parameters=("codes", "lacking"),
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the practice's rates: `cocm import fees fees.csv`.",
    about=About.PAYER,
)
