"""Makes entries by the hundred thousand ready for the ledger before the write begins, which is then short.

On SQLite whoever writes keeps all others out. What takes long, rows and their hashes, is done ahead: the rows wait in
tables of the connection's own, which no other program sees, and the write moves them over, or nothing of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from sqlalchemy import Column, MetaData, Table, insert, select, text

from storage.audit import HASHES, AuditEvent
from storage.audit_keys import AuditKeys
from storage.compiled import Values
from storage.data_keys import DataKeys
from storage.entry_columns import TEXT, VERSION, note_digest
from storage.hashes import ENTRY_TEXTS, ENTRY_VERSIONS
from storage.statements import PreparedStatement, Wire, inserting, inserting_into
from storage.tables import EntryTextRow, EntryVersionRow, ImportedEntryRow, table_of
from storage.types import instant_text
from storage.values import NewEntry, VersionKind

#: Of so many entries each, an event of the audit trail holds the hashes, so that none grows without bound.
_BATCH = 5000
#: What differs from one imported entry to the next.
_VARYING = (
    *("entry_id", "patient_id", "seconds", "service_date", "activity", "activity_source", "role"),
    *("performed_by", "started_at", "ended_at", "participants", "note_digest", "recorded_on"),
    *("outcome", "next_contact"),
)
_IMPORTED = table_of(ImportedEntryRow)
#: By kind of row and key.
Hashes = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Tables that rows go into: the ledger's own, or those in which they wait."""

    versions: PreparedStatement
    texts: PreparedStatement
    keys: PreparedStatement


def _waiting(table: Table) -> Table:
    """A table of the connection's own for rows of another one."""
    return Table(f"ready_{table.name}", MetaData(), *(Column(one.name, one.type) for one in table.columns))


