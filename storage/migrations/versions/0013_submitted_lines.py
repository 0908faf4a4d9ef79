"""Adds what became of each line that went to a payer, money to be returned, and whom a rate is for."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add a column in place.
    op.add_column("fee_rate", sa.Column("site", sa.String(), nullable=True))
    op.add_column("fee_rate", sa.Column("conversion", sa.String(), nullable=True))
    op.create_table(
        "claim_event",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("claimed", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("n > 0", name=op.f("ck_claim_event_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_claim_event_tenant_id_month_revision",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_claim_event_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "by"], ["member.tenant_id", "member.member_id"], name="fk_claim_event_tenant_id_by"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "patient_id", "n", name="pk_claim_event"),
    )
