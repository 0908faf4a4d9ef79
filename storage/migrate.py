"""Runs schema migrations by Alembic, from the package itself.

Every command asks for the schema's version first. Alembic takes as long to load as a small report takes to write, so it
is loaded only where the schema has to change.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from storage import older_programs, triggers
from storage.errors import NewerSchema, NotOwner

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_VERSIONS = "alembic_version"
#: Any number: whoever changes the schema of the same PostgreSQL database at the same time waits for it.
_LOCK = 4_201_958


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision in one transaction: all of it or none."""
    with engine.connect() as connection, connection.begin():
        present = revision_of(connection)
        if present is not None and is_newer(present):
            raise newer("The database", present)
        if revision == "head" and present == newest():
            # Another role may only look, and `audit verify` says what it finds.
            if owns(connection):
                hold(connection)
                # Whoever took them away by hand has them back.
                triggers.create(connection)
            return
        if not owns(connection):
            raise NotOwner
        from alembic import command  # noqa: PLC0415 - see the module's docstring

        command.upgrade(_config(connection), revision)


def owns(connection: Connection) -> bool:
    """Whether the role that is connected owns the tables; on SQLite whoever opens the file does."""
    if connection.dialect.name != "postgresql":
        return True
    found = connection.exec_driver_sql(
        "SELECT pg_has_role(current_user, tableowner, 'USAGE') FROM pg_tables "
        "WHERE schemaname = current_schema() AND tablename = 'audit_event'"
    ).scalar()
    return found is None or bool(found)


def is_current(engine: Engine) -> bool:
    """True when the database is at the newest revision."""
    with engine.connect() as connection, connection.begin():
        return revision_of(connection) == newest()


def refuse_newer(engine: Engine) -> None:
    """Return unless a newer version of the program made the tables.

    Raises:
        NewerSchema: when one did.
    """
    with engine.connect() as connection, connection.begin():
        present = revision_of(connection)
    if present is not None and is_newer(present):
        raise newer("The database", present)


def outgrown_by(engine: Engine) -> str | None:
    """The database's revision, when this program must leave the tables to a newer one; None otherwise.

    Tables on PostgreSQL that merely grew are still this program's.
    """
    with engine.connect() as connection, connection.begin():
        present = revision_of(connection)
        if present is None or not is_newer(present):
            return None
        least = older_programs.least_known_to(connection)
    return None if least is not None and least <= newest() else present


def hold(connection: Connection) -> None:
    """Keep others from changing the schema until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def newest() -> str:
    """The last revision there is: files of revisions begin with their numbers."""
    return max(file.name for file in (_FOLDER / "versions").glob("[0-9]*.py")).partition("_")[0]


def is_newer(revision: str) -> bool:
    """True for a revision that this program does not know: a newer one made it."""
    return not any((_FOLDER / "versions").glob(f"{revision}_*.py"))


def newer(name: str, revision: str) -> NewerSchema:
    """What to say of tables that a newer version of the program made."""
    return NewerSchema(
        f"{name} was written by a newer version of this program (its tables have revision {revision}, and this version "
        f"knows them up to {newest()}). Install that version or a newer one here, and run this again."
    )


def revision_of(connection: Connection) -> str | None:
    """The database's own; None before its first."""
    if not inspect(connection).has_table(_VERSIONS):
        return None
    return connection.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalar()  # noqa: S608 - our own name


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see the module's docstring

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
