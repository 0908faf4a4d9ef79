"""Reports time on the month's last day that decides a month."""

from billing.clinical import AttestationKind
from billing.findings.decisive import Weight, weight_of
from billing.findings.finding import Finding, Has, MonthCase, Severity
from billing.findings.row import About, Fix, Row
from billing.people import MemberRole


def last_day_decisive(case: MonthCase) -> Finding | None:
    """Tells supervisors when the month's last day reaches a code."""
    if not case.earned or case.attested(AttestationKind.LAST_DAY_TIME):
        return None
    last_day = case.facts.month.last_day
    last = [entry for entry in case.facts.entries if entry.service_date == last_day]
    if not last or weight_of(case, last) is Weight.NONE:
        return None
    entries = tuple(entry.entry_id for entry in last)
    return ROW.finding(entries=entries)


ROW = Row(
    code="last_day_decisive",
    rule="R-405",
    place=250,
    severities=(Severity.WARNING,),
    find=last_day_decisive,
    needs=Has.EARNED,
    title="the last day decides",
    sentence="Time on the last day carries this month over a threshold.",
    fixed_by=(MemberRole.SUPERVISOR,),
    to_do="A supervisor looks at that time and attests it: `/cocm attest MRN123 november last-day time`.",
    fix=Fix.ATTEST,
    about=About.TIME,
    supervisors_only=(Severity.WARNING,),
    answered_by=AttestationKind.LAST_DAY_TIME,
)
