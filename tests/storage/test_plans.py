"""What is asked on every log, and for every report, is answered from an index, however much there is."""

import sqlite3
from collections.abc import Iterator

import pytest

from storage import Database, UnitOfWork
from storage.ledger_queries import LedgerQueries
from tests.support.storing import NOW, TODAY, small_practice


@pytest.fixture
def plans(sqlite_url: str) -> Iterator[list[str]]:
    """SQLite's plan of every statement that the questions below run."""
    database = Database.open(sqlite_url)
    practice = small_practice(database)
    told: list[str] = []

    def ask_all(uow: UnitOfWork) -> None:
        connection: sqlite3.Connection = uow.ledger._wire._driver
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        ask(uow.ledger, practice.patient.patient_id, practice.ana.member_id)
        uow.patients.by_identity("0042")
        uow.patients.one_typo_away("0043")
        uow.requests.seen("key")
        uow.members.by_slack_id("U0ANA")
        uow.episodes.of_patient(1)
        connection.set_trace_callback(None)
        for statement in statements:
            told.extend(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))

    database.read(ask_all, tenant_id=practice.tenant_id).result()
    yield told
    database.close()


def ask(ledger: LedgerQueries, patient_id: int, member_id: int) -> None:
    """Every question that a log, a status or a month asks of the ledger."""
    ledger.entry(1)
    ledger.versions(1)
    ledger.notes([1])
    ledger.patient_month(patient_id, TODAY, TODAY)
    ledger.member_days(member_id, TODAY, TODAY)
    list(ledger.month(TODAY, TODAY))
    ledger.totals(TODAY, TODAY)
    ledger.member_seconds_on(member_id, TODAY)
    ledger.overlapping(member_id, NOW, NOW)
    ledger.identical_since(member_id, patient_id, 900, "x", NOW)
    ledger.last_receipt(member_id, NOW)


def test_no_question_reads_a_whole_table(plans: list[str]) -> None:
    """No statement scans a table: each goes through a key or an index."""
    assert len(plans) > 15
    # A list handed over as JSON is read through; it is no table.
    assert [step for step in plans if step.startswith("SCAN") and "json_each" not in step] == []


def test_sums_are_read_from_an_index_alone(plans: list[str]) -> None:
    """A month's totals and a person's day touch no entry, only the index that covers them."""
    covering = " ".join(step for step in plans if "COVERING INDEX" in step)
    assert "ix_current_entry_totals" in covering
    assert "ix_current_entry_member" in covering
