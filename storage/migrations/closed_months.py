"""The tables of closed months, as migration 0002 makes them; like any migration, never changed afterwards."""

import sqlalchemy as sa
from alembic import op


def create() -> None:
    """Create what is frozen when a month is closed, and who reopened and submitted it."""
    _month_close()
    _month_close_text()
    _month_reopening()
    _month_reopening_text()
    _month_submission()
    _frozen_line()


def _month_close() -> None:
    op.create_table(
        "month_close",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attestation", sa.String(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_month_close_counted_from_one")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "closed_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_month_close_tenant_id_closed_by",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", name="pk_month_close"),
    )


def _month_close_text() -> None:
    op.create_table(
        "month_close_text",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_month_close_text_tenant_id_month_revision",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", name="pk_month_close_text"),
    )


def _month_reopening() -> None:
    op.create_table(
        "month_reopening",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reopened_by", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_month_reopening_tenant_id_month_revision",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "reopened_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_month_reopening_tenant_id_reopened_by",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", name="pk_month_reopening"),
    )


def _month_reopening_text() -> None:
    op.create_table(
        "month_reopening_text",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_reopening.tenant_id", "month_reopening.month", "month_reopening.revision"],
            name="fk_month_reopening_text_tenant_id_month_revision",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", name="pk_month_reopening_text"),
    )


def _month_submission() -> None:
    op.create_table(
        "month_submission",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_month_submission_tenant_id_month_revision",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "submitted_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_month_submission_tenant_id_submitted_by",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", name="pk_month_submission"),
    )


def _frozen_line() -> None:
    op.create_table(
        "frozen_line",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "month", "revision"],
            ["month_close.tenant_id", "month_close.month", "month_close.revision"],
            name="fk_frozen_line_tenant_id_month_revision",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_frozen_line_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "month", "revision", "patient_id", name="pk_frozen_line"),
    )
