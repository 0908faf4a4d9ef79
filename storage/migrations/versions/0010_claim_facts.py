"""Adds from when on a fact of a claim holds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_fact",
        sa.Column("fact_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_claim_fact_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_claim_fact_tenant_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("fact_id", name="pk_claim_fact"),
    )
    op.create_index(
        "ix_claim_fact_tenant_id_patient_id_from_day", "claim_fact", ["tenant_id", "patient_id", "from_day"]
    )
