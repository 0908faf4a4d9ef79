"""Adds deliveries of scheduled messages, what people chose about them, and people's Slack addresses."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _delivery()
    _reminder_choice()
    _direct_message()
    _set_aside()
    op.create_index("ix_episode_tenant_id_care_manager", "episode", ["tenant_id", "care_manager"])


# Longer than forty lines: one table with all of its columns and keys.
def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("thread_of", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useful_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wait_seconds", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("file_id", sa.String(), nullable=True),
        sa.Column("uploaded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("version > 0", name="counted_from_one"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_delivery_tenant_id"),
        sa.ForeignKeyConstraint(["thread_of"], ["delivery.delivery_id"], name="fk_delivery_thread_of"),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_delivery"),
        sa.UniqueConstraint(
            "tenant_id",
            "period",
            "recipient",
            "part",
            name="uq_delivery_tenant_id_period_recipient_part",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_delivery_tenant_id_state_due_at", "delivery", ["tenant_id", "state", "due_at"])
    op.create_index("ix_delivery_tenant_id_useful_until", "delivery", ["tenant_id", "useful_until"])
    op.create_index("ix_delivery_tenant_id_planned_at", "delivery", ["tenant_id", "planned_at"])


def _reminder_choice() -> None:
    op.create_table(
        "reminder_choice",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("off", sa.String(), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_reminder_choice_tenant_id_member_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", name="pk_reminder_choice"),
    )


def _direct_message() -> None:
    op.create_table(
        "direct_message",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("slack_user_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_direct_message_tenant_id_member_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", name="pk_direct_message"),
    )


def _set_aside() -> None:
    op.create_table(
        "set_aside",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_set_aside_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "decided_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_set_aside_tenant_id_decided_by",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "patient_id", name="pk_set_aside"),
    )
