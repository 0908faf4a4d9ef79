"""Reads what was imported: keys made of rows' facts, and what entries said then and say now."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import bindparam, select

from billing.entries import TimeEntry
from storage.compiled import Values
from storage.entry_columns import FACTS, VERSION, version_entry
from storage.expressions import among
from storage.statements import PreparedStatement, Wire
from storage.tables import ImportedEntryRow, table_of
from storage.values import MERGE_SOURCE, VersionKind

_IMPORTED = table_of(ImportedEntryRow)
_DERIVED = PreparedStatement(
    select(_IMPORTED.c.entry_key, _IMPORTED.c.entry_id).where(
        _IMPORTED.c.tenant_id == bindparam("tenant_id"),
        _IMPORTED.c.entry_key >= bindparam("first"),
        _IMPORTED.c.entry_key < bindparam("after"),
    )
)
_VERSIONS_OF = PreparedStatement(
    select(*(VERSION.c[name] for name in FACTS), VERSION.c.n, VERSION.c.at, VERSION.c.source, VERSION.c.kind)
    .where(VERSION.c.tenant_id == bindparam("tenant_id"), among(VERSION.c.entry_id, "ids"))
    .order_by(VERSION.c.entry_id, VERSION.c.n)
)
#: Begins every key that was made of a row's facts; its date of service follows, so that those of some days are found.
DERIVED_KEY: Final = "row:"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEntry:
    """An entry that came from a file."""

    entry_id: int
    #: As it was imported, and as every correction since left it.
    versions: tuple[TimeEntry, ...]
    #: Whether it counts no more, or says something else since; a kind of work that was confirmed is the same.
    was_touched: bool


class ImportedKeys:
    """What one tenant imported, to be compared with what a file says."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id

    def derived_between(self, first_day: date, last_day: date) -> dict[str, int]:
        """The keys made of rows' facts that were imported with a date of service from one day to another."""
        rows = self._wire.rows(
            _DERIVED,
            tenant_id=self._tenant_id,
            first=f"{DERIVED_KEY}{first_day:%Y%m%d}",
            after=f"{DERIVED_KEY}{last_day + _DAY:%Y%m%d}",
        )
        return {key: entry_id for key, entry_id in rows if key.startswith(DERIVED_KEY)}

    def as_imported(self, entry_ids: Collection[int]) -> Iterator[ImportedEntry]:
        """Entries by their numbers, with all their versions; best asked for by the thousand."""
        rows = self._wire.rows(_VERSIONS_OF, tenant_id=self._tenant_id, ids=entry_ids)
        for entry_id, versions in groupby(rows, itemgetter(0)):
            yield _imported(entry_id, versions)


def _imported(entry_id: int, rows: Iterable[Values]) -> ImportedEntry:
    found = list(rows)
    is_void = found[-1][-1] == VersionKind.VOID.value
    is_merged = all(row[-2] == MERGE_SOURCE for row in found[1:])
    versions = tuple(version_entry(row) for row in found if row[-1] != VersionKind.VOID.value)
    return ImportedEntry(
        entry_id=entry_id,
        versions=versions,
        was_touched=is_void or (_told(versions[0]) != _told(versions[-1]) and not is_merged),
    )


def _told(entry: TimeEntry) -> tuple[object, ...]:
    """What of an entry a file says, too."""
    return (
        *(entry.patient_id, entry.service_date, entry.seconds, entry.performed_by, entry.role),
        *(entry.activity, entry.started_at, entry.note_digest),
    )
