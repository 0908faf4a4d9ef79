"""Explains a patient's month entry by entry, with what blocks its claim, for `why`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from billing.apcm import ApcmChoice
from billing.claim_days import claim_on
from billing.closing import MonthStatus
from billing.explain import Explanation, explain
from billing.facts import MonthFacts
from billing.findings.apcm import add_on_to_choose
from billing.findings.finding import Finding
from billing.findings.registry import open_to_all
from billing.months import BillingMonth
from billing.people import Member, Patient
from billing.terms import terms_of
from services.context import Context
from services.months.addenda import Addendum, addenda_of, held
from services.months.judge import JudgedMonth, judge_month
from services.months.lines import apcm_choice
from services.months.prices import Prices
from services.months.rule_book import RuleBook
from services.months.state import MonthState, month_state
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, allowed, needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One patient's month, explained."""

    patient: Patient = field(repr=False)
    month: BillingMonth
    state: MonthState
    explanation: Explanation
    #: Notes of the entries that stand, by entry; those without are left out.
    notes: Mapping[int, str] = field(repr=False)
    #: Members who worked for the patient, by number.
    members: Mapping[int, Member]
    #: What was written since the close; the explanation of a closed month is that of its frozen line.
    addenda: tuple[Addendum, ...] = ()
    #: True when the closed month holds no line of the patient: every entry was written since, and counts nowhere.
    all_since_close: bool = False
    #: The two sets of codes between which a biller chooses, where the month is held for that.
    apcm_choice: ApcmChoice | None = None


@needs(Action.SEE_PATIENTS)
def why(context: Context, actor: Member, ref: PatientRef, month: BillingMonth | None = None) -> Why:
    """Explain a patient's month: the one given, or the one that it is for the person who asks.

    Raises:
        UnknownPatient: when nobody is known by that name; near ones are named.
    """
    patient = patients.need(context, ref)
    month = month or BillingMonth.of(context.today_of(actor))
    state = month_state(context, month)
    frozen = (
        context.uow.closes.line(month, state.revision, patient.patient_id)
        if state.status is MonthStatus.CLOSED
        else None
    )
    if frozen is None:
        judged = judge_month(context, patient, month, words=allowed(context, actor, Action.SEE_TIME_KEEPING))
        addenda: tuple[Addendum, ...] = ()
    else:
        judged = JudgedMonth(patient=patient, facts=frozen.facts, rules=frozen.rules, result=frozen.result)
        now = context.uow.ledger.patient_month(patient.patient_id, month.first_day, month.last_day)
        addenda = addenda_of(context, month, held(frozen.facts.entries), now)
    explanation = explain(judged.facts, judged.result, judged.rules)
    return Why(
        patient=patient,
        month=month,
        state=state,
        explanation=explanation
        if allowed(context, actor, Action.SEE_TIME_KEEPING)
        else _without_compliance(explanation),
        notes=context.uow.ledger.notes([entry.entry_id for entry in judged.facts.entries]),
        members=_members(context, judged.facts),
        addenda=addenda,
        all_since_close=frozen is None and state.status is MonthStatus.CLOSED and bool(judged.facts.entries),
        apcm_choice=_apcm_choice(context, judged),
    )


def _apcm_choice(context: Context, judged: JudgedMonth) -> ApcmChoice | None:
    if add_on_to_choose(judged.result.findings) is None:
        return None
    day = judged.result.claim_day
    schedule = Prices(context).schedule(RuleBook(context).terms(judged.judging.payer, day))
    terms = terms_of(claim_on(judged.facts, day), judged.judging)
    return apcm_choice(judged.result, day, schedule, terms)


def _without_compliance(explanation: Explanation) -> Explanation:
    """What people see who are no supervisors."""
    hidden = {
        finding.code for finding in (*explanation.missing, *explanation.remarks) if not open_to_all(finding)
    }
    return replace(
        explanation,
        missing=_open(explanation.missing),
        remarks=_open(explanation.remarks),
        entries=tuple(
            replace(entry, findings=tuple(code for code in entry.findings if code not in hidden))
            for entry in explanation.entries
        ),
    )


def _open(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if open_to_all(finding))


def _members(context: Context, facts: MonthFacts) -> dict[int, Member]:
    who = {person for entry in facts.entries for person in (entry.performed_by, *entry.participants)}
    found = ((member_id, context.uow.members.by_id(member_id)) for member_id in sorted(who))
    return {member_id: member for member_id, member in found if member is not None}
