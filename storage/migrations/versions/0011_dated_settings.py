"""Adds the practice's settings, each from the day on which it came into force."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = "practice_setting"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("setting_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name=f"fk_{_TABLE}_tenant_id"),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                ["member.tenant_id", "member.member_id"],
                name=f"fk_{_TABLE}_tenant_id_{column}",
            )
            for column in ("set_by", "withdrawn_by")
        ),
        sa.PrimaryKeyConstraint("setting_id", name=f"pk_{_TABLE}"),
    )
    op.create_index(f"ix_{_TABLE}_tenant_id", _TABLE, ["tenant_id"])
