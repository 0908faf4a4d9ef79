"""The role under which the program runs on PostgreSQL: it serves, and has nothing to change the past with."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from services.acts import undo
from services.checks import verify
from services.entries import log
from services.messages.revisions import close_month
from storage import Database, roles, triggers
from tests.support.practice import asked, draft
from tests.support.reporting import OCTOBER, ReportedPractice

pytestmark = pytest.mark.postgres


@pytest.fixture
def own(postgres_url: str) -> Iterator[Database]:
    """The database, opened under a role that owns nothing."""
    role = f"cocm_{uuid4().hex[:12]}"
    owner = Database.open(postgres_url)
    with owner.engine.connect() as connection, connection.begin():
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'a password'"))
    roles.grant(owner.engine, role)
    url = make_url(postgres_url).set(username=role, password="a password")
    opened = Database.open(url.render_as_string(hide_password=False))
    yield opened
    opened.close()
    with owner.engine.connect() as connection, connection.begin():
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    owner.close()


def test_it_serves(own: Database) -> None:
    """Time is logged and taken back, a month closed, and everything verified; nothing says that it owns a table."""
    practice = ReportedPractice(own)
    practice.billable("101", minutes=65)
    practice.do(log.log, practice.ana, draft(asked("101", service_date=date(2026, 11, 18))))
    practice.clock.pass_(minutes=2)
    practice.do(undo.undo_last, practice.ana)
    practice.do(close_month, practice.sam, OCTOBER)
    found = practice.see(verify)
    assert (found.changed, found.totals, found.notes) == ((), (), ())


def test_an_owner_is_told_of(postgres_url: str) -> None:
    """Whoever runs the program under the role that owns the tables reads so, as a note and no fault."""
    database = Database.open(postgres_url)
    try:
        found = ReportedPractice(database).see(verify)
        assert found.changed == ()
        assert any("owns the tables" in note for note in found.notes)
    finally:
        database.close()


@pytest.mark.parametrize(
    "words",
    [
        *("UPDATE {table} SET tenant_id = 2", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"),
        *("ALTER TABLE {table} DISABLE TRIGGER ALL", "DROP TABLE {table} CASCADE"),
        "DROP TRIGGER {table}_no_change ON {table}",
    ],
)
def test_it_cannot_change_the_past(own: Database, words: str) -> None:
    """Nor take away what keeps others from it."""
    for table in triggers.APPEND_ONLY:
        with (
            own.engine.connect() as connection,
            connection.begin(),
            pytest.raises(ProgrammingError) as refused,
        ):
            connection.execute(text(words.format(table=table)))
        assert isinstance(refused.value.orig, InsufficientPrivilege), table


def test_it_can_neither_be_anybody_else_nor_make_tables(own: Database) -> None:
    """It has no way to the owner's rights, and an upgrade is said to be the owner's."""
    for words in (
        "SET session_replication_role = replica",
        "SET ROLE postgres",
        "CREATE TABLE mine (a integer)",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        with (
            own.engine.connect() as connection,
            connection.begin(),
            pytest.raises(ProgrammingError) as refused,
        ):
            connection.execute(text(words))
        assert isinstance(refused.value.orig, InsufficientPrivilege), words
    # Nothing is to be brought up to date, so the program starts.
    own.migrate()
