"""Says which lines of a closed month went to payers, and takes that back. Roles: biller or administrator."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing.charges import Charge
from billing.claims import Claim, ClaimEvent, ClaimEventKind, claims_after
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.errors import CannotChangeMonth
from services.months.state import MonthState, month_state
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs
from storage import MONTH, ActKind

#: Patients named in a sentence.
_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Lines whose claims went to payers, or of which that was taken back."""

    month: BillingMonth
    revision: int
    #: By MRN.
    patients: tuple[Patient, ...] = field(repr=False)
    #: Lines of the revision that can be billed, and how many of them are marked as submitted now.
    billable: int
    submitted: int
    #: True for the opposite.
    taken_back: bool = False


def claims_of(context: Context, month: BillingMonth) -> dict[int, Claim]:
    """Where the claims of a month stand, by patient; nothing of lines that nobody said anything of."""
    return claims_after(context.uow.claim_events.of(month), _of_whole_months(context, month))


def _of_whole_months(context: Context, month: BillingMonth) -> dict[int, Claim]:
    """Claims of a revision that was marked as submitted as a whole, as earlier versions did it."""
    claims: dict[int, Claim] = {}
    for close in context.uow.closes.of(month):
        if close.submitted_at is None:
            continue
        day = close.submitted_at.astimezone(context.settings.zone).date()
        for line in context.uow.closes.lines(month, close.revision):
            if line.result.billable:
                claims[line.facts.patient_id] = Claim(
                    month=month,
                    patient_id=line.facts.patient_id,
                    revision=close.revision,
                    submitted_on=day,
                    claimed=line.result.billable,
                )
    return claims


@needs(Action.SUBMIT)
def submit(
    context: Context, actor: Member, month: BillingMonth, refs: Sequence[PatientRef] = ()
) -> Submitted:
    """Say that claims of a month's last revision went to payers: of all billable lines, or of some patients'.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        UnknownPatient: when nobody is known by one of the MRNs.
        CannotChangeMonth: when the month was never closed, a line bills nothing, or all of this was said before.
    """
    state = _closed(context, month)
    lines = _billable(context, state)
    wanted = _wanted(context, refs)
    unfit = [patient for patient in wanted if patient.patient_id not in lines]
    if unfit:
        raise CannotChangeMonth(
            f"{_mrns(unfit)}: revision {state.revision} of {_name(month)} bills nothing, so none of it can have "
            "been submitted. Nothing was changed."
        )
    if not lines:
        raise CannotChangeMonth(f"No line of {_name(month)} can be billed, so there is nothing to submit.")
    claims = claims_of(context, month)
    asked = [patient.patient_id for patient in wanted] or list(lines)
    new = [one for one in asked if not _stands(claims.get(one), state.revision, lines[one])]
    if not new:
        _refuse_again(month, wanted, [claims[one] for one in asked])
    _say(context, actor, state, ClaimEventKind.SUBMITTED, {one: lines[one] for one in new})
    claims = claims_of(context, month)
    return _told(context, state, new, lines, claims)


@needs(Action.SUBMIT)
def take_back(
    context: Context, actor: Member, month: BillingMonth, refs: Sequence[PatientRef] = ()
) -> Submitted:
    """Take back that claims of a month were submitted: of all lines, or of some patients'. Both stay on file.

    Raises:
        NotAllowed: for anybody but a biller or an administrator.
        UnknownPatient: when nobody is known by one of the MRNs.
        CannotChangeMonth: when the month was never closed, none of this was said, or an overpayment is open.
    """
    state = _closed(context, month)
    claims = claims_of(context, month)
    sent = {one for one, claim in claims.items() if claim.is_submitted}
    wanted = _wanted(context, refs)
    unfit = [patient for patient in wanted if patient.patient_id not in sent]
    if unfit:
        raise CannotChangeMonth(
            f"{_mrns(unfit)}: {_name(month)} is not marked as submitted, so there is nothing to take back."
        )
    if not sent:
        raise CannotChangeMonth(
            f"No line of {_name(month)} is marked as submitted, so there is nothing to take back."
        )
    asked = [patient.patient_id for patient in wanted] or sorted(sent)
    owing = [one for one in asked if claims[one].owes]
    if owing:
        raise CannotChangeMonth(_still_owed(context, month, owing))
    _say(context, actor, state, ClaimEventKind.TAKEN_BACK, dict.fromkeys(asked, ()))
    lines = _billable(context, state)
    return _told(context, state, asked, lines, claims_of(context, month), taken_back=True)


