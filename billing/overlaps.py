"""Clock time of one person that lies in entries of two patients: it counts once.

A pass over the entries of one or more days, before any patient's month is evaluated.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from billing.durations import HOUR
from billing.entries import TimeEntry

#: No entry can be longer than a day; one that is was damaged on its way in.
LONGEST_SECONDS = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """A stretch of one entry's clock time that another patient's entry already holds."""

    entry_id: int
    #: The entry that keeps the time, and its patient.
    kept_by: int
    kept_for: int
    #: Aware instants (UTC).
    started_at: datetime
    ended_at: datetime


class Clocked(NamedTuple):
    """As much of an entry as one person's clock is about; a practice has thousands a month."""

    entry_id: int
    patient_id: int
    seconds: int
    service_date: date
    performed_by: int
    participants: tuple[int, ...]
    #: Aware instants (UTC).
    recorded_at: datetime
    started_at: datetime | None


def clock(entry: TimeEntry | Clocked) -> tuple[datetime, datetime] | None:
    """The clock time of an entry: from its start, for as long as it counts. None when it has no start."""
    if entry.started_at is None or not 0 < entry.seconds <= LONGEST_SECONDS:
        return None
    return entry.started_at, entry.started_at + timedelta(seconds=entry.seconds)


def keyed_order(entry: TimeEntry | Clocked) -> tuple[datetime, datetime, int]:
    """Who keeps shared time: the entry first written, then the one that began first."""
    return entry.recorded_at, entry.started_at or entry.recorded_at, entry.entry_id


def find_overlaps(entries: Iterable[TimeEntry | Clocked]) -> tuple[Overlap, ...]:
    """Time that one person worked for two patients at once; it stays with the entry first written.

    A person's clock holds what they did and what they took part in. Entries without clock times, and
    entries of one patient (see `billing.counting`), take no part.
    """
    busy: dict[int, list[tuple[datetime, datetime, TimeEntry | Clocked]]] = defaultdict(list)
    for entry in entries:
        span = clock(entry)
        if span is not None:
            for person in {entry.performed_by, *entry.participants}:
                busy[person].append((*span, entry))
    found = [overlap for person in sorted(busy) for overlap in _one_person(person, busy[person])]
    return tuple(sorted(found, key=lambda overlap: (overlap.entry_id, overlap.started_at, overlap.kept_by)))


def _one_person(person: int, spans: list[tuple[datetime, datetime, TimeEntry | Clocked]]) -> list[Overlap]:
    """Sweep one person's clock by start."""
    found: list[Overlap] = []
    running: list[tuple[datetime, TimeEntry | Clocked]] = []
    for start, end, entry in sorted(spans, key=lambda span: (span[0], span[2].entry_id)):
        running = [(other_end, other) for other_end, other in running if other_end > start]
        for other_end, other in running:
            kept, lost = sorted((entry, other), key=keyed_order)
            if kept.patient_id != lost.patient_id and lost.performed_by == person:
                found.append(
                    Overlap(
                        entry_id=lost.entry_id,
                        kept_by=kept.entry_id,
                        kept_for=kept.patient_id,
                        started_at=start,
                        ended_at=min(end, other_end),
                    )
                )
        running.append((end, entry))
    return found
