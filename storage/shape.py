"""Compares what a database's tables are made of with what the program makes: columns, keys, references and indexes.

Read from the database's own catalog, in words that are the same for both databases. What changes no column, key,
reference or index, such as the name of a constraint, is none of it.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Index, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import ForeignKeyConstraint, UniqueConstraint

from storage.tables import TableRow

#: Of each table, the words that say what it is made of.
Shape = dict[str, set[str]]

_SQLITE_COLUMNS = """
SELECT m.name, c.name, c.type, c."notnull" OR c.pk, c.pk
FROM sqlite_master m, pragma_table_xinfo(m.name) c
WHERE m.type = 'table' ORDER BY m.name, c.pk
"""
_SQLITE_INDEXES = """
SELECT m.name, i.name, i."unique", i.origin, i.partial, x.name
FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x
WHERE m.type = 'table' AND i.origin <> 'pk' AND x.key ORDER BY i.name, x.seqno
"""
_SQLITE_REFERENCES = """
SELECT m.name, f.id, f."from", f."table", f."to"
FROM sqlite_master m, pragma_foreign_key_list(m.name) f
WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
"""
_PG_COLUMNS = """
SELECT relname, attname, NULL, attnotnull, coalesce(array_position(conkey, attnum), 0)
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
LEFT JOIN pg_constraint ON conrelid = attrelid AND contype = 'p'
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
ORDER BY 1, 5
"""
_PG_INDEXES = """
SELECT relname, (SELECT i.relname FROM pg_class i WHERE i.oid = indexrelid), indisunique,
    CASE WHEN conindid IS NULL THEN 'c' ELSE 'u' END, indpred IS NOT NULL, attname
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS k(attnum, place)
LEFT JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = k.attnum AND k.attnum > 0
LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'u'
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND NOT indisprimary AND indisvalid
ORDER BY 2, place
"""
_PG_REFERENCES = """
SELECT c.relname, con.oid, a.attname, t.relname, b.attname
FROM pg_constraint con
JOIN pg_class c ON c.oid = con.conrelid JOIN pg_class t ON t.oid = con.confrelid
CROSS JOIN LATERAL unnest(con.conkey, con.confkey) WITH ORDINALITY AS k(own, other, place)
JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.own
JOIN pg_attribute b ON b.attrelid = con.confrelid AND b.attnum = k.other
WHERE con.contype = 'f' AND con.convalidated AND c.relnamespace = current_schema()::regnamespace
ORDER BY 1, 2, place
"""
#: What may stand between a statement and its table without being a trigger.
_PG_BESIDE = """
WITH own AS (SELECT * FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r')
SELECT relname, 'rule ' || rulename FROM pg_rewrite JOIN own ON own.oid = ev_class
UNION ALL SELECT relname, 'policy ' || polname FROM pg_policy JOIN own ON own.oid = polrelid
UNION ALL SELECT relname, 'row security' FROM own WHERE relrowsecurity
"""
_AFFINITIES = (
    (("INT",), "integer "),
    (("CHAR", "CLOB", "TEXT"), "text "),
    (("BLOB",), "blob "),
    (("REAL", "FLOA", "DOUB"), "real "),
)
_SQLITE = sqlite.dialect()


def faults(connection: Connection) -> list[str]:
    """Where a database's tables are made otherwise than the program makes them; missing tables are not asked about."""
    wanted, there = _wanted(connection.dialect.name), _there(connection)
    found = []
    for table in sorted(wanted.keys() & there.keys()):
        found += [f"{words} of table {table} is missing" for words in sorted(wanted[table] - there[table])]
        found += [
            f"{words} of table {table} is not the program's" for words in sorted(there[table] - wanted[table])
        ]
    if connection.dialect.name == "postgresql":
        beside = sorted(tuple(row) for row in connection.exec_driver_sql(_PG_BESIDE))
        found += [f"{words} of table {table} is not the program's" for table, words in beside]
    return found


def _there(connection: Connection) -> Shape:
    is_postgresql = connection.dialect.name == "postgresql"
    shape: Shape = {}
    keys: dict[str, list[str]] = {}
    for table, name, kind, is_needed, place in connection.exec_driver_sql(
        _PG_COLUMNS if is_postgresql else _SQLITE_COLUMNS
    ):
        affinity = "" if kind is None else _affinity(kind)
        shape.setdefault(table, set()).add(_column(name, affinity, is_needed=bool(is_needed)))
        if place:
            keys.setdefault(table, []).append(name)
    for table, names in keys.items():
        shape[table].add(_key(names))
    indexes: dict[tuple[str, str, bool, str, bool], list[str]] = {}
    for table, name, is_unique, origin, is_partial, column in connection.exec_driver_sql(
        _PG_INDEXES if is_postgresql else _SQLITE_INDEXES
    ):
        indexes.setdefault((table, name, bool(is_unique), origin, bool(is_partial)), []).append(
            column or "..."
        )
    for (table, name, is_unique, origin, is_partial), names in indexes.items():
        words = (
            _unique(names)
            if origin == "u"
            else _index(name, names, is_unique=is_unique, is_partial=is_partial)
        )
        shape.setdefault(table, set()).add(words)
    references: dict[tuple[str, int, str], list[tuple[str, str]]] = {}
    for table, number, own, other_table, other in connection.exec_driver_sql(
        _PG_REFERENCES if is_postgresql else _SQLITE_REFERENCES
    ):
        references.setdefault((table, number, other_table), []).append((own, other))
    for (table, _, other_table), pairs in references.items():
        shape.setdefault(table, set()).add(_reference(other_table, pairs))
    return shape


def _wanted(dialect: str) -> Shape:
    return {table.name: set(_words_of(table, dialect)) for table in TableRow.metadata.sorted_tables}


def _words_of(table: Table, dialect: str) -> Iterator[str]:
    for column in table.columns:
        # PostgreSQL changes a column's type only together with its values, which are compared.
        affinity = "" if dialect == "postgresql" else _affinity(column.type.compile(_SQLITE))
        yield _column(column.name, affinity, is_needed=not column.nullable)
    yield _key(column.name for column in table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield _unique(column.name for column in constraint.columns)
        elif isinstance(constraint, ForeignKeyConstraint):
            pairs = [(element.parent.name, element.column.name) for element in constraint.elements]
            yield _reference(constraint.referred_table.name, pairs)
    for index in table.indexes:
        if dialect == "postgresql" or not index.dialect_options["postgresql"]["ops"]:
            yield _index_of(index, dialect)


def _index_of(index: Index, dialect: str) -> str:
    return _index(
        str(index.name),
        [getattr(one, "name", None) or "..." for one in index.expressions],
        is_unique=bool(index.unique),
        is_partial=index.dialect_options[dialect]["where"] is not None,
    )


def _affinity(declared: str) -> str:
    """What SQLite makes of what is put into a column of a declared type, by its rules (sqlite.org/datatype3.html)."""
    words = declared.upper()
    for parts, affinity in _AFFINITIES:
        if any(part in words for part in parts):
            return affinity
    return "numeric " if words else "blob "


def _column(name: str, affinity: str, *, is_needed: bool) -> str:
    return f"the {affinity}column {name}{'' if is_needed else ' (or nothing)'}"


def _key(names: Iterable[str]) -> str:
    return f"the key ({', '.join(names)})"


def _unique(names: Iterable[str]) -> str:
    return f"the rule that no two rows have the same {' and '.join(names)}"


def _index(name: str, names: Iterable[str], *, is_unique: bool, is_partial: bool) -> str:
    kinds = f"{'unique ' if is_unique else ''}{'partial ' if is_partial else ''}"
    return f"{kinds}index {name} ({', '.join(names)})"


def _reference(table: str, pairs: Iterable[tuple[str, str]]) -> str:
    own, other = zip(*pairs, strict=True)
    return f"the reference of {', '.join(own)} to {table} ({', '.join(map(str, other))})"
