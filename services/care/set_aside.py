"""Leaves patients out of the digest as near a code in a month in which reaching out is not clinically indicated."""

from billing.months import BillingMonth
from billing.people import Member, Patient
from services.context import Context
from services.errors import UnknownPatient
from services.people.rights import Action, needs
from storage import SET_ASIDE, ActKind


@needs(Action.SET_ASIDE)
def set_aside(context: Context, actor: Member, handle: str, month: BillingMonth) -> Patient:
    """Keep in mind that reaching out to a patient is not clinically indicated in a month.

    Raises:
        UnknownPatient: when nobody has that handle.
    """
    patient = _patient(context, handle)
    _begin(context, actor, patient, 0, month.year * 100 + month.month)
    context.uow.set_aside.put(month, patient.patient_id, by=actor.member_id, at=context.now)
    _audit(context, actor, patient, month, "patient.set_aside")
    context.uow.commit()
    return patient


@needs(Action.SET_ASIDE)
def name_again(context: Context, actor: Member, handle: str, month: BillingMonth) -> Patient:
    """Take back that reaching out is not indicated.

    Raises:
        UnknownPatient: when nobody has that handle.
    """
    patient = _patient(context, handle)
    _begin(context, actor, patient, month.year * 100 + month.month, 0)
    context.uow.set_aside.take_back(month, patient.patient_id)
    _audit(context, actor, patient, month, "patient.named_again")
    context.uow.commit()
    return patient


def _begin(context: Context, actor: Member, patient: Patient, before: int, after: int) -> None:
    context.uow.acts.begin(ActKind.SET_ASIDE, by=actor.member_id, at=context.now)
    context.uow.acts.changed(SET_ASIDE, patient.patient_id, before, after)


def _patient(context: Context, handle: str) -> Patient:
    patient = context.uow.patients.by_handle(handle)
    if patient is None:
        raise UnknownPatient("That patient is no longer known. Nothing was changed.")
    return patient


def _audit(context: Context, actor: Member, patient: Patient, month: BillingMonth, action: str) -> None:
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action=action,
        subject=f"patient:{patient.patient_id}",
        details={"month": str(month)},
    )
