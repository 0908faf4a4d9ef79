"""Pending questions, requests carried out, and the audit chain."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import text

from storage import NO_RECEIPT, AuditFinding, Database, DuplicateRequest, StorageError, UnitOfWork
from storage.statements import PreparedStatement
from tests.support.storing import NOW, SmallPractice

T = TypeVar("T")
LATER = NOW + timedelta(minutes=15)


def kept(database: Database, work: Callable[[UnitOfWork], T], practice: SmallPractice) -> T:
    """Run a use case and keep what it wrote."""

    def keep(uow: UnitOfWork) -> T:
        value = work(uow)
        uow.commit()
        return value

    return database.write(keep, tenant_id=practice.tenant_id).result()


def ask(database: Database, practice: SmallPractice) -> str:
    """Put a question to Ana that expires in 15 minutes."""
    return kept(
        database,
        lambda uow: uow.pending.ask(
            "log", {"line": "15m MRN1 “ok”"}, member_id=practice.ana.member_id, at=NOW, expires_at=LATER
        ),
        practice,
    )


def test_a_question_is_answered_once(database: Database, practice: SmallPractice) -> None:
    """The payload comes back as it was, to the first answer alone, also when two come at once."""
    question = ask(database, practice)

    def take(uow: UnitOfWork) -> dict[str, object] | None:
        taken = uow.pending.take(question, member_id=practice.ana.member_id, at=NOW)
        uow.commit()
        return taken

    answers = [database.write(take, tenant_id=practice.tenant_id) for _ in range(8)]
    taken = [answer.result() for answer in answers]

    assert [payload for payload in taken if payload is not None] == [{"line": "15m MRN1 “ok”"}]


def test_an_answer_that_fails_leaves_the_question(database: Database, practice: SmallPractice) -> None:
    """When what an answer stands for cannot be stored, the question stands and can be answered again."""
    question = ask(database, practice)

    def fail(uow: UnitOfWork) -> None:
        uow.pending.take(question, member_id=practice.ana.member_id, at=NOW)
        raise LookupError

    with pytest.raises(LookupError):
        kept(database, fail, practice)
    taken = kept(
        database, lambda uow: uow.pending.take(question, member_id=practice.ana.member_id, at=NOW), practice
    )
    assert taken is not None


def test_only_the_person_asked_in_time_may_answer(database: Database, practice: SmallPractice) -> None:
    """Another member, an expired question and an unknown id yield nothing; ids cannot be guessed from one another."""
    question, other = ask(database, practice), ask(database, practice)
    member = practice.ana.member_id

    def try_all(uow: UnitOfWork) -> list[object]:
        return [
            uow.pending.take(question, member_id=member + 1, at=NOW),
            uow.pending.take(question, member_id=member, at=LATER),
            uow.pending.take("nothing", member_id=member, at=NOW),
        ]

    assert kept(database, try_all, practice) == [None] * 3
    assert len(question) >= 16
    assert question != other


def test_expired_questions_are_deleted_with_their_words(database: Database, practice: SmallPractice) -> None:
    """A purge takes questions past their time, and the identified text that waited with them."""
    ask(database, practice)

    early = kept(database, lambda uow: uow.pending.purge_expired(NOW), practice)
    due = kept(database, lambda uow: uow.pending.purge_expired(LATER), practice)

    assert (early, due) == (0, 1)
    left = database.read(
        lambda uow: uow.pending._wire.rows(PreparedStatement(text("SELECT * FROM pending_payload"))),
        tenant_id=practice.tenant_id,
    ).result()
    assert left == []


def test_a_request_is_remembered_with_what_it_wrote(database: Database, practice: SmallPractice) -> None:
    """A key is new until remembered; a request without entries is remembered too; each tenant has its own keys."""
    kept(database, lambda uow: uow.requests.remember("click-1", NOW), practice)
    kept(database, lambda uow: uow.requests.remember("log-1", NOW, 17), practice)

    def seen(uow: UnitOfWork) -> list[int | None]:
        return [uow.requests.seen(key) for key in ("click-1", "log-1", "log-2")]

    assert database.read(seen, tenant_id=practice.tenant_id).result() == [NO_RECEIPT, 17, None]
    assert database.read(seen, tenant_id=practice.tenant_id + 1).result() == [None] * 3
    with pytest.raises(DuplicateRequest):
        kept(database, lambda uow: uow.requests.remember("log-1", NOW), practice)


def test_old_requests_are_forgotten(database: Database, practice: SmallPractice) -> None:
    """A purge forgets keys older than the instant given, and no others."""
    for key, at in (("old", NOW), ("new", LATER)):
        kept(database, lambda uow: uow.requests.remember(key, at), practice)  # noqa: B023 - run at once

    assert kept(database, lambda uow: uow.requests.purge(LATER), practice) == 1
    assert (
        database.read(lambda uow: uow.requests.seen("new"), tenant_id=practice.tenant_id).result()
        == NO_RECEIPT
    )


def record(uow: UnitOfWork, subject: str) -> None:
    """Record one event."""
    uow.audit.record(at=NOW, actor=None, action="test", subject=subject, details={"b": [1, "é"], "a": None})


def verify(database: Database, practice: SmallPractice) -> tuple[AuditFinding, ...]:
    """What the audit chain's own check finds."""
    return database.read(lambda uow: uow.chain.findings(), tenant_id=practice.tenant_id).result()


