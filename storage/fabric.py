"""Looks at what a database is made of: its triggers, tables, pages and references, and who owns it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage import migrate, shape, triggers
from storage.damage import legible
from storage.tables import TableRow

#: So many faults of one kind are named.
_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabric:
    """What was found of the database itself."""

    #: Each is a fault, in words that name no row's content.
    faults: tuple[str, ...]
    #: What whoever runs the program ought to know, and is no fault.
    notes: tuple[str, ...]


def look_at(connection: Connection) -> Fabric:
    """Look at a database as it is; nothing is changed in it."""
    try:
        found = [f"Database: {fault}" for fault in (*triggers.faults(connection), *shape.faults(connection))]
        found += _counts(connection)
        if connection.dialect.name == "postgresql":
            return Fabric(faults=tuple(found), notes=_owned(connection))
        return Fabric(faults=tuple(map(legible, (*found, *_pages(connection)))), notes=())
    except DBAPIError as error:
        return Fabric(faults=(f"Database: it cannot be read: {_said(error)}",), notes=())


def _pages(connection: Connection) -> list[str]:
    """What SQLite finds in its file."""
    found = [
        f"Database file: {said.splitlines()[0]}"
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_NAMED})")
        if said != "ok"
    ]
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_NAMED)
    found += [
        f"Database: a row of {table}{f' ({row})' if row is not None else ''} refers to one of {parent} that is not"
        " there"
        for table, row, parent, _ in rows
    ]
    return found


def _counts(connection: Connection) -> list[str]:
    """Tables that are not there, or that nobody knows."""
    listed = _tables(connection)
    wanted = {table.name for table in TableRow.metadata.sorted_tables} | {"alembic_version"}
    found = [f"Database: table {name} is missing" for name in sorted(wanted - listed)]
    if "tenant" in listed:
        found += [
            f"Database: practice {number} is not the program's" for number in _other_practices(connection)
        ]
    return found + [f"Database: table {name} is not the program's" for name in sorted(listed - wanted)]


def _other_practices(connection: Connection) -> list[int]:
    """The program makes one practice in a database, and reads no other's rows."""
    asked = "SELECT tenant_id FROM tenant ORDER BY tenant_id LIMIT 20 OFFSET 1"
    return [number for (number,) in connection.exec_driver_sql(asked)]


def _tables(connection: Connection) -> set[str]:
    if connection.dialect.name == "postgresql":
        asked = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    else:
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return {name for (name,) in connection.exec_driver_sql(asked)}


def _owned(connection: Connection) -> tuple[str, ...]:
    """Whether the program could take away the triggers that guard it."""
    if not migrate.owns(connection):
        return ()
    user = connection.exec_driver_sql("SELECT current_user").scalar()
    said = (
        f"The program's own role, {user}, owns the tables, so whoever has its password can take their triggers away. "
        "Give it a role that owns nothing (docs/operators.md, PostgreSQL roles)"
    )
    return (said,)


def _said(error: DBAPIError) -> str:
    origin: Any = error.orig
    return str(
        getattr(origin, "sqlite_errorname", None)
        or getattr(origin, "sqlstate", None)
        or "an error of the disk"
    )
