"""The ledger: what is written stays, corrections and voids are further versions, sums follow what stands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Unpack

import pytest
from sqlalchemy import text

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from storage import (
    Database,
    Difference,
    DuplicateRequest,
    EntryChanges,
    NewEntry,
    NotFound,
    Receipt,
    StaleVersion,
    UnitOfWork,
    VersionKind,
    note_digest,
)
from storage.statements import Statement
from tests.support.storing import NOW, TODAY, SmallPractice

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


def write(
    database: Database,
    practice: SmallPractice,
    *entries: NewEntry,
    at: datetime = NOW,
    request_key: str | None = None,
) -> Receipt:
    """Append entries in a unit of work of their own."""

    def append(uow: UnitOfWork) -> Receipt:
        receipt = uow.ledger.append(
            entries, by=practice.ana.member_id, at=at, source="chat", request_key=request_key
        )
        uow.commit()
        return receipt

    return database.write(append, tenant_id=practice.tenant_id).result()


def correct(
    database: Database, practice: SmallPractice, entry: TimeEntry, **changes: Unpack[EntryChanges]
) -> TimeEntry:
    """Correct an entry in a unit of work of its own."""

    def change(uow: UnitOfWork) -> TimeEntry:
        corrected = uow.ledger.correct(
            entry.entry_id,
            entry.version,
            changes,
            by=practice.ana.member_id,
            at=NOW + timedelta(hours=1),
            reason="mistyped",
        )
        uow.commit()
        return corrected

    return database.write(change, tenant_id=practice.tenant_id).result()


def void(database: Database, practice: SmallPractice, *entries: TimeEntry) -> tuple[TimeEntry, ...]:
    """Void entries in a unit of work of their own."""

    def change(uow: UnitOfWork) -> tuple[TimeEntry, ...]:
        voided = uow.ledger.void(
            [entry.entry_id for entry in entries],
            by=practice.ana.member_id,
            at=NOW + timedelta(hours=2),
            reason="undone",
        )
        uow.commit()
        return voided

    return database.write(change, tenant_id=practice.tenant_id).result()


class Reader:
    """Asks the ledger one question at a time, as the practice's reader."""

    def __init__(self, database: Database, practice: SmallPractice) -> None:
        self._database = database
        self._tenant_id = practice.tenant_id

    def __getattr__(self, question: str) -> Callable[..., Any]:
        def ask(*args: object) -> Any:
            work = self._database.read(
                lambda uow: getattr(uow.ledger, question)(*args), tenant_id=self._tenant_id
            )
            return work.result()

        return ask


@pytest.fixture
def ledger(database: Database, practice: SmallPractice) -> Reader:
    """The practice's ledger, for questions."""
    return Reader(database, practice)


