"""Stores entries from files by the thousand, and the keys by which they are known there."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, Table, bindparam, cast, delete, func, select

from storage import projection
from storage.audit import HASHES, Audit
from storage.entry_columns import (
    CURRENT,
    VERSION,
    VERSION_IN_TENANT,
    entry_version,
)
from storage.expressions import among
from storage.import_log import RECEIPT, ImportLog
from storage.ledger import Ledger
from storage.ready_entries import EntryRows, ReadyEntries, make_ready, move, write_at_once
from storage.statements import PreparedStatement, Wire
from storage.tables import ImportChangeRow, ImportedEntryRow, UndoneImportRow, table_of
from storage.values import EntryVersion, NewEntry, VersionKind

_IMPORTED = table_of(ImportedEntryRow)
_CHANGE = table_of(ImportChangeRow)
_UNDONE = table_of(UndoneImportRow)
_KNOWN = PreparedStatement(
    select(_IMPORTED.c.entry_key, _IMPORTED.c.entry_id).where(
        _IMPORTED.c.tenant_id == bindparam("tenant_id"), among(_IMPORTED.c.entry_key, "keys")
    )
)


def _of_receipt(table: Table) -> tuple[Any, ...]:
    """Conditions: an entry of a receipt, whose first is `receipt_id` and whose last is `last`."""
    return (
        table.c.tenant_id == bindparam("tenant_id"),
        table.c.entry_id.between(bindparam("receipt_id"), bindparam("last")),
        table.c.receipt_id == bindparam("receipt_id"),
    )


_WRITTEN = PreparedStatement(
    select(func.count()).select_from(VERSION).where(*_of_receipt(VERSION), VERSION.c.n == 1)
)
_STANDING = PreparedStatement(
    select(CURRENT.c.service_date, CURRENT.c.performed_by, func.count())
    .where(*_of_receipt(CURRENT))
    .group_by(CURRENT.c.service_date, CURRENT.c.performed_by)
)
_TOUCHED = PreparedStatement(
    select(CURRENT.c.entry_id)
    .where(*_of_receipt(CURRENT), CURRENT.c.version > 1)
    .order_by(CURRENT.c.entry_id)
)
_LAST_VERSIONS = PreparedStatement(
    VERSION_IN_TENANT.join(
        CURRENT, (CURRENT.c.entry_id == VERSION.c.entry_id) & (CURRENT.c.version == VERSION.c.n)
    )
    .where(*_of_receipt(CURRENT), CURRENT.c.entry_id > bindparam("beyond"))
    .order_by(CURRENT.c.entry_id)
    .limit(bindparam("batch"))
)
#: How many entries of a member's work were made void when an import was taken back.
_TAKEN_BACK = PreparedStatement(
    select(func.count())
    .select_from(VERSION)
    .join(
        _CHANGE,
        (_CHANGE.c.tenant_id == VERSION.c.tenant_id)
        & (_CHANGE.c.key == cast(VERSION.c.receipt_id, String))
        & (_CHANGE.c.kind == RECEIPT),
    )
    .join(
        _UNDONE,
        (_UNDONE.c.tenant_id == _CHANGE.c.tenant_id)
        & (_UNDONE.c.number == _CHANGE.c.number)
        & (_UNDONE.c.at == VERSION.c.at),
    )
    .where(
        VERSION.c.tenant_id == bindparam("tenant_id"),
        VERSION.c.performed_by == bindparam("member_id"),
        VERSION.c.kind == VersionKind.VOID.value,
        _CHANGE.c.number == bindparam("number"),
    )
)
_DROP_CURRENT = PreparedStatement(delete(CURRENT).where(*_of_receipt(CURRENT)))
_FORGET = PreparedStatement(
    delete(_IMPORTED).where(
        _IMPORTED.c.tenant_id == bindparam("tenant_id"),
        _IMPORTED.c.entry_id.in_(select(VERSION.c.entry_id).where(*_of_receipt(VERSION), VERSION.c.n == 1)),
    )
)
#: How many entries are made void at a time.
_BATCH = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEntries:
    """What stands of the entries that were imported as one receipt."""

    #: How many were written.
    written: int
    #: Of those that stand, how many are of each local date, and of each member's work.
    by_day: Mapping[date, int]
    by_performer: Mapping[int, int]
    #: Those that stand and have a further version.
    touched: tuple[int, ...]

    @property
    def standing(self) -> int:
        """How many of them stand."""
        return sum(self.by_day.values())


class Imports:
    """What one tenant imported; an entry's key in its file is imported once, whatever became of the entry."""

    def __init__(
        self, wire: Wire, tenant_id: int, ledger: Ledger, audit: Audit, import_log: ImportLog
    ) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._ledger = ledger
        self._audit = audit
        self._import_log = import_log

    def entry_ids(self, entry_keys: Collection[str]) -> dict[str, int]:
        """Those of the keys that were imported before, each with the number of its entry."""
        return dict(self._wire.rows(_KNOWN, tenant_id=self._tenant_id, keys=entry_keys))

    def make_ready(
        self, entries: Collection[tuple[str, NewEntry]], *, by: int, at: datetime, spare: int = 0
    ) -> ReadyEntries:
        """Make entries ready, each with its key, before the write in which `append_ready` adds them (SQLite).

        Args:
            entries: At least one; they are gone through once.
            by: Member who writes them down; who is not on file yet is so before they are added.
            at: Aware instant of now.
            spare: Numbers to leave to whoever writes entries before that.

        Raises:
            ValueError: when there is no entry.
        """
        numbers = self._ledger.free_numbers(len(entries), spare)
        rows = EntryRows(self._tenant_id, numbers, self._audit.keys, by=by, at=at, source="import")
        return make_ready(self._wire, rows, entries)

    def append_ready(self, ready: ReadyEntries) -> int:
        """Write the entries that were made ready, as one receipt.

        Returns:
            The receipt's number.

        Raises:
            AlreadyExists: when a number or a key of theirs was taken since.
        """
        move(self._wire)
        return self._added(ready)

    def append(self, entries: Mapping[str, NewEntry], *, by: int, at: datetime) -> int:
        """Write entries at once by their keys, as one receipt.

        Keys imported before are to be left out first (see `entry_ids`).

        Returns:
            The receipt's number.

        Raises:
            AlreadyExists: when one of the keys was imported before, or is being at this moment.
            ValueError: when there is no entry.
        """
        return self.append_each(entries.items(), by=by, at=at)

    def append_each(self, entries: Collection[tuple[str, NewEntry]], *, by: int, at: datetime) -> int:
        """The same for entries that come with their keys, and are gone through once."""
        numbers = self._ledger.free_numbers(len(entries))
        rows = EntryRows(self._tenant_id, numbers, self._audit.keys, by=by, at=at, source="import")
        return self._added(write_at_once(self._wire, rows, entries))

    def _added(self, ready: ReadyEntries) -> int:
        """Project the entries of a receipt, and link them to the audit chain."""
        projection.extend(self._wire, self._tenant_id, ready.first, ready.last)
        self._import_log.wrote_entries(ready.first, ready.last)
        for event in ready.events:
            self._audit.add(event)
        self._audit.record(
            at=ready.at,
            actor=ready.by,
            action="entries.imported",
            subject=f"receipt:{ready.first}",
            details={
                "entries": ready.count,
                "last": ready.last,
                HASHES: ready.last_hashes,
            },
        )
        return ready.first

    def written(self, receipt_id: int, last: int) -> ImportedEntries:
        """What stands of the entries of a receipt, whose last is `last`."""
        key = {"tenant_id": self._tenant_id, "receipt_id": receipt_id, "last": last}
        by_day: Counter[date] = Counter()
        by_performer: Counter[int] = Counter()
        for day, member_id, count in self._wire.rows(_STANDING, **key):
            by_day[day] += count
            by_performer[member_id] += count
        return ImportedEntries(
            written=self._wire.one(_WRITTEN, **key)[0],
            by_day=by_day,
            by_performer=by_performer,
            touched=tuple(entry_id for (entry_id,) in self._wire.rows(_TOUCHED, **key)),
        )

    def taken_back_of(self, number: int, member_id: int) -> int:
        """How many entries of a member's work were made void when an import was taken back."""
        (count,) = self._wire.one(_TAKEN_BACK, tenant_id=self._tenant_id, number=number, member_id=member_id)
        return int(count)

    def take_back(self, receipt_id: int, last: int, *, by: int, at: datetime, reason: str) -> None:
        """Make every entry of a receipt void that stands, and forget the keys that its entries had in their file.

        Whose work it is is told by whoever calls.
        """
        key = {"tenant_id": self._tenant_id, "receipt_id": receipt_id, "last": last}
        for versions in self._last_versions(key):
            self._ledger.void_many(versions, by=by, at=at, reason=reason, source="import")
        self._wire.run(_DROP_CURRENT, **key)
        self._wire.run(_FORGET, **key)

    def _last_versions(self, key: Mapping[str, Any]) -> Iterator[list[EntryVersion]]:
        beyond = 0
        while rows := self._wire.rows(_LAST_VERSIONS, **key, beyond=beyond, batch=_BATCH):
            yield (versions := [entry_version(row) for row in rows])
            beyond = versions[-1].entry.entry_id
