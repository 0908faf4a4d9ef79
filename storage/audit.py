"""Stores the audit trail, a chain of hashes in which a changed, missing or inserted event shows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from storage.hashes import HashedTable
from storage.statements import Parameters, Statement, Wire, inserting
from storage.tables import AuditEventRow, AuditHeadRow, table_of
from storage.values import AuditFinding

_EVENT = table_of(AuditEventRow)
_HEAD = table_of(AuditHeadRow)
_READ_HEAD = Statement(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.tenant_id == bindparam("tenant_id")))
# On PostgreSQL the lock on the head is what puts concurrent events in order; it is taken last, and held for
# two statements and the commit. SQLite has one writer, and no such clause.
_LOCK_HEAD = Statement(
    select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.tenant_id == bindparam("tenant_id")).with_for_update()
)
_MOVE_HEAD = Statement(
    update(_HEAD)
    .where(_HEAD.c.tenant_id == bindparam("tenant"))
    .values(seq=bindparam("seq"), hash=bindparam("hash"))
)
_ADD = Statement(inserting(AuditEventRow))
_EVENTS = Statement(select(_EVENT).where(_EVENT.c.tenant_id == bindparam("tenant_id")).order_by(_EVENT.c.seq))
_DATABASE_TIME = Statement(select(func.current_timestamp(type_=_EVENT.c.at.type)))

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
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        link = [prev_hash, tenant_id, seq, at, self.actor, self.action, self.subject, self.details]
        return hashlib.sha256(_ENCODE(link).encode()).hexdigest()


class Audit:
    """The audit trail of one tenant; append-only."""

    def __init__(self, wire: Wire, tenant_id: int) -> None:
        self._wire = wire
        self._tenant_id = tenant_id
        self._waiting: list[AuditEvent] = []
        self._hashes: dict[str, dict[str, str]] = {}

    def keep_hash(self, table: HashedTable, row: Mapping[str, Any]) -> None:
        """Have a row's hash stand in the chain: in the next event that is recorded.

        When none is, an event of its own holds it, at the database's own time.
        """
        self._hashes.setdefault(table.kind, {})[table.key_of(row)] = table.hash_of(row)

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

    def write(self) -> None:
        """Link what was recorded to the end of the chain: the unit of work's last statements."""
        if self._hashes:
            (at,) = self._wire.one(_DATABASE_TIME)
            self.record(at=at, actor=None, action="rows.kept", subject="rows")
        if not self._waiting:
            return
        head = _READ_HEAD if self._wire.is_sqlite else _LOCK_HEAD
        seq, last_hash = self._wire.one(head, tenant_id=self._tenant_id)
        links: list[Parameters] = []
        for event in self._waiting:
            seq, prev_hash = seq + 1, last_hash
            links.append(event.link(prev_hash, self._tenant_id, seq))
            last_hash = links[-1]["hash"]
        with self._wire.together():
            self._wire.run_many(_ADD, links)
            self._wire.run(_MOVE_HEAD, tenant=self._tenant_id, seq=seq, hash=last_hash)
        self._waiting.clear()

    def verify(self) -> tuple[AuditFinding, ...]:
        """Every place where the chain does not hold; nothing found is a whole chain."""
        findings: list[AuditFinding] = []
        expected, last_hash = 1, ""
        for row in self._wire.stream(_EVENTS, tenant_id=self._tenant_id):
            _, seq, at, actor, action, subject, details, prev_hash, own_hash = row
            if seq != expected:
                findings.append(
                    AuditFinding(seq=expected, message=f"events {expected} to {seq - 1} are missing")
                )
            elif prev_hash != last_hash:
                findings.append(
                    AuditFinding(seq=seq, message=f"event {seq} does not follow the one before it")
                )
            event = AuditEvent(at=at, actor=actor, action=action, subject=subject, details=details)
            if event.hash_after(prev_hash, self._tenant_id, seq) != own_hash:
                findings.append(AuditFinding(seq=seq, message=f"event {seq} is not as it was written"))
            expected, last_hash = seq + 1, own_hash
        head = self._wire.row(_READ_HEAD, tenant_id=self._tenant_id)
        if head is not None and head != (expected - 1, last_hash):
            findings.append(
                AuditFinding(seq=expected - 1, message=f"the chain ends at {expected - 1}, not at {head[0]}")
            )
        return tuple(findings)
