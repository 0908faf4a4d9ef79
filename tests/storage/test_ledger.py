"""The ledger: what is written stays, corrections and voids are further versions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from storage import Database, DuplicateRequest, NotFound, StaleVersion, UnitOfWork, VersionKind, note_digest
from storage.statements import PreparedStatement
from tests.support.ledger import NOVEMBER, Reader, correct, void, write
from tests.support.storing import NOW, TODAY, SmallPractice


# Longer than forty lines: every fact of an entry is written and read.
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


def test_notes_lie_apart_from_what_is_counted(database: Database, practice: SmallPractice) -> None:
    """Neither versions nor the projection hold a word of a note or of a reason."""
    (entry,) = write(database, practice, practice.entry(note="xylophone")).entries
    correct(database, practice, entry, note="zeppelin")

    def dump(uow: UnitOfWork) -> str:
        wire = uow.ledger._wire
        return repr(
            [
                wire.rows(PreparedStatement(text(f"SELECT * FROM {table}")))
                for table in ("entry_version", "current_entry")
            ]
        )

    held = database.read(dump, tenant_id=practice.tenant_id).result()
    assert "phone" in held
    assert "xylophone" not in held
    assert "zeppelin" not in held
    assert "mistyped" not in held


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