def _still_owed(context: Context, month: BillingMonth, owing: Collection[int]) -> str:
    """Why claims of which money is owed back are not simply forgotten."""
    named = sorted(context.uow.patients.many(owing).values(), key=lambda patient: patient.mrn.casefold())
    first = patients.shown_mrn(named[0].mrn)
    identified = "an overpayment was" if len(named) == 1 else "overpayments were"
    return (
        f"{_mrns(named)}, {_name(month)}: {identified} identified, and would be forgotten. Nothing "
        f"was changed. If the claim never went to a payer, say first that nothing is owed: overpaid {first} {month} "
        "none."
    )


def _closed(context: Context, month: BillingMonth) -> MonthState:
    state = month_state(context, month)
    if not state.revision:
        raise CannotChangeMonth(
            f"{_name(month)} was never closed, and only closed lines are submitted. Close it first: /cocm close {month}"
        )
    return state


def _billable(context: Context, state: MonthState) -> dict[int, tuple[Charge, ...]]:
    """What the last revision bills, by patient."""
    lines = context.uow.closes.lines(state.month, state.revision)
    return {line.facts.patient_id: line.result.billable for line in lines if line.result.billable}


def _wanted(context: Context, refs: Iterable[PatientRef]) -> tuple[Patient, ...]:
    found = {patient.patient_id: patient for patient in (patients.need(context, ref) for ref in refs)}
    return tuple(found.values())


def _stands(claim: Claim | None, revision: int, billable: tuple[Charge, ...]) -> bool:
    """Whether a line is submitted as the revision has it."""
    return (
        claim is not None and claim.is_submitted and (claim.revision == revision or claim.claimed == billable)
    )


def _refuse_again(month: BillingMonth, wanted: Collection[Patient], claims: Sequence[Claim]) -> None:
    days = sorted({claim.submitted_on for claim in claims if claim.submitted_on is not None})
    when = f" since {_day(days[0])}" if len(days) == 1 else ""
    which = (
        f"{_mrns(wanted)}: "
        if wanted
        else f"All {len(claims):,} billable lines of "
        if len(claims) > 1
        else ""
    )
    verb = "are" if not wanted and len(claims) > 1 else "is"
    if not wanted and len(claims) == 1:
        which = "The billable line of "
    raise CannotChangeMonth(
        f"{which}{_name(month)} {verb} marked as submitted already{when}. Nothing was changed. If that was a "
        f"mistake: /cocm unsubmitted {month}"
    )


def _say(
    context: Context,
    actor: Member,
    state: MonthState,
    kind: ClaimEventKind,
    claimed: dict[int, tuple[Charge, ...]],
) -> None:
    """Keep the same word of several lines, as one act."""
    taking = kind is ClaimEventKind.TAKEN_BACK
    month = state.month
    context.uow.acts.begin(ActKind.UNSUBMIT if taking else ActKind.SUBMIT, by=actor.member_id, at=context.now)
    context.uow.acts.changed(MONTH, month.year * 100 + month.month, state.revision, state.revision)
    context.uow.claim_events.add(
        [
            ClaimEvent(
                month=month,
                patient_id=patient_id,
                kind=kind,
                revision=state.revision,
                claimed=charges,
                day=context.today,
                by=actor.member_id,
                at=context.now,
            )
            for patient_id, charges in claimed.items()
        ]
    )
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="month.submission_taken_back" if taking else "month.submitted",
        subject=f"month:{month}",
        details={"revision": state.revision, "lines": len(claimed)},
    )
    context.uow.commit()


def _told(
    context: Context,
    state: MonthState,
    changed: Collection[int],
    lines: Collection[int],
    claims: dict[int, Claim],
    *,
    taken_back: bool = False,
) -> Submitted:
    named = context.uow.patients.many(changed)
    return Submitted(
        month=state.month,
        revision=state.revision,
        patients=tuple(sorted(named.values(), key=lambda patient: patient.mrn.casefold())),
        billable=len(lines),
        submitted=sum(one in claims and claims[one].is_submitted for one in lines),
        taken_back=taken_back,
    )


def _name(month: BillingMonth) -> str:
    return f"{month.name} {month.year}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _mrns(named: Collection[Patient]) -> str:
    shown = [patients.shown_mrn(patient.mrn) for patient in named]
    more = f" and {len(shown) - _NAMED:,} more" if len(shown) > _NAMED else ""
    return ", ".join(shown[:_NAMED]) + more
