"""Some payers authorize further months beforehand."""

from billing.clinical import StatementKind
from billing.findings.finding import Finding, MonthCase, Severity

RULE = "R-323"


def prior_authorization(case: MonthCase) -> Finding | None:
    """Blocks a month beyond those that the payer pays for without prior authorization."""
    allowed = case.rules.prior_auth_after_months
    if allowed is None or not case.is_cocm or case.month_number <= allowed:
        return None
    if case.has_statement(StatementKind.PRIOR_AUTHORIZATION):
        return None
    return Finding(
        code="prior_authorization",
        severity=Severity.BLOCKER,
        message=f"Prior authorization missing: this payer asks for it after {allowed} months.",
        rule=RULE,
    )
