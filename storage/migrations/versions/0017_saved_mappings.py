"""Keeps named mappings of other systems' columns."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_import_mapping_tenant_id"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "saved_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_import_mapping_tenant_id_saved_by",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", name="pk_import_mapping"),
    )
