"""Fixtures that every part of the tree shares."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage import Database
from tests.support.postgres import NoPostgresError, PostgresServer, running_server

# How long an example takes is the machine's business, and no property of the program.
settings.register_profile(
    "any machine",
    # CI takes the same examples each time: a new one is news for whoever works, not for whoever submits.
    settings.get_profile("ci" if os.environ.get("CI") else "default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
# What `make fuzz` asks for: many examples, which its seed alone decides on.
settings.register_profile(
    "fuzz",
    settings.get_profile("any machine"),
    derandomize=False,
    database=None,
    max_examples=500,
    print_blob=True,
)
settings.load_profile("any machine")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the simulations met, and by what the files that are shipped were judged.

    What Slack accepted after the settle time is counted here, and apart.
    """
    reports = terminalreporter.getreports("passed")
    properties = [dict(report.user_properties) for report in reports if report.when == "call"]
    shipped = sorted(str(one["shipped"]) for one in properties if "shipped" in one)
    if shipped:
        terminalreporter.section("as shipped")
        for line in shipped:
            terminalreporter.line(line)
    met: Counter[str] = sum((Counter(one["met"]) for one in properties if "met" in one), Counter())
    if met:
        terminalreporter.section("simulated months")
        seeds, residual = met.pop("seeds"), met.pop("residual", 0)
        terminalreporter.line(
            f"{seeds} seeds, nothing lost, nothing twice; met on the way: {dict(sorted(met.items()))}"
        )
        terminalreporter.line(f"shown twice because Slack accepted after the settle time: {residual}")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database.open(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file of the test's own."""
    path = tmp_path / "cocm.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    """A migrated database of the test's own, on SQLite."""
    opened = Database.open(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL; each xdist worker starts its own. Where CI has none, tests fail, not skip."""
    try:
        with running_server() as server:
            yield server
    except NoPostgresError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    name = postgres_server.create_database()
    database = Database.open(postgres_server.url_of(name))
    database.migrate()
    database.close()
    return name


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of the test's own."""
    name = postgres_server.create_database(template=migrated_postgres)
    yield postgres_server.url_of(name)
    postgres_server.drop_database(name)
