"""Reserved: keyed MACs of audit events, and seals of the chain."""

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""
