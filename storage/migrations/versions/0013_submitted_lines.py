"""Adds what became of each line that went to a payer, and money to be returned."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing so far."""
