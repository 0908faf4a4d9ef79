"""Reports the same words written for several patients."""

from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Row
from billing.people import MemberRole


def repeated_words(case: MonthCase) -> Finding | None:
    """Tells supervisors about entries whose words stand in many patients' records."""
    repeated = case.facts.repeated_words
    if not repeated:
        return None
    entries = tuple(entry.entry_id for entry in case.facts.entries if entry.note_digest in repeated)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="repeated_words",
    rule="R-407",
    place=310,
    severities=(Severity.WARNING,),
    find=repeated_words,
    needs=Has.REPEATED_WORDS,
    title="the same words for several patients",
    sentence="The same words were written for several patients: each record needs its own.",
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor asks for a note of its own for each patient.",
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
)
