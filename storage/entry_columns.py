"""Maps entries to their two tables' columns, and rows back to values."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from billing.activities import Activity, ActivitySource
from billing.entries import TimeEntry
from billing.people import Role
from storage import damage
from storage.compiled import Parameters, Values
from storage.many_values import MANY, values_of
from storage.tables import CurrentEntryRow, EntryTextRow, EntryVersionRow, table_of
from storage.values import EntryVersion, VersionKind

CURRENT = table_of(CurrentEntryRow)
VERSION = table_of(EntryVersionRow)
TEXT = table_of(EntryTextRow)

#: The facts of an entry that every version repeats and the projection keeps, in one order for both tables.
FACTS = (
    "entry_id",
    "patient_id",
    "seconds",
    "service_date",
    "activity",
    "activity_source",
    "role",
    "performed_by",
    "recorded_by",
    "recorded_at",
    "started_at",
    "ended_at",
    "participants",
    "note_digest",
    "recorded_on",
    "first_seconds",
    "receipt_id",
)
_NAMES = (*FACTS, "version", "corrected_at")
_FIELDS = tuple(field.name for field in fields(TimeEntry))
CURRENT_COLUMNS = (*(CURRENT.c[name] for name in FACTS), CURRENT.c.version, CURRENT.c.corrected_at)
VERSION_COLUMNS = (
    *(VERSION.c[name] for name in FACTS),
    VERSION.c.n,
    VERSION.c.kind,
    VERSION.c.by,
    VERSION.c.at,
    VERSION.c.source,
    VERSION.c.outcome,
    VERSION.c.next_contact,
    VERSION.c.restores,
    TEXT.c.note,
    TEXT.c.reason,
)
CURRENT_IN_TENANT = select(*CURRENT_COLUMNS).where(CURRENT.c.tenant_id == bindparam("tenant_id"))
VERSION_IN_TENANT = (
    select(*VERSION_COLUMNS)
    .outerjoin_from(VERSION, TEXT, (TEXT.c.entry_id == VERSION.c.entry_id) & (TEXT.c.n == VERSION.c.n))
    .where(VERSION.c.tenant_id == bindparam("tenant_id"))
)

_DIGEST_LENGTH = 16
#: The projection that current entries are read from.
_CURRENT = "current_entry"

# A report makes tens of thousands of entries; a look-up costs a third of calling the enumeration.
_ACTIVITIES = {activity.value: activity for activity in Activity}
_SOURCES = {source.value: source for source in ActivitySource}
_ROLES = {role.value: role for role in Role}


def note_digest(note: str) -> str:
    """Fingerprint of a note's words, blind to case and spacing; of no words, the empty text."""
    folded = " ".join(note.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:_DIGEST_LENGTH] if folded else ""


def current_parameters(entry: TimeEntry, receipt_id: int, tenant_id: int) -> Parameters:
    """An entry as a row of the projection."""
    return _facts(entry, receipt_id, tenant_id) | {
        "version": entry.version,
        "corrected_at": entry.corrected_at,
    }


def version_parameters(version: EntryVersion, tenant_id: int) -> Parameters:
    """A version as a row of the ledger."""
    return _facts(version.entry, version.receipt_id, tenant_id) | {
        "n": version.entry.version,
        "kind": version.kind.value,
        "by": version.by,
        "at": version.at,
        "source": version.source,
        "outcome": version.outcome,
        "next_contact": version.next_contact,
        "restores": version.restores,
    }


def text_parameters(version: EntryVersion, tenant_id: int) -> Parameters:
    """The words of a version as a row of the identified text."""
    return {
        "entry_id": version.entry.entry_id,
        "n": version.entry.version,
        "tenant_id": tenant_id,
        "note": version.note,
        "reason": version.reason,
        "removed_by": None,
    }


