"""Reads what was written about a month since it was closed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import itemgetter
from typing import NamedTuple

from billing.entries import TimeEntry
from billing.months import BillingMonth
from billing.people import Patient
from services.context import Context


class AddendumKind(StrEnum):
    """What became of an entry after the close."""

    ADDED = "added"
    CORRECTED = "corrected"
    #: Made void, or moved to another month or patient.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addendum:
    """An entry that stands otherwise than in the closed month."""

    kind: AddendumKind
    entry_id: int
    patient: Patient = field(repr=False)
    month: BillingMonth
    #: Whole seconds as frozen, and as they stand now.
    seconds_before: int
    seconds_after: int


class Held(NamedTuple):
    """What of an entry tells whether it changed."""

    patient_id: int
    #: When it was last corrected; an entry whose correction was taken back is as it was.
    corrected_at: datetime | None
    seconds: int


def held(entries: Iterable[TimeEntry]) -> dict[int, Held]:
    """Entries as they are remembered for the comparison, by number."""
    return {entry.entry_id: _held(entry) for entry in entries}


def addenda_of(
    context: Context, month: BillingMonth, frozen: Mapping[int, Held], now: Iterable[TimeEntry]
) -> tuple[Addendum, ...]:
    """Compare a month's entries as they were frozen with those that stand now; by entry."""
    missing = dict(frozen)
    found: list[tuple[int, AddendumKind, Held | None, Held | None]] = []
    for entry in now:
        before = missing.pop(entry.entry_id, None)
        after = _held(entry)
        if before == after:
            continue
        kind = AddendumKind.ADDED if before is None else AddendumKind.CORRECTED
        found.append((entry.entry_id, kind, before, after))
    found += [(entry_id, AddendumKind.WITHDRAWN, before, None) for entry_id, before in missing.items()]
    patients = context.uow.patients.many(
        {one.patient_id for _, _, *pair in found for one in pair if one is not None}
    )
    return tuple(
        Addendum(
            kind=kind,
            entry_id=entry_id,
            patient=patients[(after or before or _NOTHING).patient_id],
            month=month,
            seconds_before=(before or _NOTHING).seconds,
            seconds_after=(after or _NOTHING).seconds,
        )
        for entry_id, kind, before, after in sorted(found, key=itemgetter(0))
    )


def _held(entry: TimeEntry) -> Held:
    return Held(entry.patient_id, entry.corrected_at, entry.seconds)


_NOTHING = Held(patient_id=0, corrected_at=None, seconds=0)
