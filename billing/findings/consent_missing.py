"""Blocks billing without a documented consent."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole


def consent_missing(case: MonthCase) -> Finding | None:
    """Blocks a month of an episode that has no consent on file."""
    if case.episode is None or case.episode.consents:
        return None
    return ROW.finding()


ROW = Row(
    code="consent_missing",
    rule="R-303",
    place=30,
    severities=(Severity.BLOCKER,),
    find=consent_missing,
    title="consent missing",
    sentence="Consent missing: nothing is billed without one on file.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="Record how and when it was given: `/cocm consent MRN123 verbal on 11/3 cost-sharing`.",
    told=When.FROM_THE_START,
    about=About.CONSENT,
)
