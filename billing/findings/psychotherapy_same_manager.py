"""Reports psychotherapy by the care manager who bills CoCM minutes."""

from billing.activities import Activity, ActivitySource
from billing.findings.finding import Finding, MonthCase, Severity
from billing.findings.row import About, Fix, Row, When
from billing.people import MemberRole, Role
from billing.rules import Psychotherapy


def psychotherapy_same_manager(case: MonthCase) -> Finding | None:
    """Blocks a CoCM month with psychotherapy by one of its own care managers, unless the payer allows it."""
    if case.rules.psychotherapy is Psychotherapy.ALLOWED or not case.is_cocm:
        return None
    therapy = [
        entry
        for entry in case.facts.entries
        if entry.activity is Activity.PSYCHOTHERAPY and entry.activity_source is not ActivitySource.INFERRED
    ]
    if not therapy:
        return None
    managers = {
        entry.performed_by
        for entry, verdict in case.entries_with_verdicts()
        if verdict.counted and entry.role is Role.CARE_MANAGER
    }
    entries = tuple(entry.entry_id for entry in therapy if entry.performed_by in managers)
    if not entries:
        return None
    return ROW.finding(entries=entries)


ROW = Row(
    code="psychotherapy_same_manager",
    rule="R-315",
    place=170,
    severities=(Severity.BLOCKER,),
    find=psychotherapy_same_manager,
    title="psychotherapy by the same care manager",
    sentence="Psychotherapy by the same care manager in the month: this payer accepts one or the other.",
    fixed_by=(MemberRole.CARE_MANAGER,),
    to_do="If an entry was not psychotherapy, correct its kind of work: `/cocm edit e-36 #counseling`.",
    told=When.NEAR,
    fix=Fix.EDIT,
    about=About.TIME,
)
