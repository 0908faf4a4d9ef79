"""Runs migrations on the connection that `storage.migrate` hands over, inside its transaction."""

from alembic import context
from sqlalchemy import Connection

from storage import triggers
from storage.migrate import hold
from storage.tables import TableRow


def _migrate(connection: Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    hold(connection)
    # SQLite alters a table by building it anew.
    context.configure(connection=connection, target_metadata=TableRow.metadata, render_as_batch=on_sqlite)
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.has_table(connection, triggers.APPEND_ONLY[0]):
        triggers.create(connection)
    if on_sqlite:
        _check_foreign_keys(connection)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"the migration would leave table {broken[0]} without rows that it refers to")


_migrate(context.config.attributes["connection"])
