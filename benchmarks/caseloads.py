"""Makes a big practice to measure: a thousand care managers with fifty patients each, on a Wednesday morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from billing.activities import Activity, ActivitySource
from billing.clinical import CaseReview
from billing.episodes import Consent, ConsentKind, Episode
from billing.people import Member, MemberRole, Patient, Role
from storage import NO_TENANT, Database, NewEntry, UnitOfWork

PEOPLE, PATIENTS, ENTRIES = 1_000, 50, 3
TODAY = date(2026, 11, 18)
#: 08:30 in New York.
NOW = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
_STARTED = date(2026, 9, 5)
_REVIEWED, _REVIEWED_LONG_AGO = date(2026, 11, 4), date(2026, 10, 14)
#: One patient in so many has no consent, another a review that is overdue, a third no time this month.
_ODD = 20
#: Share of entries whose start and end are known.
_BY_CLOCK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class BigPractice:
    """What was founded."""

    tenant_id: int
    people: list[Member]


def found(database: Database) -> BigPractice:
    """Bring an empty database to this version, and move the practice in."""
    database.migrate()
    tenant_id = database.write(_founded, tenant_id=NO_TENANT).result()
    return BigPractice(tenant_id=tenant_id, people=database.write(_filled, tenant_id=tenant_id).result())


def slack_id(number: int) -> str:
    """The Slack user id of a member, counted from 0."""
    return f"U{number:04}"


def _founded(uow: UnitOfWork) -> int:
    tenant_id = uow.tenants.default().tenant_id
    uow.commit()
    return tenant_id


def _filled(uow: UnitOfWork) -> list[Member]:
    people = [
        uow.members.add(
            display_name=f"Member {n}",
            roles=frozenset({MemberRole.CARE_MANAGER}),
            slack_user_id=slack_id(n),
        )
        for n in range(PEOPLE)
    ]
    patients = uow.patients.add_many(
        [
            Patient(patient_id=0, handle="", mrn=f"MRN{n:06}", identity=f"{n:06}")
            for n in range(PEOPLE * PATIENTS)
        ]
    )
    looked_after = [(n, patient, people[n // PATIENTS]) for n, patient in enumerate(patients)]
    uow.episodes.add_many(_episode(*one) for one in looked_after)
    for n, patient, member in looked_after:
        uow.reviews.add(_review(patient, member, _REVIEWED_LONG_AGO if n % _ODD == 1 else _REVIEWED))
    chance = Random(1)
    entries = {
        f"{patient.patient_id}-{place}": entry
        for n, patient, member in looked_after
        for place, entry in enumerate(_entries(chance, n, patient, member))
    }
    uow.imports.append(entries, by=people[0].member_id, at=NOW)
    uow.commit()
    return people


def _episode(n: int, patient: Patient, member: Member) -> Episode:
    """In care since September, most with consent."""
    return Episode(
        episode_id=0,
        patient_id=patient.patient_id,
        enrolled_on=_STARTED,
        initial_assessment_on=_STARTED,
        consent=Consent(given_on=_STARTED, kind=ConsentKind.VERBAL) if n % _ODD else None,
        care_manager=member.member_id,
    )


def _review(patient: Patient, member: Member, day: date) -> CaseReview:
    return CaseReview(
        review_id=0,
        patient_id=patient.patient_id,
        reviewed_on=day,
        consultant=member.member_id,
        recorded_by=member.member_id,
        recorded_at=NOW,
    )


def _entries(chance: Random, n: int, patient: Patient, member: Member) -> Iterator[NewEntry]:
    """A few calls this month, one in ten by the clock; of some patients, all of them in October."""
    month = 10 if n % _ODD == 2 else 11
    for _ in range(ENTRIES):
        seconds, day = chance.choice([300, 600, 900, 1200]), chance.randint(2, 17)
        start = datetime(2026, month, day, chance.randint(14, 21), 5 * chance.randint(0, 8), tzinfo=UTC)
        by_clock = chance.random() < _BY_CLOCK
        yield NewEntry(
            patient_id=patient.patient_id,
            seconds=seconds,
            service_date=date(2026, month, day),
            started_at=start if by_clock else None,
            ended_at=start + timedelta(seconds=seconds) if by_clock else None,
            activity=Activity.PHONE,
            activity_source=ActivitySource.STATED,
            role=Role.CARE_MANAGER,
            performed_by=member.member_id,
            note="call",
        )
