#!/usr/bin/env bash
# Alembic 1.20.1 with SQLAlchemy 2.1.9 on SQLite: making one column NOT NULL takes the guards off the whole table.
#
# What one would expect: batch_alter_table, Alembic's way to alter a table on SQLite, keeps all that the migration does
# not name, or warns; it does warn of an unnamed CHECK. A comparison of the database with the models afterwards, as
# "alembic check" makes it, finds what was lost.
# What happens: the table is copied into a new one built from what SQLAlchemy reflects. Three things are gone, with no
# warning: triggers, a column's COLLATE NOCASE (and with it the sense of its UNIQUE), and AUTOINCREMENT. The comparison
# reports no difference, though the models themselves ask for the collation and for AUTOINCREMENT.
# Whom it bites: a ledger that may only be appended to accepts changes from then on. "abc7" and "ABC7" become two
# patients, each with minutes below the threshold. The id of a deleted patient is given to the next one, so that an old
# audit line, which holds only the id, now names somebody else.
# What to do instead: after each rebuild create the triggers again, pass the collation by reflect_args and AUTOINCREMENT
# by table_kwargs (shown below), and test the migrated database by doing what must be refused, not by comparing models.
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -qq --disable-pip-version-check alembic==1.20.1 sqlalchemy==2.1.9
cat > "$work/show.py" <<'PY'
import sys
import warnings
from importlib.metadata import version

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations

warnings.simplefilter("error")  # a warning would end this program: none comes
GUARD = "CREATE TRIGGER refuse BEFORE UPDATE ON patient BEGIN SELECT RAISE(ABORT, 'append only'); END"


def models(*, minutes_may_be_null: bool) -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "patient",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mrn", sa.String(collation="NOCASE"), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=minutes_may_be_null),
        sa.UniqueConstraint("mrn", name="one_patient_an_mrn"),
        sqlite_autoincrement=True,
    )
    return metadata


def refused(connection: sa.Connection, statement: str) -> bool:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except sa.exc.IntegrityError:
        return True
    return False


def behavior(connection: sa.Connection) -> dict[str, object]:
    connection.exec_driver_sql("INSERT INTO patient (mrn, minutes) VALUES ('ABC7', 10), ('ABC8', 10)")
    last = connection.exec_driver_sql("SELECT max(id) FROM patient").scalar_one()
    changed = refused(connection, "UPDATE patient SET minutes = 99")
    connection.exec_driver_sql("DELETE FROM patient WHERE mrn = 'ABC8'")
    connection.exec_driver_sql("INSERT INTO patient (mrn, minutes) VALUES ('ABC9', 10)")
    newest = connection.exec_driver_sql("SELECT id FROM patient WHERE mrn = 'ABC9'").scalar_one()
    twice = refused(connection, "INSERT INTO patient (mrn, minutes) VALUES ('abc7', 10)")
    return {"a change is refused": changed, "abc7 beside ABC7 is refused": twice, "the id is new": newest > last}


def ledger(*, rebuild: bool, **batch: object) -> dict[str, object]:
    """What a database of its own does, after a migration that makes `minutes` NOT NULL if `rebuild`."""
    with sa.create_engine("sqlite://").begin() as connection:
        models(minutes_may_be_null=True).create_all(connection)
        connection.exec_driver_sql(GUARD)
        if rebuild:
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("patient", **batch) as table:
                table.alter_column("minutes", nullable=False)
            if batch:
                operations.execute(GUARD)
        now = models(minutes_may_be_null=not rebuild)
        differences = compare_metadata(MigrationContext.configure(connection), now)
        return behavior(connection) | {"differences from the models": differences}


mrn = sa.Column("mrn", sa.String(collation="NOCASE"), nullable=False)
seen = {
    "before the migration": ledger(rebuild=False),
    "after it": ledger(rebuild=True),
    "after it, with all of it named": ledger(
        rebuild=True, reflect_args=[mrn], table_kwargs={"sqlite_autoincrement": True}
    ),
}
print("Alembic", version("alembic"), "SQLAlchemy", version("sqlalchemy"))
for when, does in seen.items():
    print(f"{when}: {does}")
stated = [[True, True, True, []], [False, False, False, []], [True, True, True, []]]
if [list(does.values()) for does in seen.values()] != stated:
    sys.exit("differs from what is stated")
print("as stated")
PY
"$work/venv/bin/python" "$work/show.py"
