"""Stores every kind of dated fact about patients in one way."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar, cast

from sqlalchemy import Select, Table, Update, bindparam, select, update

from storage import damage
from storage.audit import Audit
from storage.compiled import Values
from storage.errors import NotFound
from storage.expressions import among
from storage.facts import FactKind, Facts
from storage.hashes import HashedTable
from storage.many_values import MANY, values_of
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import TableRow, table_of


class PatientFact(Protocol):
    """A value of `billing` that is about one patient."""

    @property
    def patient_id(self) -> int:
        """The patient it is about."""


F = TypeVar("F", bound=PatientFact)
T = TypeVar("T")


class FactTable(Generic[F]):
    """How one kind of fact lies in its table, whose columns are named as the value's fields.

    Args:
        row: The table.
        hashed: The same table, as its rows' hashes are made.
        versions: The same table, as its rows are kept in versions.
        kind: The value; its first field is the number under which it is kept.
        since: Field with the day from which it holds.
        until: Field with the last day on which it holds, None meaning for good; without, it is of one day.
        words: Fields that hold a word of an enumeration.
    """

    def __init__(
        self,
        row: type[TableRow],
        hashed: HashedTable,
        versions: FactKind,
        kind: type[F],
        *,
        since: str,
        until: str | None = None,
        words: Mapping[str, Callable[[str], Enum]] | None = None,
    ) -> None:
        table = table_of(row)
        self.hashed = hashed
        self.versions = versions
        self.names = tuple(field.name for field in fields(cast("Any", kind)))
        self.key = self.names[0]
        self._kind = kind
        self._name = table.name
        self._words = [(self.names.index(name), word) for name, word in (words or {}).items()]
        #: Facts that count: those not withdrawn.
        self.standing = select(*(table.c[name] for name in self.names)).where(
            table.c.tenant_id == bindparam("tenant_id"), table.c.withdrawn_at.is_(None)
        )
        begun = table.c[since] <= bindparam("last_day")
        held = table.c[until or since] >= bindparam("first_day")
        if until is not None:
            held |= table.c[until].is_(None)
        self.of_patients = PreparedStatement(
            self.in_order(self.standing.where(among(table.c.patient_id, "ids"), begun, held), since)
        )
        self.one = PreparedStatement(self.standing.where(table.c[self.key] == bindparam("key")))
        unknown = (self.key, "withdrawn_by", "withdrawn_at")
        self.add = PreparedStatement(inserting(row, without=unknown).returning(*hashed.raw()))
        self.withdraw = PreparedStatement(_withdrawing(table, self.key).returning(*hashed.raw()))

    def in_order(self, found: Select[Any], since: str) -> Select[Any]:
        """By patient, and for each from the oldest to the newest."""
        columns = found.selected_columns
        return found.order_by(columns["patient_id"], columns[since], columns[self.key])

    def value(self, row: Values) -> F:
        """A row as the value it stands for."""
        if self._words:
            values = list(row)
            for place, word in self._words:
                values[place] = word(values[place])
            row = tuple(values)
        return self._kind(**dict(zip(self.names, row, strict=True)))

    def values(self, rows: Sequence[Values]) -> list[F]:
        """The same of many rows."""
        if len(rows) < MANY:
            return damage.each(self.value, rows, self._name)
        try:
            return self._many(rows)
        except damage.UNREADABLE:
            return damage.each(self.value, rows, self._name)

    def _many(self, rows: Sequence[Values]) -> list[F]:
        columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
        for place, word in self._words:
            columns[place] = map(word, columns[place])
        return values_of(self._kind, columns)

    def parameters(self, fact: F) -> dict[str, Any]:
        """A value as the parameters of a new row; its own number is not among them."""
        values = {name: getattr(fact, name) for name in self.names[1:]}
        return {name: item.value if isinstance(item, Enum) else item for name, item in values.items()}


def _withdrawing(table: Table, key: str) -> Update:
    """Withdraws the fact of one number, once."""
    return (
        update(table)
        .where(
            table.c.tenant_id == bindparam("tenant"),
            table.c[key] == bindparam("key"),
            table.c.withdrawn_at.is_(None),
        )
        .values(withdrawn_by=bindparam("by"), withdrawn_at=bindparam("at", type_=table.c.withdrawn_at.type))
    )


class PatientFacts(Generic[F]):
    """One kind of fact about one tenant's patients. Nothing is deleted: what was wrong is withdrawn."""

    def __init__(self, wire: Wire, tenant_id: int, audit: Audit, facts: Facts, table: FactTable[F]) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._audit = audit
        self._facts = facts
        self._table = table

    def add(self, fact: F) -> F:
        """Keep a fact; returns it under the number it was given (the one it came with says nothing)."""
        row = self._hashed(self._table.add, tenant_id=self._tenant_id, **self._table.parameters(fact))
        self._facts.added(self._table.versions, row)
        return cast("F", replace(cast("Any", fact), **{self._table.key: row[self._table.key]}))

    def by_id(self, key: int) -> F | None:
        """The fact of that number; None when there is none, or it was withdrawn."""
        row = self._wire.row(self._table.one, tenant_id=self._tenant_id, key=key)
        return None if row is None else self._table.value(row)

    def of_patients(self, ids: Collection[int], first_day: date, last_day: date) -> dict[int, tuple[F, ...]]:
        """Facts that hold on a local date from `first_day` to `last_day`, both included, oldest first.

        By patient; those without any are left out.
        """
        rows = self._wire.rows(
            self._table.of_patients,
            tenant_id=self._tenant_id,
            ids=ids,
            first_day=first_day,
            last_day=last_day,
        )
        return by_patient([(fact.patient_id, fact) for fact in self._table.values(rows)])

    def withdraw(self, key: int, *, by: int | None, at: datetime) -> None:
        """Let a fact count no more; who did so (nobody in particular for a file) and when stays with it.

        Raises:
            NotFound: when this tenant has no such fact, or it was withdrawn before.
        """
        self._stored(self._table.withdraw, tenant=self._tenant_id, key=key, by=by, at=at)

    def _stored(self, statement: PreparedStatement, **parameters: Any) -> None:
        """Carry out what changes one fact, and keep its further version.

        Raises:
            NotFound: when there is no such row.
        """
        self._facts.changed(self._table.versions, self._hashed(statement, **parameters))

    def _hashed(self, statement: PreparedStatement, **parameters: Any) -> dict[str, Any]:
        """Carry out what adds or changes one fact, and put the row's hash in the audit chain.

        Raises:
            NotFound: when there is no such row.
        """
        found = self._wire.row(statement, **parameters)
        if found is None:
            raise NotFound
        row = self._table.hashed.named(found)
        self._audit.keep_hash(self._table.hashed, row)
        return row


def by_patient(found: Iterable[tuple[int, T]]) -> dict[int, tuple[T, ...]]:
    """What was found of each patient, in the order in which it came."""
    gathered: dict[int, list[T]] = {}
    for patient_id, fact in found:
        if patient_id in gathered:
            gathered[patient_id].append(fact)
        else:
            gathered[patient_id] = [fact]
    return {patient_id: tuple(facts) for patient_id, facts in gathered.items()}
