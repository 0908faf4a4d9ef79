"""Compute the morning digests of a thousand people with fifty patients each, one read a person as the sender does."""

import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

from billing.activities import Activity, ActivitySource
from billing.episodes import Consent, ConsentKind, Episode
from billing.people import Member, MemberRole, Patient, Role
from services.contents.digest import digest
from services.desk import Desk, PracticeSettings
from storage import NO_TENANT, Database, NewEntry, UnitOfWork

PEOPLE, PATIENTS, ENTRIES = 1_000, 50, 3
_TODAY = date(2026, 11, 18)
_NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
_STARTED = date(2026, 9, 5)


def main() -> None:
    """Print how long all digests take, and how many patients they name as near."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'cocm.db'}")
        database.migrate()
        tenant_id = database.write(_founded, tenant_id=NO_TENANT).result()
        people = database.write(_filled, tenant_id=tenant_id).result()
        settings = PracticeSettings(zone=ZoneInfo("America/New_York"))
        near = 0
        began = perf_counter()
        for member in people:

            def told(uow: UnitOfWork, member: Member = member) -> int:
                found = digest(Desk(uow=uow, now=_NOW, settings=settings), member, _TODAY)
                return len(found.near) if found else 0

            near += database.read(told, tenant_id=tenant_id).result()
        took = perf_counter() - began
        database.close()
    print(f"{took:.2f} s for {PEOPLE} digests over {PEOPLE * PATIENTS} patients, {near} near (at most 2 s)")


def _founded(uow: UnitOfWork) -> int:
    tenant_id = uow.tenants.default().tenant_id
    uow.commit()
    return tenant_id


def _filled(uow: UnitOfWork) -> list[Member]:
    """People, patients in care since September, and a few calls for each this month."""
    chance = Random(1)
    people = [
        uow.members.add(display_name=f"Member {n}", roles=frozenset({MemberRole.CARE_MANAGER}))
        for n in range(PEOPLE)
    ]
    patients = uow.patients.add_many(
        [
            Patient(patient_id=0, handle="", mrn=f"MRN{n:06}", identity=f"{n:06}")
            for n in range(PEOPLE * PATIENTS)
        ]
    )
    looked_after = [(patient, people[n // PATIENTS]) for n, patient in enumerate(patients)]
    uow.episodes.add_many(
        Episode(
            episode_id=0,
            patient_id=patient.patient_id,
            enrolled_on=_STARTED,
            initial_assessment_on=_STARTED,
            consent=Consent(given_on=_STARTED, kind=ConsentKind.VERBAL),
            care_manager=member.member_id,
        )
        for patient, member in looked_after
    )
    entries = {
        f"{patient.patient_id}-{n}": NewEntry(
            patient_id=patient.patient_id,
            seconds=chance.choice([300, 600, 900, 1200]),
            service_date=date(2026, 11, chance.randint(2, 17)),
            activity=Activity.PHONE,
            activity_source=ActivitySource.STATED,
            role=Role.CARE_MANAGER,
            performed_by=member.member_id,
            note="call",
        )
        for patient, member in looked_after
        for n in range(ENTRIES)
    }
    uow.imports.append(entries, by=people[0].member_id, at=_NOW)
    uow.commit()
    return people
