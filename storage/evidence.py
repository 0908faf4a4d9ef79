"""Compares stored rows with their hashes in the audit chain: which were changed, taken out or put in."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any

from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import NullType

from storage.audit import HASHES
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.chain import Chain, Walked, hashes_in, instant_of
from storage.damage import legible
from storage.encryption import Encryption
from storage.fabric import Fabric, look_at
from storage.hashes import HASHED, HashedTable
from storage.seals import Seals
from storage.spool import Spool
from storage.statements import PreparedStatement, Wire
from storage.tables import AuditEventRow, table_of
from storage.values import ChangedRow, Tampering

_EVENT = table_of(AuditEventRow)
_INSTANT_OF = PreparedStatement(
    select(type_coerce(_EVENT.c.at, NullType())).where(
        _EVENT.c.tenant_id == bindparam("tenant_id"), _EVENT.c.seq == bindparam("seq")
    )
)
#: How many rows are compared at a time.
_BATCH = 1000
#: So many rows of one kind are named that became the same, and the others counted.
_NAMED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What a look at the whole database found."""

    chain: Walked
    #: By kind and key; of each kind the first.
    rows: tuple[ChangedRow, ...]
    #: How many more there are, by kind and what became of them.
    more: Mapping[tuple[str, Tampering], int]
    #: Rows by kind.
    counts: Mapping[str, int]
    #: Words whose digest is by a key that is not at hand.
    unchecked: int
    #: Rows whose words are encrypted under a key that is not at hand.
    unread: int


@dataclass(slots=True)
class _Changed:
    """Rows that are not as they were written, of each kind so many."""

    rows: list[ChangedRow] = field(default_factory=list)
    counts: Counter[tuple[str, Tampering]] = field(default_factory=Counter)

    def add(self, row: ChangedRow) -> None:
        self.counts[row.kind, row.tampering] += 1
        if self.counts[row.kind, row.tampering] <= _NAMED:
            self.rows.append(row)


class Evidence:
    """The hashes in one tenant's audit chain, and the rows that they are of.

    The chain is walked once, and the newest hash of every row kept on disk; then each table is. Memory stays as it is.
    """

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._keys = keys
        self._seals = Seals(wire, tenant_id, keys)
        #: Keys of words that are in use, and not at hand.
        self._missing_keys: frozenset[str] = frozenset()
        self._unread = 0

    def changed_rows(self) -> tuple[ChangedRow, ...]:
        """Rows that are not as the chain has them, by kind and key; nothing is a database left alone."""
        return self.examine().rows

    def fabric(self) -> Fabric:
        """What is wrong with the database itself."""
        with self._wire.leniently():
            return look_at(self._wire.connection)

    def examine(self) -> Examined:
        """Walk the chain, and compare every row with it."""
        changed, counts = _Changed(), Counter[str]()
        unchecked = self._unread = 0
        self._missing_keys = frozenset(Encryption(self._wire, self._tenant_id).registered()) - frozenset(
            self._wire.data_keys.ids
        )
        with self._wire.leniently(), Spool() as spool:
            walk = Chain(self._wire, self._tenant_id, self._keys, self._seals).walk()
            for seq, details in walk:
                if HASHES in details:
                    for kind, hashes in hashes_in(details, HASHES).items():
                        spool.put(kind, ((key, str(own)) for key, own in hashes.items()), seq)
            for table in HASHED.values():
                unchecked += self._compare(table, spool, changed, counts)
        rows = sorted((self._dated(row) for row in changed.rows), key=_in_order)
        more = {what: count - _NAMED for what, count in changed.counts.items() if count > _NAMED}
        return Examined(
            chain=walk.result(),
            rows=tuple(rows),
            more=more,
            counts=counts,
            unchecked=unchecked - self._unread,
            unread=self._unread,
        )

    def _compare(self, table: HashedTable, spool: Spool, changed: _Changed, counts: Counter[str]) -> int:
        """Compare a table with what is known of its rows, both ways; says how many could not be compared."""
        unchecked = 0
        things = self._things(table)
        while batch := list(islice(things, _BATCH)):
            known = spool.take(table.kind, [key for key, _ in batch])
            for key, rows in batch:
                counts[table.kind] += len(rows)
                expected, seq = known.get(key, ("", None))
                is_same = self._is_same(table, expected, rows) if expected else False
                if is_same is None:
                    unchecked += 1
                elif not is_same:
                    tampering = Tampering.CHANGED if expected else Tampering.ADDED
                    changed.add(_row(table, key, tampering, rows[0], seq))
        for key, seq in spool.left(table.kind):
            changed.add(_row(table, key, Tampering.MISSING, {}, seq))
        return unchecked

    def _is_same(self, table: HashedTable, expected: str, rows: list[dict[str, Any]]) -> bool | None:
        if table.encrypted and (unread := table.unread_keys(rows)):
            # Encrypted under a key that nobody ever used here, or not to be opened by one at hand, it was changed.
            if not unread <= self._missing_keys:
                return False
            self._unread += 1
            return None
        try:
            return table.matches(expected, rows, self._keys)
        except ValueError:
            # Bytes that are no text.
            return False

    def _things(self, table: HashedTable) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The rows of a table by key."""
        rows: Iterable[dict[str, Any]] = map(
            table.named, self._wire.stream(table.all, tenant_id=self._tenant_id)
        )
        if not table.is_grouped:
            return ((table.key_of(row), [row]) for row in rows)
        return ((key, list(own)) for key, own in groupby(rows, key=table.key_of))

    def _dated(self, row: ChangedRow) -> ChangedRow:
        if row.event is None:
            return row
        found = self._wire.row(_INSTANT_OF, tenant_id=self._tenant_id, seq=row.event)
        return replace(row, event_at=None if found is None else instant_of(found[0]))


def _row(
    table: HashedTable, key: str, tampering: Tampering, values: Mapping[str, Any], event: int | None
) -> ChangedRow:
    patient_id = values.get("patient_id")
    return ChangedRow(
        kind=table.kind,
        key=tuple(legible(key).split("/", len(table.key) - 1)),
        tampering=tampering,
        patient_id=patient_id if isinstance(patient_id, int) else None,
        event=event,
    )


def _in_order(row: ChangedRow) -> tuple[object, ...]:
    """By kind as they are listed, and by key, numbers as numbers."""
    return list(HASHED).index(row.kind), *(part.zfill(12) for part in row.key)
