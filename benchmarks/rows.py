"""Rows straight into a database of the base build: a million entries in seconds, the same for every build.

The tables are those that the base build's migrations make. A newer build gets its own form of them from a copy, by
its own migration, so that what it reads is what a practice would have that moves up.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any, Self

TENANT = 1
_BATCH = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeEntry:
    """One entry of the ledger, with what became of it."""

    patient_id: int
    #: As it stands now.
    seconds: int
    service_date: date
    #: When it was keyed; aware, as all instants here.
    recorded_at: datetime
    performed_by: int
    activity: str = "phone"
    activity_source: str = "stated"
    role: str = "care_manager"
    recorded_by: int | None = None
    recorded_on: date | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    participants: tuple[int, ...] = ()
    note: str = ""
    #: Seconds before a correction, and when it was made; None where it stands as first written.
    first_seconds: int | None = None
    corrected_at: datetime | None = None
    voided_at: datetime | None = None


class Rows:
    """A database that the base build has made and that nobody else has open; saved when left."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Self:
        """Open it, and found the practice where there is none."""
        self._connection = sqlite3.connect(self._file)
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -400000")
        if self._connection.execute("SELECT 1 FROM tenant").fetchone() is None:
            self.put("tenant", [{"tenant_id": TENANT, "name": "Practice"}], tenant=False)
            self.put("audit_head", [{"seq": 0, "hash": ""}])
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Save what was written, unless something failed."""
        if kind is None:
            self._connection.commit()
        self._connection.close()

    def put(self, table: str, rows: Iterable[Mapping[str, Any]], *, tenant: bool = True) -> None:
        """Insert rows of the same columns; columns left out are empty."""
        remaining = iter(rows)
        own = {"tenant_id": TENANT} if tenant else {}
        while batch := [own | row for row in islice(remaining, _BATCH)]:
            names = list(batch[0])
            columns = ", ".join(f'"{name}"' for name in names)
            places = ", ".join(f":{name}" for name in names)
            self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", batch)

    def entries(self, entries: Iterable[MadeEntry]) -> None:
        """Append entries, in order, each as a receipt of its own."""
        (last,) = self._connection.execute("SELECT coalesce(max(entry_id), 0) FROM entry_version").fetchone()
        numbered = zip(count(last + 1), entries, strict=False)
        while batch := list(islice(numbered, _BATCH)):
            self.put("entry_version", (row for one in batch for row in _versions(*one)))
            self.put(
                "entry_text",
                (
                    {"entry_id": number, "n": 1, "note": entry.note, "reason": ""}
                    for number, entry in batch
                    if entry.note
                ),
            )
            self.put("current_entry", (_current(*one) for one in batch if one[1].voided_at is None))

    def damage(self, entry_ids: Iterable[int], column: str, value: object) -> None:
        """Write nonsense into what stands, as a failing disk would."""
        self._connection.executemany(
            f'UPDATE current_entry SET "{column}" = ? WHERE entry_id = ?',
            [(value, entry_id) for entry_id in entry_ids],
        )

    def change_later(self, entry_ids: Iterable[int], at: datetime, seconds: int | None) -> None:
        """Correct entries to so many seconds, or make them void where there are none."""
        names = [column[1] for column in self._connection.execute("PRAGMA table_info(entry_version)")]
        for entry_id in entry_ids:
            row = self._connection.execute(
                "SELECT * FROM entry_version WHERE entry_id = ? ORDER BY n DESC LIMIT 1", (entry_id,)
            ).fetchone()
            version = dict(zip(names, row, strict=True))
            if version["kind"] == "void":
                continue
            version |= {
                "n": version["n"] + 1,
                "at": instant(at),
                "kind": "void" if seconds is None else "correction",
            }
            self._connection.execute("DELETE FROM current_entry WHERE entry_id = ?", (entry_id,))
            if seconds is not None:
                version |= {
                    "first_seconds": version["first_seconds"] or version["seconds"],
                    "seconds": seconds,
                }
                self.put("current_entry", [_standing(version)])
            self.put("entry_version", [version])

    def ids(self, first: date, last: date, every: int) -> list[int]:
        """Numbers of entries that stand on those dates, in order, one of every so many."""
        found = self._connection.execute(
            "SELECT entry_id FROM current_entry WHERE service_date BETWEEN ? AND ? ORDER BY entry_id",
            (first.isoformat(), last.isoformat()),
        )
        return [entry_id for (entry_id,) in found][::every]


def instant(at: datetime) -> str:
    """An aware instant as the tables hold it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def digest(note: str) -> str:
    """The fingerprint of a note's words."""
    folded = " ".join(note.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:16] if folded else ""


def day(value: date | None) -> str | None:
    """A date as the tables hold it."""
    return value and value.isoformat()


def _maybe_instant(value: datetime | None) -> str | None:
    return value and instant(value)


def _facts(number: int, entry: MadeEntry) -> dict[str, Any]:
    return {
        "entry_id": number,
        "receipt_id": number,
        "patient_id": entry.patient_id,
        "seconds": entry.seconds,
        "service_date": day(entry.service_date),
        "activity": entry.activity,
        "activity_source": entry.activity_source,
        "role": entry.role,
        "performed_by": entry.performed_by,
        "recorded_by": entry.recorded_by or entry.performed_by,
        "recorded_at": instant(entry.recorded_at),
        "started_at": _maybe_instant(entry.started_at),
        "ended_at": _maybe_instant(entry.ended_at),
        "participants": ",".join(map(str, entry.participants)),
        "note_digest": digest(entry.note),
        "recorded_on": day(entry.recorded_on),
        "first_seconds": entry.first_seconds,
    }


def _versions(number: int, entry: MadeEntry) -> Iterator[dict[str, Any]]:
    facts = _facts(number, entry)
    facts |= {"by": facts["recorded_by"], "source": "chat"}
    n = 1
    if entry.corrected_at is None:
        yield facts | {"n": n, "kind": "first", "at": facts["recorded_at"]}
    else:
        first = {"seconds": entry.first_seconds or entry.seconds, "first_seconds": None}
        yield facts | first | {"n": n, "kind": "first", "at": facts["recorded_at"]}
        n += 1
        yield facts | {"n": n, "kind": "correction", "at": instant(entry.corrected_at)}
    if entry.voided_at is not None:
        yield facts | {"n": n + 1, "kind": "void", "at": instant(entry.voided_at)}


def _current(number: int, entry: MadeEntry) -> dict[str, Any]:
    corrected = entry.corrected_at is not None
    return _facts(number, entry) | {
        "version": 1 + corrected,
        "corrected_at": _maybe_instant(entry.corrected_at),
    }


def _standing(version: Mapping[str, Any]) -> dict[str, Any]:
    """A row of what stands, from the version that says so."""
    ledger_only = {"n", "kind", "by", "at", "source", "outcome", "next_contact"}
    facts = {name: value for name, value in version.items() if name not in ledger_only}
    return facts | {"version": version["n"], "corrected_at": version["at"]}
