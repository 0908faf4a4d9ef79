"""Reads a whole practice out of a SQLite file, and names every row that could not be taken elsewhere."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Table, create_engine, inspect, not_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from billing.references import entry_reference
from storage import migrate, sqlite_files
from storage.errors import DatabaseUnavailable, UnfitFile
from storage.moved_values import UnfitValueError, converter, text_of
from storage.soundness import sound
from storage.tables import CurrentEntryRow, TableRow, table_of

_VERSIONS = "alembic_version"
_BATCH = 1000
_CURRENT = table_of(CurrentEntryRow)
#: Called with a table's name and how many of its rows were done since the last call.
Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitRow:
    """A row that cannot be moved, by its table and its reference, never by what names somebody."""

    table: str
    #: `entry e-k7f`, `patient_id 12`, `row 3`.
    where: str
    #: The column and what is wrong with it.
    said: str


class MovingSource:
    """A SQLite file of the program's newest schema, which nobody else has open; closed at the block's end."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.text_factory = text_of
        self._path = path
        #: In an order in which rows come after those that they refer to.
        self.tables: tuple[Table, ...] = tuple(TableRow.metadata.sorted_tables)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def check_tables(self) -> None:
        """See that it has exactly the tables and columns that this program knows, so that none is left behind.

        Raises:
            UnfitFile: naming the first that differs.
        """
        engine = create_engine(f"sqlite:///{self._path}", poolclass=NullPool)
        looked = inspect(engine)
        found = {
            name: {column["name"] for column in looked.get_columns(name)}
            for name in set(looked.get_table_names()) - {_VERSIONS}
        }
        known = {table.name: {column.name for column in table.columns} for table in self.tables}
        for name in sorted(found.keys() | known.keys()):
            if name not in known:
                raise UnfitFile(
                    f"The database has a table {name}, which this program does not know and would leave behind. If "
                    "somebody made it by hand, move it away first. Nothing was copied."
                )
            if found.get(name) != known[name]:
                raise UnfitFile(
                    f"The table {name} does not have the columns that this program knows. Run `cocm restore` with a "
                    "backup from before it was changed. Nothing was copied."
                )

    def counts(self) -> dict[str, int]:
        """Rows of each table."""
        return {
            table.name: self._connection.execute(f"SELECT count(*) FROM {_quoted(table)}").fetchone()[0]  # noqa: S608 - our own name
            for table in self.tables
        }

    def rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """Every row of a table as PostgreSQL takes it, by key.

        Raises:
            UnfitValueError: for a row that `unfit` would have named.
        """
        columns = [converter(column) for column in table.columns]
        for raw in self._raw(table):
            yield tuple(convert(value) for convert, value in zip(columns, raw, strict=True))

    def unfit(self, progress: Progress) -> list[UnfitRow]:
        """Every row that cannot be moved; reads all there is."""
        found: list[UnfitRow] = []
        for table in self.tables:
            columns = [(column.name, converter(column)) for column in table.columns]
            number = 0
            for number, raw in enumerate(self._raw(table), start=1):
                for (name, convert), value in zip(columns, raw, strict=True):
                    try:
                        convert(value)
                    except UnfitValueError as error:
                        found.append(
                            UnfitRow(
                                table=table.name, where=_where(table, raw, number), said=f"{name} {error}"
                            )
                        )
                if number % _BATCH == 0:
                    progress(table.name, _BATCH)
            progress(table.name, number % _BATCH)
        return found or self._unreadable()

    def _unreadable(self) -> list[UnfitRow]:
        """Entries that any database could hold and no program can read."""
        engine = create_engine(f"sqlite:///{self._path}", poolclass=NullPool)
        with engine.connect() as connection:
            rows = connection.execute(
                select(_CURRENT.c.entry_id).where(not_(sound())).order_by(_CURRENT.c.entry_id)
            )
            return [
                UnfitRow(
                    table=_CURRENT.name,
                    where=f"entry {entry_reference(entry_id)}",
                    said="holds a word that the program does not know",
                )
                for (entry_id,) in rows
            ]

    def _raw(self, table: Table) -> Iterator[tuple[Any, ...]]:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        key = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
        statement = f"SELECT {names} FROM {_quoted(table)} ORDER BY {key}"  # noqa: S608 - our own names
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(statement)
            while batch := cursor.fetchmany(_BATCH):
                yield from batch


def look_over(path: Path, name: str) -> str:
    """See that a copied file is a whole database of ours, of a schema that this program knows; returns its revision.

    Args:
        path: the copy.
        name: what to call the file that it is a copy of.

    Raises:
        UnfitFile: when it is no database, damaged, or not ours.
        NewerSchema: when a newer version of the program wrote it.
    """
    with path.open("rb") as file:
        if file.read(len(sqlite_files.MAGIC)) != sqlite_files.MAGIC:
            raise UnfitFile(f"{name} is not a SQLite database.")
    with closing(sqlite3.connect(path)) as connection:
        faults = sqlite_files.faults_of(connection)
    if faults:
        raise UnfitFile(f"{name} is damaged: {'; '.join(faults)}.")
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            revision = migrate.revision_of(connection)
    except DBAPIError as error:
        raise DatabaseUnavailable from error
    if revision is None:
        raise UnfitFile(f"{name} is a SQLite database, and not one of this program's: it holds no practice.")
    if migrate.is_newer(revision):
        raise migrate.newer(name, revision)
    return revision


def _where(table: Table, raw: tuple[Any, ...], number: int) -> str:
    """How a row is named: by its numbers, since words in a key may name somebody."""
    values = dict(zip((column.name for column in table.columns), raw, strict=True))
    keys = {column.name: values[column.name] for column in table.primary_key.columns}
    entry_id = keys.get("entry_id")
    if type(entry_id) is int and entry_id > 0:
        version = f", version {keys['n']}" if "n" in keys else ""
        return f"entry {entry_reference(entry_id)}{version}"
    said = [f"{name} {value}" for name, value in keys.items() if name != "tenant_id" and type(value) is int]
    return ", ".join(said) or f"row {number}"


def _quoted(table: Table) -> str:
    return f'"{table.name}"'
