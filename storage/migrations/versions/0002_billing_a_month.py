"""Adds what a month needs before it is billed, and what is frozen when it is closed."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import closed_months

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _payer()
    _fee_schedule()
    _fee_rate()
    _case_review()
    _case_review_text()
    _score()
    _statement()
    _admission()
    _other_service()
    _attestation()
    closed_months.create()
    _imported_entry()


def _payer() -> None:
    op.create_table(
        "payer",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_rule", sa.String(), nullable=True),
        sa.Column("covered_codes", sa.String(), nullable=False),
        sa.Column("g2214_min_seconds", sa.Integer(), nullable=True),
        sa.Column("max_99494", sa.Integer(), nullable=True),
        sa.Column("initial_policy", sa.String(), nullable=True),
        sa.Column("episode_gap_months", sa.Integer(), nullable=True),
        sa.Column("limit_99492", sa.String(), nullable=False),
        sa.Column("consultant_minutes", sa.String(), nullable=True),
        sa.Column("inpatient_counts", sa.Boolean(), nullable=True),
        sa.Column("review_required", sa.Boolean(), nullable=True),
        sa.Column("diagnosis_required", sa.Boolean(), nullable=True),
        sa.Column("psychotherapy", sa.String(), nullable=False),
        sa.Column("prior_auth_after_months", sa.Integer(), nullable=True),
        sa.Column("modifiers", sa.String(), nullable=False),
        sa.Column("fee_schedule", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_payer_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", name="pk_payer"),
    )


def _fee_schedule() -> None:
    op.create_table(
        "fee_schedule",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_fee_schedule_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", name="pk_fee_schedule"),
    )


def _fee_rate() -> None:
    op.create_table(
        "fee_rate",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "name_key"],
            ["fee_schedule.tenant_id", "fee_schedule.name_key"],
            name="fk_fee_rate_tenant_id_name_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "name_key", "place", name="pk_fee_rate"),
    )


# Longer than forty lines: one table with all of its columns and keys.
def _case_review() -> None:
    op.create_table(
        "case_review",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("consultant", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultant"],
            ["member.tenant_id", "member.member_id"],
            name="fk_case_review_tenant_id_consultant",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_case_review_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recorded_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_case_review_tenant_id_recorded_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_case_review_tenant_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("review_id", name="pk_case_review"),
    )
    op.create_index("ix_case_review_tenant_id_entry_id", "case_review", ["tenant_id", "entry_id"])
    op.create_index(
        "ix_case_review_tenant_id_patient_id_reviewed_on",
        "case_review",
        ["tenant_id", "patient_id", "reviewed_on"],
    )


def _case_review_text() -> None:
    op.create_table(
        "case_review_text",
        sa.Column("review_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("recommendation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["case_review.review_id"], name="fk_case_review_text_review_id"
        ),
        sa.PrimaryKeyConstraint("review_id", name="pk_case_review_text"),
    )


def _score() -> None:
    op.create_table(
        "score",
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("scale", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_score_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recorded_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_score_tenant_id_recorded_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_score_tenant_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("score_id", name="pk_score"),
    )
    op.create_index(
        "ix_score_tenant_id_patient_id_measured_on", "score", ["tenant_id", "patient_id", "measured_on"]
    )


def _statement() -> None:
    op.create_table(
        "statement",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "made_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_statement_tenant_id_made_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_statement_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_statement_tenant_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("statement_id", name="pk_statement"),
    )
    op.create_index(
        "ix_statement_tenant_id_patient_id_made_on", "statement", ["tenant_id", "patient_id", "made_on"]
    )


def _admission() -> None:
    op.create_table(
        "admission",
        sa.Column("admission_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_admission_tenant_id_patient_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "withdrawn_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_admission_tenant_id_withdrawn_by",
        ),
        sa.PrimaryKeyConstraint("admission_id", name="pk_admission"),
    )
    op.create_index(
        "ix_admission_tenant_id_patient_id_admitted_on",
        "admission",
        ["tenant_id", "patient_id", "admitted_on"],
    )


def _other_service() -> None:
    op.create_table(
        "other_service",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("service_on", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_other_service_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "patient_id", "service_on", "code", name="pk_other_service"),
        sqlite_with_rowid=False,
    )


def _attestation() -> None:
    op.create_table(
        "attestation",
        sa.Column("attestation_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("attested_by", sa.Integer(), nullable=False),
        sa.Column("attested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "attested_by"],
            ["member.tenant_id", "member.member_id"],
            name="fk_attestation_tenant_id_attested_by",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "patient_id"],
            ["patient.tenant_id", "patient.patient_id"],
            name="fk_attestation_tenant_id_patient_id",
        ),
        sa.PrimaryKeyConstraint("attestation_id", name="pk_attestation"),
    )
    op.create_index(
        "ix_attestation_tenant_id_month_patient_id", "attestation", ["tenant_id", "month", "patient_id"]
    )


def _imported_entry() -> None:
    op.create_table(
        "imported_entry",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.String(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], name="fk_imported_entry_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "entry_key", name="pk_imported_entry"),
        sqlite_with_rowid=False,
    )
