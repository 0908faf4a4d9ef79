"""Runs schema migrations by Alembic, from the package itself."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to a revision in one transaction: all of it or none."""
    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def is_current(engine: Engine) -> bool:
    """True when the database is at the newest revision."""
    newest = set(ScriptDirectory.from_config(_config(None)).get_heads())
    with engine.connect() as connection, connection.begin():
        return set(MigrationContext.configure(connection).get_current_heads()) == newest


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
