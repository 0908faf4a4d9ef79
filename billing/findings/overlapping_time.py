"""Reports clock times of one person that overlap; they count once."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row, When


def overlapping_time(case: MonthCase) -> Finding | None:
    """Warns about time not counted because the same person is in another entry at that time."""
    entries = case.entries_excluded(Exclusion.OVERLAP)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="overlapping_time",
    rule="R-211",
    place=270,
    severities=(Severity.WARNING,),
    find=overlapping_time,
    needs=Has.EXCLUDED,
    title="overlapping time",
    sentence="Clock times overlap another entry of the same person: the time counts once.",
    fixed_by=WHOEVER_LOGS,
    to_do="Correct the times: `/cocm edit e-36 2pm-2:25pm`.",
    told=When.FROM_THE_START,
    fix=Fix.TRIM,
    about=About.TIME,
    entry_title="overlaps another entry",
)
