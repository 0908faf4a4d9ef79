"""Takes the tap that says whether two entries are the same case review."""

from billing.people import Member
from services.care import carry_out
from services.care.receipts import CareQuestion, CareReceipt
from services.care.requests import SettleReviews
from services.context import Context
from services.errors import UnknownEntry
from services.people.patient_ref import PatientRef
from services.people.rights import Action, needs


@needs(Action.STATE)
def answer(context: Context, actor: Member, entry_id: int, *, is_one: bool) -> CareReceipt | CareQuestion:
    """Say of the day and patient of an entry whether its two reviews are the same.

    Raises:
        UnknownEntry: when the entry does not stand any more.
        Refusal: as for `mirrored_reviews.settle`.
    """
    entry = context.uow.ledger.entry(entry_id)
    if entry is None:
        raise UnknownEntry
    patient = context.uow.patients.many({entry.patient_id})[entry.patient_id]
    asked = SettleReviews(
        patient=PatientRef(text=patient.mrn, identity=patient.identity), is_one=is_one, on=entry.service_date
    )
    return carry_out.carry_out(context, actor, asked)
