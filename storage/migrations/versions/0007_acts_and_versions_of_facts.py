"""Adds acts and versions of care facts; every fact on file gets its first version, with what is known of its author."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.audit import HASHES, AuditEvent
from storage.facts import FACTS, FactKind
from storage.hashes import FACT_VERSIONS
from storage.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Care facts, and the columns that say who wrote each, and when.
_AUTHORS: dict[str, tuple[str | None, str | None]] = {
    "episode": (None, None),
    "case_review": ("recorded_by", "recorded_at"),
    "score": ("recorded_by", None),
    "statement": ("made_by", None),
    "admission": (None, None),
    "attestation": ("attested_by", "attested_at"),
}
#: How many versions are written, and how many hashes one event holds, at most.
_BATCH = 5000
_WORDS = "First versions of facts as found at the upgrade."
_EVENT = sa.table(
    "audit_event",
    *(sa.column(name) for name in ("tenant_id", "seq", "actor", "action", "subject", "details")),
    sa.column("at", Instant),
    *(sa.column(name) for name in ("prev_hash", "hash")),
)
_HEAD = sa.table("audit_head", sa.column("tenant_id"), sa.column("seq"), sa.column("hash"))
_VERSION = sa.table(
    "fact_version",
    *(sa.column(name) for name in ("tenant_id", "kind", "fact_id", "n", "patient_id", "void")),
    *(sa.column(name) for name in ("content", "act", "by")),
    sa.column("at", Instant),
)
_TEXT = sa.table(
    "fact_version_text",
    *(sa.column(name) for name in ("tenant_id", "kind", "fact_id", "n", "words", "reason")),
)


def upgrade() -> None:
    connection = op.get_bind()
    _act()
    _fact_version()
    op.add_column("entry_version", sa.Column("restores", sa.Integer(), nullable=True))
    for table in ("episode", "attestation"):
        op.add_column(table, sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _let_attestations_be_withdrawn(connection)
    for tenant_id, seq, last_hash in connection.execute(sa.select(_HEAD)).all():
        _keep_first_versions(connection, tenant_id, seq, last_hash)


def _act() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("act_number")))
    op.create_table(
        "act",
        sa.Column("act_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.String(), nullable=True),
        sa.Column("changes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "actor"], ["member.tenant_id", "member.member_id"], name="fk_act_tenant_id_actor"
        ),
        sa.PrimaryKeyConstraint("act_id", name="pk_act"),
    )
    op.create_index("ix_act_tenant_id_actor_at", "act", ["tenant_id", "actor", "at"])
    some = sa.text("request_key IS NOT NULL")
    op.create_index(
        "ix_act_request",
        "act",
        ["tenant_id", "request_key"],
        unique=True,
        sqlite_where=some,
        postgresql_where=some,
    )
    op.create_table(
        "undone_act",
        sa.Column("act_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("by_act", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.act_id"], name="fk_undone_act_act_id"),
        sa.ForeignKeyConstraint(["by_act"], ["act.act_id"], name="fk_undone_act_by_act"),
        sa.PrimaryKeyConstraint("act_id", name="pk_undone_act"),
    )
    op.create_index("ix_undone_act_by_act", "undone_act", ["by_act"])


def _fact_version() -> None:
    key = ("tenant_id", "kind", "fact_id", "n")
    op.create_table(
        "fact_version",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("n > 0", name=op.f("ck_fact_version_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_fact_version_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"], ["member.tenant_id", "member.member_id"], name="fk_fact_version_tenant_id_by"
        ),
        sa.PrimaryKeyConstraint(*key, name="pk_fact_version"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fact_version_tenant_id_patient_id", "fact_version", ["tenant_id", "patient_id"])
    op.create_table(
        "fact_version_text",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            key,
            [f"fact_version.{name}" for name in key],
            name="fk_fact_version_text_tenant_id_kind_fact_id_n",
        ),
        sa.PrimaryKeyConstraint(*key, name="pk_fact_version_text"),
        sqlite_with_rowid=False,
    )


def _let_attestations_be_withdrawn(connection: sa.Connection) -> None:
    """Their versions are what is never changed from here on."""
    on = " ON attestation" if connection.dialect.name == "postgresql" else ""
    for name in ("update", "delete") if not on else ("change", "truncate"):
        connection.execute(sa.text(f"DROP TRIGGER IF EXISTS attestation_no_{name}{on}"))


def _keep_first_versions(connection: sa.Connection, tenant_id: int, seq: int, last_hash: str) -> None:
    at = connection.execute(sa.select(sa.func.current_timestamp(type_=Instant))).scalar_one()
    for kind in _AUTHORS:
        table = FACTS[kind]
        for rows in _rows(connection, table, tenant_id):
            versions = [_version(table, row, tenant_id) for row in rows]
            connection.execute(sa.insert(_VERSION), versions)
            if texts := [text for row in rows if (text := _text(table, row, tenant_id))]:
                connection.execute(sa.insert(_TEXT), texts)
            hashes = {FACT_VERSIONS.key_of(one): FACT_VERSIONS.hash_of(one) for one in versions}
            event = AuditEvent.of(
                at=at,
                actor=None,
                action="audit.baseline",
                subject=FACT_VERSIONS.kind,
                details={"says": _WORDS, HASHES: {FACT_VERSIONS.kind: hashes}},
            )
            seq += 1
            link = event.link(last_hash, tenant_id, seq)
            connection.execute(sa.insert(_EVENT), link)
            last_hash = link["hash"]
    connection.execute(sa.update(_HEAD).where(_HEAD.c.tenant_id == tenant_id).values(seq=seq, hash=last_hash))


def _rows(connection: sa.Connection, table: FactKind, tenant_id: int) -> Iterator[list[Mapping[str, Any]]]:
    """A table's rows as the driver gives them, some thousand at a time."""
    last = 0
    query = sa.text(
        f"SELECT * FROM {table.kind} WHERE tenant_id = :tenant_id AND {table.key} > :last "  # noqa: S608 - names, no values
        f"ORDER BY {table.key} LIMIT :batch"
    )
    while (
        found := connection.execute(query, {"tenant_id": tenant_id, "last": last, "batch": _BATCH})
        .mappings()
        .all()
    ):
        yield [dict(row) for row in found]
        last = found[-1][table.key]


def _version(table: FactKind, row: Mapping[str, Any], tenant_id: int) -> dict[str, Any]:
    """A row as its first version. Who withdrew it, and when, is the last that was said of it."""
    by, at = _AUTHORS[table.kind]
    void = table.is_void(row)
    author, moment = (row["withdrawn_by"], row["withdrawn_at"]) if void else (by and row[by], at and row[at])
    return {
        "tenant_id": tenant_id,
        "kind": table.kind,
        "fact_id": row[table.key],
        "n": 1,
        "patient_id": row["patient_id"],
        "void": void,
        "content": table.contents(row)[0],
        "act": "upgrade",
        "by": author,
        "at": _instant(moment),
    }


def _instant(moment: Any) -> Any:
    """An instant as SQLite gives it, or PostgreSQL."""
    read = Instant().result_processor(op.get_bind().dialect, None)
    return read(moment)


def _text(table: FactKind, row: Mapping[str, Any], tenant_id: int) -> dict[str, Any] | None:
    words = table.contents(row)[1]
    if not words:
        return None
    key = {"tenant_id": tenant_id, "kind": table.kind, "fact_id": row[table.key], "n": 1}
    return {**key, "words": words, "reason": ""}
