"""Reports a month beyond the last one that the payer pays for."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.prior_authorization import is_beyond_the_last
from billing.findings.row import About, Row, When
from billing.people import MemberRole


def beyond_authorized(case: MonthCase) -> Finding | None:
    """Blocks a month after all that the payer pays for, with authorization or without."""
    if not is_beyond_the_last(case):
        return None
    free, further = case.rules.prior_auth_after_months or 0, case.rules.authorized_months or 0
    return ROW.finding(most=str(free + further), month=str(case.month_number))


ROW = Row(
    code="beyond_authorized",
    rule="R-329",
    place=195,
    severities=(Severity.BLOCKER,),
    find=beyond_authorized,
    title="beyond the payer's months",
    sentence="Month {month} of the episode: this payer pays for {most} months and no more, authorized or not.",
    parameters=("month", "most"),
    fixed_by=(MemberRole.BILLER,),
    to_do="A biller checks the months with the payer; a practice that has other terms imports them: "
    "`cocm import payers payers.csv`.",
    told=When.FROM_THE_START,
    about=About.STATEMENT,
)
