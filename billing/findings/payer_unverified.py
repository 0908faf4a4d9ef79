"""Warns when the payer's rules are unverified or not on file."""

from collections.abc import Mapping

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def payer_unverified(case: MonthCase) -> Finding | None:
    """Warns when the payer's rules are not on file, or were never verified."""
    if case.episode is None or not case.claim.payer or case.rules.payer_verified:
        return None
    return ROW.finding(rules="unverified" if case.rules.payer else "none")


def _sentence(parameters: Mapping[str, str]) -> str:
    return _SENTENCES[parameters["rules"]]


_SENTENCES = {
    "unverified": "This payer's rules are unverified.",
    "none": "No rules of this payer are on file, so the practice's own were used.",
}


ROW = Row(
    code="payer_unverified",
    rule="R-314",
    place=160,
    severities=(Severity.WARNING,),
    find=payer_unverified,
    title="payer's rules unverified",
    sentence=_sentence,
    parameters=("rules",),
    fixed_by=(MemberRole.ADMIN,),
    to_do="An administrator checks the rules with the payer and imports them with the date: `cocm "
    "import payers payers.csv`.",
    about=About.PAYER,
)
