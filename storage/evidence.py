"""Compares stored rows with their hashes in the audit chain: which were changed, taken out or put in."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from billing.months import BillingMonth
from storage.audit import HASHES
from storage.expressions import among
from storage.hashes import ACTS, ENTRY_VERSIONS, FROZEN_LINES, HASHED, HashedTable
from storage.statements import PreparedStatement, Wire
from storage.tables import AuditEventRow, table_of
from storage.values import ChangedRow, Tampering

_EVENT = table_of(AuditEventRow)
_DETAILS = PreparedStatement(
    select(_EVENT.c.details).where(_EVENT.c.tenant_id == bindparam("tenant_id")).order_by(_EVENT.c.seq)
)


def _numbered(table: HashedTable) -> PreparedStatement:
    """Rows by the number that their key begins with."""
    return PreparedStatement(
        select(*table.raw()).where(
            table.table.c.tenant_id == bindparam("tenant_id"), among(table.table.c[table.key[0]], "ids")
        )
    )


#: Of what is hashed once and comes by the hundred thousand, the rows of some numbers.
_NUMBERED = {table.kind: _numbered(table) for table in (ENTRY_VERSIONS, ACTS)}
_LINES = PreparedStatement(
    select(*FROZEN_LINES.raw()).where(
        FROZEN_LINES.table.c.tenant_id == bindparam("tenant_id"),
        FROZEN_LINES.table.c.month == bindparam("month"),
        FROZEN_LINES.table.c.revision == bindparam("revision"),
    )
)


def _rows_of(table: HashedTable) -> PreparedStatement:
    return PreparedStatement(select(*table.raw()).where(table.table.c.tenant_id == bindparam("tenant_id")))


_ROWS = {table.kind: _rows_of(table) for table in HASHED.values()}
_COUNTS = {
    table.kind: PreparedStatement(
        select(func.count()).select_from(table.table).where(table.table.c.tenant_id == bindparam("tenant_id"))
    )
    for table in (ENTRY_VERSIONS, ACTS, FROZEN_LINES)
}
#: How many versions of entries, or acts, are compared at a time.
_BATCH = 5000


class Evidence:
    """The hashes in one tenant's audit chain, and the rows that they are of.

    Versions of entries, acts and frozen lines are hashed once and come by the hundred thousand: they are compared as
    their hashes are read. Of the rest, which may change, the last hash counts, and all are held.
    """

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def changed_rows(self) -> tuple[ChangedRow, ...]:
        """Every row that is not as the chain has it, by kind and key; nothing is a database left alone."""
        changed: list[ChangedRow] = []
        found = dict.fromkeys(_COUNTS, 0)
        last: dict[str, dict[str, str]] = {kind: {} for kind in HASHED if kind not in found}
        waiting: dict[str, dict[str, str]] = {kind: {} for kind in _NUMBERED}
        for kind, hashes in self._hashes():
            if kind in last:
                last[kind].update(hashes)
            elif kind == FROZEN_LINES.kind:
                found[kind] += self._compare(FROZEN_LINES, hashes, self._lines(hashes), changed)
            elif kind in waiting:
                waiting[kind].update(hashes)
                if len(waiting[kind]) >= _BATCH:
                    found[kind] += self._compare_numbered(kind, waiting[kind], changed)
                    waiting[kind] = {}
        for kind, hashes in waiting.items():
            found[kind] += self._compare_numbered(kind, hashes, changed)
        for kind, hashes in last.items():
            self._compare_all(HASHED[kind], hashes, changed)
        for kind, count in found.items():
            if count != self._wire.one(_COUNTS[kind], tenant_id=self._tenant_id)[0]:
                changed += self._unknown(HASHED[kind])
        return tuple(sorted(changed, key=_in_order))

    def _hashes(self) -> Iterator[tuple[str, dict[str, str]]]:
        """What each event has of each kind."""
        for (details,) in self._wire.stream(_DETAILS, tenant_id=self._tenant_id):
            if HASHES in details:
                yield from _hashes_in(details).items()

    def _compare_numbered(self, kind: str, hashes: Mapping[str, str], changed: list[ChangedRow]) -> int:
        table = HASHED[kind]
        ids = [int(key.partition("/")[0]) for key in hashes]
        rows = map(table.named, self._wire.stream(_NUMBERED[kind], tenant_id=self._tenant_id, ids=ids))
        return self._compare(table, hashes, rows, changed)

    def _lines(self, hashes: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The stored lines of the revisions that some hashes are of: of one, as a close writes them."""
        for month, revision in sorted({tuple(key.split("/")[:2]) for key in hashes}):
            yield from map(
                FROZEN_LINES.named,
                self._wire.stream(
                    _LINES,
                    tenant_id=self._tenant_id,
                    month=BillingMonth.of(date.fromisoformat(month)),
                    revision=int(revision),
                ),
            )

    def _compare_all(self, table: HashedTable, hashes: Mapping[str, str], changed: list[ChangedRow]) -> None:
        """Compare a whole table with its hashes."""
        rows = map(table.named, self._wire.stream(_ROWS[table.kind], tenant_id=self._tenant_id))
        added: list[dict[str, Any]] = []
        self._compare(table, hashes, rows, changed, added)
        changed += [_row(table, values, Tampering.ADDED) for values in added]

    def _compare(
        self,
        table: HashedTable,
        hashes: Mapping[str, str],
        rows: Iterable[dict[str, Any]],
        changed: list[ChangedRow],
        others: list[dict[str, Any]] | None = None,
    ) -> int:
        """Compare rows with hashes, both ways; `others` takes the rows that have none.

        Returns:
            How many of the hashes have their row, changed or not.
        """
        left = dict(hashes)
        for values in rows:
            expected = left.pop(table.key_of(values), None)
            if expected is None:
                if others is not None:
                    others.append(values)
            elif table.hash_of(values) != expected:
                changed.append(_row(table, values, Tampering.CHANGED))
        changed += [
            ChangedRow(kind=table.kind, key=tuple(key.split("/")), tampering=Tampering.MISSING)
            for key in left
        ]
        return len(hashes) - len(left)

    def _unknown(self, table: HashedTable) -> list[ChangedRow]:
        """Rows of which the chain has no hash."""
        known = {key for kind, hashes in self._hashes() if kind == table.kind for key in hashes}
        rows = map(table.named, self._wire.stream(_ROWS[table.kind], tenant_id=self._tenant_id))
        return [_row(table, values, Tampering.ADDED) for values in rows if table.key_of(values) not in known]


def _hashes_in(details: str) -> dict[str, dict[str, str]]:
    """The hashes in an event's details. Details that were tampered with have none; the chain itself tells."""
    try:
        found = json.loads(details).get(HASHES, {})
    except (AttributeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _row(table: HashedTable, values: Mapping[str, Any], tampering: Tampering) -> ChangedRow:
    patient_id = values.get("patient_id")
    return ChangedRow(
        kind=table.kind,
        key=tuple(table.key_of(values).split("/")),
        tampering=tampering,
        patient_id=patient_id if isinstance(patient_id, int) else None,
    )


def _in_order(row: ChangedRow) -> tuple[object, ...]:
    """By kind as they are listed, and by key, numbers as numbers."""
    return list(HASHED).index(row.kind), *(part.zfill(12) for part in row.key)
