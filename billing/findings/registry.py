"""Every rule that looks at one month, in the order in which a biller reads findings."""

from billing.findings.consent_missing import consent_missing
from billing.findings.finding import Finding, MonthCase, Rule
from billing.findings.not_enrolled import not_enrolled
from billing.findings.review_missing import review_missing

RULES: tuple[Rule, ...] = (
    not_enrolled,
    consent_missing,
    review_missing,
)


def find(case: MonthCase) -> tuple[Finding, ...]:
    """Everything that the rules find in a month."""
    return tuple(finding for rule in RULES if (finding := rule(case)) is not None)
