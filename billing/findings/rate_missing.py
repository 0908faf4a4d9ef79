"""Notes codes without a rate on file, which the estimate leaves out."""

from collections.abc import Sequence

from billing.findings.finding import Finding, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def rate_missing(codes: Sequence[str]) -> Finding | None:
    """Notes billable codes that have no rate on file for the date of service."""
    return ROW.finding(codes=", ".join(codes)) if codes else None


ROW = Row(
    code="rate_missing",
    rule="R-602",
    place=440,
    severities=(Severity.NOTE,),
    title="rate missing",
    sentence="No rate for {codes} on the date of service: the estimate leaves it out.",
    parameters=("codes",),
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator imports the practice's rates: `cocm import fees fees.csv`.",
    about=About.PAYER,
)
