"""Adds the MACs of audit events, the seals of the chain, and hashes of rows that had none, as found at this upgrade."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.audit import HASHES, AuditEvent
from storage.hashes import row_key, row_text
from storage.types import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

#: The tables, and the columns that tell their things apart within a tenant.
_TABLES = {
    "entry_text": ("entry_id", "n"),
    "fact_version_text": ("kind", "fact_id", "n"),
    "case_review_text": ("review_id",),
    "month_close_text": ("month", "revision"),
    "month_reopening_text": ("month", "revision"),
    "member": ("member_id",),
    "membership_request": ("request_id",),
    "patient": ("patient_id",),
    "patient_identity": ("patient_id",),
    "patient_merge": ("merge_id",),
    "patient_moved": ("merge_id",),
    "cover": ("cover_id",),
    "timer": ("timer_id",),
    "payer_name": ("name_key",),
    "payer_rule": ("name_key",),
    "fee_schedule": ("name_key",),
    "fee_rate": ("name_key",),
    "import_change": ("number",),
    "import_change_text": ("number",),
}
#: Where a thing is several rows, the further columns by which they are in order.
_WITHIN = {
    "patient_moved": ("kind", "row_id"),
    "payer_rule": ("place",),
    "fee_rate": ("place",),
    "import_change": ("place",),
    "import_change_text": ("place",),
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
    # Both databases add a column in place. Events from before have no MAC, and keep their hashes.
    op.add_column("audit_event", sa.Column("mac", sa.String(), nullable=True))
    op.create_table(
        "audit_seal",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_audit_seal_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "n", name="pk_audit_seal"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    for tenant_id, seq, last_hash in connection.execute(sa.select(_HEAD)).all():
        _vouch(connection, tenant_id, seq, last_hash)


def _vouch(connection: sa.Connection, tenant_id: int, seq: int, last_hash: str) -> None:
    """Lengthen one tenant's chain by the hashes of its rows."""
    at = connection.execute(sa.select(sa.func.current_timestamp(type_=Instant))).scalar_one()
    for table in _TABLES:
        for hashes in _hashes(connection, table, tenant_id):
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


def _hashes(connection: sa.Connection, table: str, tenant_id: int) -> Iterator[dict[str, str]]:
    """Hashes by key, some thousand at a time."""
    key = _TABLES[table]
    hashes: dict[str, str] = {}
    for own_key, rows in groupby(_rows(connection, table, tenant_id), key=lambda row: row_key(row, key)):
        hashes[own_key] = hashlib.sha256("\n".join(map(row_text, rows)).encode()).hexdigest()
        if len(hashes) == _BATCH:
            yield hashes
            hashes = {}
    if hashes:
        yield hashes


def _rows(connection: sa.Connection, table: str, tenant_id: int) -> Iterator[Mapping[str, Any]]:
    """A table's rows in order, as the driver gives them, a batch at a time."""
    order = (*_TABLES[table], *_WITHIN.get(table, ()))
    columns = ", ".join(order)
    last: Mapping[str, Any] | None = None
    while True:
        after = "" if last is None else f"AND ({columns}) > ({', '.join(f':{name}' for name in order)})"
        query = sa.text(
            f"SELECT * FROM {table} WHERE tenant_id = :tenant_id {after} ORDER BY {columns} LIMIT :batch"  # noqa: S608 - names of tables and columns, no values
        )
        values = {name: last[name] for name in order} if last is not None else {}
        rows = connection.execute(query, {"tenant_id": tenant_id, "batch": _BATCH, **values}).mappings()
        found = [dict(row) for row in rows]
        if not found:
            return
        yield from found
        last = found[-1]
