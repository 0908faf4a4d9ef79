"""Keeps what the audit chain says of each row while a database is checked, on disk rather than in memory.

A file of SQLite's own that has no name and goes with its connection: whatever the practice's database is, and however
many rows it has, memory stays as it is.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from storage.damage import legible

_CACHE_KIB = 16_384
_TABLE = (
    "CREATE TABLE known (kind TEXT, key TEXT, hash TEXT, seq INTEGER, seen INTEGER DEFAULT 0, PRIMARY KEY (kind, key)) "
    "WITHOUT ROWID"
)
#: What is known of a row: its hash, and the event that wrote it last.
Known = tuple[str, int]
#: Well under the number of parameters that one statement takes.
_CHUNK = 500


class Spool:
    """The newest hash of every row, by kind and key; closed at the block's end."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)

    def __enter__(self) -> Self:
        for words in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            f"PRAGMA cache_size=-{_CACHE_KIB}",
            _TABLE,
            "BEGIN",
        ):
            self._connection.execute(words)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def put(self, kind: str, hashes: Iterable[tuple[str, str]], seq: int) -> None:
        """Keep what an event says of rows, in place of what earlier ones said."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO known (kind, key, hash, seq) VALUES (?, ?, ?, ?)",
            ((legible(kind), legible(key), legible(own), seq) for key, own in hashes),
        )

    def take(self, kind: str, keys: Sequence[str]) -> dict[str, Known]:
        """What is known of some rows; they are not missing."""
        found: dict[str, Known] = {}
        for start in range(0, len(keys), _CHUNK):
            chunk = [legible(key) for key in keys[start : start + _CHUNK]]
            where = f"kind = ? AND key IN ({', '.join('?' * len(chunk))})"
            asked = (kind, *chunk)
            rows = self._connection.execute(f"SELECT key, hash, seq FROM known WHERE {where}", asked)  # noqa: S608 - question marks
            found |= {key: (own, seq) for key, own, seq in rows}
            self._connection.execute(f"UPDATE known SET seen = 1 WHERE {where}", asked)  # noqa: S608 - the same
        return found

    def left(self, kind: str) -> Iterator[tuple[str, int]]:
        """Keys of which a row is known and was not taken, each with its event."""
        yield from self._connection.execute(
            "SELECT key, seq FROM known WHERE kind = ? AND seen = 0 AND hash <> ''", (kind,)
        )
