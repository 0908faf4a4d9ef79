"""Every statement of a log, a status, a morning message and a month report goes by more than whose practice it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from billing.months import BillingMonth
from services.entries.log import log
from services.entries.overviews import status
from services.messages.morning import morning
from services.months.report import month_report
from services.people.patient_ref import PatientRef
from storage import Database
from storage.statements import PreparedStatement, Wire
from tests.support.practice import TryPractice, asked, draft

_MONTH = BillingMonth(2026, 11)
_TODAY = date(2026, 11, 18)
#: Tables of which a practice has a few dozen rows however long it works: people, names and what was set.
OF_A_PRACTICE = frozenset(
    {
        "cover",
        "fee_schedule",
        "member",
        "payer_name",
        "practice_setting",
        "practice_reminder_choice",
        "tenant",
    }
)
#: What a statement is asked with that takes the first or the last row of an index, however many there are.
_ONE_END = ("LIMIT", "min(")
#: Recursive and given tables, which no row of the database is read for.
_MADE = frozenset({"CONSTANT", "days", "json_each", "kept"})

Asked = list[tuple[PreparedStatement, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One table that a statement reads."""

    table: str
    #: The columns by which its rows are found; empty where all are looked through.
    by: str
    sql: str

    @property
    def grows(self) -> bool:
        """Whether it takes longer the longer a practice works."""
        is_by_more = bool(self.by.replace("tenant_id", "", 1).strip("()=? 1"))
        takes_one = bool(self.by) and any(word in self.sql for word in _ONE_END)
        return not (is_by_more or takes_one or self.table in OF_A_PRACTICE)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(request: pytest.FixtureRequest) -> Iterator[TryPractice]:
    database = Database.open(request.getfixturevalue(f"{request.param}_url"))
    yield TryPractice(database)
    database.close()


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What is carried out from now on, with its parameters."""
    found: Asked = []

    def note(name: str) -> None:
        carry_out: Callable[..., Any] = getattr(Wire, name)

        def noting(wire: Wire, statement: PreparedStatement, *many: Any, **parameters: Any) -> Any:
            found.append((statement, dict(many[0][0]) if many and many[0] else parameters))
            return carry_out(wire, statement, *many, **parameters)

        monkeypatch.setattr(Wire, name, noting)

    for name in ("rows", "run", "run_many", "stream"):
        note(name)
    return found


def test_no_statement_reads_all_of_a_practice(practice: TryPractice, carried_out: Asked) -> None:
    """Each is found by patient, person, day, month or key: a practice of ten years is as quick as one of a week."""
    ana = practice.member()
    practice.do(log, ana, draft(asked()), request_key="first")
    carried_out.clear()
    practice.do(log, ana, draft(asked()), request_key="second")
    practice.see(status, ana, PatientRef(text="MRN123", identity="123"))
    practice.see(morning, ana, _TODAY)
    practice.see(month_report, _MONTH)
    statements = {id(statement): (statement, given) for statement, given in carried_out}
    assert len(statements) > _AT_LEAST

    def planned(context: Any) -> list[Step]:
        wire = context.uow.ledger._wire
        return [step for statement, given in statements.values() for step in steps(wire, statement, given)]

    found = practice.see(planned)
    assert {"current_entry", "episode", "patient_identity", "request"} <= {step.table for step in found}
    assert [step for step in found if step.grows] == []


#: Statements of the four use cases together, each counted once.
_AT_LEAST = 30


def steps(wire: Wire, statement: PreparedStatement, given: dict[str, Any]) -> Iterator[Step]:
    """The tables that a database would read for a statement; of PostgreSQL, only whether by an index or not."""
    compiled = statement.compiled(wire._dialect, given)
    bound = compiled.bind(given, wire.data_keys)
    if not wire.is_sqlite:
        # Of a few rows it rather reads all, unless it has no way but that; which of two ways it takes, is chance then.
        wire._driver.execute("SET LOCAL enable_seqscan = off")
        (plan,) = wire._driver.execute(f"EXPLAIN (FORMAT JSON) {compiled.sql}", bound).fetchone()
        yield from _nodes(plan[0]["Plan"], compiled.sql)
        return
    for _, _, _, said in wire._driver.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", bound):
        how, *of = said.split()
        if how in {"SCAN", "SEARCH"} and of[0] not in _MADE:
            yield Step(of[0], said.partition("(")[2].partition(")")[0], compiled.sql)


def _nodes(node: dict[str, Any], sql: str) -> Iterator[Step]:
    if "Relation Name" in node and node["Node Type"] != "ModifyTable":
        yield Step(node["Relation Name"], "" if node["Node Type"] == "Seq Scan" else "an index", sql)
    for one in node.get("Plans", ()):
        yield from _nodes(one, sql)
