"""A statement in the words of one database, and how its parameters and rows are converted, encrypted and decrypted."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, cast

from sqlalchemy import Date, Dialect, Executable, Insert
from sqlalchemy.types import TypeEngine

from storage import damage
from storage.data_keys import DataKeys, UnopenedError, looks_encrypted
from storage.expressions import OF_ONE, is_list
from storage.types import ENCRYPTED, AsStored, Instant, Numbers, Words

#: A row comes as a plain tuple, in the order of the statement's columns.
Values = tuple[Any, ...]
Parameters = dict[str, Any]

#: Of so many rows on, a column's values are converted once each: days, months and instants come again and again.
_MANY = 16


class Compiled:
    """The SQL of a statement, and how its parameters and rows are converted."""

    __slots__ = (
        *("_binders", "_key", "_literals", "_mutable", "_names", "_positional", "_readers", "_table"),
        *("_decrypts", "_encrypts", "lists", "sql"),
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
        if any(bind.expanding for bind in binds.values()):
            raise TypeError(f"an IN has as many places as its list is long: use `among` in {self.sql}")
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
        self._encrypts = [
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
        for place, passes in self._encrypts:
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
