"""Adds what files tell people apart by: members' e-mail, patients' birth dates."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both databases add a column in place.
    op.add_column("member", sa.Column("email", sa.String(), nullable=True))
    op.create_index("ix_member_tenant_id_email", "member", ["tenant_id", "email"], unique=True)
    op.add_column("patient_identity", sa.Column("birth_date", sa.Date(), nullable=True))
