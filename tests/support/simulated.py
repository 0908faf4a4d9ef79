"""Moves a simulated practice of `benchmarks.pace` into a database, as if its people had used the program."""

from collections import defaultdict
from datetime import UTC, date, datetime, time

from benchmarks.pace.practice import Entry, Patient, Practice
from billing.activities import Activity, ActivitySource
from billing.episodes import Consent, ConsentKind, Episode, Program
from billing.people import Member, MemberRole, Role
from storage import NewEntry, UnitOfWork

#: Payers by the minutes that they ask of a first and of a later month.
_PAYERS = {(70, 60): "", (36, 31): "Medicare", (20, 20): ""}


def move_in(uow: UnitOfWork, simulated: Practice, until: date) -> list[Member]:
    """Store members, patients and what they had written down by the end of a local date; the caller commits."""
    members = [
        uow.members.add(
            slack_user_id=f"U0SIM{one.number}",
            display_name=f"Manager {one.number}",
            roles=frozenset({MemberRole.CARE_MANAGER}),
        )
        for one in simulated.managers
    ]
    written: dict[tuple[date, int], list[NewEntry]] = defaultdict(list)
    for patient in simulated.patients:
        if patient.since <= until:
            number = _enroll(uow, patient, members[patient.manager], until)
            for entry in patient.entries:
                if entry.written_on <= until:
                    new = _new(entry, number, members[entry.person])
                    written[entry.written_on, entry.person].append(new)
    for (day, person), entries in sorted(written.items(), key=lambda one: one[0]):
        at = datetime.combine(day, time(20), UTC)
        uow.ledger.append(entries, by=members[person].member_id, at=at, source="chat")
    return members


def _enroll(uow: UnitOfWork, one: Patient, manager: Member, until: date) -> int:
    patient = uow.patients.add(mrn=f"MRN{one.number}", identity=f"{one.number}", on_roster=True)
    uow.episodes.add(
        Episode(
            episode_id=0,
            patient_id=patient.patient_id,
            program=Program.BHI if one.targets == (20, 20) else Program.COCM,
            enrolled_on=one.since,
            initial_assessment_on=one.since,
            consent=Consent(given_on=one.since, kind=ConsentKind.VERBAL),
            discharged_on=one.until if one.until is not None and one.until <= until else None,
            payer=_PAYERS[one.targets],
            care_manager=manager.member_id,
        )
    )
    return patient.patient_id


def _new(entry: Entry, patient_id: int, member: Member) -> NewEntry:
    return NewEntry(
        patient_id=patient_id,
        seconds=entry.seconds,
        service_date=entry.day,
        recorded_on=entry.written_on,
        activity=Activity.PHONE,
        activity_source=ActivitySource.STATED,
        role=Role.CARE_MANAGER,
        performed_by=member.member_id,
        note="phone check-in",
        next_contact=entry.planned_on,
    )
