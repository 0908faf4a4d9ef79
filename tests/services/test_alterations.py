"""Alterations behind the program's back, by hand and at random: each is named."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.anchors import anchored, head_of
from services.checks import Verified, verify
from services.messages.revisions import close_month
from services.months.claims import submit
from services.sealing import keep, look
from storage import AuditKeys, Database, UnitOfWork
from storage.hashes import HASHED
from storage.statements import PreparedStatement
from tests.support.keeping import kept, read
from tests.support.reporting import OCTOBER, ReportedPractice
from tests.support.tampering import tamper

KEY = "a key of more than thirty-two characters"
#: So many are made at random on each database, and in the long run.
AT_RANDOM, IN_SOAK = 60, 200


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[ReportedPractice]:
    """A keyed practice with a closed and submitted October, sealed."""
    database = Database.open(request.getfixturevalue(f"{request.param}_url"), AuditKeys([KEY]))
    made = ReportedPractice(database)
    patient = made.billable("101", minutes=55)
    made.works(patient, 10, date(2026, 10, 9), recorded_on=date(2026, 10, 13))
    made.scores(patient, date(2026, 10, 8))
    made.is_billed_for(patient, "96127", date(2026, 10, 8))
    made.do(close_month, made.sam, OCTOBER)
    made.do(submit, made.sam, OCTOBER)
    looked = made.see(look)
    assert looked is not None
    made.do(keep, looked)
    yield made
    database.close()


def is_told(found: Verified) -> bool:
    """Whether anything was named."""
    return bool(found.changed or found.totals)


def test_nothing_is_named_in_a_practice_left_alone(practice: ReportedPractice) -> None:
    """Keyed, sealed to its end, and every held row as it was written."""
    found = practice.see(verify)
    assert (found.changed, found.totals) == ((), ())
    assert found.chain.unsealed == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry_version SET seconds = seconds + 1200",
        "UPDATE current_entry SET seconds = seconds + 1200",
        "DELETE FROM current_entry WHERE entry_id = 1",
        "UPDATE entry_version SET recorded_on = NULL",
        "UPDATE entry_version SET performed_by = 3 - performed_by",
        "UPDATE case_review SET consultant = 1",
        "UPDATE entry_text SET note = 'rewritten'",
        "DELETE FROM entry_text",
        "DELETE FROM frozen_line",
        "UPDATE month_close SET attestation = 'I looked'",
        "DELETE FROM claim_event",
        "UPDATE episode SET consent_given_on = '2026-01-01'",
        "UPDATE score SET value = 27",
        "DELETE FROM score",
        "UPDATE member SET roles = 'admin'",
        "UPDATE patient SET referring_npi = '9999999999'",
        "UPDATE patient_identity SET last_name = 'Other'",
        "UPDATE fact_version SET content = '{}'",
        "UPDATE act SET actor = 1",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE seq = 3",
        "UPDATE audit_event SET mac = NULL",
        "UPDATE audit_event SET action = 'x' WHERE seq = 2",
        "DELETE FROM audit_seal",
        "UPDATE audit_seal SET seq = 1",
        "UPDATE audit_head SET seq = 1",
    ],
)
def test_an_alteration_is_named(practice: ReportedPractice, sql: str) -> None:
    """Whatever it is, `verify` says that something is not as it was written, under triggers that were taken away."""
    tamper(practice.database, sql, practice.tenant_id)
    assert is_told(practice.see(verify))


def test_the_last_seal_taken_out_is_named(practice: ReportedPractice) -> None:
    """The event that it ends with says that it was there; with that taken out as well, the chain has another end."""
    sealed = practice.see(verify).chain
    assert sealed.seal is not None
    tamper(practice.database, "DELETE FROM audit_seal", practice.tenant_id)
    (said,) = practice.see(verify).changed
    assert said.startswith(f"Audit chain: the seal 1 that event {sealed.seal.seq} names is missing")
    tamper(practice.database, f"DELETE FROM audit_event WHERE seq = {sealed.seal.seq}", practice.tenant_id)
    assert is_told(practice.see(verify))
    assert practice.see(anchored, sealed.head.hash) is None


def test_what_comes_while_the_chain_is_sealed_is_sealed_with_it(practice: ReportedPractice) -> None:
    """An event between the look and the seal is looked at once more; another look finds nothing to seal."""
    practice.works(practice.enrolled("102"), 5, date(2026, 11, 3))
    looked = practice.see(look)
    assert looked is not None
    practice.works(practice.enrolled("103"), 5, date(2026, 11, 3))
    seal = practice.do(keep, looked)
    assert seal is not None
    assert seal.seq == practice.see(head_of).seq
    assert practice.see(look) is None
    assert practice.do(keep, looked) is None


def test_triggers_that_are_gone_are_named(practice: ReportedPractice) -> None:
    """Before anything is changed under them."""

    def drop(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        name = "entry_version_no_update" if wire.is_sqlite else "entry_version_no_change ON entry_version"
        wire.run(PreparedStatement(text(f"DROP TRIGGER {name}")))

    kept(practice.database, drop, practice.tenant_id)
    assert any("trigger entry_version_no_" in said for said in practice.see(verify).changed)


def test_a_head_is_found_in_its_own_chain_alone(practice: ReportedPractice) -> None:
    """Whole, in short, and with the number of its event; another is not found."""
    head = practice.see(head_of)
    for form in (head.hash, head.hash[:12], f"{head.seq}:{head.hash}", head.hash[:12].upper()):
        anchor = practice.see(anchored, form)
        assert anchor is not None
        assert anchor.head == head
    assert practice.see(anchored, "f" * 64) is None


@pytest.mark.parametrize("rounds", [AT_RANDOM, pytest.param(IN_SOAK, marks=pytest.mark.soak)])
def test_alterations_at_random_are_named(practice: ReportedPractice, rounds: int) -> None:
    """A column of a held row is changed, or the row taken out, and put back: each time something is named."""
    chance = random.Random(rounds)
    whole = practice.see(verify)
    assert not is_told(whole)
    tables = [kind for kind in HASHED if _count(practice, kind)]
    made = 0
    for _ in range(rounds):
        kind = chance.choice(tables)
        said = _altered(practice, HASHED[kind].table.columns.keys(), kind, chance)
        if said is None:
            continue
        made += 1
        assert said, kind
    assert made > rounds // 2


def _count(practice: ReportedPractice, kind: str) -> int:
    def work(uow: UnitOfWork) -> int:
        return int(uow.audit._wire.rows(PreparedStatement(text(f"SELECT count(*) FROM {kind}")))[0][0])

    return read(practice.database, work, practice.tenant_id)


class _TakenBackError(Exception):
    """Ends a unit of work, so that nothing of it stays."""


def _altered(practice: ReportedPractice, columns: list[str], kind: str, chance: random.Random) -> bool | None:
    """Whether one alteration is told, in a transaction that is taken back; None where the database refuses it."""
    column = chance.choice(columns)
    told: list[bool] = []

    def work(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        if wire.is_sqlite:
            for verb in ("update", "delete"):
                wire.run(PreparedStatement(text(f"DROP TRIGGER IF EXISTS {kind}_no_{verb}")))
            wire.run(PreparedStatement(text("PRAGMA defer_foreign_keys = ON")))
        else:
            wire.run(PreparedStatement(text("SET LOCAL session_replication_role = replica")))
        key = HASHED[kind].table.primary_key.columns.keys()
        quoted, *names = (f'"{name}"' for name in (column, *key))
        asked = PreparedStatement(text(f"SELECT {quoted}, {', '.join(names)} FROM {kind} LIMIT 1"))
        before: Any
        before, *found = wire.rows(asked)[0]
        changed = before + 1 if isinstance(before, int) and not isinstance(before, bool) else "2026-01-02"
        if isinstance(before, str) and not before[:4].isdigit():
            changed = f"{before}x"
        if str(changed) == str(before) or before is None:
            raise _TakenBackError
        where = " AND ".join(f"{name} = :key{place}" for place, name in enumerate(names))
        statement = text(f"UPDATE {kind} SET {quoted} = :value WHERE {where}")
        keys = {f"key{place}": value for place, value in enumerate(found)}
        assert wire.run(PreparedStatement(statement), value=changed, **keys) == 1
        examined = uow.evidence.examine()
        told.append(bool(examined.rows or examined.chain.findings))
        raise _TakenBackError

    try:
        kept(practice.database, work, practice.tenant_id)
    except Exception:  # noqa: BLE001 - refused by the database, or taken back
        return told[0] if told else None
    return None
