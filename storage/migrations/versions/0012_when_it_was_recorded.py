"""Adds on which day a score and a consent were written down."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing so far."""
