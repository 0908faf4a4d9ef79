"""Reports time before consent was given or after it was revoked, which does not count."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row, When


def time_without_consent(case: MonthCase) -> Finding | None:
    """Warns about time before the consent, or after it was revoked."""
    entries = case.entries_excluded(Exclusion.BEFORE_CONSENT, Exclusion.CONSENT_REVOKED)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="time_without_consent",
    rule="R-305",
    place=50,
    severities=(Severity.WARNING,),
    find=time_without_consent,
    needs=Has.EXCLUDED,
    title="time without consent",
    sentence="Time before consent was given, or after it was revoked, is not counted.",
    fixed_by=WHOEVER_LOGS,
    to_do="If consent was given earlier, record its date: `/cocm consent MRN123 verbal on 11/3`.",
    told=When.FROM_THE_START,
    fix=Fix.CONSENT,
    about=About.TIME,
)
