"""What is asked on every log, and for every report, is answered from an index, however much there is."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from billing.clinical import Scale
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
        ask_of_late(uow, practice.patient.patient_id, practice.ana.member_id)
        for ids in ([practice.patient.patient_id], [practice.patient.patient_id, 2]):
            uow.other_services.of_patients(ids, TODAY, TODAY)
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


def test_other_services_are_read_by_patient(plans: list[str]) -> None:
    """Each receipt asks for them, and a practice imports thousands: no question goes through all of a tenant's."""
    found = {step for step in plans if " other_service " in step}
    assert found
    assert [step for step in found if "patient_id=?" not in step] == []


def ask_of_late(uow: UnitOfWork, patient_id: int, member_id: int) -> None:
    """Every question of what came after the ledger: search, Home, covers, timers, signals, the review hour, pace."""
    before = NOW - timedelta(days=30)
    uow.patient_search.beginning("00", 10)
    uow.patient_search.containing("04", 10)
    uow.patient_search.by_handle("P-", 10)
    uow.homes.of(member_id)
    uow.homes.opened_since(before)
    uow.covers.since(TODAY)
    uow.covers.by_id(1)
    uow.timers.running(member_id)
    uow.timers.all_running()
    uow.timers.by_id(1)
    uow.timers.last_ended(member_id, before)
    uow.signals.unseen([patient_id])
    uow.signals.of_score(1)
    uow.signals.of_day(patient_id, Scale.PHQ9, TODAY)
    uow.signals.of_patient(patient_id)
    uow.signals.lately(before)
    uow.signals.written_at(NOW)
    uow.signals.answers([1])
    uow.care_time.looked_after_since(member_id, TODAY)
    uow.care_time.care_managers(TODAY)
    uow.care_time.by_day([patient_id], TODAY, TODAY)
    list(uow.care_time.said_of(TODAY, TODAY))
    uow.caseloads.looked_after(member_id, TODAY)
    uow.caseloads.in_care(TODAY)
    uow.caseloads.reviewers([patient_id], TODAY)
    uow.caseloads.next_contacts([patient_id], TODAY)
    uow.pending.open_of(member_id, NOW)
    uow.pending.look("x", member_id=member_id, at=NOW)


#: What is read from a whole tenant because there is little of it, or because all of it is asked for.
_WHOLE = {
    "timer": "one that runs a member",
    "cover": "those from today on",
    "patient_identity": "letters in the middle of an MRN",
    "episode": "everybody in care",
    "opened_home": "one a member",
}


class _Recorded:
    """A driver's connection that notes what it is asked."""

    def __init__(self, driver: Any) -> None:
        self._driver = driver
        self.asked: list[tuple[str, Any]] = []

    def execute(self, sql: str, parameters: Any = None) -> Any:
        """Note it, and carry it out."""
        self.asked.append((sql, parameters))
        return self._driver.execute(sql, parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


def _scans(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "Relation Name" in node:
        yield node
    for each in node.get("Plans", ()):
        yield from _scans(each)


@pytest.mark.postgres
def test_no_question_reads_a_whole_table_on_postgresql(postgres_url: str) -> None:
    """Where PostgreSQL may not read tables from end to end, an index bounds each question by more than its tenant.

    A database without rows says nothing of costs: with sequential reads forbidden, what is still one has no index.
    """
    database = Database.open(postgres_url)
    practice = small_practice(database)
    found: list[str] = []

    def ask_all(uow: UnitOfWork) -> None:
        wire = uow.ledger._wire
        driver = wire._driver
        recorded = wire._driver = _Recorded(driver)
        ask(uow.ledger, practice.patient.patient_id, practice.ana.member_id)
        ask_of_late(uow, practice.patient.patient_id, practice.ana.member_id)
        wire._driver = driver
        assert len(recorded.asked) > 30
        driver.execute("SET LOCAL enable_seqscan = off")
        for sql, parameters in recorded.asked:
            (plan,) = driver.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters).fetchone()
            plans = json.loads(plan) if isinstance(plan, str) else plan
            for node in _scans(plans[0]["Plan"]):
                bound = node.get("Index Cond") or node.get("Recheck Cond") or ""
                table = node["Relation Name"]
                only_tenant = "AND" not in bound and "tenant_id" in bound
                if not bound or (only_tenant and table not in _WHOLE):
                    found.append(f"{node['Node Type']} {table} {bound or '-'}: {' '.join(sql.split())[:160]}")

    database.read(ask_all, tenant_id=practice.tenant_id).result()
    database.close()
    assert found == []
