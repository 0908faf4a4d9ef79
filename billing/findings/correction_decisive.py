"""Reports corrections that carry a month over a threshold."""

from dataclasses import replace

from billing.clinical import AttestationKind
from billing.findings.decisive import Weight, weight_of
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row
from billing.people import MemberRole


def correction_decisive(case: MonthCase) -> Finding | None:
    """Tells supervisors when entries made longer afterwards reach a code."""
    if not case.earned or case.attested(AttestationKind.CORRECTED_TIME):
        return None
    longer = [
        entry
        for entry in case.facts.entries
        if entry.first_seconds is not None and entry.seconds > entry.first_seconds
    ]
    if not longer:
        return None
    as_first_keyed = [replace(entry, seconds=entry.first_seconds or 0) for entry in longer]
    if weight_of(case, longer, as_first_keyed) is Weight.NONE:
        return None
    entries = tuple(entry.entry_id for entry in longer)
    return ROW.finding(entries=entries)


ROW = Row(
    code="correction_decisive",
    rule="R-404",
    place=240,
    severities=(Severity.WARNING,),
    find=correction_decisive,
    needs=Has.EARNED,
    title="corrections decide",
    sentence="Corrections that made entries longer carry this month over a threshold.",
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor looks at the corrections and attests them: `/cocm attest MRN123 november "
    "corrected time`.",
    fix=Fix.ATTEST,
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
    answered_by=AttestationKind.CORRECTED_TIME,
)
