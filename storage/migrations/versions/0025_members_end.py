"""Adds how the program's nodes do, and who asked about MRNs that nobody has."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "node_pulse",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("faults", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_node_pulse_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "node", name="pk_node_pulse"),
    )
    op.create_table(
        "unknown_read",
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_unknown_read_tenant_id_member_id",
        ),
        sa.PrimaryKeyConstraint("read_id", name="pk_unknown_read"),
    )
    op.create_index(
        "ix_unknown_read_tenant_id_member_id_at", "unknown_read", ["tenant_id", "member_id", "at"]
    )
