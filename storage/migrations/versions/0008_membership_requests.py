"""Adds requests of people who are nobody here until an administrator decides."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "membership_request",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_membership_request_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_membership_request_tenant_id_decided_by",
        ),
        sa.PrimaryKeyConstraint("request_id", name="pk_membership_request"),
        sa.UniqueConstraint(
            "tenant_id", "slack_user_id", name="uq_membership_request_tenant_id_slack_user_id"
        ),
    )
