"""Reading a whole month without holding it, and the days on which patients have time, on both databases."""

import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from billing.activities import NOT_BILLABLE, ActivitySource
from billing.people import Patient, Role
from storage import Database, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice, import_entries

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def fill(database: Database, practice: SmallPractice, patients: int, entries_each: int) -> list[Patient]:
    """A November of some patients, whose entries were written day by day."""
    roster = [
        replace(practice.patient, identity=f"{n}", mrn=f"MRN{n}") for n in range(10_000, 10_000 + patients)
    ]

    def write(uow: UnitOfWork) -> list[Patient]:
        added = uow.patients.add_many(roster)
        entries = [
            practice.entry(patient_id=patient.patient_id, service_date=date(2026, 11, 1 + n % 30))
            for n in range(entries_each)
            for patient in added
        ]
        import_entries(uow, entries, by=practice.ana.member_id, at=NOW)
        return list(added)

    return kept(database, write, practice.tenant_id)


def test_entries_come_by_patient(database: Database, practice: SmallPractice) -> None:
    """Of the patients asked about, each with all their entries of the days asked for, in order."""
    patients = fill(database, practice, 40, 60)
    outside = practice.entry(service_date=date(2026, 10, 31))
    kept(
        database,
        lambda uow: uow.ledger.append([outside], by=practice.ana.member_id, at=NOW, source="chat"),
        practice.tenant_id,
    )
    ids = [patient.patient_id for patient in patients][:30]

    found = read(database, lambda uow: uow.ledger.of_patients([*ids, 99_999], *NOVEMBER), practice.tenant_id)

    assert sorted(found) == sorted(ids)
    for patient_id, entries in found.items():
        assert {entry.patient_id for entry in entries} == {patient_id}
        assert len(entries) == 60
        assert all(one.service_date <= other.service_date for one, other in pairwise(entries))
    single = read(database, lambda uow: uow.ledger.patient_month(ids[0], *NOVEMBER), practice.tenant_id)
    assert tuple(found[ids[0]]) == single
    assert read(database, lambda uow: uow.ledger.of_patients(ids, *NOVEMBER), practice.tenant_id + 1) == {}
    worked_for = read(database, lambda uow: uow.ledger.worked_for(*NOVEMBER), practice.tenant_id)
    assert worked_for == {patient.patient_id for patient in patients}


def test_a_month_is_not_held_in_memory(database: Database, practice: SmallPractice) -> None:
    """Streaming 24,000 entries takes no more memory than a few batches; reading them all takes many times that."""
    fill(database, practice, 400, 60)

    def peak(uow: UnitOfWork, *, held: bool) -> int:
        tracemalloc.start()
        entries = uow.ledger.month(*NOVEMBER)
        count = len(list(entries)) if held else 0
        count += sum(1 for _ in entries)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == 24_000
        return most

    streamed = read(database, lambda uow: peak(uow, held=False), practice.tenant_id)
    held = read(database, lambda uow: peak(uow, held=True), practice.tenant_id)
    assert streamed < 3 * 1024 * 1024
    assert streamed < held / 4


def test_streams_may_cross(database: Database, practice: SmallPractice) -> None:
    """While one stream is read, another may be, and so may anything else; one left half read does no harm."""
    fill(database, practice, 50, 45)

    def cross(uow: UnitOfWork) -> list[int]:
        left = uow.ledger.month(*NOVEMBER)
        assert len(list(islice(left, 3))) == 3
        found = []
        streams = (uow.ledger.month(*NOVEMBER) for _ in range(2))
        for entry, same in zip(*streams, strict=True):
            assert entry == same
            if len(found) % 100 == 0:
                assert uow.patients.by_id(entry.patient_id) is not None
            found.append(entry.entry_id)
        return found

    assert len(set(read(database, cross, practice.tenant_id))) == 50 * 45
    assert len(set(kept(database, cross, practice.tenant_id))) == 50 * 45


