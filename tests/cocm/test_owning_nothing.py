"""On PostgreSQL, a role that owns nothing: an upgrade gives it what new tables need, and it backs up all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage import migrate, triggers
from storage.tables import TableRow
from tests.support.commands import Run
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres

#: The tables of 0.2.0, older by some tables, columns and sequences.
OLD = "0013"


@dataclass
class TwoRoles:
    """A database of an earlier version: whose it is, and who runs the program on it."""

    owner: str
    own: str
    role: str


@pytest.fixture
def two(postgres_server: PostgresServer) -> Iterator[TwoRoles]:
    """Made by the owner at an earlier version, which gave the other role what that version's tables needed."""
    name, role = postgres_server.create_database(), f"cocm_{uuid4().hex[:12]}"
    owner = postgres_server.url_of(name)
    engine = create_engine(owner)
    migrate.upgrade(engine, OLD)
    with engine.connect() as connection, connection.begin():
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'p@ss w/rd'"))
        connection.execute(text(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    own = make_url(owner).set(username=role, password="p@ss w/rd").render_as_string(hide_password=False)
    yield TwoRoles(owner=owner, own=own, role=role)
    with engine.connect() as connection, connection.begin():
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def rights(two: TwoRoles) -> dict[str, set[str]]:
    """What the program's role may do with each table, and with each sequence."""
    engine = create_engine(two.owner)
    verbs = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
    with engine.connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        found = {
            name: {
                verb
                for verb in verbs
                if connection.execute(
                    text("SELECT has_table_privilege(:role, :name, :verb)"),
                    {"role": two.role, "name": f'public."{name}"', "verb": verb},
                ).scalar()
            }
            for (name,) in tables.all()
        }
        sequences = connection.execute(
            text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        )
        found |= {
            f"sequence {name}": {"USAGE"}
            if connection.execute(
                text("SELECT has_sequence_privilege(:role, :name, 'USAGE')"),
                {"role": two.role, "name": f'public."{name}"'},
            ).scalar()
            else set()
            for (name,) in sequences.all()
        }
    engine.dispose()
    return found


def migrated(cocm: Run, two: TwoRoles, monkeypatch: pytest.MonkeyPatch) -> str:
    """`cocm migrate` as the owner runs it; from then on the program has the other role alone."""
    monkeypatch.setenv("COCM_DATABASE_URL", two.own)
    assert "may not change them" in cocm("migrate", code=3).stderr.decode()
    monkeypatch.setenv("COCM_MIGRATE_URL", two.owner)
    said = cocm("migrate").stdout.decode()
    monkeypatch.delenv("COCM_MIGRATE_URL")
    return said


def test_an_upgrade_gives_the_role_what_every_table_needs(
    cocm: Run, two: TwoRoles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New tables and sequences as well; nothing that changes the past, and nothing of what it had too much of."""
    before = rights(two)
    said = migrated(cocm, two, monkeypatch)
    assert f"{two.role} may use it and owns nothing in it" in said
    found = rights(two)
    assert found.keys() - before.keys(), "the upgrade made no table, so that nothing is tried here"
    everywhere = {"SELECT", "INSERT"}
    for table in TableRow.metadata.sorted_tables:
        changing = set() if table.name in triggers.APPEND_ONLY else {"UPDATE", "DELETE"}
        assert found.pop(table.name) == everywhere | changing, table.name
    assert found.pop("alembic_version") == {"SELECT"}
    assert found
    assert all(verbs == {"USAGE"} for verbs in found.values()), found


def test_the_role_does_everything_and_backs_it_up(
    cocm: Run,
    two: TwoRoles,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    postgres_server: PostgresServer,
) -> None:
    """Import, close, retention, report, verify, backup; restored by an owner elsewhere, it is the same to the head."""
    migrated(cocm, two, monkeypatch)
    (tmp_path / "members.csv").write_text(
        "name,roles\nAna Flores,care_manager\nSam Whitfield,biller admin\n", encoding="utf-8"
    )
    (tmp_path / "entries.csv").write_text(
        "mrn,date,minutes,performed_by,note\nMRN123,10/6/2026,70,Ana Flores,call\n", encoding="utf-8"
    )
    (tmp_path / "patients.csv").write_text("mrn,first_name\nMRN123,Bo\n", encoding="utf-8")
    for kind in ("members", "patients", "entries"):
        cocm("import", kind, f"{kind}.csv")
    cocm("close", "2026-10", "--by", "Sam Whitfield")
    cocm("retention", "hold", "MRN123", "a lawsuit", "--by", "Sam Whitfield")
    assert "On hold: MRN123" in cocm("retention").stdout.decode()
    report = cocm("report", "2026-10", "--format", "csv").stdout
    verified = cocm("audit", "verify").stdout.decode()
    assert "Everything stands as it was written" in verified
    assert "owns the tables" not in verified
    assert "1 entry" in cocm("backup", "copy.dump").stdout.decode()
    head = cocm("audit", "head").stdout.decode().splitlines()[-1]
    assert head in (tmp_path / "copy.dump.manifest.json").read_text(encoding="utf-8")

    elsewhere = postgres_server.url_of(postgres_server.create_database())
    monkeypatch.setenv("COCM_DATABASE_URL", elsewhere)
    cocm("restore", "copy.dump", "--yes")
    cocm("audit", "verify", "--expect", head)
    cocm("audit", "verify", "--expect", head)
    assert cocm("report", "2026-10", "--format", "csv").stdout == report
    # An archive has no rights in it: the owner's `cocm migrate` gives them again.
    restored = make_url(elsewhere).database
    theirs = make_url(two.own).set(database=restored).render_as_string(hide_password=False)
    monkeypatch.setenv("COCM_DATABASE_URL", theirs)
    monkeypatch.setenv("COCM_MIGRATE_URL", elsewhere)
    cocm("migrate")
    monkeypatch.delenv("COCM_MIGRATE_URL")
    assert cocm("report", "2026-10", "--format", "csv").stdout == report
    engine = create_engine(elsewhere)
    with engine.connect() as connection, connection.begin():
        connection.execute(text(f"DROP OWNED BY {two.role}"))
    engine.dispose()
