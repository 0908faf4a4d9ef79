"""Stores entries from files by the thousand, and the keys by which they are known there."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from storage import projection
from storage.audit import HASHES, Audit
from storage.expressions import among
from storage.hashes import ENTRY_VERSIONS
from storage.ledger import Ledger
from storage.ready_entries import EntryRows, ReadyEntries, make_ready, move, write_at_once
from storage.statements import PreparedStatement, Wire
from storage.tables import ImportedEntryRow, table_of
from storage.values import NewEntry

_IMPORTED = table_of(ImportedEntryRow)
_KNOWN = PreparedStatement(
    select(_IMPORTED.c.entry_key, _IMPORTED.c.entry_id).where(
        _IMPORTED.c.tenant_id == bindparam("tenant_id"), among(_IMPORTED.c.entry_key, "keys")
    )
)


class Imports:
    """What one tenant imported; an entry's key in its file is imported once, whatever became of the entry."""

    def __init__(self, wire: Wire, tenant_id: int, ledger: Ledger, audit: Audit) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._ledger = ledger
        self._audit = audit

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
        rows = EntryRows(self._tenant_id, numbers, by=by, at=at, source="import")
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
        numbers = self._ledger.free_numbers(len(entries))
        rows = EntryRows(self._tenant_id, numbers, by=by, at=at, source="import")
        return self._added(write_at_once(self._wire, rows, entries.items()))

    def _added(self, ready: ReadyEntries) -> int:
        """Project the entries of a receipt, and link them to the audit chain."""
        projection.extend(self._wire, self._tenant_id, ready.first, ready.last)
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
                HASHES: {ENTRY_VERSIONS.kind: ready.last_hashes},
            },
        )
        return ready.first
