"""Expressions that the two databases write differently: a column among a list's values, or that begins with a text.

An `IN` over a list has as many places as the list is long, so it can be neither compiled once nor be of any
length. An array (PostgreSQL) or a JSON text (SQLite) is one parameter, whatever its length.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, Column, Dialect, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Listed(TypeDecorator[Collection[Any]]):
    """A list of values of one type, as one parameter."""

    impl = String
    cache_ok = True

    def __init__(self, item: type[Integer] | type[String]) -> None:
        super().__init__()
        self._item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where there is one."""
        wanted: TypeEngine[Any] = ARRAY(self._item) if dialect.name == "postgresql" else String()
        return dialect.type_descriptor(wanted)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        """To what the driver takes; order says nothing, and twice is once."""
        items = sorted(set(value or ()))
        if dialect.name == "postgresql":
            return items
        # Of numbers, the encoder would take twice as long; a morning lists thousands of lists.
        return f"[{','.join(map(str, items))}]" if self._item is Integer else json.dumps(items)


#: Given to a compiler, so that lists of one are compared as the one value that they hold.
OF_ONE = "cocm_of_one"


class _Among(FunctionElement[bool]):
    """True where a column's value is one of a list's."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], name: str) -> None:
        item = Integer if isinstance(column.type, Integer) else String
        super().__init__(column, bindparam(name, type_=_Listed(item)))
        #: The same of a list with one value.
        self.of_one = column == bindparam(name, type_=item())

    def self_group(self, against: Any = None) -> "_Among":  # noqa: ARG002 - the base class's signature
        """Itself: SQLite has no truth values, and `(x IN ..) = 1`, written for one, could use no index."""
        return self


@compiles(_Among, "sqlite")
def _on_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    if options.get(OF_ONE):
        return compiler.process(element.of_one, **options)
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - compiled clauses, no values


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    if options.get(OF_ONE):
        return compiler.process(element.of_one, **options)
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


def among(column: Column[Any], name: str) -> FunctionElement[bool]:
    """A condition: the column's value is one of those in the parameter `name`, a collection of any length."""
    return _Among(column, name)


def is_list(type_: TypeEngine[Any]) -> bool:
    """Whether a parameter of that type is a list of `among`."""
    return isinstance(type_, _Listed)


class _Begins(FunctionElement[bool]):
    """True where a column's text lies between a text and the last that begins with it."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Column[Any], first: str, end: str) -> None:
        super().__init__(column, bindparam(first, type_=String()), bindparam(end, type_=String()))

    def self_group(self, against: Any = None) -> "_Begins":  # noqa: ARG002 - the base class's signature
        """Itself, as for a list."""
        return self


@compiles(_Begins, "sqlite")
def _between_on_sqlite(element: _Begins, compiler: SQLCompiler, **options: Any) -> str:
    column, first, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} >= {first} AND {column} < {end})"


@compiles(_Begins, "postgresql")
def _between_on_postgresql(element: _Begins, compiler: SQLCompiler, **options: Any) -> str:
    # Byte by byte, whatever the language of the database: an index with `text_pattern_ops` serves these.
    column, first, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} ~>=~ {first} AND {column} ~<~ {end})"


def begins(column: Column[Any], first: str, end: str) -> FunctionElement[bool]:
    """A condition: the column's text begins with the parameter `first`; `end` is that with the last letter behind."""
    return _Begins(column, first, end)
