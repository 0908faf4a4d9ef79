"""Units of work: kept whole or not at all, told only when certain, and one's failure is not another's."""

import asyncio
import threading
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from billing.episodes import Episode
from storage import AlreadyExists, Database, DatabaseUnavailable, StorageError, UnitOfWork
from tests.support.keeping import kept, read
from tests.support.storing import NOW, TODAY, SmallPractice, small_practice
from tests.support.transactions import day_total, log


def test_what_is_not_committed_is_gone(database: Database, practice: SmallPractice) -> None:
    """A use case that ends without `commit` leaves nothing, and still gives its answer."""

    def forget(uow: UnitOfWork) -> str:
        uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        uow.audit.record(at=NOW, actor=None, action="test", subject="nothing")
        return "looked"

    assert database.write(forget, tenant_id=practice.tenant_id).result() == "looked"
    assert day_total(database, practice) == 0


def test_what_fails_after_commit_is_gone(database: Database, practice: SmallPractice) -> None:
    """`commit` asks to keep; a use case that fails afterwards keeps nothing, and its own error comes out."""

    def fail(uow: UnitOfWork) -> None:
        log(practice)(uow)
        raise LookupError("after all")

    with pytest.raises(LookupError, match="after all"):
        database.write(fail, tenant_id=practice.tenant_id).result()
    assert day_total(database, practice) == 0


def test_what_is_acknowledged_can_be_read(database: Database, practice: SmallPractice) -> None:
    """Once the future resolves, every reader sees what was written."""
    for count in range(1, 6):
        database.write(log(practice, 60), tenant_id=practice.tenant_id).result()
        assert day_total(database, practice) == 60 * count


async def test_use_cases_can_be_awaited(database: Database, practice: SmallPractice) -> None:
    """`writing` and `reading` are the same for a program that awaits; many at once all come through."""
    await asyncio.gather(
        *(database.writing(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(40))
    )

    total = await database.reading(
        lambda uow: uow.ledger.member_seconds_on(practice.ana.member_id, TODAY), tenant_id=practice.tenant_id
    )
    assert total == 40 * 60


def test_a_reader_cannot_write(database: Database, practice: SmallPractice) -> None:
    """A use case given to `read` stores nothing, even if it asks to."""
    with pytest.raises(StorageError):
        database.read(log(practice), tenant_id=practice.tenant_id).result()
    assert day_total(database, practice) == 0


def test_a_reader_sees_one_moment(database: Database, practice: SmallPractice) -> None:
    """Two sums of one report agree, whatever is written between them."""
    first_read, written = threading.Event(), threading.Event()

    def read_twice(uow: UnitOfWork) -> tuple[int, int]:
        first = uow.ledger.member_seconds_on(practice.ana.member_id, TODAY)
        first_read.set()
        written.wait(60)
        return first, uow.ledger.member_seconds_on(practice.ana.member_id, TODAY)

    reading = database.read(read_twice, tenant_id=practice.tenant_id)
    first_read.wait(60)
    database.write(log(practice), tenant_id=practice.tenant_id).result()
    written.set()

    assert reading.result() == (0, 0)
    assert day_total(database, practice) == 900


def test_closing_finishes_what_was_asked_for(database_url: str) -> None:
    """Everything asked for before `close` is saved; what comes later is refused, and says that nothing changed."""
    database = Database.open(database_url)
    practice = small_practice(database)
    futures = [database.write(log(practice, 60), tenant_id=practice.tenant_id) for _ in range(50)]

    database.close()

    assert len({future.result(0) for future in futures}) == 50
    with pytest.raises(DatabaseUnavailable, match="closed"):
        database.write(log(practice), tenant_id=practice.tenant_id)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        database.read(lambda _uow: None, tenant_id=practice.tenant_id)
    database.close()


def test_two_who_add_the_same_patient_at_once_meet(database: Database, practice: SmallPractice) -> None:
    """Who loses the race to add a patient begins again, finds the patient, and all end up with one."""

    def find_or_add(uow: UnitOfWork) -> int:
        patient = uow.patients.by_identity("race") or uow.patients.add(
            mrn="race", identity="race", on_roster=False
        )
        uow.commit()
        return patient.patient_id

    futures = [database.write(find_or_add, tenant_id=practice.tenant_id) for _ in range(16)]

    assert len({future.result() for future in futures}) == 1


@pytest.mark.postgres
def test_two_who_change_an_episode_at_once_both_stand(postgres_url: str) -> None:
    """Each changes another fact of what it read; who comes second reads what the first one wrote.

    On SQLite there is one writer anyway.
    """
    database = Database.open(postgres_url)
    practice = small_practice(database)
    patient_id = practice.patient.patient_id
    kept(
        database,
        lambda uow: uow.episodes.add(Episode(episode_id=0, patient_id=patient_id)),
        practice.tenant_id,
    )
    read_by, may_go = [threading.Event(), threading.Event()], threading.Event()

    def change(uow: UnitOfWork, place: int, **facts: Any) -> None:
        uow.episodes.hold()
        (episode,) = uow.episodes.of_patient(patient_id)
        read_by[place].set()
        assert may_go.wait(60)
        uow.episodes.update(replace(episode, **facts))
        uow.commit()

    first = database.write(lambda uow: change(uow, 0, payer="Acme Health"), tenant_id=practice.tenant_id)
    assert read_by[0].wait(60)
    second = database.write(
        lambda uow: change(uow, 1, initial_assessment_on=TODAY), tenant_id=practice.tenant_id
    )
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not (read_by[1].is_set() or connection.execute(waiting).fetchall() != [(0,)]):
            pass
    may_go.set()
    first.result(60)
    second.result(60)
    (episode,) = read(database, lambda uow: uow.episodes.of_patient(patient_id), practice.tenant_id)
    database.close()
    assert (episode.payer, episode.initial_assessment_on) == ("Acme Health", TODAY)


def test_what_exists_already_is_refused(database: Database, practice: SmallPractice) -> None:
    """A second patient of the same identity, or member of the same Slack user, is refused by name."""
    again = [
        lambda uow: uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True),
        lambda uow: uow.members.add(display_name="Ana", slack_user_id="U0ANA", roles=frozenset()),
    ]
    for work in again:
        with pytest.raises(AlreadyExists):
            database.write(work, tenant_id=practice.tenant_id).result()


def test_an_error_names_no_value(database: Database, practice: SmallPractice) -> None:
    """What a refused row held is in no storage error's text: it may be logged."""
    with pytest.raises(StorageError) as refused:
        database.write(
            lambda uow: uow.patients.add(mrn="MRN0042", identity="0042", on_roster=True),
            tenant_id=practice.tenant_id,
        ).result()

    assert "0042" not in str(refused.value)
