"""One value of every column is changed behind the program's back: it is named, or its table listed with a reason."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, bindparam, delete, insert, select, text, type_coerce, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType, UserDefinedType

from storage import AuditKeys, Database, UnitOfWork
from storage.evidence import Examined
from storage.hashes import HASHED
from storage.tables import TableRow
from tests.support.keeping import kept
from tests.support.whole_practice import _a_value, whole_practice

KEY = "a key of more than thirty-two characters"
#: Compared as a chain, and with the ledger.
CHAIN, TOTALS = ("audit_event", "audit_head", "audit_seal"), "current_entry"
TABLES = {str(table.name): table for table in TableRow.metadata.sorted_tables}
AUDIT_PAGE = Path(__file__).parents[2] / "docs" / "audit.md"


class _Raw(UserDefinedType[Any]):
    """Whatever the driver takes, as it is."""

    cache_ok = True


class _TakenBackError(Exception):
    """Ends a unit of work, so that nothing of it stays."""


class Practice:
    """A practice with something in every table, to be altered and left as it was."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tenant_id = whole_practice(database).practice.tenant_id

    def look(self, alter: Callable[[Connection], None]) -> tuple[Examined, set[int]]:
        """What is found once something is altered, and which entries the totals have otherwise."""
        found: list[tuple[Examined, set[int]]] = []

        def work(uow: UnitOfWork) -> None:
            connection = uow.audit._wire.connection
            _unguard(connection)
            alter(connection)
            totals = {one.entry_id for one in uow.ledger.projection_differences()}
            found.append((uow.evidence.examine(), totals))
            raise _TakenBackError

        with pytest.raises(_TakenBackError):
            kept(self._database, work, self._tenant_id)
        return found[0]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def practice(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[Practice]:
    """A keyed practice, sealed to its end."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("whole") / "cocm.db"
        file.write_bytes(migrated_sqlite.read_bytes())
        url = f"sqlite:///{file}"
    else:
        server = request.getfixturevalue("postgres_server")
        url = server.url_of(server.create_database(template=request.getfixturevalue("migrated_postgres")))
    database = Database.open(url, AuditKeys([KEY]))
    yield Practice(database)
    database.close()


def _unguard(connection: Connection) -> None:
    """Take the triggers and references out of the way, for this transaction."""
    if connection.dialect.name == "sqlite":
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")


def _raw(column: Column[Any]) -> Any:
    return type_coerce(column, NullType()).label(column.name)


def _first(connection: Connection, table: Table) -> dict[str, Any]:
    """A row of a table as the driver gives it, the last by its key."""
    newest = [column.desc() for column in table.primary_key.columns]
    row = connection.execute(select(*map(_raw, table.columns)).order_by(*newest).limit(1)).one()
    return dict(row._mapping)


def _own(table: Table, row: dict[str, Any]) -> list[Any]:
    return [_raw(column) == _given(row[column.name]) for column in table.primary_key.columns]


def _given(value: Any) -> Any:
    return bindparam(None, value, type_=_Raw())


def _other(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case str():
            return f"{value}x"
        case bytes() | memoryview():
            return bytes(value) + b"x"
        case datetime() | date():
            return value + timedelta(days=1)
        case clock_time():
            return value.replace(hour=(value.hour + 1) % 24)
        case _:
            pytest.fail(f"no other value of {type(value)}")


def _changed(connection: Connection, table: Table, column: Column[Any]) -> int | None:
    """Change a column of the table's last row; None where the database refuses it, else the row's first key."""
    row = _first(connection, table)
    value = row[column.name]
    new = _a_value(column.type) if value is None else _given(_other(value))
    return _carried_out(
        connection, update(table).where(*_own(table, row)).values({column: new}), next(iter(row.values()))
    )


def _carried_out(connection: Connection, statement: Any, key: Any = 0) -> Any:
    try:
        with connection.begin_nested():
            # What hung on another row went with it.
            return key if connection.execute(statement).rowcount else None
    except DBAPIError:
        return None


def _by_place(tables: Iterable[Table]) -> Iterator[list[tuple[Table, Column[Any]]]]:
    """The first columns of the tables, the second ones, and so on."""
    columns = [(table, list(table.columns)) for table in tables]
    for place in range(max(len(own) for _, own in columns)):
        yield [(table, own[place]) for table, own in columns if place < len(own)]


def test_every_column_of_a_held_row_is_named(practice: Practice) -> None:
    """Whatever the column, the row's table is named; what the database itself refuses can be counted."""
    refused = []
    for round_ in _by_place(HASHED[kind].table for kind in HASHED):
        done: list[Column[Any]] = []

        def alter(connection: Connection, round_: Any = round_, done: Any = done) -> None:
            for table, column in round_:
                is_done = _changed(connection, table, column) is not None
                (done if is_done else refused).append(column)

        found, _ = practice.look(alter)
        named = {row.kind for row in found.rows}
        assert [str(column) for column in done if column.table.name not in named] == []
    # Two rows of a key, a check, another type.
    assert len(refused) < 30, refused


def test_every_column_of_the_chain_and_of_the_totals_is_named(practice: Practice) -> None:
    """The events, their end and their seals by the chain; each entry of the totals by the ledger."""
    for name in CHAIN:
        for column in TABLES[name].columns:

            def alter(connection: Connection, column: Column[Any] = column) -> None:
                assert _changed(connection, column.table, column) is not None

            found, _ = practice.look(alter)
            assert found.chain.findings, column
    for column in TABLES[TOTALS].columns:
        entries: list[int | None] = []

        def alter_total(connection: Connection, column: Any = column, entries: Any = entries) -> None:
            entries.append(_changed(connection, TABLES[TOTALS], column))

        _, totals = practice.look(alter_total)
        assert entries[0] in totals, column


def test_nothing_that_becomes_an_empty_text_is_named(practice: Practice) -> None:
    """SQLite takes an empty text where there is nothing, and to a query it is something: a fact would be withdrawn.

    PostgreSQL takes one in columns of text alone.
    """
    same = {"slack_user_id", "time_zone", "email", "request_key"}
    for round_ in _by_place(HASHED[kind].table for kind in HASHED):
        done: list[Column[Any]] = []

        def alter(connection: Connection, round_: Any = round_, done: Any = done) -> None:
            for table, column in round_:
                row = _first(connection, table)
                if row[column.name] is None and column.name not in same:
                    blank = update(table).where(*_own(table, row)).values({column: _given("")})
                    if _carried_out(connection, blank) is not None:
                        done.append(column)

        found, _ = practice.look(alter)
        named = {row.kind for row in found.rows}
        assert [str(column) for column in done if column.table.name not in named] == []


@pytest.mark.parametrize("verb", ["taken out", "put in"])
def test_rows_taken_out_and_put_in_are_named(practice: Practice, verb: str) -> None:
    """A row of each held table, by hand."""

    def alter(connection: Connection) -> None:
        # A row may go with the one that it hangs on, so all are looked up first.
        rows = [(held, _first(connection, held.table)) for held in HASHED.values()]
        for held, row in rows:
            statement: Any = delete(held.table).where(*_own(held.table, row))
            if verb == "put in":
                key = list(held.table.primary_key.columns)[-1].name
                new = {name: _given(value) for name, value in row.items()}
                statement = insert(held.table).values({**new, key: _given(_other(row[key]))})
            if _carried_out(connection, statement) is not None:
                done.add(held.kind)

    done: set[str] = set()
    found, _ = practice.look(alter)
    assert done - {row.kind for row in found.rows} == set()
    assert len(done) > len(HASHED) - 8, HASHED.keys() - done


def test_tables_that_nothing_hashes_are_listed_with_the_reason() -> None:
    """A table is hashed whole, compared, or listed: none is forgotten, however late it comes."""
    listed = set(re.findall(r"^\| `(\w+)` \| \S", AUDIT_PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == TABLES.keys() - HASHED.keys() - {*CHAIN, TOTALS}


@pytest.mark.parametrize(
    ("sqlite", "postgresql", "said"),
    [
        ("DROP INDEX ix_member_tenant_id_email", None, "unique index ix_member_tenant_id_email"),
        (
            "CREATE TRIGGER calm BEFORE INSERT ON audit_event BEGIN SELECT RAISE(IGNORE); END",
            "CREATE RULE calm AS ON INSERT TO entry_version DO INSTEAD NOTHING",
            "calm",
        ),
        (
            "ALTER TABLE score ADD COLUMN mine TEXT",
            "ALTER TABLE member ENABLE ROW LEVEL SECURITY",
            "is not the program's",
        ),
        ("ALTER TABLE score RENAME TO scores", None, "table score is missing"),
    ],
)
def test_what_tables_are_made_of_is_named(
    practice: Practice, sqlite: str, postgresql: str | None, said: str
) -> None:
    """An index dropped, a column, rule or trigger put in, a table renamed."""
    faults: list[tuple[str, ...]] = []

    def work(uow: UnitOfWork) -> None:
        connection = uow.audit._wire.connection
        assert uow.evidence.fabric().faults == ()
        connection.execute(text((connection.dialect.name != "sqlite" and postgresql) or sqlite))
        faults.append(uow.evidence.fabric().faults)
        raise _TakenBackError

    with pytest.raises(_TakenBackError):
        kept(practice._database, work, practice._tenant_id)
    assert any(said in fault for fault in faults[0]), faults
