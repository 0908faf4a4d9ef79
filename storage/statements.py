"""Core statements, compiled once and run on the driver itself.

A use case runs a dozen small statements. SQLAlchemy spends five times as long on executing one as SQLite
does, so a statement is compiled once per database and its parameters go straight to the driver; column types
convert both ways as they always do. Measured: 26 us against 5 us for an insert.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Executable, Insert, Table, bindparam, insert
from sqlalchemy.exc import DBAPIError

from storage import older_programs
from storage.compiled import Compiled, Parameters, Values
from storage.data_keys import NO_DATA_KEYS, DataKeys
from storage.errors import (
    AlreadyExists,
    Contention,
    NotSaved,
    OlderProgram,
    StorageError,
    of_the_disk,
)
from storage.tables import TableRow, table_of

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
        self._compiled: dict[str, Compiled] = {}
        #: For lists of one: a receipt asks about one patient, and `= ?` takes half the time of a list.
        self._of_one: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect, given: Mapping[str, Any] | None = None) -> Compiled:
        """The statement in the words of one database, for the parameters given or for any."""
        name = dialect.name
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = Compiled(self.clause, dialect)
        if given is None or not found.lists:
            return found
        for one in found.lists:
            if len(given[one]) != 1:
                return found
        of_one = self._of_one.get(name)
        if of_one is None:
            of_one = self._of_one[name] = Compiled(self.clause, dialect, found.lists)
        return of_one


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
            cursor.execute(compiled.sql, compiled.bind(parameters, self.data_keys))
            while batch := cursor.fetchmany(_BATCH):
                yield from compiled.read(batch, self.data_keys)
        except self._driver_error as error:
            raise self._translated(error) from error
        finally:
            # Whoever stopped reading may let go of the rows when the connection is closed, and the cursor with it.
            with suppress(self._driver_error):
                cursor.close()

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
