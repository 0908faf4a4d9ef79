"""Reports time that is held until somebody confirms what kind of work it was."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Row, When


def held_activity(case: MonthCase) -> Finding | None:
    """Warns about time held because its activity was only inferred from words."""
    entries = case.entries_excluded(Exclusion.HELD)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="held_activity",
    rule="R-205",
    place=260,
    severities=(Severity.WARNING,),
    find=held_activity,
    needs=Has.EXCLUDED,
    title="time held",
    sentence="Time is held until someone says whether it was care management.",
    fixed_by=WHOEVER_LOGS,
    to_do="Say what kind of work it was: `/cocm edit e-36 #care_coordination`.",
    told=When.FROM_THE_START,
    about=About.TIME,
    entry_title="activity not confirmed",
)
