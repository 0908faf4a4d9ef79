"""Names damaged entries, which are not counted."""

from billing.counting import Exclusion
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Row, When


def corrupt_entries(case: MonthCase) -> Finding | None:
    """Warns about entries of no possible length, or of another month."""
    entries = case.entries_excluded(Exclusion.CORRUPT, Exclusion.OTHER_MONTH)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="corrupt_entries",
    rule="R-212",
    place=280,
    severities=(Severity.WARNING,),
    find=corrupt_entries,
    needs=Has.EXCLUDED,
    title="damaged entries",
    sentence="Entries with an impossible length or a date outside the month are not counted.",
    fixed_by=WHOEVER_LOGS,
    to_do="Void the entry and log it again: `/cocm void e-36 because the date was wrong`.",
    told=When.MONTH_END,
    about=About.TIME,
)
