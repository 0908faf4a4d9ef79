"""Adds which keys words are encrypted under, what retention removed, and who is on hold; birth dates become text."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_data_key_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "key_id", name="pk_data_key"),
    )
    op.create_table(
        "note_hold",
        sa.Column("hold_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("held_by", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_note_hold_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "held_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_note_hold_tenant_id_held_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "released_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_note_hold_tenant_id_released_by",
        ),
        sa.PrimaryKeyConstraint("hold_id", name="pk_note_hold"),
    )
    op.create_index("ix_note_hold_tenant_id_patient_id", "note_hold", ["tenant_id", "patient_id"])
    op.create_table(
        "note_removal",
        sa.Column("removal_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_note_removal_tenant_id"),
        sa.PrimaryKeyConstraint("removal_id", name="pk_note_removal"),
    )
    # Both databases add a column in place.
    op.add_column("entry_text", sa.Column("removed_by", sa.Integer(), nullable=True))
    op.add_column("case_review_text", sa.Column("removed_by", sa.Integer(), nullable=True))
    # Encrypted, a birth date is text. SQLite keeps dates as text in any column; PostgreSQL has to be told.
    with op.batch_alter_table("patient_identity") as table:
        table.alter_column(
            "birth_date",
            type_=sa.String(),
            existing_type=sa.Date(),
            existing_nullable=True,
            postgresql_using="to_char(birth_date, 'YYYY-MM-DD')",
        )
