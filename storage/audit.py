"""Stores the audit trail, a chain of hashes in which a changed, missing or inserted event shows."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, cast, func, insert, literal_column, select, update

from storage.audit_keys import NO_KEYS, AuditKeys, Checked, Purpose
from storage.compiled import Parameters
from storage.hashes import HashedTable
from storage.statements import PreparedStatement, Wire, inserting
from storage.tables import AuditEventRow, AuditHeadRow, table_of
from storage.types import utc

_EVENT = table_of(AuditEventRow)
_HEAD = table_of(AuditHeadRow)
_READ_HEAD = PreparedStatement(
    select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.tenant_id == bindparam("tenant_id"))
)
_MOVE_HEAD = PreparedStatement(
    update(_HEAD)
    .where(_HEAD.c.tenant_id == bindparam("tenant"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"))
)
_ADD = PreparedStatement(inserting(AuditEventRow))
#: The same on PostgreSQL, where many write at once and the lock on the head puts their events in order: it is taken,
#: the event linked and the head moved by one statement, which is sent with the COMMIT.
_OLD = (
    select(_HEAD.c.seq, _HEAD.c.hash)
    .where(_HEAD.c.tenant_id == bindparam("tenant_id"))
    .with_for_update()
    .cte("old")
)
_SEQ = _OLD.c.seq + 1
_LINKED = bindparam("before", type_=String()) + _OLD.c.hash + bindparam("between", type_=String())
_MOVED = (
    update(_HEAD)
    .where(_HEAD.c.tenant_id == bindparam("tenant_id"))
    .values(
        seq=_SEQ,
        hash=func.encode(
            func.sha256(
                func.convert_to(
                    _LINKED + cast(_SEQ, String()) + bindparam("after", type_=String()),
                    literal_column("'UTF8'"),
                )
            ),
            literal_column("'hex'"),
        ),
    )
    .returning(_HEAD.c.seq, _HEAD.c.hash, _OLD.c.hash.label("prev_hash"))
    .cte("moved")
)
_FACTS = ("tenant_id", "at", "actor", "action", "subject", "details", "mac")
_LINK = PreparedStatement(
    insert(_EVENT).from_select(
        [*_FACTS, "seq", "hash", "prev_hash"],
        select(
            *(cast(bindparam(name, type_=_EVENT.c[name].type), _EVENT.c[name].type) for name in _FACTS),
            _MOVED.c.seq,
            _MOVED.c.hash,
            _MOVED.c.prev_hash,
        ),
    )
)
_DATABASE_TIME = PreparedStatement(select(func.current_timestamp(type_=_EVENT.c.at.type)))

#: Characters that one hash takes with its key, and what a message may have without waiting for the server to read it.
_LONGEST_HASHED = 120
_BRIEF = 16_384
#: So many keys are looked up at a time.
_KEYS = 5000

#: Under this name the details of an event hold the hashes of the rows it is about: `{kind: {key: hash}}`.
HASHES = "sha256"

_ENCODE = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing done: who did what to what."""

    #: Aware, UTC.
    at: datetime
    #: Member who did it; None for the program itself.
    actor: int | None
    #: `member.welcomed`, `entry.void` ...
    action: str
    #: `entry:17`, never an MRN.
    subject: str
    #: Canonical JSON without identified text.
    details: str = "{}"
    #: Over all of the above; None where no key was at hand.
    mac: str | None = None

    @classmethod
    def of(
        cls, *, at: datetime, actor: int | None, action: str, subject: str, details: Mapping[str, Any]
    ) -> "AuditEvent":
        """An event whose details are not JSON yet."""
        return cls(at=at, actor=actor, action=action, subject=subject, details=_ENCODE(details))

    def link(self, prev_hash: str, tenant_id: int, seq: int) -> Parameters:
        """The event as the row at that place in the chain."""
        return {
            "tenant_id": tenant_id,
            "seq": seq,
            "at": self.at,
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "details": self.details,
            "prev_hash": prev_hash,
            "hash": self.hash_after(prev_hash, tenant_id, seq),
        }

    def hash_after(self, prev_hash: str, tenant_id: int, seq: int) -> str:
        """SHA-256 over the event, its place, and the hash before it."""
        before, between, after = self.hashed(tenant_id)
        return hashlib.sha256(f"{before}{prev_hash}{between}{seq}{after}".encode()).hexdigest()

    def hashed(self, tenant_id: int) -> tuple[str, str, str]:
        """The text that is hashed: what stands before the last hash, between it and the place, and after that."""
        facts = self._facts()
        after = f",{facts[1:]}" if self.mac is None else f',{facts[1:-1]},"{self.mac}"]'
        return '["', f'",{tenant_id},', after

    def signed(self, keys: AuditKeys, tenant_id: int) -> "AuditEvent":
        """The event with its MAC, where there is a key; its place is not in it, and is in the seals."""
        return replace(self, mac=keys.sign(Purpose.EVENT, self._vouched(tenant_id))) if keys else self

    def checked(self, keys: AuditKeys, tenant_id: int) -> Checked:
        """What its MAC says; it has one."""
        return keys.check(Purpose.EVENT, self.mac or "", self._vouched(tenant_id))

    def _vouched(self, tenant_id: int) -> str:
        return f"{tenant_id}{self._facts()}"

    def _facts(self) -> str:
        at = utc(self.at).isoformat(timespec="microseconds")
        return _ENCODE([at, self.actor, self.action, self.subject, self.details])


