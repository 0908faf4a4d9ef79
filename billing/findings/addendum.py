"""Notes what was written after the close: an addendum."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row


def addendum(case: MonthCase) -> Finding | None:
    """Notes entries written or corrected after the month was closed."""
    closed = case.facts.closed_at
    if closed is None:
        return None
    entries = tuple(
        entry.entry_id
        for entry in case.facts.entries
        if entry.recorded_at > closed or (entry.corrected_at is not None and entry.corrected_at > closed)
    )
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="addendum",
    rule="R-413",
    place=370,
    severities=(Severity.NOTE,),
    find=addendum,
    needs=Has.CLOSED,
    title="written after the close",
    sentence="Written after the month was closed: an addendum, in no total until the month is closed again.",
    about=About.TIME,
)
