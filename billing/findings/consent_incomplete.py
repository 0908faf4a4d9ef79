"""Warns when a consent does not say how it was given, or that cost-sharing was disclosed."""

from collections.abc import Mapping

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole


def consent_incomplete(case: MonthCase) -> Finding | None:
    """Warns when the consent on file leaves out how it was given or the cost-sharing."""
    consent = case.episode.consent if case.episode else None
    if consent is None:
        return None
    lacking = [] if consent.kind else ["kind"]
    lacking += [] if consent.cost_sharing_disclosed else ["cost_sharing"]
    return ROW.finding(lacking=",".join(lacking)) if lacking else None


def _sentence(parameters: Mapping[str, str]) -> str:
    lacking = parameters["lacking"].split(",")
    return f"The consent on file does not say {' or '.join(_LACKING[one] for one in lacking)}."


_LACKING = {"kind": "whether it was verbal or written", "cost_sharing": "that cost-sharing was disclosed"}


ROW = Row(
    code="consent_incomplete",
    rule="R-304",
    place=40,
    severities=(Severity.WARNING,),
    find=consent_incomplete,
    title="consent incomplete",
    sentence=_sentence,
    parameters=("lacking",),
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Say how it was given, and that cost-sharing was disclosed: `/cocm consent MRN123 verbal "
    "on 11/3 cost-sharing corrected`.",
    told=When.NEAR,
    fix=Fix.CONSENT,
    about=About.CONSENT,
)
