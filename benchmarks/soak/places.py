"""Databases of a share's own, migrated."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage import Database
from tests.support.postgres import NoPostgresError, PostgresServer, running_server


@contextmanager
def sqlite() -> Iterator[str]:
    """A SQLite file; its URL."""
    with tempfile.TemporaryDirectory(prefix="cocm-soak-") as folder:
        url = f"sqlite:///{Path(folder) / 'cocm.db'}"
        _migrated(url)
        yield url


@contextmanager
def server() -> Iterator[PostgresServer | None]:
    """A PostgreSQL server; None where there is none."""
    try:
        with running_server() as found:
            yield found
    except NoPostgresError:
        yield None


def on_server(found: PostgresServer) -> str:
    """A database of that server; its URL."""
    url = found.url_of(found.create_database())
    _migrated(url)
    return url


def _migrated(url: str) -> None:
    database = Database.open(url)
    database.migrate()
    database.close()
