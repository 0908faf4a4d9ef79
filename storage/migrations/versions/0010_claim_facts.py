"""Adds from when on a fact of a claim holds."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing so far."""
