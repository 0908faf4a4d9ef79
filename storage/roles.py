"""Gives the role under which the program runs on PostgreSQL what it needs, and nothing to change the past with.

The tables belong to another role, under which they are made and changed. The program's own may add rows everywhere, and
change or take out those of tables that are not append-only; it can neither switch a trigger off nor drop a table.
"""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.errors import DatabaseUnavailable
from storage.tables import TableRow
from storage.triggers import APPEND_ONLY


def grant(engine: Engine, role: str) -> None:
    """Let a role run the program on the tables that the connected one owns.

    Args:
        engine: of a PostgreSQL database with the newest tables, connected as their owner.
        role: the program's own; it must be there.

    Raises:
        DatabaseUnavailable: when there is no such role, or the connected one owns nothing.
    """
    quote = engine.dialect.identifier_preparer.quote
    to = quote(role)
    tables = [table.name for table in TableRow.metadata.sorted_tables]
    changing = ", ".join(quote(name) for name in tables if name not in APPEND_ONLY)
    growing = ", ".join(map(quote, APPEND_ONLY))
    try:
        with engine.connect() as connection, connection.begin():
            schema = quote(str(connection.exec_driver_sql("SELECT current_schema()").scalar()))
            for words in (
                f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}",
                f"REVOKE CREATE ON SCHEMA {schema} FROM {to}",
                f"GRANT USAGE ON SCHEMA {schema} TO {to}",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {changing} TO {to}",
                f"GRANT SELECT, INSERT ON {growing} TO {to}",
                f"GRANT SELECT ON alembic_version TO {to}",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}",
            ):
                connection.exec_driver_sql(words)
    except DBAPIError as error:
        raise DatabaseUnavailable(
            f"The role {role} could not be given what the program needs. Make it first (CREATE ROLE {role} LOGIN "
            "PASSWORD '...'), and have COCM_MIGRATE_URL name the role that owns the tables."
        ) from error
