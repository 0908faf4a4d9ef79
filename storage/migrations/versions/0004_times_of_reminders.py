"""Adds times of scheduled messages, one by one and for everybody, and an index on planned contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reminder_choice") as table:
        # Those who chose before chose no times, and so does a program of the version before.
        table.add_column(sa.Column("times", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("quiet_from", sa.Time(), nullable=True))
        table.add_column(sa.Column("quiet_to", sa.Time(), nullable=True))
    # Whether something comes late is known when it comes. Both databases drop a column in place.
    op.drop_column("delivery", "late")
    op.create_table(
        "practice_reminder_choice",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("off", sa.String(), nullable=False),
        sa.Column("times", sa.String(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.tenant_id"], name="fk_practice_reminder_choice_tenant_id"
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_practice_reminder_choice"),
    )
    op.create_index(
        "ix_entry_version_next_contact",
        "entry_version",
        ["tenant_id", "patient_id", "service_date"],
        sqlite_where=sa.text("next_contact IS NOT NULL"),
        postgresql_where=sa.text("next_contact IS NOT NULL"),
    )