def _facts(entry: TimeEntry, receipt_id: int, tenant_id: int) -> Parameters:
    return {
        "entry_id": entry.entry_id,
        "tenant_id": tenant_id,
        "receipt_id": receipt_id,
        "patient_id": entry.patient_id,
        "seconds": entry.seconds,
        "service_date": entry.service_date,
        "activity": entry.activity.value,
        "activity_source": entry.activity_source.value,
        "role": entry.role.value,
        "performed_by": entry.performed_by,
        "recorded_by": entry.recorded_by,
        "recorded_at": entry.recorded_at,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "participants": entry.participants,
        "note_digest": entry.note_digest,
        "recorded_on": entry.recorded_on,
        "first_seconds": entry.first_seconds,
    }


#: What is to be a number, or nobody finds whose it is.
_NUMBERS = ("seconds", "patient_id", "performed_by")


def current_entry(row: Values) -> TimeEntry:
    """A row of `CURRENT_COLUMNS` as the value it stands for."""
    return _entry(row[: len(FACTS)], version=row[-2], corrected_at=row[-1])


def current_entries(rows: Sequence[Values]) -> list[TimeEntry]:
    """The same of many rows."""
    if len(rows) < MANY:
        return damage.each(current_entry, rows, _CURRENT)
    try:
        return _many_entries(rows)
    except damage.UNREADABLE:
        return damage.each(current_entry, rows, _CURRENT)


def readable(rows: Iterable[Values]) -> Iterator[TimeEntry]:
    """The same of a stream of rows, one by one."""
    for row in rows:
        try:
            yield current_entry(row)
        except damage.UNREADABLE:
            damage.note(_CURRENT, row[0])


def _many_entries(rows: Sequence[Values]) -> list[TimeEntry]:
    columns: dict[str, Iterable[Any]] = dict(zip(_NAMES, zip(*rows, strict=True), strict=True))
    if any(type(number) is not int for name in _NUMBERS for number in columns[name]):
        raise ValueError("no number")
    columns["activity"] = map(_ACTIVITIES.__getitem__, columns["activity"])
    columns["activity_source"] = map(_SOURCES.__getitem__, columns["activity_source"])
    columns["role"] = map(_ROLES.__getitem__, columns["role"])
    return values_of(TimeEntry, [columns[name] for name in _FIELDS])


def version_entry(row: Values) -> TimeEntry:
    """The entry as of a version, from a row of `FACTS`, its number and its instant."""
    n, at = row[len(FACTS) : len(FACTS) + 2]
    return _entry(row[: len(FACTS)], version=n, corrected_at=at if n > 1 else None)


def entry_version(row: Values) -> EntryVersion:
    """A row of `VERSION_COLUMNS` as the value it stands for."""
    n, kind, by, at, source, outcome, next_contact, restores, note, reason = row[len(FACTS) :]
    return EntryVersion(
        kind=VersionKind(kind),
        entry=_entry(row[: len(FACTS)], version=n, corrected_at=at if n > 1 else None),
        by=by,
        at=at,
        source=source,
        receipt_id=row[len(FACTS) - 1],
        note=note or "",
        reason=reason or "",
        outcome=outcome,
        next_contact=next_contact,
        restores=restores,
    )


def _entry(facts: Values, *, version: int, corrected_at: datetime | None) -> TimeEntry:
    if type(facts[1]) is not int or type(facts[7]) is not int:
        raise ValueError("no number")
    return TimeEntry(
        entry_id=facts[0],
        version=version,
        patient_id=facts[1],
        seconds=int(facts[2]),
        service_date=facts[3],
        activity=_ACTIVITIES[facts[4]],
        activity_source=_SOURCES[facts[5]],
        role=_ROLES[facts[6]],
        performed_by=facts[7],
        recorded_by=facts[8],
        recorded_at=facts[9],
        started_at=facts[10],
        ended_at=facts[11],
        corrected_at=corrected_at,
        participants=facts[12],
        note_digest=facts[13],
        recorded_on=facts[14],
        first_seconds=facts[15],
    )
