"""Adds what became of each line that went to a payer, money to be returned, and whom a rate is for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add a column in place.
    op.add_column("fee_rate", sa.Column("site", sa.String(), nullable=True))
    op.add_column("fee_rate", sa.Column("conversion", sa.String(), nullable=True))
