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
    "claim_file",
)

#: Bits of PostgreSQL's `pg_trigger.tgtype`.
_ROW, _BEFORE, _INSERT, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 4, 8, 16, 32

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


def faults(connection: Connection) -> list[str]:
    """What is wrong with the triggers of a database with the newest tables; nothing is as it ought to be."""
    there = (
        _there_on_postgresql(connection) if connection.dialect.name == "postgresql" else _there(connection)
    )
    wanted = _wanted_on_postgresql() if connection.dialect.name == "postgresql" else _wanted(APPEND_ONLY)
    found = [f"trigger {name} is missing" for name in sorted(wanted.keys() - there.keys())]
    found += [f"trigger {name} is not the program's" for name in sorted(there.keys() - wanted.keys())]
    found += [
        f"trigger {name} does not do what it ought to, or is switched off"
        for name in sorted(wanted.keys() & there.keys())
        if wanted[name] != there[name]
    ]
    return found


def _there(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: str(sql) for name, sql in rows}


def _wanted(tables: Sequence[str]) -> dict[str, str]:
    """Triggers on SQLite by name, each as the words that make it."""
    return {
        f"{table}_no_{verb.lower()}": (
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for table in tables
        for verb in ("UPDATE", "DELETE")
    }


def _there_on_postgresql(connection: Connection) -> dict[str, str]:
    rows = connection.exec_driver_sql(
        "SELECT tgname, relname, tgtype, tgenabled, proname, prosrc, tgqual IS NOT NULL "
        "FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    return {
        name: f"{table} {kind} {enabled} {function} {_squeezed(source)} {bool(when)}"
        for name, table, kind, enabled, function, source, when in rows
    }


def _wanted_on_postgresql() -> dict[str, str]:
    """Triggers on PostgreSQL by name, each as its catalog describes it."""
    wanted = {}
    for table in APPEND_ONLY:
        for name, kind in (("change", _ROW + _BEFORE + _DELETE + _UPDATE), ("truncate", _BEFORE + _TRUNCATE)):
            wanted[f"{table}_no_{name}"] = f"{table} {kind} O refuse_change {_body(_PG_FUNCTION)} False"
    for name, function in (("not_merged", _PG_NOT_MERGED), ("not_taken_back", _PG_NOT_TAKEN_BACK)):
        own = f"refuse_{name.removeprefix('not_')}"
        wanted[f"entry_version_{name}"] = f"entry_version {_ROW + _INSERT} O {own} {_body(function)} True"
    for table in older_programs.GUARDED:
        wanted[older_programs.name_of(table)] = (
            f"{table} {_BEFORE + _INSERT + _UPDATE} O refuse_older_program {_body(older_programs.FUNCTION)} False"
        )
    return wanted


def _body(function: str) -> str:
    return _squeezed(function.split("$$")[1])


def _squeezed(text_: str) -> str:
    return " ".join(text_.split())


def _sqlite(tables: Sequence[str]) -> list[str]:
    return [
        statement
        for name, words in _wanted(tables).items()
        for statement in (f"DROP TRIGGER IF EXISTS {name}", words)
    ]


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
