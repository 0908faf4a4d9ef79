"""Core statements, compiled once and run on the driver itself.

A use case runs a dozen small statements. SQLAlchemy spends five times as long on executing one as SQLite
does, so a statement is compiled once per database and its parameters go straight to the driver; column types
convert both ways as they always do. Measured: 26 us against 5 us for an insert.
"""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, Date, Dialect, Executable, Insert, Table, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from storage import damage, older_programs
from storage.data_keys import NO_DATA_KEYS, DataKeys, UnopenedError, looks_encrypted
from storage.errors import (
    AlreadyExists,
    Contention,
    NotSaved,
    OlderProgram,
    StorageError,
    of_the_disk,
)
from storage.expressions import OF_ONE, is_list
from storage.tables import TableRow, table_of
from storage.types import ENCRYPTED, AsStored, EncryptedDay, Instant, Numbers, Words

#: A row comes as a plain tuple, in the order of the statement's columns.
Values = tuple[Any, ...]
Parameters = dict[str, Any]

#: Of so many rows on, a column's values are converted once each: days, months and instants come again and again.
_MANY = 16
#: How many rows a stream holds at a time.
_BATCH = 1000
#: A cursor of the server's has a name; several may be open in one transaction.
_STREAM_NAMES = (f"stream_{number}" for number in itertools.count())
#: Under this name an engine holds the keys of what it encrypts.
DATA_KEYS = "cocm_data_keys"
#: PostgreSQL's states for "somebody else was faster": serialization failure and deadlock.
_CONTENTION = frozenset({"40001", "40P01"})
_PG_UNIQUE = "23505"
#: Psycopg's word that a statement before failed of those sent together, whose own error it may not tell: most often it
#: is a key that somebody else was faster to write. Run once more, it tells.
_PIPELINE_ABORTED = "PipelineAborted"
_SQLITE_UNIQUE = frozenset(
    {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}
)


class PreparedStatement:
    """A Core statement with named parameters, kept at module level."""

    __slots__ = ("_compiled", "_of_one", "clause")

    def __init__(self, clause: Executable) -> None:
        self.clause = clause
        self._compiled: dict[str, _Compiled] = {}
        #: For lists of one: a receipt asks about one patient, and `= ?` takes half the time of a list.
        self._of_one: dict[str, _Compiled] = {}

    def compiled(self, dialect: Dialect, given: Mapping[str, Any] | None = None) -> "_Compiled":
        """The statement in the words of one database, for the parameters given or for any."""
        name = dialect.name
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = _Compiled(self.clause, dialect)
        if given is None or not found.lists:
            return found
        for one in found.lists:
            if len(given[one]) != 1:
                return found
        of_one = self._of_one.get(name)
        if of_one is None:
            of_one = self._of_one[name] = _Compiled(self.clause, dialect, found.lists)
        return of_one


