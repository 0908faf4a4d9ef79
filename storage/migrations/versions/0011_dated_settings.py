"""Adds the practice's settings, each from the day on which it came into force."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing so far."""
