"""Reading a whole month without holding it, and the months in which patients have time, on both databases."""

import tracemalloc
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from billing.months import BillingMonth
from billing.people import Patient
from storage import Database, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice

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
        uow.ledger.append_many(entries, by=practice.ana.member_id, at=NOW, source="import")
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


def test_active_months_are_those_with_entries(
    database: Database, practice: SmallPractice, other: int
) -> None:
    """Each month with an entry that stands is named once, in order; void entries and later days are left out."""
    mine = practice.patient.patient_id

    def months(*ids: int, last_day: date = date.max) -> dict[int, tuple[str, ...]]:
        found = read(
            database, lambda uow: uow.ledger.active_months(ids, last_day=last_day), practice.tenant_id
        )
        return {patient_id: tuple(map(str, active)) for patient_id, active in found.items()}

    expected = ("2024-02", "2025-12", "2026-01", "2026-11")
    assert months(mine, other, 999) == {mine: expected, other: ("2026-11",)}
    assert months(mine) == {mine: expected}
    assert months(mine, last_day=date(2026, 10, 31)) == {mine: expected[:3]}
    assert months(other, last_day=date(2026, 10, 31)) == {}
    assert read(database, lambda uow: uow.ledger.active_months([mine]), practice.tenant_id + 1) == {}
    first = read(database, lambda uow: uow.ledger.active_months([mine])[mine][0], practice.tenant_id)
    assert first == BillingMonth(2024, 2)


def test_the_last_month_is_the_one_before_a_day(
    database: Database, practice: SmallPractice, other: int
) -> None:
    """Of each patient the last month with an entry that stands before the day; those without are left out."""
    mine = practice.patient.patient_id

    def last(day: date) -> dict[int, BillingMonth]:
        ids = [mine, other]
        return read(database, lambda uow: uow.ledger.last_months(ids, day), practice.tenant_id)

    assert last(date(2026, 11, 1)) == {mine: BillingMonth(2026, 1)}
    assert last(date(2026, 12, 1)) == {mine: BillingMonth(2026, 11), other: BillingMonth(2026, 11)}
    assert last(date(2024, 2, 29)) == {}
