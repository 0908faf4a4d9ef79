"""Storage is tested on both databases: the same tests, the same answers."""

from collections.abc import Iterator

import pytest

from storage import Database
from tests.support.ledger import Reader
from tests.support.storing import SmallPractice, small_practice


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database of the test's own, on each of the two."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database of the test's own, on each of the two."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def practice(database: Database) -> SmallPractice:
    """A practice of one care manager and one patient."""
    return small_practice(database)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """SQLite alone, for what only its writer does."""
    database = Database.open(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def ledger(database: Database, practice: SmallPractice) -> Reader:
    """The practice's ledger, for questions."""
    return Reader(database, practice)