def test_the_audit_chain_holds_under_concurrent_writers(database: Database, practice: SmallPractice) -> None:
    """Events recorded by many at once form one whole chain; those of a failed use case are not in it."""

    def one(number: int) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            record(uow, f"{number}a")
            record(uow, f"{number}b")
            if number % 5 == 0:
                raise LookupError
            uow.commit()

        return work

    futures = [database.write(one(number), tenant_id=practice.tenant_id) for number in range(100)]
    assert sum(future.exception() is None for future in futures) == 80

    assert verify(database, practice) == ()
    subjects = [
        row[0]
        for row in database.read(
            lambda uow: uow.audit._wire.rows(
                PreparedStatement(text("SELECT subject FROM audit_event ORDER BY seq"))
            ),
            tenant_id=practice.tenant_id,
        ).result()
    ]
    # The practice's own rows came first.
    assert sorted(subjects[1:]) == sorted(f"{n}{x}" for n in range(100) if n % 5 for x in "ab")


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("UPDATE audit_event SET subject = 'x' WHERE seq = 2", [(2, "event 2 is not as it was written")]),
        ("DELETE FROM audit_event WHERE seq = 2", [(2, "event 2 is missing")]),
        ("DELETE FROM audit_event WHERE seq IN (2, 3)", [(2, "events 2 to 3 are missing")]),
        ("DELETE FROM audit_event WHERE seq = 4", [(3, "the chain ends at event 3, not at 4")]),
        (
            "UPDATE audit_event SET prev_hash = 'x' WHERE seq = 3",
            [(3, "event 3 does not follow the one before it"), (3, "event 3 is not as it was written")],
        ),
    ],
)
def test_tampering_shows(
    database: Database, practice: SmallPractice, tampering: str, expected: list[tuple[int, str]]
) -> None:
    """Whoever gets past the triggers and changes, takes out or cuts off an event is found out."""

    def record_three(uow: UnitOfWork) -> None:
        for subject in "abc":
            record(uow, subject)

    kept(database, record_three, practice)
    assert verify(database, practice) == ()

    def tamper(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        if wire.is_sqlite:
            for verb in ("update", "delete"):
                wire.run(PreparedStatement(text(f"DROP TRIGGER audit_event_no_{verb}")))
        else:
            wire.run(PreparedStatement(text("ALTER TABLE audit_event DISABLE TRIGGER ALL")))
        wire.run(PreparedStatement(text(tampering)))

    kept(database, tamper, practice)
    found = [(one.seq, re.sub(r" \([^)]*\)$", "", one.message)) for one in verify(database, practice)]
    assert found == expected


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry_version SET seconds = 1",
        "DELETE FROM entry_version",
        "UPDATE audit_event SET subject = 'x'",
        "DELETE FROM audit_event",
    ],
)
def test_what_is_append_only_refuses_change(database: Database, practice: SmallPractice, change: str) -> None:
    """The database itself refuses to change or delete a version or an audit event."""
    append_one_of_each(database, practice)

    with pytest.raises(StorageError):
        kept(database, lambda uow: uow.audit._wire.run(PreparedStatement(text(change))), practice)

    assert verify(database, practice) == ()
    assert count(database, practice, "entry_version") == 1


@pytest.mark.parametrize("table", ["entry_version", "audit_event"])
def test_replacing_and_truncating_are_refused_too(
    database: Database, practice: SmallPractice, table: str
) -> None:
    """Neither SQLite's INSERT OR REPLACE nor PostgreSQL's TRUNCATE goes round the refusal."""
    append_one_of_each(database, practice)
    before = count(database, practice, table)

    def go_round(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        if wire.is_sqlite:
            wire.run(PreparedStatement(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")))
        else:
            wire.run(PreparedStatement(text(f"TRUNCATE {table} CASCADE")))

    with pytest.raises(StorageError):
        kept(database, go_round, practice)
    assert count(database, practice, table) == before


def append_one_of_each(database: Database, practice: SmallPractice) -> None:
    """An entry, which has its own audit event, and another event."""

    def work(uow: UnitOfWork) -> None:
        uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        record(uow, "a")

    kept(database, work, practice)


def count(database: Database, practice: SmallPractice, table: str) -> int:
    """How many rows a table has."""
    rows = database.read(
        lambda uow: uow.audit._wire.rows(PreparedStatement(text(f"SELECT count(*) FROM {table}"))),
        tenant_id=practice.tenant_id,
    ).result()
    return int(rows[0][0])


def test_tenants_have_chains_of_their_own(database: Database, practice: SmallPractice) -> None:
    """A tenant without events has a whole chain; another tenant's writing is no part of it."""
    kept(database, lambda uow: record(uow, "a"), practice)

    assert database.read(lambda uow: uow.chain.findings(), tenant_id=practice.tenant_id + 1).result() == ()
