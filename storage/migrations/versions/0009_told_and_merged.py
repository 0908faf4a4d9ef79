"""Adds what people are to be told because somebody else did it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _notice()


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("given_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_notice_tenant_id_member_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"], ["member.tenant_id", "member.member_id"], name="fk_notice_tenant_id_by"
        ),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notice"),
    )
    op.create_index("ix_notice_tenant_id_at", "notice", ["tenant_id", "at"])
