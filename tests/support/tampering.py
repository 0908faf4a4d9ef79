"""Changes a database behind the program's back, and makes databases that an earlier version wrote."""

import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, LargeBinary, MetaData, bindparam, create_engine, insert, select, text

from storage import Database, UnitOfWork, migrate, triggers
from storage.statements import PreparedStatement
from tests.support.keeping import kept, read

#: A practice whose October was closed twice by version 0.1.0.
CLOSED_BY_0_1_0 = Path(__file__).parents[1] / "data" / "closed_by_0_1_0.sql"
#: The schema that version had.
_SCHEMA_OF_0_1_0 = "0004"


def unguarded(database: Database, table: str, tenant_id: int, change: Callable[[UnitOfWork], None]) -> None:
    """Carry out a change with the triggers of a table out of the way, and put them back."""

    def work(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        if wire.is_sqlite:
            for verb in ("update", "delete"):
                wire.run(PreparedStatement(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")))
        else:
            wire.run(PreparedStatement(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL")))
        change(uow)

    def put_back(uow: UnitOfWork) -> None:
        wire = uow.audit._wire
        if not wire.is_sqlite:
            wire.run(PreparedStatement(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL")))
        elif table in triggers.APPEND_ONLY:
            for statement in triggers._sqlite([table]):
                wire.run(PreparedStatement(text(statement)))

    kept(database, work, tenant_id)
    kept(database, put_back, tenant_id)


def tamper(database: Database, sql: str, tenant_id: int, **parameters: object) -> None:
    """Carry out SQL with the triggers of its table out of the way, see it change something, and put them back."""
    words = sql.split()
    table = words[2] if words[0] in {"INSERT", "DELETE"} else words[1]

    def change(uow: UnitOfWork) -> None:
        statement = text(sql)
        if "line" in parameters:
            statement = statement.bindparams(bindparam("line", type_=LargeBinary))
        assert uow.audit._wire.run(PreparedStatement(statement), **parameters), sql

    unguarded(database, table, tenant_id, change)


def rewrite_line(
    database: Database, tenant_id: int, patient_id: int, change: Callable[[bytes], bytes]
) -> None:
    """Change what a patient's first frozen line says."""
    where = "WHERE patient_id = :patient AND revision = 1"

    def look(uow: UnitOfWork) -> bytes:
        asked = PreparedStatement(text(f"SELECT line FROM frozen_line {where}"))
        (packed,) = uow.audit._wire.one(asked, patient=patient_id)
        return zlib.decompress(packed)

    before = read(database, look, tenant_id)
    after = change(before)
    assert after != before
    sql = f"UPDATE frozen_line SET line = :line {where}"
    tamper(database, sql, tenant_id, line=zlib.compress(after), patient=patient_id)


def load_closed_by_0_1_0(database: Database, folder: Path) -> None:
    """Fill an empty database with what version 0.1.0 wrote, as it left it: not migrated."""
    file = folder / "closed_by_0_1_0.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(CLOSED_BY_0_1_0.read_text(encoding="utf-8"))
    connection.close()
    engine: Engine = database._runner.migrating
    migrate.upgrade(engine, _SCHEMA_OF_0_1_0)
    source = create_engine(f"sqlite:///{file}")
    for table, rows in _rows_of(source):
        _fill(engine, table, rows)
    source.dispose()


def _rows_of(source: Engine) -> list[tuple[str, list[dict[str, Any]]]]:
    known = MetaData()
    known.reflect(source)
    with source.connect() as connection:
        return [
            (table.name, [dict(row) for row in connection.execute(select(table)).mappings()])
            for table in known.sorted_tables
            if table.name != "alembic_version"
        ]


def _fill(engine: Engine, name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    known = MetaData()
    known.reflect(engine, only=[name])
    with engine.begin() as connection:
        connection.execute(insert(known.tables[name]), rows)
