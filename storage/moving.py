"""Moves a whole practice from a SQLite file into an empty PostgreSQL database, in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Engine, RootTransaction, Sequence, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from storage import migrate, triggers
from storage.audit_keys import AuditKeys
from storage.errors import DatabaseUnavailable, NotMoved, SaveUncertain, StorageError
from storage.hashes import as_stored
from storage.manifests import ChainHead
from storage.moving_source import MovingSource, Progress
from storage.statements import Wire
from storage.tables import (
    ACT_NUMBERS,
    ENTRY_NUMBERS,
    ActRow,
    AuditEventRow,
    AuditHeadRow,
    EntryVersionRow,
    TableRow,
    TenantRow,
    table_of,
)
from storage.unit_of_work import UnitOfWork

#: Where the numbers of each sequence that belongs to no column stand.
NUMBERED: Mapping[str, Any] = {
    ENTRY_NUMBERS.name: table_of(EntryVersionRow).c.entry_id,
    ACT_NUMBERS.name: table_of(ActRow).c.act_id,
}
_EVENT = table_of(AuditEventRow)
_TENANT = table_of(TenantRow)
#: What a database has from the first command that looks at it, before anybody stored anything.
_FROM_THE_START = (table_of(AuditHeadRow), _TENANT)
#: Tables by which a database is described, and what their rows are.
_NAMED = (
    ("current_entry", "entry", "entries"),
    ("patient", "patient", "patients"),
    ("member", "member", "members"),
)
#: How many rows are looked at again at a time.
_BATCH = 2000
_BATCH_TOLD = 1000
#: How long the copy waits for others to let go of the new database.
_LOCK_SECONDS = 10
#: PostgreSQL's class of errors that are for want of room, and its state for a lock not given.
_NO_ROOM, _NO_LOCK = "53", "55P03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What was copied."""

    #: Rows of each table.
    rows: Mapping[str, int]


def holds(engine: Engine, head: ChainHead) -> bool:
    """True when a database holds an event of an audit chain: it is that very practice, then or later.

    Raises:
        DatabaseUnavailable: when it cannot be reached.
    """
    same = select(func.count()).where(_EVENT.c.seq == head.seq, _EVENT.c.hash == head.hash)
    try:
        with engine.connect() as connection:
            there = inspect(connection).has_table(_EVENT.name)
            return there and bool(connection.execute(same).scalar_one())
    except DBAPIError as error:
        raise DatabaseUnavailable from error


def refuse_unless_empty(engine: Engine) -> None:
    """See that a database holds no practice, and nothing else.

    Raises:
        NotMoved: saying what it holds.
        DatabaseUnavailable: when it cannot be reached.
    """
    try:
        with engine.connect() as connection, connection.begin():
            _refuse_unless_empty(connection)
    except DBAPIError as error:
        raise DatabaseUnavailable from error


def _refuse_unless_empty(connection: Connection) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != "UTF8":
        raise NotMoved(
            f"The database that COCM_DATABASE_URL names is kept in {encoding}, which has not every character that "
            "notes have. Make one with: createdb --encoding=UTF8 --template=template0 NAME. Nothing was copied."
        )
    there = set(inspect(connection).get_table_names())
    tables = TableRow.metadata.sorted_tables
    counts = {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
        if table.name in there and table not in _FROM_THE_START
    }
    found = {name: count for name, count in counts.items() if count}
    if found:
        named = [
            f"{found[name]:,} {one if found[name] == 1 else many}"
            for name, one, many in _NAMED
            if name in found
        ]
        raise NotMoved(
            f"The database that COCM_DATABASE_URL names is not empty: it holds {', '.join(named) or 'a practice'}. A "
            "practice moves into an empty one. Make a new database (`createdb NAME`), name it in COCM_DATABASE_URL, "
            "and run this again. Nothing was copied."
        )
    strange = there - {table.name for table in tables} - {"alembic_version"}
    if strange:
        raise NotMoved(
            f"The database that COCM_DATABASE_URL names is used for something else: it has a table {min(strange)}. A "
            "practice moves into a database of its own. Nothing was copied."
        )


def move(
    source: MovingSource,
    engine: Engine,
    keys: AuditKeys,
    *,
    check: Callable[[UnitOfWork], None],
    progress: Progress,
) -> Moved:
    """Copy every row of every table, compare what arrived with what was sent, and only then commit.

    Args:
        source: looked over before.
        engine: of an empty PostgreSQL database with the newest tables.
        keys: of the audit chain.
        check: is called with the practice as it arrived, before it is committed; what it raises ends the move.
        progress: is called with each table's name and how many rows were copied since.

    Raises:
        NotMoved: when the database is not empty after all, or what arrived differs.
        DatabaseUnavailable: when the server stops the copy; nothing of it stays.
        SaveUncertain: when the connection is lost while committing.
    """
    with engine.connect() as connection, _faults_are_said(), connection.begin() as transaction:
        rows = _copy_all(source, connection, progress)
        _count_on(connection)
        # PostgreSQL plans by what it knows of its tables, and would check them as if they were empty.
        connection.exec_driver_sql("ANALYZE")
        # The practice: the program knows one a database.
        tenant_id = connection.execute(select(func.min(_TENANT.c.tenant_id))).scalar_one()
        check(UnitOfWork(Wire(connection, failure=DatabaseUnavailable), tenant_id, keys))
        _commit(transaction)
    return Moved(rows=rows)


