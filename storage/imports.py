"""Stores entries from files by the thousand, and the keys by which they are known there."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.audit import Audit
from storage.expressions import among
from storage.ledger import Ledger
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import ImportedEntryRow, table_of
from storage.values import NewEntry

_IMPORTED = table_of(ImportedEntryRow)
_KNOWN = PreparedStatement(
    select(_IMPORTED.c.entry_key, _IMPORTED.c.entry_id).where(
        _IMPORTED.c.tenant_id == bindparam("tenant_id"), among(_IMPORTED.c.entry_key, "keys")
    )
)
_REMEMBER = PreparedStatement(inserting(ImportedEntryRow))


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

    def append(self, entries: Mapping[str, NewEntry], *, by: int, at: datetime) -> int:
        """Write entries by their keys, as one receipt and one event of the audit trail.

        Keys imported before are to be left out first (see `entry_ids`).

        Returns:
            The receipt's number.

        Raises:
            AlreadyExists: when one of the keys was imported before, or is being at this moment.
            ValueError: when there is no entry.
        """
        numbers = self._ledger.append_many(tuple(entries.values()), by=by, at=at, source="import")
        self._wire.load(
            _REMEMBER,
            (
                {"tenant_id": self._tenant_id, "entry_key": entry_key, "entry_id": entry_id}
                for entry_key, entry_id in zip(entries, numbers, strict=True)
            ),
        )
        self._audit.record(
            at=at,
            actor=by,
            action="entries.imported",
            subject=f"receipt:{numbers[0]}",
            details={"entries": len(entries), "last": numbers[-1]},
        )
        return numbers[0]