def test_an_entry_is_kept_with_every_fact(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """What is appended is what is read: every fact, instants in UTC, words apart."""
    eastern = timezone(timedelta(hours=-5))
    new = practice.entry(
        started_at=datetime(2026, 11, 18, 9, 0, tzinfo=eastern),
        ended_at=datetime(2026, 11, 18, 9, 15, tzinfo=eastern),
        participants=(practice.ana.member_id,),
        outcome="no answer",
        next_contact=date(2026, 12, 3),
        recorded_on=date(2026, 11, 18),
    )

    receipt = write(database, practice, new, at=NOW.astimezone(eastern))

    (entry,) = receipt.entries
    assert entry == TimeEntry(
        entry_id=entry.entry_id,
        version=1,
        patient_id=practice.patient.patient_id,
        seconds=900,
        service_date=TODAY,
        activity=Activity.PHONE,
        activity_source=ActivitySource.INFERRED,
        role=new.role,
        performed_by=practice.ana.member_id,
        recorded_by=practice.ana.member_id,
        recorded_at=NOW,
        started_at=datetime(2026, 11, 18, 14, 0, tzinfo=UTC),
        ended_at=datetime(2026, 11, 18, 14, 15, tzinfo=UTC),
        participants=(practice.ana.member_id,),
        note_digest=note_digest("phone check-in"),
        recorded_on=date(2026, 11, 18),
    )
    assert ledger.entry(entry.entry_id) == entry
    assert ledger.receipt(receipt.receipt_id) == receipt
    assert ledger.notes([entry.entry_id]) == {entry.entry_id: "phone check-in"}
    (version,) = ledger.versions(entry.entry_id)
    assert (version.kind, version.outcome, version.next_contact, version.note) == (
        VersionKind.FIRST,
        "no answer",
        date(2026, 12, 3),
        "phone check-in",
    )
    assert entry.recorded_at.tzinfo is UTC


def test_a_correction_is_a_further_version(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """The entry stands as corrected; the first version stays readable, with who, when and why of both."""
    (entry,) = write(database, practice, practice.entry()).entries

    corrected = correct(database, practice, entry, seconds=600, note="spoke with mother")

    assert ledger.entry(entry.entry_id) == corrected
    assert (corrected.version, corrected.seconds, corrected.first_seconds) == (2, 600, 900)
    assert corrected.corrected_at == NOW + timedelta(hours=1)
    assert corrected.note_digest == note_digest("spoke with mother")
    assert corrected.activity == entry.activity
    first, second = ledger.versions(entry.entry_id)
    assert (first.entry, first.note, first.at) == (entry, "phone check-in", NOW)
    assert (second.entry, second.note, second.reason) == (corrected, "spoke with mother", "mistyped")
    assert ledger.totals(*NOVEMBER) == {practice.patient.patient_id: 600}


def test_a_correction_keeps_the_first_seconds_ever_keyed(database: Database, practice: SmallPractice) -> None:
    """However often the seconds change, what was keyed at first stays known; other changes do not set it."""
    (entry,) = write(database, practice, practice.entry()).entries

    renamed = correct(database, practice, entry, activity=Activity.TELEHEALTH)
    once = correct(database, practice, renamed, seconds=600)
    twice = correct(database, practice, once, seconds=300)

    assert [renamed.first_seconds, once.first_seconds, twice.first_seconds] == [None, 900, 900]


def test_a_stale_correction_is_refused(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """Who corrects a version that is not the last one changes nothing."""
    (entry,) = write(database, practice, practice.entry()).entries
    correct(database, practice, entry, seconds=600)

    with pytest.raises(StaleVersion):
        correct(database, practice, entry, seconds=60)

    assert ledger.totals(*NOVEMBER) == {practice.patient.patient_id: 600}
    assert len(ledger.versions(entry.entry_id)) == 2


def test_a_void_entry_cannot_be_corrected(database: Database, practice: SmallPractice) -> None:
    """Void is an entry's last version."""
    (entry,) = write(database, practice, practice.entry()).entries
    void(database, practice, entry)

    with pytest.raises(StaleVersion):
        correct(database, practice, entry, seconds=60)


def test_of_two_corrections_at_once_one_wins(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """Many who correct the same version at the same moment: one is stored, the others are told."""
    (entry,) = write(database, practice, practice.entry()).entries

    def change(uow: UnitOfWork) -> None:
        uow.ledger.correct(
            entry.entry_id, 1, {"seconds": 60}, by=practice.ana.member_id, at=NOW, reason="race"
        )
        uow.commit()

    futures = [database.write(change, tenant_id=practice.tenant_id) for _ in range(8)]
    errors = [future.exception() for future in futures]

    assert [error for error in errors if error is None] == [None]
    assert all(isinstance(error, StaleVersion) for error in errors if error is not None)
    assert len(ledger.versions(entry.entry_id)) == 2


def test_a_void_entry_counts_nowhere_and_stays_visible(
    database: Database, practice: SmallPractice, ledger: Reader
) -> None:
    """A void takes the entry out of every sum and list; its history ends with who, when and why."""
    kept, gone = write(database, practice, practice.entry(), practice.entry(seconds=60)).entries

    assert void(database, practice, gone) == (gone,)

    assert ledger.entry(gone.entry_id) is None
    assert ledger.patient_month(practice.patient.patient_id, *NOVEMBER) == (kept,)
    assert ledger.totals(*NOVEMBER) == {practice.patient.patient_id: 900}
    first, last = ledger.versions(gone.entry_id)
    assert (first.kind, last.kind, last.reason) == (VersionKind.FIRST, VersionKind.VOID, "undone")
    assert last.at == NOW + timedelta(hours=2)


def test_voiding_twice_changes_nothing(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """An entry that is void already is left as it is, also by many at once."""
    (entry,) = write(database, practice, practice.entry()).entries

    def undo(uow: UnitOfWork) -> int:
        count = len(uow.ledger.void([entry.entry_id], by=practice.ana.member_id, at=NOW, reason="undone"))
        uow.commit()
        return count

    futures = [database.write(undo, tenant_id=practice.tenant_id) for _ in range(8)]

    assert sorted(future.result() for future in futures) == [0] * 7 + [1]
    assert len(ledger.versions(entry.entry_id)) == 2


def test_an_unknown_entry_is_not_found(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """What was never written cannot be corrected, made void or have a receipt; of a list, none is made void."""
    (entry,) = write(database, practice, practice.entry()).entries
    missing = replace(entry, entry_id=999_999)

    with pytest.raises(NotFound):
        correct(database, practice, missing, seconds=1)
    with pytest.raises(NotFound):
        void(database, practice, entry, missing)
    with pytest.raises(NotFound):
        ledger.receipt(999_999)
    assert ledger.entry(entry.entry_id) == entry
    assert ledger.versions(999_999) == ()


def test_entries_without_time_are_refused(database: Database, practice: SmallPractice) -> None:
    """No entry of zero or negative seconds reaches the ledger, whoever forgot to check."""
    for seconds in (0, -60):
        with pytest.raises(Exception, match="Not saved"):
            write(database, practice, practice.entry(seconds=seconds))
    with pytest.raises(ValueError, match="nothing to append"):
        write(database, practice)


def test_a_naive_instant_is_refused(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """An instant without a zone is no instant; nothing is stored."""
    with pytest.raises(ValueError, match="time zone"):
        write(database, practice, practice.entry(started_at=datetime(2026, 11, 18, 9, 0)))  # noqa: DTZ001 - the point

    assert ledger.totals(*NOVEMBER) == {}


def test_a_request_is_carried_out_once(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """The same request again, also many times at once, stores nothing and is told so."""
    receipt = write(database, practice, practice.entry(), request_key="delivery-1")

    with pytest.raises(DuplicateRequest):
        write(database, practice, practice.entry(), request_key="delivery-1")
    seen = database.read(lambda uow: uow.requests.seen("delivery-1"), tenant_id=practice.tenant_id).result()
    assert seen == receipt.receipt_id

    def deliver(uow: UnitOfWork) -> None:
        uow.ledger.append(
            [practice.entry()], by=practice.ana.member_id, at=NOW, source="chat", request_key="delivery-2"
        )
        uow.commit()

    futures = [database.write(deliver, tenant_id=practice.tenant_id) for _ in range(8)]
    errors = [future.exception() for future in futures]
    assert errors.count(None) == 1
    assert all(isinstance(error, DuplicateRequest) for error in errors if error is not None)
    assert ledger.totals(*NOVEMBER) == {practice.patient.patient_id: 1800}


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


def test_notes_lie_apart_from_what_is_counted(database: Database, practice: SmallPractice) -> None:
    """Neither versions nor the projection hold a word of a note or of a reason."""
    (entry,) = write(database, practice, practice.entry(note="xylophone")).entries
    correct(database, practice, entry, note="zeppelin")

    def dump(uow: UnitOfWork) -> str:
        wire = uow.ledger._wire
        return repr(
            [
                wire.rows(Statement(text(f"SELECT * FROM {table}")))
                for table in ("entry_version", "current_entry")
            ]
        )

    held = database.read(dump, tenant_id=practice.tenant_id).result()
    assert "phone" in held
    assert "xylophone" not in held
    assert "zeppelin" not in held
    assert "mistyped" not in held


def test_the_projection_can_be_rebuilt(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """After writes, corrections and voids the projection is what the versions say, and rebuilding changes nothing."""
    a, b, c = write(database, practice, *[practice.entry()] * 3).entries
    correct(database, practice, a, seconds=60)
    void(database, practice, b)
    before = ledger.member_days(practice.ana.member_id, *NOVEMBER)

    assert ledger.projection_differences() == ()

    def rebuild(uow: UnitOfWork) -> int:
        count = uow.ledger.rebuild_projection()
        uow.commit()
        return count

    assert database.write(rebuild, tenant_id=practice.tenant_id).result() == 2
    assert ledger.member_days(practice.ana.member_id, *NOVEMBER) == before
    assert {entry.entry_id for entry in before} == {a.entry_id, c.entry_id}


def test_a_wrong_projection_is_noticed(database: Database, practice: SmallPractice, ledger: Reader) -> None:
    """An entry missing, changed or left over in the projection is named, and a rebuild fixes all three."""
    a, b, c = write(database, practice, *[practice.entry()] * 3).entries
    void(database, practice, c)

    def spoil(uow: UnitOfWork) -> None:
        wire = uow.ledger._wire
        wire.run(Statement(text(f"DELETE FROM current_entry WHERE entry_id = {a.entry_id}")))
        names = "version, tenant_id, receipt_id, patient_id, seconds, service_date, activity, activity_source"
        names += ", role, performed_by, recorded_by, recorded_at, participants, note_digest"
        wire.run(
            Statement(
                text(
                    f"INSERT INTO current_entry (entry_id, {names}) "
                    f"SELECT {c.entry_id}, {names} FROM current_entry WHERE entry_id = {b.entry_id}"
                )
            )
        )
        wire.run(Statement(text(f"UPDATE current_entry SET seconds = 1 WHERE entry_id = {b.entry_id}")))
        uow.commit()

    database.write(spoil, tenant_id=practice.tenant_id).result()

    assert [(found.entry_id, found.difference) for found in ledger.projection_differences()] == [
        (a.entry_id, Difference.MISSING),
        (b.entry_id, Difference.DIFFERENT),
        (c.entry_id, Difference.EXTRA),
    ]

    def rebuild(uow: UnitOfWork) -> None:
        uow.ledger.rebuild_projection()
        uow.commit()

    database.write(rebuild, tenant_id=practice.tenant_id).result()
    assert ledger.projection_differences() == ()


def test_a_tenant_sees_only_its_own(database: Database, practice: SmallPractice) -> None:
    """Another tenant finds none of these entries, and may not write for this one's patients."""
    receipt = write(database, practice, practice.entry())
    (entry,) = receipt.entries
    other = practice.tenant_id + 1

    def look(uow: UnitOfWork) -> list[object]:
        return [
            uow.ledger.entry(entry.entry_id),
            uow.ledger.last_receipt(practice.ana.member_id, NOW),
            uow.patients.by_identity("0042"),
            uow.patients.by_id(practice.patient.patient_id),
            uow.members.by_slack_id("U0ANA"),
        ]

    assert database.read(look, tenant_id=other).result() == [None] * 5

    def trespass(uow: UnitOfWork) -> None:
        uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()

    with pytest.raises(Exception, match="Not saved"):
        database.write(trespass, tenant_id=other).result()
    with pytest.raises(NotFound):
        database.write(
            lambda uow: uow.ledger.void([entry.entry_id], by=1, at=NOW, reason="x"), tenant_id=other
        ).result()
