"""Migrations: from nothing to the newest schema, on both databases, without losing a row or a trigger."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from storage import NO_TENANT, Database, NewerSchema, StorageError, migrate, older_programs, triggers
from storage.statements import PreparedStatement
from storage.tables import TableRow
from tests.support.postgres import PostgresServer
from tests.support.storing import NOW, small_practice

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a single table."""
    if request.param == "sqlite":
        database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
        yield database
        database.close()
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        name = server.create_database()
        database = Database.open(server.url_of(name))
        yield database
        database.close()
        server.drop_database(name)


def engine_of(database: Database) -> Engine:
    """The engine that migrations run on."""
    return database._runner.migrating


def trigger_names(engine: Engine) -> set[str]:
    """The triggers that the database has."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection, connection.begin():
        return set(connection.execute(text(query)).scalars())


def test_an_empty_database_is_brought_up_to_date(empty: Database) -> None:
    """Before, the schema is not current; after, it is; migrating again changes nothing."""
    assert not empty.migrations_current()
    empty.migrate()
    assert empty.migrations_current()
    empty.migrate()
    assert empty.migrations_current()
    small_practice(empty)


def test_migrations_build_what_the_models_say(empty: Database) -> None:
    """Alembic finds nothing in the models that migrations do not build, down to checks and key order."""
    empty.migrate()

    with engine_of(empty).connect() as connection, connection.begin():
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [
            one for one in compare_metadata(context, TableRow.metadata) if not _elsewhere(one, context)
        ] == []
        inspector = inspect(connection)
        for table in TableRow.metadata.sorted_tables:
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == {
                str(check.name) for check in table.constraints if str(check.name).startswith("ck_")
            }
            assert inspector.get_pk_constraint(table.name)["constrained_columns"] == [
                column.name for column in table.primary_key.columns
            ]


def _elsewhere(difference: Any, context: MigrationContext) -> bool:
    """True for an index that only PostgreSQL needs, where this is SQLite, whose unique indexes do."""
    kind, index = difference[0], difference[1]
    is_for_letters = kind == "add_index" and bool(index.dialect_options["postgresql"]["ops"])
    return is_for_letters and context.dialect.name == "sqlite"


def test_sqlite_tables_are_laid_out_as_the_models_say(tmp_path: Path) -> None:
    """What Alembic does not compare on SQLite: which tables are WITHOUT ROWID."""
    database = Database.open(f"sqlite:///{tmp_path}/cocm.db")
    database.migrate()
    with engine_of(database).connect() as connection, connection.begin():
        listed = connection.execute(text("PRAGMA table_list")).all()
    database.close()

    assert {row.name for row in listed if row.wr} == {
        table.name
        for table in TableRow.metadata.sorted_tables
        if table.dialect_options["sqlite"]["with_rowid"] is False
    }


def test_every_append_only_table_has_its_triggers(empty: Database) -> None:
    """Each refuses both changes; where several write at once, entries of patients merged meanwhile are refused, too."""
    empty.migrate()

    on_sqlite = engine_of(empty).dialect.name == "sqlite"
    kinds = ("update", "delete") if on_sqlite else ("change", "truncate")
    expected = {f"{table}_no_{kind}" for table in triggers.APPEND_ONLY for kind in kinds}
    expected |= set() if on_sqlite else {"entry_version_not_merged", "entry_version_not_taken_back"}
    expected |= set() if on_sqlite else set(map(older_programs.name_of, older_programs.GUARDED))
    assert trigger_names(engine_of(empty)) == expected


def test_data_survives_a_migration_that_rebuilds_its_table(
    empty: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A further migration that builds the ledger's table again keeps every row, every key and every refusal."""
    empty.migrate()
    practice = small_practice(empty)

    def log(uow: Any) -> Any:
        receipt = uow.ledger.append([practice.entry()], by=practice.ana.member_id, at=NOW, source="chat")
        uow.commit()
        return receipt

    receipt = empty.write(log, tenant_id=practice.tenant_id).result()
    before = trigger_names(engine_of(empty))
    monkeypatch.setattr(migrate, "_FOLDER", with_further_migration(tmp_path / "migrations"))

    assert not empty.migrations_current()
    empty.migrate()

    assert empty.migrations_current()
    assert trigger_names(engine_of(empty)) == before
    read = empty.read(
        lambda uow: uow.ledger.receipt(receipt.receipt_id), tenant_id=practice.tenant_id
    ).result()
    assert read == receipt
    columns = {column["name"] for column in inspect(engine_of(empty)).get_columns("entry_version")}
    assert "added_later" in columns
    with pytest.raises(StorageError):
        empty.write(
            lambda uow: uow.ledger._wire.run(PreparedStatement(text("DELETE FROM entry_version"))),
            tenant_id=practice.tenant_id,
        ).result()


def with_further_migration(folder: Path) -> Path:
    """A copy of the migrations with one more, that changes the ledger's table in the way SQLite must rebuild."""
    shutil.copytree(migrate._FOLDER, folder)
    (folder / "versions" / "9999_later.py").write_text(
        f'''"""Later."""
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest_revision()}"


def upgrade():
    with op.batch_alter_table("entry_version", recreate="auto") as batch:
        batch.add_column(sa.Column("added_later", sa.String(), nullable=True))
        batch.alter_column("source", existing_type=sa.String(), type_=sa.Text())
'''
    )
    return folder


def newest_revision() -> str:
    """The newest revision that the package has."""
    head = ScriptDirectory.from_config(migrate._config(None)).get_current_head()
    assert head is not None
    return head


def test_a_migration_that_fails_changes_nothing(
    empty: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Half a migration is none: the schema stays as it was, and the error says so."""
    empty.migrate()
    folder = with_further_migration(tmp_path / "migrations")
    later = folder / "versions" / "9999_later.py"
    later.write_text(later.read_text() + '    op.execute("THIS IS NOT SQL")\n')

    with monkeypatch.context() as patch:
        patch.setattr(migrate, "_FOLDER", folder)
        with pytest.raises(StorageError):
            empty.migrate()

    assert empty.migrations_current()
    columns = {column["name"] for column in inspect(engine_of(empty)).get_columns("entry_version")}
    assert "added_later" not in columns
    small_practice(empty)


def test_tables_of_a_newer_version_are_left_alone(empty: Database) -> None:
    """A program that is older than the database says so, and changes nothing."""
    empty.migrate()
    with engine_of(empty).connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="revision 9999"):
        empty.migrate()
    assert not empty.migrations_current()


def test_many_may_migrate_at_once(empty: Database) -> None:
    """Several programs that start together on an empty database all find it migrated, and none fails."""
    url = engine_of(empty).url.render_as_string(hide_password=False)
    program = "import sys; from storage import Database; Database.open(sys.argv[1]).migrate()"
    processes = [subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT) for _ in range(3)]

    assert [process.wait() for process in processes] == [0] * 3
    assert empty.migrations_current()
    assert empty.write(lambda uow: uow.tenants.default().name, tenant_id=NO_TENANT).result() == "Practice"


def test_what_takes_away_keeps_older_programs_from_writing() -> None:
    """Migrations past the least revision that programs must know only add; and this program knows that one."""
    assert migrate.newest() >= older_programs.LEAST
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    taking = re.compile(r"\b(drop_\w+|rename_\w+|alter_column)\(|\bDROP\b|\bRENAME\b")
    for file in folder.glob("[0-9]*.py"):
        text_ = file.read_text(encoding="utf-8").partition("def downgrade")[0]
        if file.name.partition("_")[0] > older_programs.LEAST:
            assert not taking.search(text_), f"raise LEAST to the revision of {file.name}"
