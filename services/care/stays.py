"""Records stays in hospitals and other facilities, whose days may not count."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from billing.clinical import Admission
from billing.months import BillingMonth
from billing.people import Member, Patient
from services.care.episodes import DatesOutOfOrder, spoken_day
from services.care.receipts import Done, Stayed
from services.care.requests import Admit
from services.context import Context
from services.errors import Refusal
from services.people import patients
from services.people.rights import Action, needs


class StayOnFile(Refusal):
    """Another stay on file holds one of those days."""

    code = "stay_on_record"


class NoStay(Refusal):
    """There is no stay on file that could end."""

    code = "no_stay"


@needs(Action.RECORD_STAY)
def admit(context: Context, actor: Member, asked: Admit) -> Done:
    """Record a stay, or the day on which the one on file ended.

    Raises:
        StayOnFile: when the days belong to another stay.
        NoStay: when only the day of leaving is given, and nobody recorded the admission.
    """
    patient = patients.need(context, asked.patient)
    known = context.uow.admissions.of_patients((patient.patient_id,), date.min, date.max)
    stays = known.get(patient.patient_id, ())
    begun = _meant(patient, stays, asked)
    if begun is None:
        assert asked.admitted_on is not None, "without its first day a stay must be on file"
        stay = Admission(
            admission_id=0,
            patient_id=patient.patient_id,
            admitted_on=asked.admitted_on,
            left_on=asked.left_on,
        )
        _refuse_overlap(patient, stays, stay)
        stay = context.uow.admissions.add(stay)
    elif asked.left_on is None or asked.left_on == begun.left_on:
        return Done(patients=(patient,), outcome=Stayed(admission=begun, already=True))
    else:
        stay = replace(begun, left_on=asked.left_on)
        _refuse_overlap(patient, [one for one in stays if one != begun], stay)
        context.uow.admissions.left(begun.admission_id, asked.left_on)
    context.uow.audit.record(
        at=context.now,
        actor=actor.member_id,
        action="stay.recorded" if begun is None else "stay.changed",
        subject=f"admission:{stay.admission_id}",
        details={
            "patient": patient.patient_id,
            "admitted_on": stay.admitted_on.isoformat(),
            "left_on": stay.left_on.isoformat() if stay.left_on else None,
        },
    )
    months = (BillingMonth.of(stay.admitted_on), BillingMonth.of(stay.left_on or stay.admitted_on))
    return Done(patients=(patient,), outcome=Stayed(admission=stay), months=months)


def _meant(patient: Patient, stays: Sequence[Admission], asked: Admit) -> Admission | None:
    """The stay on file that is spoken of: of the same first day, else the one that has not ended."""
    if asked.admitted_on is not None:
        return next((stay for stay in stays if stay.admitted_on == asked.admitted_on), None)
    mrn = patients.shown_mrn(patient.mrn)
    going_on = next((stay for stay in reversed(stays) if stay.left_on is None), None)
    if going_on is None:
        raise NoStay(
            f"{mrn} has no facility stay on file. Nothing was changed. Give both days: "
            f"/cocm admit {mrn} on 11/3 left on 11/9"
        )
    assert asked.left_on is not None, "one of the two days is given"
    if asked.left_on < going_on.admitted_on:
        raise DatesOutOfOrder(
            f"{mrn} was admitted on {spoken_day(going_on.admitted_on)}, after the {spoken_day(asked.left_on)} given. "
            "Nothing was changed. Check the date."
        )
    return going_on


def _refuse_overlap(patient: Patient, stays: Sequence[Admission], new: Admission) -> None:
    for stay in stays:
        ends, begins = stay.left_on or date.max, new.left_on or date.max
        if stay.admitted_on < begins and new.admitted_on < ends:
            since = f"since {spoken_day(stay.admitted_on)}"
            if stay.left_on is not None:
                since = f"from {spoken_day(stay.admitted_on)} to {spoken_day(stay.left_on)}"
            mrn = patients.shown_mrn(patient.mrn)
            raise StayOnFile(
                f"{mrn} already has a facility stay on file {since}, which includes some of those days. "
                "Nothing was changed. "
                f"To say when that stay ended: /cocm admit {mrn} on {stay.admitted_on:%m/%d/%Y} left on ..."
            )
