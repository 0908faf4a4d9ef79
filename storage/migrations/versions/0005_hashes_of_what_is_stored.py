"""Adds hashes of every ledger version, care fact and closed line to the audit chain, as found at this upgrade."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.audit import HASHES, AuditEvent
from storage.hashes import line_hash, row_hash, row_key
from storage.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: The tables, and the columns that tell their rows apart within a tenant.
_TABLES = {
    "entry_version": ("entry_id", "n"),
    "frozen_line": ("month", "revision", "patient_id"),
    "month_close": ("month", "revision"),
    "month_reopening": ("month", "revision"),
    "month_submission": ("month", "revision"),
    "episode": ("episode_id",),
    "case_review": ("review_id",),
    "score": ("score_id",),
    "statement": ("statement_id",),
    "admission": ("admission_id",),
    "attestation": ("attestation_id",),
    "other_service": ("patient_id", "service_on", "code"),
}
#: How many hashes one event holds at most.
_BATCH = 5000
_WORDS = "Hashes of rows as found at the upgrade. What was changed before it cannot be told from them."
_EVENT = sa.table(
    "audit_event",
    *(sa.column(name) for name in ("tenant_id", "seq", "actor", "action", "subject", "details")),
    sa.column("at", Instant),
    *(sa.column(name) for name in ("prev_hash", "hash")),
)
_HEAD = sa.table("audit_head", sa.column("tenant_id"), sa.column("seq"), sa.column("hash"))


def upgrade() -> None:
    connection = op.get_bind()
    for tenant_id, seq, last_hash in connection.execute(sa.select(_HEAD)).all():
        _vouch(connection, tenant_id, seq, last_hash)


def _vouch(connection: sa.Connection, tenant_id: int, seq: int, last_hash: str) -> None:
    """Lengthen one tenant's chain by the hashes of all its rows."""
    at = connection.execute(sa.select(sa.func.current_timestamp(type_=Instant))).scalar_one()
    for table, hashes in _hashes(connection, tenant_id):
        event = AuditEvent.of(
            at=at,
            actor=None,
            action="audit.baseline",
            subject=table,
            details={"says": _WORDS, HASHES: {table: hashes}},
        )
        seq += 1
        link = event.link(last_hash, tenant_id, seq)
        connection.execute(sa.insert(_EVENT), link)
        last_hash = link["hash"]
    connection.execute(sa.update(_HEAD).where(_HEAD.c.tenant_id == tenant_id).values(seq=seq, hash=last_hash))


def _hashes(connection: sa.Connection, tenant_id: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Hashes by key, table by table and some thousand at a time."""
    for table, key in _TABLES.items():
        last: Mapping[str, Any] | None = None
        while rows := _rows(connection, table, key, tenant_id, last):
            yield table, {row_key(row, key): _hash(row) for row in rows}
            last = rows[-1]


def _rows(
    connection: sa.Connection,
    table: str,
    key: tuple[str, ...],
    tenant_id: int,
    last: Mapping[str, Any] | None,
) -> list[Mapping[str, Any]]:
    """The rows after the last, in order, as the driver gives them."""
    columns = ", ".join(key)
    after = "" if last is None else f"AND ({columns}) > ({', '.join(f':{name}' for name in key)})"
    query = sa.text(
        f"SELECT * FROM {table} WHERE tenant_id = :tenant_id {after} ORDER BY {columns} LIMIT :batch"  # noqa: S608 - names of tables and columns, no values
    )
    parameters = {name: last[name] for name in key} if last is not None else {}
    found = connection.execute(query, {"tenant_id": tenant_id, "batch": _BATCH, **parameters})
    return [dict(row) for row in found.mappings()]


def _hash(row: Mapping[str, Any]) -> str:
    return line_hash(row["line"]) if "line" in row else row_hash(row)
