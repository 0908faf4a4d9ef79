"""Triggers that refuse to change or delete what is append-only.

Alembic does not compare triggers, and rebuilding a table on SQLite drops them, so every migration ends by
creating them again.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, inspect, text

from storage import older_programs

#: Tables to which rows are only ever added.
APPEND_ONLY = (
    "entry_version",
    "audit_event",
    "month_close",
    "month_reopening",
    "month_submission",
    "claim_event",
    "frozen_line",
    "act",
    "undone_act",
    "fact_version",
    "file_import",
    "import_change",
    "undone_import",
    "audit_seal",
)

_PG_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
#: A new entry must not be about a patient who has been merged into another since its writer looked. Foreign keys
#: wait for a merge, and this comes after them (PostgreSQL calls triggers by name), so it sees what the merge has
#: done. Whoever is told of a serialization failure begins again. On SQLite writers come one after another.
_PG_NOT_MERGED = """
CREATE OR REPLACE FUNCTION refuse_merged() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM patient WHERE patient_id = NEW.patient_id AND merged_into IS NOT NULL) THEN
        RAISE EXCEPTION 'the patient was merged' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$
"""
#: Nor about a patient, or by a member, who went with an import that was taken back meanwhile. Imports wait for the
#: undo anyway.
_PG_NOT_TAKEN_BACK = """
CREATE OR REPLACE FUNCTION refuse_taken_back() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF NEW.source = 'import' THEN
        RETURN NULL;
    ELSIF EXISTS (SELECT 1 FROM patient WHERE patient_id = NEW.patient_id AND taken_back IS NOT NULL)
        OR EXISTS (
            SELECT 1 FROM member
            WHERE member_id IN (NEW.performed_by, NEW.recorded_by) AND taken_back IS NOT NULL
        )
    THEN
        RAISE EXCEPTION 'the import was taken back' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$
"""
_PG_ENTRY_NOT_TAKEN_BACK = (
    "CREATE OR REPLACE TRIGGER entry_version_not_taken_back AFTER INSERT ON entry_version "
    "FOR EACH ROW WHEN (NEW.kind = 'first') EXECUTE FUNCTION refuse_taken_back()"
)
_PG_ENTRY_NOT_MERGED = (
    "CREATE OR REPLACE TRIGGER entry_version_not_merged AFTER INSERT ON entry_version "
    "FOR EACH ROW WHEN (NEW.kind = 'first') EXECUTE FUNCTION refuse_merged()"
)


def create(connection: Connection) -> None:
    """Create every trigger again, whatever is there; tables of later migrations wait for theirs."""
    looked = inspect(connection)
    present = set(looked.get_table_names())
    tables = [table for table in APPEND_ONLY if table in present]
    if connection.dialect.name == "postgresql":
        statements = _postgresql(tables)
        # In the first tables patients cannot be merged, nor imports taken back.
        columns = {column["name"] for column in looked.get_columns("patient")}
        if "merged_into" in columns:
            statements += [_PG_NOT_MERGED, _PG_ENTRY_NOT_MERGED]
        if "taken_back" in columns:
            statements += [_PG_NOT_TAKEN_BACK, _PG_ENTRY_NOT_TAKEN_BACK]
        statements += older_programs.statements(present)
    else:
        statements = _sqlite(tables)
    for statement in statements:
        connection.execute(text(statement))


def _sqlite(tables: Sequence[str]) -> list[str]:
    statements = []
    for table in tables:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            refusal = f"SELECT RAISE(ABORT, '{table} is append-only');"
            statements.append(f"DROP TRIGGER IF EXISTS {name}")
            statements.append(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN {refusal} END")
    return statements


def _postgresql(tables: Sequence[str]) -> list[str]:
    kinds = (("change", "UPDATE OR DELETE", "ROW"), ("truncate", "TRUNCATE", "STATEMENT"))
    return [
        _PG_FUNCTION,
        *(
            f"CREATE OR REPLACE TRIGGER {table}_no_{name} BEFORE {verbs} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION refuse_change()"
            for table in tables
            for name, verbs, each in kinds
        ),
    ]
