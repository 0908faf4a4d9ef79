"""Reads what is on file about a patient's care, for a form to show and to leave out where it is not changed."""

from dataclasses import dataclass, field
from datetime import date

from billing.episodes import Episode
from billing.people import Member, MemberRole, Patient
from services.care.episodes import open_episode
from services.context import Context
from services.months.rule_book import RuleBook
from services.people import patients
from services.people.patient_ref import PatientRef
from services.people.rights import Action, check, needs

#: Payers offered while one is typed.
_PAYERS_SHOWN = 50
#: What each form records.
_RECORDS = {
    "enroll": Action.ENROLL,
    "consent": Action.CONSENT,
    "assess": Action.ASSESS,
    "discharge": Action.DISCHARGE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CareOnFile:
    """One patient's open episode, and who could look after them."""

    #: None where the form is still to ask for the patient, or the MRN is nobody's yet.
    patient: Patient | None = field(repr=False)
    #: None for a patient who is in nobody's care.
    episode: Episode | None
    care_manager: Member | None
    #: Active care managers, by name.
    care_managers: tuple[Member, ...]
    #: The local date it is for the person.
    today: date


@needs(Action.SEE_PATIENTS)
def on_file(context: Context, actor: Member, kind: str, ref: PatientRef | None) -> CareOnFile:
    """What a form about a patient's care begins with.

    Args:
        context: where the use case works.
        actor: who opens the form.
        kind: `enroll`, `consent`, `assess` or `discharge`.
        ref: the patient; None where the form asks for them.

    Raises:
        NotAllowed: when that is not theirs to record.
        UnknownPatient: for a handle that is nobody's.
    """
    check(context, actor, _RECORDS[kind])
    patient = None if ref is None else patients.find(context, ref)
    episode = None if patient is None else open_episode(context, patient)
    everyone = context.uow.members.all() if kind == "enroll" else ()
    manager = episode.care_manager if episode is not None else None
    return CareOnFile(
        patient=patient,
        episode=episode,
        care_manager=context.uow.members.by_id(manager) if manager is not None else None,
        care_managers=tuple(one for one in everyone if one.active and MemberRole.CARE_MANAGER in one.roles),
        today=context.today_of(actor),
    )


@needs(Action.SEE_PAYERS)
def payers_named(context: Context, actor: Member, text: str) -> tuple[str, ...]:
    """The payers with rules on file whose names have that within, by name, so many at most."""
    del actor
    plain = text.casefold().strip()
    names = [one.name for one in RuleBook(context).everyone()]
    return tuple(name for name in names if plain in name.casefold())[:_PAYERS_SHOWN]
