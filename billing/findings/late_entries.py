"""Notes late entries."""

from collections.abc import Iterable, Mapping

from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Row


def late_entries(case: MonthCase) -> Finding | None:
    """Notes entries written later than the practice's days after their date of service."""
    late = case.late_entries
    if not late:
        return None
    entries = tuple(entry.entry_id for entry in late)
    days = case.rules.practice.late_after_business_days
    return ROW.finding(entries=entries, days=str(days))


def late_count(findings: Iterable[Finding]) -> int:
    """How many entries of a month were written late, by its findings."""
    return sum(len(finding.entries) for finding in findings if finding.code == ROW.code)


def _sentence(parameters: Mapping[str, str]) -> str:
    days = int(parameters["days"])
    return (
        f"Late entries: written more than {days} business day{'s' * (days != 1)} after the date of service."
    )


ROW = Row(
    code="late_entries",
    rule="R-401",
    place=360,
    severities=(Severity.NOTE,),
    find=late_entries,
    title="late entries",
    sentence=_sentence,
    parameters=("days",),
    about=About.TIME,
    entry_title="late",
)
