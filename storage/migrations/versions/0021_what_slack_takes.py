"""Keeps which newer blocks a workspace refuses, and who has opened their Home."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_home",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["member.tenant_id", "member.member_id"],
            name="fk_opened_home_tenant_id_member_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "member_id", name="pk_opened_home"),
    )
    op.create_table(
        "refused_block",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("refused_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_refused_block_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "surface", "block", name="pk_refused_block"),
    )
