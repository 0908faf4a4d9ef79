"""Clock time of one person that lies in entries of two patients: it counts once.

A pass over the entries of one or more days, before any patient's month is evaluated.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
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


#: From when to when somebody was there, and by which entry.
_Stay = tuple[datetime, datetime, TimeEntry | Clocked]


def clock(entry: TimeEntry | Clocked) -> tuple[datetime, datetime] | None:
    """The clock time of an entry: from its start, for as long as it counts. None when it has no start."""
    if entry.started_at is None or not 0 < entry.seconds <= LONGEST_SECONDS:
        return None
    return entry.started_at, entry.started_at + timedelta(seconds=entry.seconds)


def keyed_order(entry: TimeEntry | Clocked) -> tuple[datetime, datetime, int]:
    """Who keeps shared time: the entry first written, then the one that began first."""
    return entry.recorded_at, entry.started_at or entry.recorded_at, entry.entry_id


def find_overlaps(entries: Iterable[TimeEntry | Clocked]) -> tuple[Overlap, ...]:
    """Time that one person worked for two patients at once; it stays with the patient of the entry first written.

    A person's clock holds what they did and what they took part in. Entries without clock times, and
    entries of one patient (see `billing.counting`), take no part.
    """
    busy: dict[int, list[_Stay]] = defaultdict(list)
    for entry in entries:
        span = clock(entry)
        if span is not None:
            for person in {entry.performed_by, *entry.participants}:
                busy[person].append((*span, entry))
    found = [overlap for person in sorted(busy) for overlap in _one_person(person, busy[person])]
    return tuple(sorted(found, key=lambda overlap: (overlap.entry_id, overlap.started_at, overlap.kept_by)))


def _one_person(person: int, stays: list[_Stay]) -> Iterator[Overlap]:
    """Look closer where one person was in two places."""
    together: list[_Stay] = []
    until: datetime | None = None
    for stay in sorted(stays, key=lambda stay: stay[0]):
        if until is not None and stay[0] >= until:
            yield from _at_once(person, together)
            together, until = [], None
        together.append(stay)
        until = stay[1] if until is None else max(until, stay[1])
    yield from _at_once(person, together)


def _at_once(person: int, together: Sequence[_Stay]) -> list[Overlap]:
    """What one person's entries lose to each other: of each stretch all but those of the patient who was first."""
    if len({entry.patient_id for _, _, entry in together}) == 1:
        return []
    found: dict[tuple[int, datetime], Overlap] = {}
    last: dict[int, Overlap] = {}
    edges = sorted({edge for start, end, _ in together for edge in (start, end)})
    for start, end in pairwise(edges):
        there = [entry for begun, over, entry in together if begun <= start < over]
        kept = min(there, key=keyed_order)
        for lost in there:
            if lost.patient_id == kept.patient_id or lost.performed_by != person:
                continue
            before = last.get(lost.entry_id)
            goes_on = before is not None and (before.kept_by, before.ended_at) == (kept.entry_id, start)
            overlap = Overlap(
                entry_id=lost.entry_id,
                kept_by=kept.entry_id,
                kept_for=kept.patient_id,
                started_at=before.started_at if before is not None and goes_on else start,
                ended_at=end,
            )
            found[lost.entry_id, overlap.started_at] = last[lost.entry_id] = overlap
    return list(found.values())
