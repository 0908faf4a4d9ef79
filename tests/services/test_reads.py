"""Who was shown what of patients: gathered, bounded, written in batches, and stopped by nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from billing.people import MemberRole
from cocm.keeper import Keeper
from services.anchors import head_of
from services.entries import log
from services.months.why import why
from services.people.patient_ref import PatientRef
from services.reads import MOST_READS, Reads, as_ranges
from services.sealing import look
from storage import AuditKeys, Database, UnitOfWork
from storage.errors import DatabaseUnavailable
from storage.statements import PreparedStatement
from tests.support.keeping import read
from tests.support.practice import NOW, TryPractice, asked, draft

KEY = "a key of more than thirty-two characters"


@pytest.fixture
def practice(sqlite_url: str) -> Any:
    """A keyed practice in which Ana has logged time for one patient."""
    database = Database.open(sqlite_url, AuditKeys([KEY]))
    made = TryPractice(database)
    ana = made.member("Ana Flores", MemberRole.CARE_MANAGER, slack="U0ANA")
    made.patient("123")
    made.do(log.log, ana, draft(asked()))
    yield made, ana, made.practice
    database.close()


def reads_of(practice: TryPractice) -> list[dict[str, Any]]:
    """What the chain says of reads, event by event."""
    asked_for = PreparedStatement(
        text("SELECT details FROM audit_event WHERE action = 'data.read' ORDER BY seq")
    )

    def look_up(uow: UnitOfWork) -> list[dict[str, Any]]:
        return [json.loads(details) for (details,) in uow.audit._wire.rows(asked_for)]

    return read(practice.database, look_up, practice.tenant_id)


async def test_who_was_shown_whom_is_written_and_sealed(practice: Any) -> None:
    """By whom, what, which patients by number, and how often; nothing names a patient. The end of the bot seals it."""
    made, ana, running = practice
    for _ in range(3):
        await running.read(why, ana, PatientRef(text="MRN123", identity="123"))
    keeper = Keeper(running)
    keeper.start()
    await keeper.stop()
    (event,) = reads_of(made)
    (row,) = event["reads"]
    assert (row["by"], row["what"], row["patients"], row["times"]) == (
        ana.member_id,
        "months.why.why",
        "1",
        3,
    )
    assert "MRN" not in json.dumps(event)
    assert made.see(look) is None
    assert made.see(head_of).seq


async def test_a_database_that_takes_nothing_stops_no_read(
    practice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written waits, and is written once it can be."""
    made, ana, running = practice

    async def full(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as away:
        away.setattr(running.database, "writing", full)
        await running.read(why, ana, PatientRef(text="MRN123", identity="123"))
        await running.write_reads()
        assert not running.reads.is_empty
    assert reads_of(made) == []
    await running.write_reads()
    assert running.reads.is_empty
    assert len(reads_of(made)) == 1


async def test_what_had_to_be_dropped_is_counted(practice: Any) -> None:
    """Of more different reads than memory may hold, the chain says how many are not in it."""
    made, _, running = practice
    for number in range(MOST_READS + 7):
        running.reads.note(None, "search", {number + 1}, NOW + timedelta(seconds=number))
    await running.write_reads()
    events = reads_of(made)
    assert sum(len(event["reads"]) for event in events) == MOST_READS
    assert [event["dropped"] for event in events if "dropped" in event] == [7]


def test_the_same_read_again_is_one_row_with_its_first_and_last_instant() -> None:
    """However often somebody looks, memory stays."""
    reads = Reads()
    for minute in range(10):
        reads.note(4, "months.why.why", {3, 1, 2, 9}, NOW + timedelta(minutes=minute))
    (taken,), dropped = reads.take()
    reader, times = taken
    assert (reader.member_id, reader.patients, times.count, dropped) == (4, "1-3,9", 10, 0)
    assert times.last - times.first == timedelta(minutes=9)
    assert reads.is_empty


def test_numbers_are_said_as_ranges() -> None:
    """In order, each once."""
    assert as_ranges([5, 1, 2, 3, 3]) == "1-3,5"
    assert as_ranges([7]) == "7"