class _Compiled:
    """The SQL of a statement, and how its parameters and rows are converted."""

    __slots__ = (
        *("_binders", "_key", "_literals", "_mutable", "_names", "_positional", "_readers", "_table"),
        *("_decrypts", "encrypts", "expanding", "lists", "sql"),
    )

    def __init__(self, clause: Executable, dialect: Dialect, of_one: Collection[str] = ()) -> None:
        options = {OF_ONE: True} if of_one else {}
        compiled = cast("Any", clause).compile(dialect=dialect, compile_kwargs=options)
        self.sql: str = compiled.string
        self._positional: bool = compiled.positional
        self._names: list[str] = (
            compiled.positiontup if compiled.positional else list(compiled.bind_names.values())
        )
        binds = compiled.binds
        #: A list in an IN has no fixed number of places, so such a statement cannot be compiled once.
        self.expanding = any(bind.expanding for bind in binds.values())
        #: Parameters that are lists of any length.
        self.lists = [name for name in self._names if is_list(binds[name].type)]
        self._literals = {name: binds[name].value for name in self._names if not binds[name].required}
        self._binders: list[tuple[int, Callable[[Any], Any]]] = [
            (place, binder)
            for place, name in enumerate(self._names)
            if (binder := _the_one if name in of_one else _binder(binds[name].type, dialect)) is not None
        ]
        self._readers: list[tuple[int, Callable[[Any], Any]]] = [
            (place, reader)
            for place, column in enumerate(getattr(clause, "exported_columns", ()))
            if (reader := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None
        ]
        #: Places of what is encrypted where there are keys for it.
        self.encrypts = [
            (place, kind.passes)
            for place, name in enumerate(self._names)
            if isinstance(kind := binds[name].type, ENCRYPTED)
        ]
        self._decrypts = [
            (place, column.type)
            for place, column in enumerate(getattr(clause, "exported_columns", ()))
            if isinstance(column.type, (*ENCRYPTED, AsStored))
        ]

        #: What a damaged row is named by: its table, and the places of its key.
        self._table, self._key = _names_of(clause)
        #: Places of values that two rows must not share.
        self._mutable = frozenset(
            place
            for place, column in enumerate(getattr(clause, "exported_columns", ()))
            if not isinstance(column.type, (Date, Instant, Numbers, Words))
        )

    def bind(self, given: Parameters, keys: DataKeys) -> "Values | Parameters":
        """The parameters as the driver wants them, with what may name somebody under a key where there is one."""
        named = self._literals | given if self._literals else given
        values = [named[name] for name in self._names]
        for place, binder in self._binders:
            values[place] = binder(values[place])
        for place, passes in self.encrypts:
            values[place] = keys.encrypt(values[place], passes=passes)
        return tuple(values) if self._positional else dict(zip(self._names, values, strict=True))

    def copying(self, clause: Executable, dialect: Dialect) -> str:
        """PostgreSQL's words for taking an INSERT's rows as one stream; its parameters are its columns."""
        quote = dialect.identifier_preparer.quote
        columns = ", ".join(map(quote, self._names))
        return f"COPY {quote(cast('Insert', clause).table.name)} ({columns}) FROM STDIN"

    def read(self, rows: Iterable[Values], keys: DataKeys) -> list[Values]:
        """The driver's rows as Python values; one that holds what no column of its kind can is left out, and named."""
        found = list(rows)
        if not found or not (self._readers or self._decrypts):
            return found
        try:
            return self._read(found, keys)
        except damage.UNREADABLE:
            return self._read_one_by_one(found, keys)

    def decrypted(self, rows: list[Values], keys: DataKeys) -> list[Values]:
        """Rows that SQLAlchemy has read, which knows of no keys."""
        read = []
        for row in rows if self._decrypts else ():
            values = list(row)
            try:
                for place, kind in self._decrypts:
                    value = self._decrypt(row, place, kind, keys)
                    values[place] = kind.day_of(value) if isinstance(kind, EncryptedDay) else value
            except UnopenedError:
                self._note(row)
            else:
                read.append(tuple(values))
        return read if self._decrypts else rows

    def _read_one_by_one(self, found: list[Values], keys: DataKeys) -> list[Values]:
        read: list[Values] = []
        for row in found:
            try:
                read += self._read([row], keys)
            except damage.UNREADABLE:
                self._note(row)
        return read

    def _note(self, row: Values) -> None:
        damage.note(self._table, "/".join(str(row[place]) for place in self._key) or "?")

    def _read(self, found: list[Values], keys: DataKeys) -> list[Values]:
        # Column by column, which takes half the time of row by row.
        columns: list[Iterable[Any]] = list(zip(*found, strict=True))
        for place, kind in self._decrypts:
            if any(map(looks_encrypted, columns[place])):
                columns[place] = [self._decrypt(row, place, kind, keys) for row in found]
        for place, reader in self._readers:
            if len(found) < _MANY or place in self._mutable:
                columns[place] = map(reader, columns[place])
            else:
                known = {value: reader(value) for value in set(columns[place])}
                columns[place] = map(known.__getitem__, columns[place])
        return list(zip(*columns, strict=True))

    def _decrypt(self, row: Values, place: int, kind: Any, keys: DataKeys) -> Any:
        """What a value was before it was encrypted; of one that no key opens, what its type has for that."""
        if kind.__class__ is AsStored:
            return keys.decrypted_if_can(row[place])
        try:
            return keys.decrypt(row[place])
        except UnopenedError:
            if kind.unopened is None:
                raise
            self._note(row)
            return kind.unopened


def _names_of(clause: Executable) -> tuple[str, list[int]]:
    """The table that a statement reads first, and the places of its key among what is read."""
    columns = list(getattr(clause, "exported_columns", ()))
    tables = [table.name for column in columns if (table := getattr(column, "table", None)) is not None]
    name = str(tables[0]) if tables else "a table"
    key = [place for place, column in enumerate(columns) if getattr(column, "primary_key", False)]
    return name, key


def _the_one(values: Collection[Any]) -> Any:
    (value,) = values
    return value


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What converts a parameter of that type for the driver."""
    if dialect.name == "sqlite" and isinstance(kind, Date):
        # SQLAlchemy's own builds a dictionary for a format: six times as long, for a dozen dates a log.
        return _date_to_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _date_to_text(day: date | None) -> str | None:
    return None if day is None else date.isoformat(day)


def inserting(row: type[TableRow], *, without: tuple[str, ...] = ()) -> Insert:
    """An INSERT of one row, one parameter a column; `without` are columns that the database fills in."""
    return inserting_into(table_of(row), without=without)


def inserting_into(table: Table, *, without: tuple[str, ...] = ()) -> Insert:
    """The same for a table that no row class has."""
    names = [column.name for column in table.columns if column.name not in without]
    return insert(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})


def _text_of(stored: bytes) -> str:
    return stored.decode(errors="surrogateescape")


class Wire:
    """One database connection inside a transaction, for statements."""

    __slots__ = ("_connection", "_dialect", "_driver", "_failure", "data_keys")

    def __init__(self, connection: Connection, *, failure: type[StorageError]) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._driver = cast("Any", connection.connection.driver_connection)
        #: What any fault of the database means to the caller: not saved, or not to be read.
        self._failure = failure
        #: What words are encrypted under.
        self.data_keys: DataKeys = connection.get_execution_options().get(DATA_KEYS, NO_DATA_KEYS)

    @property
    def is_sqlite(self) -> bool:
        """True on SQLite, where one writer holds the whole database."""
        return self._dialect.name == "sqlite"

    def rows(self, statement: PreparedStatement, **parameters: Any) -> list[Values]:
        """Every row that the statement yields."""
        compiled = statement.compiled(self._dialect, parameters)
        try:
            if compiled.expanding:
                result = self._connection.execute(statement.clause, parameters)
                return compiled.decrypted([tuple(row) for row in result], self.data_keys)
            bound = compiled.bind(parameters, self.data_keys)
            return compiled.read(self._driver.execute(compiled.sql, bound).fetchall(), self.data_keys)
        except (self._driver_error, DBAPIError) as error:
            raise self._translated(error) from error

    def row(self, statement: PreparedStatement, **parameters: Any) -> Values | None:
        """The first row, or None."""
        rows = self.rows(statement, **parameters)
        return rows[0] if rows else None

    def one(self, statement: PreparedStatement, **parameters: Any) -> Values:
        """The row of a statement that always yields one, such as an aggregate or INSERT .. RETURNING."""
        return self.rows(statement, **parameters)[0]

    def run(self, statement: PreparedStatement, **parameters: Any) -> int:
        """Carry out a statement; returns how many rows it touched."""
        compiled = statement.compiled(self._dialect, parameters)
        try:
            if compiled.expanding:
                assert not compiled.encrypts, "SQLAlchemy knows of no keys"
                return self._connection.execute(statement.clause, parameters).rowcount
            bound = compiled.bind(parameters, self.data_keys)
            return int(self._driver.execute(compiled.sql, bound).rowcount)
        except (self._driver_error, DBAPIError) as error:
            raise self._translated(error) from error

    def run_many(self, statement: PreparedStatement, parameters: Sequence[Parameters]) -> None:
        """Carry out a statement once for each set of parameters."""
        if len(parameters) == 1:
            self.run(statement, **parameters[0])
        elif parameters:
            compiled = statement.compiled(self._dialect)
            try:
                with closing(self._driver.cursor()) as cursor:
                    cursor.executemany(
                        compiled.sql, [compiled.bind(one, self.data_keys) for one in parameters]
                    )
            except self._driver_error as error:
                raise self._translated(error) from error

    def load(self, statement: PreparedStatement, parameters: Iterable[Parameters]) -> None:
        """Carry out an INSERT made by `inserting` for thousands of rows, which are taken as they come.

        On PostgreSQL they travel as one stream, and nothing else may be asked of the
        database until the last has come.
        """
        bind = statement.compiled(self._dialect).bind
        bound = (bind(one, self.data_keys) for one in parameters)
        if self.is_sqlite:
            self.load_rows(statement, cast("Iterator[Values]", bound))
        else:
            self.load_rows(statement, (tuple(cast("Parameters", one).values()) for one in bound))

    def load_rows(self, statement: PreparedStatement, rows: Iterable[Values]) -> None:
        """The same for rows in the order of the table's columns, whose values are as the database takes them.

        Both take days and instants as SQLite keeps them, in text; words as `DataKeys.encrypt` gives them.
        """
        compiled = statement.compiled(self._dialect)
        try:
            with closing(self._driver.cursor()) as cursor:
                if self.is_sqlite:
                    cursor.executemany(compiled.sql, rows)
                    return
                with cursor.copy(compiled.copying(statement.clause, self._dialect)) as copy:
                    for row in rows:
                        copy.write_row(row)
        except self._driver_error as error:
            raise self._translated(error) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Send what is run inside in one round trip, where there are round trips.

        An error may show at the end of the block only, and no `run` inside can say how many rows it touched.
        """
        if self.is_sqlite:
            yield
            return
        try:
            with self._driver.pipeline():
                yield
        except self._driver_error as error:
            raise self._translated(error) from error

    def stream(self, statement: PreparedStatement, **parameters: Any) -> Iterator[Values]:
        """Rows as they come, a batch at a time; they must be read before the unit of work ends."""
        compiled = statement.compiled(self._dialect, parameters)
        cursor = self._driver.cursor() if self.is_sqlite else self._driver.cursor(name=next(_STREAM_NAMES))
        try:
            with closing(cursor):
                cursor.execute(compiled.sql, compiled.bind(parameters, self.data_keys))
                while batch := cursor.fetchmany(_BATCH):
                    yield from compiled.read(batch, self.data_keys)
        except self._driver_error as error:
            raise self._translated(error) from error

    @property
    def connection(self) -> Connection:
        """The connection itself, for questions about the database rather than its rows."""
        return self._connection

    @contextmanager
    def leniently(self) -> Iterator[None]:
        """Read text inside that is no text: SQLite keeps whatever bytes somebody puts there."""
        if not self.is_sqlite:
            yield
            return
        before, self._driver.text_factory = self._driver.text_factory, _text_of
        try:
            yield
        finally:
            self._driver.text_factory = before

    def savepoint(self) -> None:
        """Begin what `release` keeps and `roll_back` takes back, inside the transaction (SQLite)."""
        self._say("SAVEPOINT use_case")

    def release(self) -> None:
        """Keep what was written since the savepoint."""
        self._say("RELEASE use_case")

    def roll_back(self) -> None:
        """Take back what was written since the savepoint."""
        self._say("ROLLBACK TO use_case")
        self._say("RELEASE use_case")

    def _say(self, sql: str) -> None:
        try:
            self._driver.execute(sql)
        except self._driver_error as error:
            raise self._translated(error) from error

    @property
    def _driver_error(self) -> type[Exception]:
        return cast("type[Exception]", self._dialect.loaded_dbapi.Error)

    def _translated(self, error: Exception) -> StorageError:
        return translated(error, self._failure)


def translated(error: Exception, failure: type[StorageError]) -> StorageError:
    """What a driver's error means to the caller. Never carries its text, which may hold values of a row."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(origin, "sqlstate", None)
    if state in _CONTENTION or type(origin).__name__ == _PIPELINE_ABORTED:
        return Contention()
    if state == older_programs.REFUSED:
        return OlderProgram()
    if state == _PG_UNIQUE or getattr(origin, "sqlite_errorname", None) in _SQLITE_UNIQUE:
        return AlreadyExists()
    if failure is NotSaved and (of_disk := of_the_disk(origin or error)) is not None:
        return of_disk()
    return failure()