@pytest.fixture
def other(database: Database, practice: SmallPractice) -> int:
    """A second patient with one entry; the practice's own has entries of four months, and a void one."""
    ana = practice.ana.member_id
    other = kept(
        database,
        lambda uow: uow.patients.add(mrn="MRN0043", identity="0043", on_roster=True),
        practice.tenant_id,
    )
    days = [
        date(2026, 11, 30),
        date(2026, 11, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
        date(2024, 2, 29),
    ]

    def log(uow: UnitOfWork) -> None:
        entries = [practice.entry(service_date=day) for day in days]
        entries.append(practice.entry(service_date=TODAY, patient_id=other.patient_id))
        uow.ledger.append(entries, by=ana, at=NOW, source="chat")
        wrong = uow.ledger.append(
            [practice.entry(service_date=TODAY - timedelta(days=90))], by=ana, at=NOW, source="chat"
        )
        uow.ledger.void([wrong.receipt_id], by=ana, at=NOW, reason="wrong patient")

    kept(database, log, practice.tenant_id)
    return other.patient_id


def test_counting_days_are_those_with_time_that_can_count(
    database: Database, practice: SmallPractice, other: int
) -> None:
    """Each day once, in order; void entries, other days and other tenants are left out."""
    mine = practice.patient.patient_id

    def days(*ids: int, last_day: date = date.max) -> dict[int, tuple[date, ...]]:
        return read(
            database, lambda uow: uow.ledger.counting_days(ids, date.min, last_day), practice.tenant_id
        )

    expected = tuple(
        date.fromisoformat(day)
        for day in ("2024-02-29", "2025-12-31", "2026-01-01", "2026-11-01", "2026-11-30")
    )
    assert days(mine, other, 999) == {mine: expected, other: (TODAY,)}
    assert days(mine, last_day=date(2026, 10, 31)) == {mine: expected[:3]}
    assert days(other, last_day=date(2026, 10, 31)) == {}
    elsewhere = read(
        database, lambda uow: uow.ledger.counting_days([mine], date.min, date.max), practice.tenant_id + 1
    )
    assert elsewhere == {}


def test_the_last_counting_day_is_the_one_before_a_day(
    database: Database, practice: SmallPractice, other: int
) -> None:
    """Of each patient the last day, before the one given, with time that can count; those without are left out."""
    mine = practice.patient.patient_id

    def last(day: date) -> dict[int, date]:
        ids = [mine, other]
        return read(database, lambda uow: uow.ledger.last_counting_days(ids, day), practice.tenant_id)

    assert last(date(2026, 11, 1)) == {mine: date(2026, 1, 1)}
    assert last(date(2026, 12, 1)) == {mine: date(2026, 11, 30), other: TODAY}
    assert last(date(2024, 2, 29)) == {}


def test_what_cannot_count_makes_no_day(database: Database, practice: SmallPractice) -> None:
    """Clerical and separately billed work, held or stated, and a role whose time is left out."""
    mine, ana = practice.patient.patient_id, practice.ana.member_id
    uncounted = [
        practice.entry(service_date=TODAY - timedelta(days=number), activity=activity)
        for number, activity in enumerate(sorted(NOT_BILLABLE), start=1)
    ]
    uncounted.append(
        practice.entry(service_date=TODAY - timedelta(days=8), activity_source=ActivitySource.REPEATED)
    )
    consulted = practice.entry(service_date=TODAY - timedelta(days=9), role=Role.CONSULTANT)
    kept(
        database,
        lambda uow: uow.ledger.append([*uncounted, consulted], by=ana, at=NOW, source="chat"),
        practice.tenant_id,
    )

    def found(without: str) -> tuple[object, object]:
        return read(
            database,
            lambda uow: (
                uow.ledger.counting_days([mine], date.min, TODAY, without=without),
                uow.ledger.last_counting_days([mine], TODAY, without=without),
            ),
            practice.tenant_id,
        )

    assert found("") == ({mine: (consulted.service_date,)}, {mine: consulted.service_date})
    assert found("consultant") == ({}, {})
