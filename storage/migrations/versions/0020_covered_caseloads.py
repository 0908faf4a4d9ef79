"""Keeps who looks after whose patients for some days."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_PEOPLE = ("away", "covered_by", "recorded_by", "withdrawn_by")


def upgrade() -> None:
    op.create_table(
        "cover",
        sa.Column("cover_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("covered_by", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                ["member.tenant_id", "member.member_id"],
                name=f"fk_cover_tenant_id_{column}",
            )
            for column in _PEOPLE
        ),
        sa.PrimaryKeyConstraint("cover_id", name="pk_cover"),
    )
    op.create_index("ix_cover_tenant_id_last_day", "cover", ["tenant_id", "last_day"])
