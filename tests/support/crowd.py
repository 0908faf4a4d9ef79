"""A crowd of patients with time this month or last, for screens that must hold however many there are."""

from datetime import date

from billing.activities import Activity, ActivitySource
from billing.episodes import Consent, ConsentKind, Episode
from billing.people import Member, MemberRole, Role
from services.context import Context
from storage import NewEntry
from tests.support.storing import import_entries


def add_member(context: Context, slack_user_id: str, name: str, *roles: MemberRole) -> Member:
    """Somebody who is known before they speak."""
    member = context.uow.members.add(slack_user_id=slack_user_id, display_name=name, roles=frozenset(roles))
    context.uow.commit()
    return member


def add_crowd(context: Context, worker: Member, patients: int, minutes: int, day: date) -> None:
    """Enrolled patients `C0001` and so on, each with one entry of so many minutes by one member."""
    entries = []
    for number in range(1, patients + 1):
        identity = f"c{number:04d}"
        patient = context.uow.patients.add(mrn=identity.upper(), identity=identity, on_roster=True)
        context.uow.episodes.add(
            Episode(
                episode_id=0,
                patient_id=patient.patient_id,
                enrolled_on=date(2025, 1, 2),
                initial_assessment_on=date(2025, 1, 2),
                consent=Consent(given_on=date(2025, 1, 2), kind=ConsentKind.VERBAL),
                payer=f"Payer {number % 60}",
                care_manager=worker.member_id,
            )
        )
        entries.append(an_entry(patient.patient_id, worker, minutes, day, f"call {number}"))
    import_entries(context.uow, entries, by=worker.member_id, at=context.now)
    context.uow.commit()


def add_entries(context: Context, worker: Member, identity: str, count: int, minutes: int, day: date) -> None:
    """So many entries for one patient of the roster on one day."""
    patient = context.uow.patients.by_identity(identity) or context.uow.patients.add(
        mrn=f"MRN{identity}", identity=identity, on_roster=True
    )
    entries = [
        an_entry(patient.patient_id, worker, minutes, day, f"call {number}") for number in range(count)
    ]
    import_entries(context.uow, entries, by=worker.member_id, at=context.now)
    context.uow.commit()


def an_entry(patient_id: int, worker: Member, minutes: int, day: date, note: str) -> NewEntry:
    """A phone call, keyed on its own day."""
    return NewEntry(
        patient_id=patient_id,
        seconds=minutes * 60,
        service_date=day,
        activity=Activity.PHONE,
        activity_source=ActivitySource.STATED,
        role=Role.CARE_MANAGER,
        performed_by=worker.member_id,
        recorded_on=day,
        note=note,
    )
