"""Reports time that is held because whoever did it has no role in the practice."""

from billing.counting import Exclusion
from billing.durations import spoken
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row, When
from billing.people import MemberRole


def time_without_role(case: MonthCase) -> Finding | None:
    """Warns about time from a file whose performer had no role when it came in."""
    entries = case.entries_excluded(Exclusion.WITHOUT_ROLE)
    if not entries:
        return None
    held = sum(entry.seconds for entry in case.facts.entries if entry.entry_id in entries)
    return ROW.finding(entries=entries, time=spoken(held))


ROW = Row(
    code="time_without_role",
    rule="R-217",
    place=264,
    severities=(Severity.WARNING,),
    find=time_without_role,
    needs=Has.EXCLUDED,
    title="time of somebody without a role",
    sentence="{time} held, not counted: whoever did it had no role here when the file came in.",
    parameters=("time",),
    fixed_by=(MemberRole.ADMIN, MemberRole.SUPERVISOR),
    to_do="An administrator gives them their role (`/cocm roles @ana care_manager`), and a supervisor confirms the "
    "time: `/cocm confirm`.",
    told=When.FROM_THE_START,
    about=About.TIME,
    entry_title="by somebody without a role",
)
