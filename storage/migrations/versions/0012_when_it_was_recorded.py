"""Adds on which day a review, a score, a consent and an assessment were written down, and who gave another service."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: What was written before has no such day, and is not called late.
_DAYS = (
    ("case_review", "recorded_on"),
    ("score", "recorded_on"),
    ("episode", "consent_recorded_on"),
    ("episode", "assessment_recorded_on"),
)


def upgrade() -> None:
    # Both databases add a column in place.
    for table, column in _DAYS:
        op.add_column(table, sa.Column(column, sa.Date(), nullable=True))
    op.add_column("other_service", sa.Column("performed_by", sa.Integer(), nullable=True))
