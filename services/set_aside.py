"""Patients for whom reaching out is not clinically indicated in a month: digests do not name them as near a code."""

from billing.months import BillingMonth
from billing.people import Member, Patient
from services.desk import Desk
from services.errors import UnknownPatient


def set_aside(desk: Desk, actor: Member, handle: str, month: BillingMonth) -> Patient:
    """Keep in mind that reaching out to a patient is not clinically indicated in a month.

    Raises:
        UnknownPatient: when nobody has that handle.
    """
    patient = _patient(desk, handle)
    desk.uow.set_aside.put(month, patient.patient_id, by=actor.member_id, at=desk.now)
    _audit(desk, actor, patient, month, "patient.set_aside")
    desk.uow.commit()
    return patient


def name_again(desk: Desk, actor: Member, handle: str, month: BillingMonth) -> Patient:
    """Take back that reaching out is not indicated.

    Raises:
        UnknownPatient: when nobody has that handle.
    """
    patient = _patient(desk, handle)
    desk.uow.set_aside.take_back(month, patient.patient_id)
    _audit(desk, actor, patient, month, "patient.named_again")
    desk.uow.commit()
    return patient


def _patient(desk: Desk, handle: str) -> Patient:
    patient = desk.uow.patients.by_handle(handle)
    if patient is None:
        raise UnknownPatient("That patient is not known any more. Nothing was changed.")
    return patient


def _audit(desk: Desk, actor: Member, patient: Patient, month: BillingMonth, action: str) -> None:
    desk.uow.audit.record(
        at=desk.now,
        actor=actor.member_id,
        action=action,
        subject=f"patient:{patient.patient_id}",
        details={"month": str(month)},
    )
