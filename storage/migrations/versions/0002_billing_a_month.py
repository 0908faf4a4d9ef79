"""Adds what a month needs before it is billed, and what is frozen when it is closed."""

import sqlalchemy as sa
from alembic import op

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
    _month_close()
    _month_close_text()
    _month_reopening()
    _month_reopening_text()
    _month_submission()
    _frozen_line()
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
