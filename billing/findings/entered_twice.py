"""Reports time that is held because it may be another entry once again."""

from billing.counting import Exclusion
from billing.durations import spoken
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row, When


def entered_twice(case: MonthCase) -> Finding | None:
    """Warns about time held because it is like another entry, or seems to be one once more, corrected."""
    entries = case.entries_excluded(Exclusion.REPEATED)
    if not entries:
        return None
    held = sum(entry.seconds for entry in case.facts.entries if entry.entry_id in entries)
    return ROW.finding(entries=entries, time=spoken(held))


ROW = Row(
    code="entered_twice",
    rule="R-216",
    place=262,
    severities=(Severity.WARNING,),
    find=entered_twice,
    needs=Has.EXCLUDED,
    title="the same entry twice",
    sentence="{time} held, not counted: it looks like another entry of the same person, patient and day.",
    parameters=("time",),
    fixed_by=WHOEVER_LOGS,
    to_do="Say which it is: `/cocm confirm` lists what is held, with a button for each answer.",
    told=When.FROM_THE_START,
    fix=Fix.CONFIRM,
    about=About.TIME,
    entry_title="the same as another entry",
)
