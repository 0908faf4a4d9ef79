"""Reports unusually long entries."""

from collections.abc import Mapping

from billing.durations import spoken
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import WHOEVER_LOGS, About, Fix, Row


def long_entries(case: MonthCase) -> Finding | None:
    """Warns about entries longer than the practice's limit."""
    limit = case.rules.practice.long_entry_seconds
    entries = [entry.entry_id for entry in case.facts.entries if entry.seconds > limit]
    if not entries:
        return None
    return ROW.finding(entries=tuple(entries), limit=str(limit))


def _sentence(parameters: Mapping[str, str]) -> str:
    return f"Entries over {spoken(int(parameters['limit']))} are unusually long."


ROW = Row(
    code="long_entries",
    rule="R-406",
    place=290,
    severities=(Severity.WARNING,),
    find=long_entries,
    title="very long entries",
    sentence=_sentence,
    parameters=("limit",),
    fixed_by=WHOEVER_LOGS,
    to_do="If the time is not right, correct it: `/cocm edit e-36 25m because I typed 250`.",
    fix=Fix.EDIT,
    about=About.TIME,
    entry_title="unusually long",
)
