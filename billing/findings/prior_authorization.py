"""Reports a missing prior authorization where the payer asks for one."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole


def is_beyond_the_last(case: MonthCase) -> bool:
    """Whether the month lies after all that the payer pays for, authorized or not (R-329)."""
    further = case.rules.authorized_months
    free = case.rules.prior_auth_after_months or 0
    return further is not None and case.is_cocm and case.month_number > free + further


def prior_authorization(case: MonthCase) -> Finding | None:
    """Blocks a month beyond those that the payer pays for without prior authorization."""
    allowed = case.rules.prior_auth_after_months
    if allowed is None or not case.is_cocm or case.month_number <= allowed:
        return None
    if is_beyond_the_last(case):
        return None
    if case.has_statement(StatementKind.PRIOR_AUTHORIZATION):
        return None
    return ROW.finding(allowed=str(allowed))


ROW = Row(
    code="prior_authorization",
    rule="R-323",
    place=190,
    severities=(Severity.BLOCKER,),
    find=prior_authorization,
    title="prior authorization missing",
    sentence="Prior authorization missing: this payer asks for it after {allowed} months.",
    parameters=("allowed",),
    fixed_by=(
        MemberRole.BILLER,
        MemberRole.CARE_MANAGER,
    ),
    to_do="A biller asks the payer for it. Once it is there, record it: `/cocm state MRN123 "
    "authorization until 12/31`.",
    told=When.FROM_THE_START,
    about=About.STATEMENT,
)
