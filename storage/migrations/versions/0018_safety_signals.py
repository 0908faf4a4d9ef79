"""Adds to scores what was answered about suicide, and who has seen it."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add a column in place. Of what was written before nobody said, and nobody is sent anything.
    op.add_column("score", sa.Column("answer", sa.Integer(), nullable=True))
    op.add_column("score", sa.Column("seen_by", sa.Integer(), nullable=True))
    op.add_column("score", sa.Column("seen_at", Instant(), nullable=True))
    positive = sa.text("answer <> 0")
    op.create_index(
        "ix_score_positive",
        "score",
        ["tenant_id", "patient_id"],
        sqlite_where=positive,
        postgresql_where=positive,
    )
