"""A keyed chain: whoever has the database and not the key can neither write an event, nor reorder or shorten it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage import AuditKeys, Database, UnitOfWork
from storage.statements import PreparedStatement
from tests.support.keeping import kept, read
from tests.support.storing import NOW, SmallPractice, small_practice
from tests.support.tampering import tamper, unguarded

OLD, NEW = "an old key of thirty-two characters", "a new key of thirty-two characters!"


@pytest.fixture
def opened(database_url: str) -> Iterator[Callable[..., Database]]:
    """Opens the database under the keys given, the current one first."""
    made: list[Database] = []

    def open_(*keys: str) -> Database:
        made.append(Database.open(database_url, AuditKeys(keys)))
        return made[-1]

    yield open_
    for database in made:
        database.close()


def log(database: Database, practice: SmallPractice, *, times: int = 1) -> None:
    """Log an entry, each in a unit of work of its own."""
    for _ in range(times):
        kept(
            database,
            lambda uow: uow.ledger.append(
                [practice.entry()], by=practice.ana.member_id, at=NOW, source="chat"
            ),
            practice.tenant_id,
        )


def seal(database: Database, practice: SmallPractice) -> None:
    """Seal the chain up to its end."""

    def work(uow: UnitOfWork) -> None:
        head = uow.chain.head()
        uow.seals.add(uow.seals.last(), head.seq, head.hash, NOW + timedelta(minutes=1))

    kept(database, work, practice.tenant_id)


def found(database: Database, practice: SmallPractice) -> list[str]:
    """What does not hold in the chain."""
    return [one.message for one in read(database, lambda uow: uow.chain.findings(), practice.tenant_id)]


def last(database: Database, practice: SmallPractice) -> int:
    """The number of the last event."""
    return read(database, lambda uow: uow.chain.head(), practice.tenant_id).seq


def relink(database: Database, practice: SmallPractice) -> None:
    """Make every link of the chain again, as somebody who has this program and not the key would."""

    def work(uow: UnitOfWork) -> None:
        from storage.audit import AuditEvent  # noqa: PLC0415 - what the attacker has at hand
        from storage.chain import _EVENTS, instant_of  # noqa: PLC0415

        wire = uow.audit._wire
        rows = wire.rows(_EVENTS, tenant_id=practice.tenant_id, after=0)
        wire.run(PreparedStatement(text("DELETE FROM audit_event")))
        from storage.audit import _ADD, _MOVE_HEAD  # noqa: PLC0415

        before = ""
        for seq, (_, stored_at, actor, action, subject, details, _, _, mac) in enumerate(rows, start=1):
            at = instant_of(stored_at)
            assert at is not None
            event = AuditEvent(at=at, actor=actor, action=action, subject=subject, details=details, mac=mac)
            linked = event.link(before, practice.tenant_id, seq)
            wire.run(_ADD, mac=mac, **linked)
            before = linked["hash"]
        wire.run(_MOVE_HEAD, tenant=practice.tenant_id, seq=len(rows), hash=before)

    unguarded(database, "audit_event", practice.tenant_id, work)


def test_a_keyed_chain_holds_by_its_key_and_without(opened: Callable[..., Database]) -> None:
    """With the key all of it is checked, without it the links alone; under another key nothing is vouched for."""
    database = opened(OLD)
    practice = small_practice(database)
    log(database, practice, times=3)
    seal(database, practice)
    log(database, practice)
    walked = read(database, lambda uow: uow.evidence.examine(), practice.tenant_id)
    assert walked.chain.findings == ()
    assert walked.rows == ()
    assert (walked.chain.unsealed, walked.chain.seal is not None) == (1, True)
    assert found(opened(), practice) == []
    assert any("is not at hand" in one for one in found(opened(NEW), practice))


def test_a_key_is_changed_and_the_old_one_still_checks(opened: Callable[..., Database]) -> None:
    """The old key behind the new one; once the new one has sealed, what it sealed holds without the old one, too."""
    database = opened(OLD)
    practice = small_practice(database)
    log(database, practice, times=2)
    seal(database, practice)
    both = opened(NEW, OLD)
    log(both, practice)
    assert found(both, practice) == []
    assert any("is not at hand" in one for one in found(opened(NEW), practice))
    seal(both, practice)
    assert found(both, practice) == []
    assert found(opened(NEW), practice) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM audit_event WHERE seq = {seq}", "not the one that was sealed"),
        ("UPDATE audit_event SET actor = NULL WHERE seq = {seq}", "its MAC is wrong"),
        ("UPDATE audit_event SET mac = NULL WHERE seq = {seq}", "has no MAC"),
        ("UPDATE audit_event SET seq = seq + 1000 WHERE seq = {seq}", "not the one that was sealed"),
    ],
)
def test_a_chain_that_was_made_again_is_told(opened: Callable[..., Database], sql: str, said: str) -> None:
    """Events taken out, rewritten, stripped or put elsewhere, and every hash after them made to fit."""
    database = opened(OLD)
    practice = small_practice(database)
    log(database, practice, times=4)
    seal(database, practice)
    log(database, practice, times=2)
    tamper(database, sql.format(seq=3), practice.tenant_id)
    relink(database, practice)
    assert any(said in one for one in found(database, practice)), found(database, practice)


def test_an_event_that_is_there_twice_is_told(opened: Callable[..., Database]) -> None:
    """An event played again has the nonce of the first."""
    database = opened(OLD)
    practice = small_practice(database)
    log(database, practice, times=2)
    seq = last(database, practice)
    sql = (
        "INSERT INTO audit_event (tenant_id, seq, at, actor, action, subject, details, prev_hash, hash, mac) SELECT "
        f"tenant_id, {seq} + 1, at, actor, action, subject, details, prev_hash, hash, mac FROM audit_event "
        f"WHERE seq = {seq}"
    )
    tamper(database, sql, practice.tenant_id)
    relink(database, practice)
    assert found(database, practice) == [f"event {seq + 1} is event {seq} once more"]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM audit_seal WHERE n = 2", "seal 2 is missing"),
        ("DELETE FROM audit_seal WHERE n = 1", "seal 1 is missing"),
        ("UPDATE audit_seal SET seq = seq - 1 WHERE n = 2", "was not written by this program"),
    ],
)
def test_a_seal_that_is_gone_or_changed_is_told(opened: Callable[..., Database], sql: str, said: str) -> None:
    """Seals are counted, and each holds the one before."""
    database = opened(OLD)
    practice = small_practice(database)
    for _ in range(3):
        log(database, practice)
        seal(database, practice)
    assert found(database, practice) == []
    tamper(database, sql, practice.tenant_id)
    assert any(said in one for one in found(database, practice))


def test_a_chain_without_any_key_is_told_where_there_ought_to_be_one(opened: Callable[..., Database]) -> None:
    """MACs and seals all taken away, and the chain made again: the key that is set says that some are missing."""
    database = opened(OLD)
    practice = small_practice(database)
    log(database, practice, times=2)
    seal(database, practice)
    tamper(database, "UPDATE audit_event SET mac = NULL", practice.tenant_id)
    tamper(database, "DELETE FROM audit_seal", practice.tenant_id)
    relink(database, practice)
    assert found(opened(), practice) == []
    assert any("COCM_AUDIT_KEY is set" in one for one in found(database, practice))
