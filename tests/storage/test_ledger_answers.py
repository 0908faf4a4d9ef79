"""What the ledger answers: sums, lists, overlaps, identical entries and receipts of what stands."""

from datetime import UTC, date, datetime, timedelta, timezone

from storage import Database, NewEntry, UnitOfWork, note_digest
from tests.support.ledger import NOVEMBER, Reader, void, write
from tests.support.storing import NOW, SmallPractice


def test_sums_and_lists_cut_by_local_date(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """A month takes its first and last local dates and nothing beside them, whatever the instants say."""
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    entries = write(database, practice, *(practice.entry(service_date=day) for day in days)).entries

    inside = entries[1:3]
    assert ledger.patient_month(practice.patient.patient_id, *NOVEMBER) == inside
    assert ledger.member_days(practice.ana.member_id, *NOVEMBER) == inside
    assert ledger.totals(*NOVEMBER) == {practice.patient.patient_id: 1800}
    assert ledger.member_seconds_on(practice.ana.member_id, days[0]) == 900
    assert ledger.member_seconds_on(practice.ana.member_id, date(2026, 9, 1)) == 0


def test_a_month_streams_patient_by_patient(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """A report reads every entry of a month, those of one patient together and in order."""

    def add_patient(uow: UnitOfWork) -> int:
        patient = uow.patients.add(mrn="7", identity="7", on_roster=True)
        uow.commit()
        return patient.patient_id

    other = database.write(add_patient, tenant_id=practice.tenant_id).result()
    days = [date(2026, 11, day) for day in range(1, 29)]
    new = [
        practice.entry(patient_id=patient, service_date=day)
        for day in reversed(days)
        for patient in (other, practice.patient.patient_id)
        for _ in range(40)
    ]
    write(database, practice, *new)

    listed = database.read(
        lambda uow: list(uow.ledger.month(*NOVEMBER)), tenant_id=practice.tenant_id
    ).result()

    assert len(listed) == len(new)
    keys = [(entry.patient_id, entry.service_date) for entry in listed]
    assert keys == sorted(keys)
    assert sum(entry.seconds for entry in listed) == sum(ledger.totals(*NOVEMBER).values())


def test_overlapping_clock_times_are_found(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """Times that share more than an instant overlap; those that only touch do not, and untimed ones never."""
    nine = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)

    def timed(start: int, end: int) -> NewEntry:
        return practice.entry(
            started_at=nine + timedelta(minutes=start), ended_at=nine + timedelta(minutes=end)
        )

    entries = write(database, practice, timed(0, 15), timed(15, 30), timed(20, 60), practice.entry()).entries

    def overlapping(start: int, end: int) -> list[int]:
        found = ledger.overlapping(
            practice.ana.member_id, nine + timedelta(minutes=start), nine + timedelta(minutes=end)
        )
        return [entries.index(entry) for entry in found]

    assert overlapping(0, 15) == [0]
    assert overlapping(14, 16) == [0, 1]
    assert overlapping(25, 26) == [1, 2]
    assert overlapping(-60, 0) == []
    assert overlapping(60, 90) == []


def test_overlap_is_seen_across_the_date_line(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """Overlap goes by instants: local dates a day off on either side of UTC hide nothing."""
    for offset in (14, -12):
        zone = timezone(timedelta(hours=offset))
        start = datetime(2026, 11, 10, 23 if offset < 0 else 1, 0, tzinfo=zone)
        (entry,) = write(
            database,
            practice,
            practice.entry(
                service_date=start.date(), started_at=start, ended_at=start + timedelta(minutes=30)
            ),
        ).entries

        found = ledger.overlapping(
            practice.ana.member_id, start.astimezone(UTC), start.astimezone(UTC) + timedelta(minutes=1)
        )

        assert found == (entry,)


def test_an_identical_entry_is_found_by_its_words(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """Same writer, patient, seconds and words since then, blind to case and spacing; a void one is forgotten."""
    (entry,) = write(database, practice, practice.entry(note="Phone  check-in")).entries
    member, patient = practice.ana.member_id, practice.patient.patient_id
    digest = note_digest("phone CHECK-IN ")

    assert ledger.identical_since(member, patient, 900, digest, NOW) == entry
    assert ledger.identical_since(member, patient, 900, digest, NOW + timedelta(seconds=1)) is None
    assert ledger.identical_since(member, patient, 901, digest, NOW) is None
    assert ledger.identical_since(member, patient, 900, note_digest("other"), NOW) is None
    void(database, practice, entry)
    assert ledger.identical_since(member, patient, 900, digest, NOW) is None


def test_the_last_receipt_is_the_last_that_stands(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """Receipts wholly void are passed over; one partly void is found with what stands; old ones are not."""
    member = practice.ana.member_id
    first = write(database, practice, practice.entry(), practice.entry(seconds=60))
    second = write(database, practice, practice.entry(seconds=120), at=NOW + timedelta(minutes=1))

    assert ledger.last_receipt(member, NOW) == second
    void(database, practice, *second.entries)
    void(database, practice, first.entries[0])
    found = ledger.last_receipt(member, NOW)
    assert (found.receipt_id, found.entries) == (first.receipt_id, first.entries[1:])
    assert ledger.last_receipt(member, NOW + timedelta(seconds=1)) is None
    assert ledger.receipt(second.receipt_id).entries == ()
