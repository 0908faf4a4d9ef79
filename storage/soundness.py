"""Checks in SQL whether a stored entry can be read at all.

No program of ours writes an entry that cannot, but disks fail and people open databases by hand. A report asks
for the sound entries and for the others, so that between the two none is passed over.
"""

from enum import Enum
from typing import Any

from sqlalchemy import Boolean, Column, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from billing.activities import Activity, ActivitySource
from billing.people import Role
from storage.tables import CurrentEntryRow, table_of

_CURRENT = table_of(CurrentEntryRow)
_WORDS: tuple[tuple[Column[Any], type[Enum]], ...] = (
    (_CURRENT.c.activity, Activity),
    (_CURRENT.c.activity_source, ActivitySource),
    (_CURRENT.c.role, Role),
)
_FIGURES = (_CURRENT.c.seconds, _CURRENT.c.version, _CURRENT.c.performed_by, _CURRENT.c.recorded_by)
_INSTANTS = (_CURRENT.c.started_at, _CURRENT.c.ended_at, _CURRENT.c.corrected_at)


class _Sound(FunctionElement[bool]):
    """True for a row of the projection that can be read."""

    type = Boolean()
    inherit_cache = True


class _Undated(FunctionElement[bool]):
    """True for a row whose date of service is none, so that no range of dates finds it."""

    type = Boolean()
    inherit_cache = True


def sound() -> FunctionElement[bool]:
    """A condition: the entry of the projection can be read. Never unknown."""
    return _Sound()


def undated() -> FunctionElement[bool]:
    """A condition: the entry has no date of service that could be read. Never unknown."""
    return _Undated()


class _DaysOfNoCalendar(FunctionElement[bool]):
    """True for rows whose date of service is one of those that no calendar has."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_DaysOfNoCalendar":  # noqa: ARG002 - the base class's signature
        """Itself: `(..) = 1`, as SQLAlchemy writes a truth value for SQLite, would read every entry."""
        return self


def days_of_no_calendar() -> FunctionElement[bool]:
    """A condition: the date of service is none, found without reading every entry of the tenant `tenant_id`.

    The index of totals is asked for one day after the other, so it costs a look at each day ever worked on.
    """
    return _DaysOfNoCalendar(bindparam("tenant_id", type_=_CURRENT.c.tenant_id.type))


def _is_day(name: str) -> str:
    # Only with a modifier does SQLite tell 31 February from a day of the calendar.
    return f"date({name}, '+0 days') = {name}"


def _one_of(name: str, words: type[Enum]) -> str:
    # SQLite makes an index of a list's words each time, which costs more than the few entries of one patient.
    cases = " ".join(f"WHEN '{word.value}' THEN 1" for word in words)
    return f"CASE {name} {cases} ELSE 0 END = 1"


@compiles(_Sound, "sqlite")
def _sound_on_sqlite(element: _Sound, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001 - the compiler's signature
    def name(column: Column[Any]) -> str:
        return compiler.process(column, **options)

    # SQLite keeps whatever it is given in a column, of whatever type.
    said = [_one_of(name(column), words) for column, words in _WORDS]
    said += [f"typeof({name(column)}) = 'integer'" for column in _FIGURES]
    said += [_is_day(name(_CURRENT.c.service_date))]
    said += [f"datetime({name(_CURRENT.c.recorded_at)}) IS NOT NULL"]
    said += [f"({name(one)} IS NULL OR datetime({name(one)}) IS NOT NULL)" for one in _INSTANTS]
    day = name(_CURRENT.c.recorded_on)
    said += [f"({day} IS NULL OR {_is_day(day)})"]
    said += [f"{name(_CURRENT.c.participants)} NOT GLOB '*[^0-9,]*'"]
    said += [f"typeof({name(_CURRENT.c.first_seconds)}) IN ('integer', 'null')"]
    return f"coalesce({' AND '.join(said)}, 0)"


@compiles(_Sound, "postgresql")
def _sound_on_postgresql(element: _Sound, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001 - the compiler's signature
    # Types hold there; only words can be other than ours.
    said = [_one_of(compiler.process(column, **options), words) for column, words in _WORDS]
    return f"({' AND '.join(said)})"


@compiles(_DaysOfNoCalendar, "sqlite")
def _no_calendar_on_sqlite(element: _DaysOfNoCalendar, compiler: SQLCompiler, **options: Any) -> str:
    day, table = compiler.process(_CURRENT.c.service_date, **options), _CURRENT.name
    tenant = compiler.process(element.clauses.clauses[0], **options)
    return (
        f"{day} IN ("  # noqa: S608 - compiled clauses, no values
        f"WITH RECURSIVE kept(tenant) AS (VALUES ({tenant})), days(day) AS ("
        f"SELECT (SELECT min(service_date) FROM {table} WHERE tenant_id = tenant) FROM kept UNION ALL "
        f"SELECT (SELECT min(service_date) FROM {table} WHERE tenant_id = tenant AND service_date > day) "
        "FROM days, kept WHERE day IS NOT NULL) "
        f"SELECT day FROM days WHERE day IS NOT NULL AND coalesce(NOT {_is_day('day')}, 1))"
    )


@compiles(_DaysOfNoCalendar, "postgresql")
def _no_calendar_on_postgresql(
    element: _DaysOfNoCalendar,  # noqa: ARG001 - the compiler's signature
    compiler: SQLCompiler,  # noqa: ARG001 - the same
    **options: Any,  # noqa: ARG001 - the same
) -> str:
    return "FALSE"


@compiles(_Undated, "sqlite")
def _undated_on_sqlite(element: _Undated, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001 - the compiler's signature
    day = compiler.process(_CURRENT.c.service_date, **options)
    return f"coalesce(NOT {_is_day(day)}, 1)"


@compiles(_Undated, "postgresql")
def _undated_on_postgresql(element: _Undated, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ARG001 - the compiler's signature
    return "FALSE"
