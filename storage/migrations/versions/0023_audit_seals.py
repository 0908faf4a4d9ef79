"""Adds the MACs of audit events, and the seals of the chain."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


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
