"""Adds what the search for a patient by first letters reads on PostgreSQL; SQLite's unique indexes serve it."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_SEARCHED = {"patient": "handle", "patient_identity": "identity"}


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in _SEARCHED.items():
        op.create_index(
            f"ix_{table}_{column}_letters".replace("identity_identity", "identity"),
            table,
            ["tenant_id", column],
            postgresql_ops={column: "text_pattern_ops"},
        )
