"""Reports entries without a note."""

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row


def undocumented(case: MonthCase) -> Finding | None:
    """Warns about entries without any words."""
    entries = [entry.entry_id for entry in case.facts.entries if not entry.note_digest]
    if not entries:
        return None
    return ROW.finding(entries=tuple(entries))


ROW = Row(
    code="undocumented",
    rule="R-411",
    place=300,
    severities=(Severity.WARNING,),
    find=undocumented,
    title="entries without a note",
    sentence="Entries without a note: undocumented time does not stand up to an audit.",
    fixed_by=WHOEVER_LOGS,
    to_do="Add what was done: `/cocm edit e-36 note phone check-in`.",
    fix=Fix.EDIT,
    about=About.TIME,
    entry_title="no note",
)
