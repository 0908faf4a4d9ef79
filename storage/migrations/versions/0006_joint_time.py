"""Adds an index for joint time by the clock."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    some = sa.text("started_at IS NOT NULL AND participants != ''")
    op.create_index(
        "ix_current_entry_joint",
        "current_entry",
        ["tenant_id", "service_date", "participants"],
        sqlite_where=some,
        postgresql_where=some,
    )
