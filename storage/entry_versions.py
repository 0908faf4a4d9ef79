"""Makes the versions of an entry: the first, one that corrects, one that puts back, and the void one."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from billing.entries import TimeEntry
from storage.entry_columns import note_digest
from storage.types import utc
from storage.values import EntryChanges, EntryVersion, NewEntry, VersionKind

#: Changes that are no facts of the work itself.
_WORDS = ("note", "outcome", "next_contact")


def first_version(
    number: int, new: NewEntry, *, by: int, at: datetime, source: str, receipt_id: int
) -> EntryVersion:
    """The first version of an entry."""
    return EntryVersion(
        kind=VersionKind.FIRST,
        entry=_entry(number, new, recorded_by=by, recorded_at=at),
        by=by,
        at=at,
        source=source,
        receipt_id=receipt_id,
        note=new.note,
        outcome=new.outcome,
        next_contact=new.next_contact,
    )


def _entry(number: int, new: NewEntry, *, recorded_by: int, recorded_at: datetime) -> TimeEntry:
    return TimeEntry(
        entry_id=number,
        version=1,
        patient_id=new.patient_id,
        seconds=new.seconds,
        service_date=new.service_date,
        activity=new.activity,
        activity_source=new.activity_source,
        role=new.role,
        performed_by=new.performed_by,
        recorded_by=recorded_by,
        recorded_at=utc(recorded_at),
        started_at=_maybe_utc(new.started_at),
        ended_at=_maybe_utc(new.ended_at),
        participants=new.participants,
        note_digest=note_digest(new.note),
        recorded_on=new.recorded_on,
    )


def corrected_version(
    last: EntryVersion, changes: EntryChanges, *, by: int, at: datetime, reason: str, source: str
) -> EntryVersion:
    """The version after `last`, with what changes."""
    given: dict[str, Any] = dict(changes)
    words = {name: given.pop(name) for name in _WORDS if name in given}
    if "note" in words:
        given["note_digest"] = note_digest(words["note"])
    if given.get("seconds", last.entry.seconds) != last.entry.seconds and last.entry.first_seconds is None:
        given["first_seconds"] = last.entry.seconds
    for name in ("started_at", "ended_at"):
        if name in given:
            given[name] = _maybe_utc(given[name])
    entry = replace(last.entry, version=last.entry.version + 1, corrected_at=utc(at), **given)
    return replace(
        last,
        kind=VersionKind.CORRECTION,
        entry=entry,
        by=by,
        at=utc(at),
        reason=reason,
        source=source,
        restores=None,
        **words,
    )


def restored_version(
    origin: EntryVersion, n: int, patient_id: int | None, *, by: int, at: datetime, reason: str
) -> EntryVersion:
    """A further version of an entry that says what an earlier one said."""
    entry = replace(origin.entry, version=n, patient_id=patient_id or origin.entry.patient_id)
    return replace(
        origin,
        kind=VersionKind.CORRECTION,
        entry=entry,
        by=by,
        at=utc(at),
        reason=reason,
        restores=origin.entry.version,
    )


def void_version(last: EntryVersion, *, by: int, at: datetime, reason: str, source: str) -> EntryVersion:
    """The last version of an entry: its facts as they stood, and no note of its own."""
    entry = replace(last.entry, version=last.entry.version + 1)
    return replace(
        last,
        kind=VersionKind.VOID,
        entry=entry,
        by=by,
        at=utc(at),
        reason=reason,
        source=source,
        note="",
        restores=None,
    )


def _maybe_utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else utc(instant)
