"""Keeps who read what that names patients: gathered in memory, and written to the audit chain in batches.

A read never waits for this, and a full disk or a database that is away never stops one: what could not be written is
kept and written later, up to a bound, and what had to be dropped is counted.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from storage import UnitOfWork

#: So many different reads wait at most, and so many patients in all of them.
MOST_READS = 5_000
MOST_PATIENTS = 2_000_000
#: So many reads are written with one event.
_BATCH = 500
ACTION = "data.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody, what they asked for, and the patients whom the answer was about."""

    #: The member; None for the program itself and for the command line.
    member_id: int | None
    #: The use case, `months.why`.
    what: str
    #: Their numbers in order, `1-40,57`.
    patients: str


@dataclass(slots=True)
class Times:
    """When a read was, first and last, and how often."""

    """When something was read, first and last, and how often."""

    first: datetime
    last: datetime
    count: int = 1


class Reads:
    """Reads that wait to be written; whoever reads puts them in from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Reader, Times] = {}
        self._patients = 0
        self._dropped = 0

    def note(self, member_id: int | None, what: str, patients: Collection[int], at: datetime) -> None:
        """Keep that somebody was shown something about patients, at an aware instant."""
        if patients:
            self._add(
                Reader(member_id=member_id, what=what, patients=as_ranges(patients)),
                Times(at, at),
                len(patients),
            )

    def take(self) -> tuple[list[tuple[Reader, Times]], int]:
        """What waits, oldest first, as much as one event holds; and how many were dropped before."""
        with self._lock:
            taken = list(self._waiting.items())[:_BATCH]
            for reader, _ in taken:
                del self._waiting[reader]
            self._patients = 0 if not self._waiting else self._patients
            dropped, self._dropped = self._dropped, 0
        return taken, dropped

    def give_back(self, taken: Iterable[tuple[Reader, Times]], dropped: int) -> None:
        """Keep what could not be written after all."""
        for reader, times in taken:
            self._add(reader, times, 0)
        with self._lock:
            self._dropped += dropped

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting and not self._dropped

    def _add(self, reader: Reader, times: Times, patients: int) -> None:
        with self._lock:
            known = self._waiting.get(reader)
            if known is not None:
                known.first, known.last = min(known.first, times.first), max(known.last, times.last)
                known.count += times.count
            elif len(self._waiting) >= MOST_READS or self._patients + patients > MOST_PATIENTS:
                self._dropped += times.count
            else:
                self._waiting[reader] = times
                self._patients += patients


def record(uow: UnitOfWork, at: datetime, taken: Collection[tuple[Reader, Times]], dropped: int) -> None:
    """Write reads to the audit chain, as one event; the caller commits."""
    details: dict[str, Any] = {"reads": [_row(reader, times) for reader, times in taken]}
    if dropped:
        details["dropped"] = dropped
    uow.audit.record(at=at, actor=None, action=ACTION, subject="reads", details=details)


def _row(reader: Reader, times: Times) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "by": reader.member_id,
        "what": reader.what,
        "patients": reader.patients,
        "at": times.first.isoformat(timespec="seconds"),
    }
    return (
        row
        if times.count == 1
        else row | {"times": times.count, "to": times.last.isoformat(timespec="seconds")}
    )


def as_ranges(numbers: Collection[int]) -> str:
    """Numbers in order, those that follow one another as one range: `1-40,57`."""
    ordered = sorted(set(numbers))
    cuts = [
        0,
        *(place for place, (one, two) in enumerate(pairwise(ordered), start=1) if two != one + 1),
        len(ordered),
    ]
    spans = [(ordered[start], ordered[end - 1]) for start, end in pairwise(cuts)]
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