_WAITING = {table: _waiting(table) for table in (VERSION, TEXT, _IMPORTED)}
_MAKE = tuple(
    PreparedStatement(text(words))
    for table, waiting in _WAITING.items()
    for words in (
        f"DROP TABLE IF EXISTS temp.{waiting.name}",
        f"CREATE TEMP TABLE {waiting.name} AS SELECT * FROM main.{table.name} WHERE false",  # noqa: S608 - our own names
    )
)
_MOVE = tuple(
    PreparedStatement(insert(table).from_select(list(table.columns.keys()), select(waiting)))
    for table, waiting in _WAITING.items()
)
_LEDGER = _Target(
    versions=PreparedStatement(inserting(EntryVersionRow)),
    texts=PreparedStatement(inserting(EntryTextRow)),
    keys=PreparedStatement(inserting(ImportedEntryRow)),
)
_AHEAD = _Target(
    versions=PreparedStatement(inserting_into(_WAITING[VERSION])),
    texts=PreparedStatement(inserting_into(_WAITING[TEXT])),
    keys=PreparedStatement(inserting_into(_WAITING[_IMPORTED])),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyEntries:
    """Entries that wait to be moved into the ledger, or are in it: one receipt."""

    first: int
    last: int
    count: int
    by: int
    at: datetime
    #: Links of the audit chain that hold their hashes, but for the last.
    events: tuple[AuditEvent, ...] = field(repr=False)
    #: The hashes that the last is to hold.
    last_hashes: Hashes = field(repr=False)


def make_ready(wire: Wire, rows: "EntryRows", entries: Iterable[tuple[str, NewEntry]]) -> ReadyEntries:
    """Make entries ready ahead of the write (SQLite): nothing that others see is touched."""
    for statement in _MAKE:
        wire.run(statement)
    return rows.load(wire, entries, _AHEAD)


def write_at_once(wire: Wire, rows: "EntryRows", entries: Iterable[tuple[str, NewEntry]]) -> ReadyEntries:
    """Write entries into the ledger as they come."""
    return rows.load(wire, entries, _LEDGER)


def move(wire: Wire) -> None:
    """Move what was made ready into the ledger.

    Raises:
        AlreadyExists: when a number or a key was taken in the meantime.
    """
    for statement in _MOVE:
        wire.run(statement)


class EntryRows:
    """Rows of imported entries as the database keeps them, under numbers given in order, as one receipt."""

    def __init__(
        self, tenant_id: int, numbers: Sequence[int], keys: AuditKeys, *, by: int, at: datetime, source: str
    ) -> None:
        if not numbers:
            raise ValueError("there is nothing to append")
        first = numbers[0]
        self._tenant_id = tenant_id
        self._numbers = numbers
        self._first = first
        self._by = by
        self._at = at
        said_at = instant_text(at)
        fixed = {
            "tenant_id": tenant_id,
            "n": 1,
            "kind": VersionKind.FIRST.value,
            "by": by,
            "at": said_at,
            "source": source,
            "receipt_id": first,
            "recorded_by": by,
            "recorded_at": said_at,
        }
        names = tuple(VERSION.columns.keys())
        self._blank = [fixed.get(name) for name in names]
        self._places = [names.index(name) for name in _VARYING]
        self._hash = ENTRY_VERSIONS.hasher(fixed, _VARYING)
        self._keys = keys
        self._words = ENTRY_TEXTS.texter({"tenant_id": tenant_id, "n": 1}, ("entry_id", "note"))

    def load(self, wire: Wire, entries: Iterable[tuple[str, NewEntry]], target: _Target) -> ReadyEntries:
        """Put entries by their keys into a target, a batch at a time, so that few are in memory at once."""
        coming = iter(entries)
        events: list[AuditEvent] = []
        hashes: Hashes = {}
        for start in range(0, len(self._numbers), _BATCH):
            if start:
                events.append(self._event(hashes))
            numbers = self._numbers[start : start + _BATCH]
            batch = list(islice(coming, _BATCH))
            texts: list[Values] = []
            hashes = {ENTRY_VERSIONS.kind: {}, ENTRY_TEXTS.kind: {}}
            wire.load_rows(target.versions, self._versions(numbers, batch, texts, hashes, wire.data_keys))
            wire.load_rows(target.texts, texts)
            wire.load_rows(
                target.keys,
                [(self._tenant_id, key, entry_id) for entry_id, (key, _) in zip(numbers, batch, strict=True)],
            )
        return ReadyEntries(
            first=self._first,
            last=self._numbers[-1],
            count=len(self._numbers),
            by=self._by,
            at=self._at,
            events=tuple(events),
            last_hashes=hashes,
        )

    def _event(self, hashes: Hashes) -> AuditEvent:
        return AuditEvent.of(
            at=self._at,
            actor=self._by,
            action="entries.logged",
            subject=f"receipt:{self._first}",
            details={HASHES: hashes},
        )

    def _versions(
        self,
        numbers: Sequence[int],
        batch: Sequence[tuple[str, NewEntry]],
        texts: list[Values],
        hashes: Hashes,
        data_keys: DataKeys,
    ) -> Iterator[Values]:
        """First versions as rows; their words and hashes are added to the lists given."""
        places, hash_of, tenant_id = self._places, self._hash, self._tenant_id
        of_versions, of_texts = hashes[ENTRY_VERSIONS.kind], hashes[ENTRY_TEXTS.kind]
        for entry_id, (_, entry) in zip(numbers, batch, strict=True):
            varying = (
                entry_id,
                entry.patient_id,
                entry.seconds,
                entry.service_date.isoformat(),
                entry.activity.value,
                entry.activity_source.value,
                entry.role.value,
                entry.performed_by,
                _instant(entry.started_at),
                _instant(entry.ended_at),
                ",".join(map(str, entry.participants)) if entry.participants else "",
                note_digest(entry.note),
                _day(entry.recorded_on),
                entry.outcome,
                _day(entry.next_contact),
            )
            row = self._blank.copy()
            for place, value in zip(places, varying, strict=True):
                row[place] = value
            of_versions[f"{entry_id}/1"] = hash_of(varying)
            if entry.note:
                of_texts[f"{entry_id}/1"] = self._keys.digest(self._words((entry_id, entry.note)))
                texts.append((entry_id, 1, tenant_id, data_keys.encrypt(entry.note), "", None))
            yield tuple(row)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