def _commit(transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except DBAPIError as error:
        raise SaveUncertain(
            "The connection was lost while the copy was being committed, so the new database holds all of the practice "
            "or nothing. Run the same command again: it says which."
        ) from error


def _copy_all(source: MovingSource, connection: Connection, progress: Progress) -> dict[str, int]:
    migrate.hold(connection)
    # Limits that are set for a bot's small statements would end the copy.
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
    names = ", ".join(_quoted(connection, table) for table in source.tables)
    connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    _refuse_unless_empty(connection)
    for table in _FROM_THE_START:
        connection.execute(table.delete())
    # Rows come as they stand, which triggers would take for changes that somebody makes.
    for table in source.tables:
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(connection, table)} DISABLE TRIGGER USER")
    copied = {table.name: _copy(source, connection, table, progress) for table in source.tables}
    for table in source.tables:
        connection.exec_driver_sql(f"ALTER TABLE {_quoted(connection, table)} ENABLE TRIGGER USER")
    triggers.create(connection)
    return copied


def _copy(source: MovingSource, connection: Connection, table: Table, progress: Progress) -> int:
    """Copy one table; returns how many rows it has."""
    sent = _Sum()
    names = ", ".join(connection.dialect.identifier_preparer.quote(column.name) for column in table.columns)
    driver = cast("Any", connection.connection.driver_connection)
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {_quoted(connection, table)} ({names}) FROM STDIN") as copy,
    ):
        for row in sent.of(source.rows(table)):
            copy.write_row(row)
            if sent.rows % _BATCH_TOLD == 0:
                progress(table.name, _BATCH_TOLD)
    progress(table.name, sent.rows % _BATCH_TOLD)
    with driver.cursor(name="arrived") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(f"SELECT {names} FROM {_quoted(connection, table)}")  # noqa: S608 - our own names
        arrived = _Sum()
        for _ in arrived.of(cursor):
            pass
    if arrived != sent:
        raise NotMoved(
            f"The table {table.name} did not arrive as it was sent. Nothing was stored in the new database."
        )
    return sent.rows


def _count_on(connection: Connection) -> None:
    """Have every number that the database gives out come after those that were copied."""
    for sequence in TableRow.metadata._sequences.values():  # noqa: SLF001 - there is no other list of them
        _set(connection, sequence, NUMBERED[sequence.name])
    for table in TableRow.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        own = connection.execute(
            select(func.pg_get_serial_sequence(_quoted(connection, table), column.name))
        ).scalar()
        if own is not None:
            _set(connection, own, column)


def _set(connection: Connection, sequence: Sequence | str, column: Any) -> None:
    name = sequence if isinstance(sequence, str) else sequence.name
    last = connection.execute(select(func.max(column))).scalar()
    following = {"name": name, "number": (last or 0) + 1}
    connection.execute(text("SELECT setval(CAST(:name AS regclass), :number, false)"), following)


class _Sum:
    """A sum over rows in whatever order: equal for equal rows."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def of(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows, each added as it passes."""
        for row in rows:
            spelled = repr([as_stored(value) for value in row]).encode()
            self._sum += int.from_bytes(hashlib.blake2b(spelled, digest_size=16).digest())
            self.rows += 1
            yield row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sum) and (self.rows, self._sum) == (other.rows, other._sum)

    __hash__ = None  # type: ignore[assignment]


def _quoted(connection: Connection, table: Table) -> str:
    return connection.dialect.identifier_preparer.format_table(table)


@contextmanager
def _faults_are_said() -> Iterator[None]:
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        origin = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(origin, "sqlstate", None)
        if state is None and not _is_driver_error(origin):
            raise
        raise DatabaseUnavailable(f"{_why(state)} Nothing was stored in the new database.") from error


def _is_driver_error(error: BaseException | None) -> bool:
    import psycopg  # noqa: PLC0415 - only where something went wrong

    return isinstance(error, psycopg.Error)


def _why(state: str | None) -> str:
    if state is None:
        return "The connection to the new database was lost."
    if state.startswith(_NO_ROOM):
        return "The server of the new database has no room left (disk, memory or connections)."
    if state == _NO_LOCK:
        return "Somebody else is using the new database. Stop whatever has it open."
    return f"The server of the new database stopped the copy (SQLSTATE {state})."
