"""Adds names that a payer goes by, and days between which its rules hold."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing so far."""