class Audit:
    """The audit trail of one tenant; append-only."""

    def __init__(self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self.keys = keys
        self._waiting: list[AuditEvent] = []
        #: The details of the last that waits, to which hashes may still come.
        self._last_details: dict[str, Any] = {}
        self._hashes: dict[str, dict[str, str]] = {}
        self._touched: dict[HashedTable, dict[tuple[Any, ...], None]] = {}

    def keep_hash(self, table: HashedTable, row: Mapping[str, Any]) -> None:
        """Have a row's hash stand in the chain: in the next event that is recorded, else in the last.

        When there is none, an event of its own holds it, at the database's own time.
        """
        self._hashes.setdefault(table.kind, {})[table.key_of(row)] = (
            table.vouch((row,), self.keys) if table.is_words else table.hash_of(row)
        )

    def touched(self, table: HashedTable, *key: Any) -> None:
        """Have the hash of whatever lies under a key at the end of the unit of work stand in the chain."""
        self._touched.setdefault(table, {})[key] = None

    def keep_group(self, table: HashedTable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Have one hash of all rows of a key stand in the chain."""
        if rows:
            self._hashes.setdefault(table.kind, {})[table.key_of(rows[0])] = table.vouch(rows, self.keys)

    def look_again(self) -> None:
        """Read what was touched as it now stands; of what is gone, the chain says that."""
        touched, self._touched = self._touched, {}
        for table, keys in touched.items():
            hashes = self._hashes.setdefault(table.kind, {})
            for key, rows in self._standing(table, keys).items():
                hashes[key] = table.vouch(rows, self.keys)

    def _standing(
        self, table: HashedTable, keys: Collection[tuple[Any, ...]]
    ) -> dict[str, list[dict[str, Any]]]:
        """The rows of some keys as they stand; of those that are gone, none."""
        found: dict[str, list[dict[str, Any]]] = {
            table.key_of(dict(zip(table.key, key, strict=True))): [] for key in keys
        }
        if len(table.key) == 1:
            wanted = [value for (value,) in keys]
            for start in range(0, len(wanted), _KEYS):
                asked = {"tenant_id": self._tenant_id, "keys": wanted[start : start + _KEYS]}
                for row in map(table.named, self._wire.rows(table.of_keys, **asked)):
                    found[table.key_of(row)].append(row)
            return found
        for key in keys:
            named = dict(zip(table.key, key, strict=True))
            rows = self._wire.rows(table.of_key, tenant_id=self._tenant_id, **named)
            found[table.key_of(named)] = [table.named(row) for row in rows]
        return found

    def record(
        self,
        *,
        at: datetime,
        actor: int | None,
        action: str,
        subject: str,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Add an event to the chain; it is written when the unit of work is kept."""
        held: dict[str, Any] = {**(details or {})}
        if self._hashes:
            held[HASHES], self._hashes = self._hashes, {}
        self._waiting.append(AuditEvent.of(at=at, actor=actor, action=action, subject=subject, details=held))
        self._last_details = held

    def add(self, event: AuditEvent) -> None:
        """Add an event that was made before, with the hashes that it is to hold."""
        self._waiting.append(event)
        self._last_details = json.loads(event.details)

    @property
    def is_brief(self) -> bool:
        """Whether what is to be written fits into one message to the database, as all does but an import or a close."""
        hashes = sum(map(len, self._hashes.values()))
        return _LONGEST_HASHED * hashes + sum(len(event.details) for event in self._waiting) <= _BRIEF

    def write(self) -> None:
        """Link what was recorded to the end of the chain: the unit of work's last statements."""
        if self._touched:
            self.look_again()
        if self._hashes and self._waiting:
            self._add_to_last()
        elif self._hashes:
            (at,) = self._wire.one(_DATABASE_TIME)
            self.record(at=at, actor=None, action="rows.kept", subject="rows")
        if not self._waiting:
            return
        if self._wire.is_sqlite:
            self._link_all()
        else:
            for event in self._waiting:
                self._link(event)
        self._waiting.clear()

    def _add_to_last(self) -> None:
        """Put what was hashed since into the last event."""
        held = self._last_details.setdefault(HASHES, {})
        for kind, hashes in self._hashes.items():
            held.setdefault(kind, {}).update(hashes)
        self._hashes = {}
        self._waiting[-1] = replace(self._waiting[-1], details=_ENCODE(self._last_details))

    def _link_all(self) -> None:
        """On SQLite, whose one writer holds the chain's end."""
        seq, last_hash = self._wire.one(_READ_HEAD, tenant_id=self._tenant_id)
        links: list[Parameters] = []
        for waiting in self._waiting:
            event = waiting.signed(self.keys, self._tenant_id)
            seq, prev_hash = seq + 1, last_hash
            links.append({"mac": event.mac, **event.link(prev_hash, self._tenant_id, seq)})
            last_hash = links[-1]["hash"]
        self._wire.run_many(_ADD, links)
        self._wire.run(_MOVE_HEAD, tenant=self._tenant_id, seq=seq, hash=last_hash)

    def _link(self, waiting: AuditEvent) -> None:
        """On PostgreSQL, which hashes the link itself: nothing travels while others wait for the chain's end.

        It is given the MAC, and never the key.
        """
        event = waiting.signed(self.keys, self._tenant_id)
        before, between, after = event.hashed(self._tenant_id)
        self._wire.run(
            _LINK,
            tenant_id=self._tenant_id,
            at=event.at,
            actor=event.actor,
            action=event.action,
            subject=event.subject,
            details=event.details,
            mac=event.mac,
            before=before,
            between=between,
            after=after,
        )
