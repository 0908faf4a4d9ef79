"""Keys of requests hold each step of a request, and what it was answered with."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_INDEX = "ix_request_tenant_id_at"


def upgrade() -> None:
    # Outcomes are some kilobytes long, for which a table without row ids is no place: the table is made anew.
    op.drop_index(_INDEX, "request")
    op.rename_table("request", "request_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE request_before RENAME CONSTRAINT pk_request TO pk_request_before")
        op.execute("ALTER TABLE request_before RENAME CONSTRAINT fk_request_tenant_id TO fk_request_before")
    op.create_table(
        "request",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=True),
        # A node that still runs the version before writes no step.
        sa.Column("step", sa.String(), nullable=False, server_default=""),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_request_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "key", "step", name="pk_request"),
    )
    op.execute(
        "INSERT INTO request (tenant_id, key, step, at, receipt_id) "
        "SELECT tenant_id, key, '', at, receipt_id FROM request_before"
    )
    op.drop_table("request_before")
    op.create_index(_INDEX, "request", ["tenant_id", "at"])
